"""Sessions: 15 minutes idle, 12 hours at most, over at once when ended, and never given time."""

from datetime import timedelta

import pytest
from flask import Flask

from mhtr.accounts import service, sessions
from mhtr.accounts.gate import cookie_name
from mhtr.accounts.models import SignInSession, Staff
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.accounts.conftest import AppMaker
from tests.accounts.enrolled import enrol, form
from tests.conftest import NOON
from tests.makers import make_staff
from tests.pages import PageClient


@pytest.fixture
def staff(client: PageClient) -> Staff:
    made = make_staff(Role.ASSESSOR)
    client.sign_in(made)
    return made


def is_in(client: PageClient) -> bool:
    answer = client.get("/me")
    assert answer.status_code == 200 or answer.location == "/sign-in?next=/me"
    return answer.status_code == 200


def test_fifteen_idle_minutes_end_it(client: PageClient, staff: Staff, set_clock: SetClock) -> None:
    set_clock.advance(minutes=14, seconds=59)
    assert is_in(client)
    set_clock.advance(minutes=14, seconds=59)
    assert is_in(client)  # the request before counted
    set_clock.advance(minutes=15)
    assert not is_in(client)
    set_clock.advance(minutes=-1)
    assert is_in(client)  # nothing was written: it is the time that decides


def test_twelve_hours_end_it_however_busy_he_is(
    client: PageClient, staff: Staff, set_clock: SetClock
) -> None:
    for _ in range(71):
        set_clock.advance(minutes=10)
        assert is_in(client)
    set_clock.advance(minutes=9, seconds=59)
    assert is_in(client)
    assert client.post("/session/extend").json == {"seconds": 1}
    set_clock.advance(seconds=1)
    assert not is_in(client)


@pytest.mark.parametrize("back", [timedelta(minutes=2), timedelta(hours=1), timedelta(days=2)])
def test_a_clock_set_back_ends_it(
    client: PageClient, staff: Staff, set_clock: SetClock, back: timedelta
) -> None:
    set_clock.advance(hours=0, minutes=10)
    assert is_in(client)
    set_clock.moment -= back
    assert not is_in(client)


def test_a_clock_corrected_by_seconds_gives_no_time(
    client: PageClient, staff: Staff, set_clock: SetClock
) -> None:
    set_clock.advance(minutes=10)
    assert is_in(client)
    set_clock.advance(seconds=-30)
    assert is_in(client)
    assert client.post("/session/extend").status_code == 200
    seen = db.session.query(SignInSession.last_seen_at).scalar()
    assert seen == NOON + timedelta(minutes=9, seconds=30)  # asked for, so from now


def test_extending_counts_as_being_here(
    client: PageClient, staff: Staff, set_clock: SetClock
) -> None:
    set_clock.advance(minutes=14)
    assert client.post("/session/extend").json == {"seconds": 900}
    set_clock.advance(minutes=14)
    assert is_in(client)
    answer = client.post("/session/extend?next=/me", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.location) == (303, "/me")
    set_clock.advance(minutes=15)
    assert client.post("/session/extend").status_code == 303
    assert not is_in(client)


def test_pages_say_how_many_seconds_are_left(
    client: PageClient, staff: Staff, set_clock: SetClock
) -> None:
    assert '<meta name="session-seconds" content="900">' in client.page("/me")
    for _ in range(71):
        set_clock.advance(minutes=10)
        client.page("/me")
    set_clock.advance(minutes=5)
    assert '<meta name="session-seconds" content="300">' in client.page("/me")


def test_the_disabled_are_out_on_their_next_request(client: PageClient, staff: Staff) -> None:
    assert is_in(client)
    with writing():
        service.disable(staff.id, by=None)
    assert not is_in(client)


def test_disabling_alone_suffices(client: PageClient, staff: Staff) -> None:
    """Even where its session was left open, a disabled account is nobody."""
    with writing():
        db.session.get_one(Staff, staff.id).disabled_at = NOON
    assert not is_in(client)


def test_a_revoked_session_is_out_on_its_next_request(client: PageClient, staff: Staff) -> None:
    with writing():
        sessions.end_all(staff.id, by=staff.id, because="test")
    assert not is_in(client)


def test_a_session_ends_once_and_a_touch_does_not_revive_it(
    client: PageClient, staff: Staff, set_clock: SetClock
) -> None:
    row = sessions.own_sessions(staff.id)[0]
    row_id = row.id
    with writing():
        sessions.end(row_id, by=staff.id, because="first")
    set_clock.advance(minutes=5)
    with writing():
        sessions.end(row_id, by=staff.id, because="second")
        sessions.touch(row_id)
    again = db.session.get_one(SignInSession, row_id)
    assert (again.ended_because, again.ended_at, again.last_seen_at) == ("first", NOON, NOON)


def test_the_token_is_long_random_and_stored_hashed(app: Flask) -> None:
    staff = make_staff()
    with writing():
        tokens = {sessions.begin(staff) for _ in range(50)}
    assert len(tokens) == 50 and all(len(token) >= 43 for token in tokens)  # 256 bits
    stored = set(db.session.query(SignInSession.token_hash))
    assert not {(token,) for token in tokens} & stored


COOKIES = [("no", "", False), ("yes", "__Host-", True)]


@pytest.mark.parametrize(("https", "prefix", "secure"), COOKIES)
def test_cookies_are_closed_to_scripts_and_other_sites(
    make_app: AppMaker, https: str, prefix: str, secure: bool
) -> None:
    other = make_app(MHTR_HTTPS=https)
    other.config["WTF_CSRF_ENABLED"] = False
    with other.app_context():
        who = enrol()
        base = "https://localhost" if secure else "http://localhost"
        browser = other.test_client()
        first = form(username=who.username, password="copper lantern walrus drift")
        answers = [browser.post("/sign-in", data=first, base_url=base)]
        answers.append(browser.post("/sign-in/code", data=form(code=who.code()), base_url=base))
        answers.append(browser.post("/sign-out", base_url=base))
        set_cookies = [c for answer in answers for c in answer.headers.getlist("Set-Cookie")]
        assert cookie_name(other) == f"{prefix}mhtr"
        names = {cookie.partition("=")[0] for cookie in set_cookies}
        assert names == {f"{prefix}mhtr", f"{prefix}mhtr-form"}
        for cookie in set_cookies:
            flags = {flag.strip() for flag in cookie.split(";")[1:]}
            assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= flags
            assert ("Secure" in flags) is secure
            assert not any(flag.startswith("Domain") for flag in flags)
        assert ("Strict-Transport-Security" in answers[0].headers) is secure
