"""Your account: own sessions, password, authenticator and codes; sensitive steps ask again."""

import re

import pyotp
import pytest
from flask import Flask

from mhtr.accounts import passwords, sessions, sign_in_service, totp
from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.accounts.enrolled import PASSWORD, Enrolled, enrol, form
from tests.makers import make_staff
from tests.pages import PageClient

NEW = "velvet otter marble compass"


@pytest.fixture
def who(client: PageClient) -> Enrolled:
    made = enrol()
    client.sign_in(made.staff)
    return made


def elsewhere(app: Flask, who: Enrolled) -> PageClient:
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    return browser.sign_in(who.staff)


def test_the_page_shows_roles_and_sessions(client: PageClient, who: Enrolled) -> None:
    with writing():
        sessions.begin(who.staff, browser="Firefox on Windows")
    page = client.page("/me")
    assert "Assessor and therapist" in page and "Firefox on Windows" in page
    assert page.count("This one") == 1 and "10 left" in page


def test_one_session_can_be_ended(app: Flask, client: PageClient, who: Enrolled) -> None:
    other = elsewhere(app, who)
    mine, theirs = sorted(sessions.own_sessions(who.id), key=lambda row: row.id)
    refs = theirs.ref, mine.ref
    assert client.post(f"/me/sessions/{refs[0]}/end").location == "/me"
    assert other.get("/me").status_code == 303
    assert client.get("/me").status_code == 200
    assert client.post(f"/me/sessions/{refs[1]}/end").location == "/sign-in"
    assert client.get("/me").status_code == 303


def test_nobody_ends_anothers_session(client: PageClient, who: Enrolled) -> None:
    other = make_staff()
    with writing():
        sessions.begin(other)
    ref = sessions.own_sessions(other.id)[0].ref
    assert client.post(f"/me/sessions/{ref}/end").status_code == 404
    assert len(sessions.own_sessions(other.id)) == 1


def test_signing_out_everywhere(app: Flask, client: PageClient, who: Enrolled) -> None:
    other = elsewhere(app, who)
    assert client.post("/me/sessions/end").location == "/sign-in"
    assert client.get("/me").status_code == other.get("/me").status_code == 303


def test_a_new_password_ends_other_sessions(app: Flask, client: PageClient, who: Enrolled) -> None:
    other = elsewhere(app, who)
    answer = client.post("/me/password", data=form(old_password=PASSWORD, new_password=NEW))
    assert answer.location == "/me"
    assert client.get("/me").status_code == 200
    assert other.get("/me").status_code == 303
    assert passwords.verify(who.staff.password_hash, NEW)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("wrong walrus", NEW, "not the password you have now"),
        (PASSWORD, PASSWORD, "other than the one you have now"),
        (PASSWORD, "password1234", "lists that attackers use"),
        (PASSWORD, "", "Enter a new password"),
        ("", NEW, "Enter your password"),
    ],
)
def test_refusals_of_a_new_password(
    client: PageClient, who: Enrolled, old: str, new: str, words: str
) -> None:
    answer = client.post("/me/password", data=form(old_password=old, new_password=new))
    assert answer.status_code == 422 and words in answer.text
    assert passwords.verify(who.staff.password_hash, PASSWORD)


def test_guessing_the_password_here_waits_too(client: PageClient, who: Enrolled) -> None:
    guess = form(old_password="wrong walrus", new_password=NEW)
    statuses = [client.post("/me/password", data=guess).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


SENSITIVE = ["/me/authenticator", "/me/authenticator/new", "/me/recovery-codes"]


@pytest.mark.parametrize("path", SENSITIVE)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sensitive_pages_ask_for_a_code_again(
    client: PageClient, who: Enrolled, set_clock: SetClock, path: str, method: str
) -> None:
    set_clock.advance(minutes=5)
    secret = who.staff.totp_secret
    answer = client.open(path, method=method, data=form(code=who.code()))
    assert answer.location == f"/sign-in/again?next={path}"
    assert (who.staff.totp_secret, who.staff.totp_next_secret) == (secret, None)
    assert sign_in_service.codes_left(who.id) == 10
    assert client.post(answer.location, data=form(code="000000")).status_code == 422
    right = client.post(answer.location, data=form(code=who.code()))
    assert right.location == path
    assert client.get("/me/recovery-codes").status_code == 200


def test_a_recovery_code_will_do_to_prove_oneself(
    client: PageClient, who: Enrolled, set_clock: SetClock
) -> None:
    set_clock.advance(minutes=5)
    again = "/sign-in/again?next=/me/authenticator"
    assert client.post(again, data=form(code=who.codes[0])).location == "/me/authenticator"
    set_clock.advance(minutes=5)
    assert client.post(again, data=form(code=who.codes[0])).status_code == 422


def test_proving_oneself_leads_nowhere_else(client: PageClient, who: Enrolled) -> None:
    answer = client.post("/sign-in/again?next=//evil.example", data=form(code=who.code()))
    assert answer.location == "/"


def test_guessing_to_prove_oneself_waits(client: PageClient, who: Enrolled) -> None:
    guess = form(code="000000")
    statuses = [client.post("/sign-in/again", data=guess).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_a_clock_set_back_proves_nothing(client: PageClient, who: Enrolled) -> None:
    row = sessions.own_sessions(who.id)[0]
    with writing():
        again = sessions.by_ref(who.id, row.ref)
        assert again is not None
        again.stepped_up_at = clock.now().replace(hour=18)
    assert client.get("/me/authenticator").status_code == 303


def test_the_old_authenticator_works_until_the_new_one_is_proved(
    app: Flask, client: PageClient, who: Enrolled, set_clock: SetClock
) -> None:
    other = elsewhere(app, who)
    old = who.staff.totp_secret
    client.page("/me/authenticator")
    assert client.post("/me/authenticator").location == "/me/authenticator/new"
    page = client.page("/me/authenticator/new")
    found = re.search(r'app-secret">([A-Z2-7 ]+)<', page)
    assert found and who.staff.totp_secret == old
    wrong = client.post("/me/authenticator/new", data=form(code=who.code()))
    assert wrong.status_code == 422 and who.staff.totp_secret == old
    secret = found[1].replace(" ", "")
    code = pyotp.TOTP(secret).generate_otp(totp.step_of(clock.now()))
    done = client.post("/me/authenticator/new", data=form(code=code))
    assert len(re.findall(r"<li>[a-z0-9-]{19}</li>", done.text)) == 10
    assert db.session.get_one(Staff, who.id).totp_secret == secret
    assert client.get("/me").status_code == 200 and other.get("/me").status_code == 303
    with writing():
        assert not sign_in_service.use_recovery_code(who.id, who.codes[0])


def test_new_recovery_codes_replace_the_old(client: PageClient, who: Enrolled) -> None:
    client.page("/me/recovery-codes")
    page = client.post("/me/recovery-codes").text
    new = re.findall(r"<li>([a-z0-9-]{19})</li>", page)
    assert len(new) == 10 and not set(new) & set(who.codes)
    with writing():
        assert not sign_in_service.use_recovery_code(who.id, who.codes[0])
        assert sign_in_service.use_recovery_code(who.id, new[0])
        assert not sign_in_service.use_recovery_code(who.id, new[0])
