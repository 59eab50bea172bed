"""Signing in: password, then code; nothing is given away, nothing works twice."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts import passwords, service, sessions, sign_in_service
from mhtr.accounts.gate import cookie_name
from mhtr.accounts.models import SignInAttempt, SignInSession, Staff
from mhtr.core.audit import AuditEvent
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.accounts.enrolled import PASSWORD, enrol, form, give_password, sign_in
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


def counted_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every verification the hasher really does, with the hash it is done against."""
    done: list[str] = []
    hasher = passwords._hasher(passwords._memory())
    passwords._dummy(passwords._memory())

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            done.append(stored)
            return hasher.verify(stored, password)

        def __getattr__(self, name: str) -> Any:
            return getattr(hasher, name)

    monkeypatch.setattr(passwords, "_hasher", lambda _memory: Counting())
    return done


def answer_to(client: PageClient, username: str, password: str) -> tuple[int, str, list[str]]:
    """Status, body and headers, without what differs between any two answers."""
    response = give_password(client, username, password)
    nonce = response.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]
    body = response.get_data(as_text=True).replace(nonce, "").replace(username, "")
    return response.status_code, body, sorted(name for name, _ in response.headers)


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


def test_waiting_grows_is_said_in_minutes_and_ends(client: PageClient, set_clock: SetClock) -> None:
    who = enrol()
    for _ in range(5):
        assert give_password(client, who.username, "wrong password").status_code == 422
    right = give_password(client, who.username)
    assert right.status_code == 429 and "Wait 1 minute" in right.text
    set_clock.advance(seconds=30)
    assert give_password(client, who.username, "wrong password").status_code == 422
    set_clock.advance(seconds=59)
    assert give_password(client, who.username).status_code == 429
    set_clock.advance(seconds=1)
    assert give_password(client, who.username).status_code == 303


def test_an_unknown_name_waits_like_a_known_one(client: PageClient) -> None:
    who = enrol()
    answers = []
    for name in (who.username, "nobody@example.nhs.uk"):
        statuses = [answer_to(client, name, "wrong password")[:2] for _ in range(7)]
        answers.append(statuses)
    assert answers[0] == answers[1]
    assert [status for status, _ in answers[0]] == [422] * 5 + [429] * 2


def test_one_address_trying_many_names_waits(client: PageClient) -> None:
    for number in range(30):
        assert give_password(client, f"person{number}x@example.nhs.uk", "guess").status_code == 422
    assert give_password(client, "another@example.nhs.uk", "guess").status_code == 429
    elsewhere = {"REMOTE_ADDR": "10.9.8.7"}
    data = form(username="another@example.nhs.uk", password="guess")
    answer = client.post("/sign-in", data=data, environ_overrides=elsewhere)
    assert answer.status_code == 422


def test_nothing_is_checked_while_waiting(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = enrol()
    for _ in range(5):
        give_password(client, who.username, "wrong password")
    hashes = counted_hashes(monkeypatch)
    assert give_password(client, who.username).status_code == 429
    assert hashes == []


def test_guessing_codes_waits_too(client: PageClient, set_clock: SetClock) -> None:
    who = enrol()
    give_password(client, who.username)
    for _ in range(5):
        assert client.post("/sign-in/code", data=form(code="000000")).status_code == 422
    good = form(code=who.code())
    assert client.post("/sign-in/code", data=good).status_code == 429
    recovery = form(recovery_code=who.codes[0])
    assert client.post("/sign-in/recovery-code", data=recovery).status_code == 429
    set_clock.advance(seconds=30)
    assert client.post("/sign-in/code", data=form(code=who.code())).status_code == 303


def test_attempts_are_keyed_forgotten_after_success_and_purged(
    client: PageClient, set_clock: SetClock
) -> None:
    who = enrol()
    give_password(client, who.username, "wrong password")
    keys = set(db.session.scalars(select(SignInAttempt.key)))
    assert len(keys) == 2 and all(len(key) == 64 for key in keys)
    assert not any(who.username in key or "127.0.0.1" in key for key in keys)
    sign_in(client, who)
    assert db.session.scalar(select(func.count()).select_from(SignInAttempt)) == 1  # the address's
    set_clock.advance(minutes=61)
    give_password(client, who.username, "wrong password")
    assert db.session.scalar(select(func.count()).select_from(SignInAttempt)) == 2


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


def test_twenty_tries_at_once_count_as_twenty(either_app: Flask) -> None:
    """Each is counted before it is checked, so none slips through beside the others."""
    import threading

    who = enrol()
    answers: list[int] = []
    gate = threading.Barrier(20)

    def one() -> None:
        browser = either_app.test_client()
        gate.wait()
        data = form(username=who.username, password="wrong password")
        answers.append(browser.post("/sign-in", data=data).status_code)

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [422] * 5 + [429] * 15


def test_the_lengths_of_a_wait_do_not_add_up_for_ever(
    client: PageClient, set_clock: SetClock
) -> None:
    who = enrol()
    for _ in range(40):
        give_password(client, who.username, "wrong password")
        set_clock.advance(minutes=1)
    set_clock.advance(minutes=15)
    assert give_password(client, who.username).status_code == 303
