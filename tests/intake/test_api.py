"""The referral API: scopes, one effect per key, problems in words."""

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts.models import Organisation, OrganisationKind
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.cases.standing_words import NOT_YET_RELEASED
from mhtr.core.audit import AuditEvent
from mhtr.core.database import Base, db
from mhtr.core.transaction import writing
from mhtr.intake.api_tokens import Scope
from mhtr.intake.referral import FIELDS
from tests.intake.api_system import REFERRAL, System, a_token
from tests.intake.api_system import system as system
from tests.intake.api_system import team as team
from tests.makers import make_organisation


def cases() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def test_a_referral_is_taken_and_can_be_asked_about(system: System) -> None:
    answer = system.send()
    assert answer.status_code == 201, answer.json
    assert answer.json["state"] == "referred"
    assert answer.json["external_reference"] == "LD-1"
    asked = system.ask(answer.json["reference"])
    assert asked.status_code == 200
    assert asked.json == answer.json
    actions = set(db.session.scalars(select(AuditEvent.action)))
    assert {"api.referral", "api.read"} <= actions


@pytest.mark.parametrize("state", sorted(NOT_YET_RELEASED))
def test_no_recommendation_is_told_before_release(system: System, state: CaseState) -> None:
    reference = system.send().json["reference"]
    with writing():
        db.session.scalars(select(Case)).one().state = state
    told = system.ask(reference).json
    assert (told["state"], told["words"]) == ("assessing", "being assessed")


def test_a_restricted_record_is_not_there(system: System) -> None:
    reference = system.send().json["reference"]
    with writing():
        db.session.scalars(select(Case)).one().restricted = True
    assert system.ask(reference).status_code == 404


def test_the_same_key_and_body_has_one_effect_and_one_answer(system: System) -> None:
    first, second = system.send(), system.send()
    assert second.status_code == 201
    assert second.json == first.json
    assert second.headers["Idempotency-Replayed"] == "true"
    assert cases() == 1


def test_twenty_at_once_with_one_key_have_one_effect(system: System) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: system.send(), range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["reference"] for answer in answers}) == 1
    assert cases() == 1


def test_the_same_key_with_another_body_is_refused(system: System) -> None:
    system.send()
    answer = system.send({**REFERRAL, "given_name": "Kofi"})
    assert answer.status_code == 409
    assert answer.mimetype == "application/problem+json"
    assert cases() == 1


def test_a_new_key_with_a_known_external_reference_takes_nothing_twice(system: System) -> None:
    first = system.send()
    for _ in range(2):
        second = system.send(key="key-00000002")
        assert (second.status_code, second.json) == (200, first.json)
        assert second.headers["Idempotency-Replayed"] == "true"
    assert cases() == 1


def test_a_refused_referral_does_not_use_up_its_key(system: System) -> None:
    refused = system.send({**REFERRAL, "born": "31/02/1990"})
    assert refused.status_code == 422
    assert refused.json["errors"] == [
        {"field": "born", "message": "Enter a real date as YYYY-MM-DD"}
    ]
    assert system.send().status_code == 201


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 422),
        ("text", 422),
        ({**REFERRAL, "born": 5}, 422),
        ({**REFERRAL, "is_admin": "yes"}, 422),
        ({**REFERRAL, "offence": "account"}, 422),
        ({**REFERRAL, "notes": "x" * 1001}, 422),
        ({**REFERRAL, "nhs_number": "9434765919"}, 422),
        ({}, 422),
    ],
)
def test_bad_bodies_are_refused_in_words(system: System, body: Any, status: int) -> None:
    answer = system.send(body)
    assert answer.status_code == status
    assert answer.json["title"]
    assert cases() == 0


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"notes": "x" * 1001}, "notes", "Send 1,000 characters or fewer"),
        ({"told_whom": "x" * 1001}, "told_whom", "Send 120 characters or fewer"),
        ({"place": "x" * 1001}, "place", "Send 1,000 characters or fewer"),
        ({"born": 5}, "born", "Send text"),
        ({"offence": "x"}, "offence", "This is not a field of a referral"),
        ({"born": "19910402"}, "born", "Enter a real date as YYYY-MM-DD"),
        (
            {"safety": "healthcare_told", "told_whom": "Nurse", "told_at": "2026-11-18T12:01"},
            "told_at",
            "The time must be in the past, in London time",
        ),
    ],
)
def test_each_refusal_says_what_is_wrong(
    system: System, changes: dict[str, Any], field: str, message: str
) -> None:
    answer = system.send({**REFERRAL, **changes})
    assert answer.status_code == 422
    assert answer.json["errors"] == [{"field": field, "message": message}]


def test_no_column_can_be_named_beside_the_described_fields(system: System) -> None:
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    extra = sorted(columns - set(FIELDS))
    answer = system.send({**REFERRAL, **dict.fromkeys(extra, "1")})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert {fault["field"] for fault in answer.json["errors"]} == set(extra)
    for name in ("id", "case_id", "organisation_id", "created_at", "restricted"):
        one = system.send({**REFERRAL, name: "1"}, key=f"key-{name}-0001")
        assert one.status_code == 422, name
        assert [fault["field"] for fault in one.json["errors"]] == [name]
    assert cases() == 0


def test_an_unreadable_body_a_wrong_type_and_a_missing_key_are_refused(system: System) -> None:
    client = system.app.test_client()
    headers = {"Authorization": f"Bearer {system.token}", "Idempotency-Key": "key-00000001"}
    bad = {**headers, "Content-Type": "application/json"}
    assert client.post("/api/v1/referrals", data=b"\xff{", headers=bad).status_code == 400
    assert client.post("/api/v1/referrals", data="x", headers=headers).status_code == 415
    assert system.send(key="short").status_code == 400
    large = client.post("/api/v1/referrals", data=b" " * 70_000, headers=bad)
    assert large.status_code == 413


def test_a_scope_is_needed_for_each_call(either_app: Flask, team: Organisation) -> None:
    reader = System(either_app, a_token(team, frozenset({Scope.READ})))
    writer = System(either_app, a_token(team, frozenset({Scope.WRITE})))
    assert reader.send().status_code == 403
    reference = writer.send().json["reference"]
    assert writer.ask(reference).status_code == 403
    assert reader.ask(reference).status_code == 200


def test_another_organisations_referral_is_not_there(system: System) -> None:
    reference = system.send().json["reference"]
    other = make_organisation(OrganisationKind.LD_TEAM)
    answer = System(system.app, a_token(other)).ask(reference)
    assert answer.status_code == 404
    assert "referred" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("source", ["self", "defence"])
def test_a_source_that_is_promised_a_receipt_is_told_nothing_more(
    system: System, source: str
) -> None:
    sent = system.send({**REFERRAL, "source": source})
    assert sent.status_code == 201
    assert system.ask(sent.get_json()["reference"]).status_code == 404


def test_a_body_nested_without_end_or_sent_in_pieces_is_refused_in_words(system: System) -> None:
    client = system.app.test_client()
    sent = {
        "headers": {"Authorization": f"Bearer {system.token}", "Idempotency-Key": "key-00000001"},
        "content_type": "application/json",
    }
    deep = client.post("/api/v1/referrals", data="[" * 60_000, **sent)
    assert (deep.status_code, deep.mimetype) == (400, "application/problem+json")
    pieces = client.post(
        "/api/v1/referrals",
        input_stream=io.BytesIO(b'"' + b"x" * 70_000 + b'"'),
        environ_overrides={"wsgi.input_terminated": True},
        **sent,
    )
    assert (pieces.status_code, pieces.mimetype) == (413, "application/problem+json")
