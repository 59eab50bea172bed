"""Tokens of the referral API: live, limited, stored as a hash, made by administrators."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Organisation, OrganisationKind
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import api_tokens
from mhtr.intake.models import ApiCall, ApiToken
from tests.faults.test_races import at_once
from tests.intake.api_system import BOTH, System, a_token
from tests.intake.api_system import system as system
from tests.intake.api_system import team as team
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient


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


def test_the_token_of_a_closed_organisation_opens_nothing(
    system: System, team: Organisation
) -> None:
    reference, team_id = system.send().get_json()["reference"], team.id
    with writing():
        db.session.get_one(Organisation, team_id).closed_on = clock.today()
    assert system.ask(reference).status_code == 401
    assert system.send(key="key-00000002").status_code == 401


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


def test_calls_that_race_take_the_last_turns_and_no_more(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = make_organisation(OrganisationKind.LD_TEAM)
    a_token(organisation)
    token_id = db.session.scalars(select(ApiToken.id)).one()
    monkeypatch.setattr(api_tokens, "values", lambda *_: {"api_calls_a_minute": 5})
    turns: list[int] = []

    def call() -> None:
        with writing():
            wait, _ = api_tokens.take_turn(token_id)
        turns.append(wait)

    at_once(either_app, [call] * 12)
    assert (len(turns), turns.count(0)) == (12, 5)
    db.session.rollback()
    assert db.session.query(ApiCall).count() == 5


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
