"""Guessing makes everybody wait: names, addresses and codes."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts.models import SignInAttempt
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from tests.accounts.enrolled import enrol, form, give_password, sign_in
from tests.accounts.signing_in import answer_to, counted_hashes
from tests.pages import PageClient


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
