"""Signing in: password, then code; nothing is given away, nothing works twice."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts import passwords, service, sessions, sign_in_service
from mhtr.accounts.gate import cookie_name
from mhtr.accounts.models import SignInSession, Staff
from mhtr.core.audit import AuditEvent
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.accounts.enrolled import PASSWORD, enrol, form, give_password, sign_in
from tests.accounts.signing_in import answer_to, counted_hashes
from tests.makers import make_staff
from tests.pages import PageClient


def test_password_then_code_lets_him_in(client: PageClient) -> None:
    who = enrol()
    assert client.get("/today").location == "/sign-in?next=/today"
    answer = sign_in(client, who, query="?next=/me")
    assert (answer.status_code, answer.location) == (303, "/me")
    assert who.username in client.page("/me")


def test_the_password_alone_opens_nothing(client: PageClient) -> None:
    who = enrol()
    give_password(client, who.username)
    assert client.get("/today").status_code == 303
    assert client.get("/me").status_code == 303


def test_the_code_page_needs_the_password_first(client: PageClient) -> None:
    who = enrol()
    for path in ("/sign-in/code", "/sign-in/recovery-code", "/sign-in/authenticator"):
        assert client.get(path).location == "/sign-in"
        data = form(code=who.code(), recovery_code=who.codes[0])
        assert client.post(path, data=data).location == "/sign-in"
    assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 0


def test_half_way_lasts_ten_minutes_and_not_past_a_changed_password(
    client: PageClient, set_clock: SetClock
) -> None:
    who = enrol()
    give_password(client, who.username)
    set_clock.advance(minutes=9, seconds=59)
    client.page("/sign-in/code")
    set_clock.advance(seconds=1)
    assert client.get("/sign-in/code").location == "/sign-in"
    give_password(client, who.username)
    with writing():
        sign_in_service.change_password(who.id, "another hash", session_id=0)
    assert client.get("/sign-in/code").location == "/sign-in"


@pytest.mark.parametrize("case", ["unknown", "wrong", "disabled", "invited"])
def test_failures_look_and_cost_the_same(
    client: PageClient, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    known, disabled, invited = enrol(), enrol(), make_staff()
    invited_name = invited.username
    with writing():
        service.disable(disabled.id, by=None)
    names = {
        "unknown": ("nobody@example.nhs.uk", PASSWORD),
        "wrong": (known.username, "not the password at all"),
        "disabled": (disabled.username, PASSWORD),
        "invited": (invited_name, PASSWORD),
    }
    hashes = counted_hashes(monkeypatch)
    seen = [answer_to(client, *names["wrong"]), answer_to(client, *names[case])]
    assert seen[0] == seen[1]
    assert seen[0][0] == 422 and "is not right" in seen[0][1]
    assert len(hashes) == 2
    events = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert events[-2:] == ["accounts.sign_in_failed"] * 2


def test_a_replayed_code_is_refused(client: PageClient, set_clock: SetClock) -> None:
    who = enrol()
    assert sign_in(client, who).location == "/"
    code = who.code()
    client.post("/sign-out")
    give_password(client, who.username)
    again = client.post("/sign-in/code", data=form(code=code))
    assert again.status_code == 422 and "That code is not right" in again.text
    set_clock.advance(seconds=30)
    assert client.post("/sign-in/code", data=form(code=who.code())).location == "/"


def test_a_recovery_code_lets_him_in_once(client: PageClient) -> None:
    who = enrol()
    for expected in (303, 422):
        give_password(client, who.username)
        code = form(recovery_code=who.codes[3].upper())
        answer = client.post("/sign-in/recovery-code", data=code)
        assert answer.status_code == expected
        if expected == 303:
            assert "9 recovery codes left" in client.page("/today")
        client.post("/sign-out")
    assert sign_in_service.codes_left(who.id) == 9


def test_somebody_elses_recovery_code_is_worth_nothing(client: PageClient) -> None:
    who, other = enrol(), enrol()
    give_password(client, who.username)
    answer = client.post("/sign-in/recovery-code", data=form(recovery_code=other.codes[0]))
    assert answer.status_code == 422
    assert sign_in_service.codes_left(other.id) == 10


def test_a_planted_session_is_worth_nothing_after_sign_in(app: Flask, client: PageClient) -> None:
    who, attacker = enrol(), enrol()
    name = cookie_name(app)
    client.sign_in(attacker.staff)
    planted = client.get_cookie(name)
    give_password(client, who.username)
    client.post("/sign-in/code", data=form(code=who.code()))
    mine = client.get_cookie(name)
    assert planted and mine and planted.value != mine.value
    assert sessions.recognise(planted.value).viewer is None
    viewer = sessions.recognise(mine.value).viewer
    assert viewer is not None and viewer.staff_id == who.id


def test_the_form_session_starts_anew_at_sign_in_and_sign_out(client: PageClient) -> None:
    who = enrol()
    with client.session_transaction() as held:
        held["csrf_token"], held["left_over"] = "planted", "planted"
    sign_in(client, who)
    with client.session_transaction() as held:
        assert "left_over" not in held and held.get("csrf_token") != "planted"
        assert "half_way" not in held
        held["left_over"] = "of this person"
    client.post("/sign-out")
    with client.session_transaction() as held:
        assert "left_over" not in held


def test_sign_out_ends_the_session_on_the_server(app: Flask, client: PageClient) -> None:
    who = enrol()
    sign_in(client, who)
    held = client.get_cookie(cookie_name(app))
    assert client.post("/sign-out").location == "/sign-in"
    assert held and sessions.recognise(held.value).viewer is None
    assert "You are signed out" in client.page("/sign-in")
    assert client.post("/sign-out").location == "/sign-in"  # nobody signed in: no fault


REDIRECTS = [
    ("/today", "/today"),
    ("/me?x=1", "/me?x=1"),
    ("https://evil.example/today", "/"),
    ("//evil.example/today", "/"),
    ("///evil.example", "/"),
    ("/\\evil.example", "/"),
    ("\\\\evil.example", "/"),
    ("/%09/evil.example", "/"),
    ("/\t/evil.example", "/"),
    ("/\n/evil.example", "/"),
    ("javascript:alert(1)", "/"),
    ("today", "/"),
    ("http:/today", "/"),
    ("/nowhere-at-all", "/"),
    ("/sign-out", "/"),
    ("/today\r\nSet-Cookie: a=b", "/"),
    (" /today", "/"),
    ("/today?a\nSet-Cookie: b", "/"),
    ("/today?a\\b", "/"),
    ("/today@evil.example", "/"),
    ("/" + "a" * 3000, "/"),
    ("", "/"),
]


@pytest.mark.parametrize(("asked", "goes_to"), REDIRECTS)
def test_after_sign_in_only_pages_of_this_program(
    client: PageClient, asked: str, goes_to: str
) -> None:
    who = enrol()
    data = form(username=who.username, password=PASSWORD)
    client.post("/sign-in", query_string={"next": asked}, data=data)
    assert client.post("/sign-in/code", data=form(code=who.code())).location == goes_to


def test_a_password_hashed_at_old_costs_is_hashed_again(client: PageClient) -> None:
    who = enrol()
    old = passwords._hasher(16).hash(PASSWORD)
    with writing():
        db.session.get_one(Staff, who.id).password_hash = old
    sign_in(client, who)
    stored = who.staff.password_hash
    assert stored != old and passwords.verify(stored, PASSWORD)


def test_disabled_between_password_and_code_stays_out(client: PageClient) -> None:
    who = enrol()
    give_password(client, who.username)
    with writing():
        service.disable(who.id, by=None)
    assert client.post("/sign-in/code", data=form(code=who.code())).location == "/sign-in"
    assert sessions.own_sessions(who.id) == []


def test_who_is_signed_in_is_led_on(client: PageClient) -> None:
    client.sign_in(enrol().staff)
    assert client.get("/sign-in?next=/me").location == "/me"
    assert client.get("/sign-in?next=//evil.example").location == "/"
