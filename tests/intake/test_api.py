"""The referral API: tokens, scopes, limits, one effect per key, problems in words."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy import func, select

from mhtr.accounts.models import Organisation, OrganisationKind
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.cases.standing_words import NOT_YET_RELEASED
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.clock import SetClock
from mhtr.core.database import Base, db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import api_tokens
from mhtr.intake.api_description import describe
from mhtr.intake.api_tokens import Scope
from mhtr.intake.models import ApiToken
from mhtr.intake.referral import FIELDS
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient

BOTH = frozenset(Scope)
REFERRAL = {
    "safety": "safe",
    "given_name": "Kwame",
    "family_name": "Mensah",
    "born": "1991-04-02",
    "source": "ld",
    "place": "B01IX",
    "willing": "willing",
    "agreed_how": "face_to_face",
    "external_reference": "LD-1",
}


@pytest.fixture
def team(either_app: Flask) -> Organisation:
    make_organisation()  # a treating trust to receive what is sent
    return make_organisation(OrganisationKind.LD_TEAM)


def a_token(organisation: Organisation, scopes: frozenset[Scope] = BOTH) -> str:
    by = make_staff(Role.SYSTEM_ADMINISTRATOR)
    with writing():
        return api_tokens.make(
            organisation_id=organisation.id,
            label="Case system",
            scopes=scopes,
            expires_on=clock.today() + timedelta(days=30),
            by=by.id,
        )


class System:
    """Another system calling the API."""

    def __init__(self, app: Flask, token: str) -> None:
        self.app, self.token = app, token

    def send(self, body: Any = None, key: str = "key-00000001", **headers: str) -> Any:
        return self.app.test_client().post(
            "/api/v1/referrals",
            json=REFERRAL if body is None else body,
            headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": key, **headers},
        )

    def ask(self, reference: str) -> Any:
        return self.app.test_client().get(
            f"/api/v1/referrals/{reference}", headers={"Authorization": f"Bearer {self.token}"}
        )


@pytest.fixture
def system(either_app: Flask, team: Organisation) -> System:
    return System(either_app, a_token(team))


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
    second = system.send(key="key-00000002")
    assert second.json["reference"] == first.json["reference"]
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


@pytest.mark.parametrize("token", ["", "mhtr_unknown"])
def test_without_a_live_token_nothing_is_said(either_app: Flask, token: str) -> None:
    answer = System(either_app, token).send()
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_and_an_expired_token_are_refused(
    system: System, set_clock: SetClock, team: Organisation
) -> None:
    ref = db.session.scalars(select(ApiToken.ref)).one()
    by = make_staff(Role.SYSTEM_ADMINISTRATOR).id
    with writing():
        api_tokens.revoke(ref=ref, by=by)
    assert system.send().status_code == 401
    other = System(system.app, a_token(team))
    set_clock.advance(days=31)
    assert other.send().status_code == 401


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


def test_the_token_of_a_closed_organisation_opens_nothing(
    system: System, team: Organisation
) -> None:
    reference, team_id = system.send().get_json()["reference"], team.id
    with writing():
        db.session.get_one(Organisation, team_id).closed_on = clock.today()
    assert system.ask(reference).status_code == 401
    assert system.send(key="key-00000002").status_code == 401


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


def test_a_token_is_limited_by_the_minute(
    system: System, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_tokens, "values", lambda *_: {"api_calls_a_minute": 3})
    reference = system.send().json["reference"]
    for _ in range(2):
        assert system.ask(reference).status_code == 200
    refused = system.ask(reference)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    set_clock.advance(seconds=61)
    assert system.ask(reference).status_code == 200


def test_the_token_is_stored_only_as_its_hash(system: System) -> None:
    row = db.session.scalars(select(ApiToken)).one()
    assert system.token not in (row.token_hash, row.label, row.scopes)


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (0, OrganisationKind.LD_TEAM),
        (400, OrganisationKind.LD_TEAM),
        (30, OrganisationKind.PROBATION_UNIT),
    ],
)
def test_wrong_tokens_are_not_made(app: Flask, days: int, kind: OrganisationKind) -> None:
    organisation, by = make_organisation(kind), make_staff(Role.SYSTEM_ADMINISTRATOR)
    with pytest.raises(Refused), writing():
        api_tokens.make(
            organisation_id=organisation.id,
            label="x",
            scopes=BOTH,
            expires_on=clock.today() + timedelta(days=days),
            by=by.id,
        )


def test_an_administrator_makes_sees_once_and_ends_a_token(client: PageClient) -> None:
    make_organisation()
    team = make_organisation(OrganisationKind.LD_TEAM)
    client.sign_in(make_staff(Role.SYSTEM_ADMINISTRATOR))
    client.page("/api-tokens")
    last = clock.today() + timedelta(days=30)
    body = {
        "submission_key": "0b51a5b6-6e2c-4a5e-9d7b-5f6f0e3f7a11",
        "organisation": str(team.ref),
        "label": "Case system",
        "scopes": ["referrals:write"],
        "expires_on-day": str(last.day),
        "expires_on-month": str(last.month),
        "expires_on-year": str(last.year),
    }
    made = client.post("/api-tokens", data=body).get_data(as_text=True)
    token = made.partition('app-reference">')[2].partition("<")[0]
    assert token.startswith("mhtr_")
    assert token not in client.page("/api-tokens")
    system = System(client.application, token)
    assert system.send().status_code == 201
    ref = db.session.scalars(select(ApiToken.ref)).one()
    assert client.post(f"/api-tokens/{ref}/revoke").status_code == 303
    assert system.send(key="key-00000009").status_code == 401
    assert client.post("/api-tokens", data={}).status_code == 422


@pytest.fixture
def open_limit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(api_tokens, "values", lambda *_: {"api_calls_a_minute": 100_000})
    yield


@pytest.mark.slow
def test_a_fuzzer_of_the_description_finds_no_fault(
    app: Flask, open_limit: None, pytestconfig: pytest.Config
) -> None:
    make_organisation()
    token = a_token(make_organisation(OrganisationKind.LD_TEAM))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    assert describe("/api/v1")["paths"].keys() == {"/referrals", "/referrals/{reference}"}
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        strategy = operation.as_strategy()
        tried += fuzz(operation, strategy, token)
    assert tried > 40


def fuzz(operation: Any, strategy: Any, token: str) -> int:
    from hypothesis import HealthCheck, Phase, given, settings

    from tests.counts import count

    calls = 0

    @given(case=strategy)
    @settings(
        max_examples=count(40, 2000),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        nonlocal calls
        calls += 1
        case.headers["Authorization"] = f"Bearer {token}"
        # Dated code lists and rules between two fields cannot be said in a schema, so a body
        # that fits it may still be refused, in words; every other check holds.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    run()
    return calls
