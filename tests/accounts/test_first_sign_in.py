"""The first sign-in: a link, a password, an authenticator, recovery codes, and only then in."""

import re

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import passwords, service, sessions, sign_in_service, totp
from mhtr.accounts.models import Invitation, RecoveryCode, Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from tests.accounts.enrolled import PASSWORD, enrol, form, give_password
from tests.makers import make_staff
from tests.pages import PageClient


def invited(staff_id: int = 0) -> tuple[int, str]:
    """Somebody new (or this one) with a link: his id and its path."""
    staff_id = staff_id or make_staff(Role.ASSESSOR, name="Grace Adeyemi").id
    with writing():
        token = service.invite(staff_id, by=None)
    return staff_id, f"/invitations/{token}"


def secret_on(page: str) -> str:
    found = re.search(r'app-secret">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def code_of(secret: str) -> str:
    return pyotp.TOTP(secret).generate_otp(totp.step_of(clock.now()))


def test_the_whole_way_in(either_app: Flask) -> None:
    client = either_app.test_client()
    assert isinstance(client, PageClient)
    staff_id, link = invited()
    assert "Grace Adeyemi" in client.page(link)
    answer = client.post(link, data=form(new_password=PASSWORD))
    assert answer.location == "/sign-in/authenticator"
    assert client.get("/today").status_code == 303  # nothing else opens before the authenticator
    page = client.page("/sign-in/authenticator")
    assert "data:image/svg+xml" in page and "otpauth://totp/" in page
    done = client.post("/sign-in/authenticator", data=form(code=code_of(secret_on(page))))
    codes = re.findall(r"<li>([a-z0-9-]{19})</li>", done.text)
    assert done.status_code == 200 and len(codes) == 10
    assert "Grace Adeyemi" in client.page("/me")
    stored = set(db.session.scalars(select(RecoveryCode.code_hash)))
    assert len(stored) == 10 and not stored & set(codes)
    assert not any(code in client.page("/me") for code in codes)
    staff = db.session.get_one(Staff, staff_id)
    assert passwords.verify(staff.password_hash, PASSWORD)
    assert client.post("/sign-out").status_code == 303
    give_password(client, staff.username)
    recovered = client.post("/sign-in/recovery-code", data=form(recovery_code=codes[9]))
    assert recovered.status_code == 303
    staff = db.session.get_one(Staff, staff_id)
    assert staff.totp_next_secret is None and staff.totp_secret is not None


def test_opening_a_link_does_not_use_it_up_but_setting_a_password_does(client: PageClient) -> None:
    _, link = invited()
    for _ in range(3):
        client.page(link)
    client.head(link)
    assert client.post(link, data=form(new_password=PASSWORD)).status_code == 303
    assert client.get(link).status_code == 410
    again = client.post(link, data=form(new_password="another walrus lantern drift"))
    assert again.status_code == 410


def test_a_refused_password_leaves_the_link_good(client: PageClient) -> None:
    staff_id, link = invited()
    for bad, words in (
        ("", "Enter a new password"),
        ("short", "12 characters or more"),
        ("Adeyemi walrus lantern drift", "Leave your name"),
        ("password1234", "lists that attackers use"),
    ):
        answer = client.post(link, data=form(new_password=bad))
        assert answer.status_code == 422 and words in answer.text
        assert not bad or bad not in answer.text
    assert db.session.get_one(Staff, staff_id).password_hash == ""
    assert client.post(link, data=form(new_password=PASSWORD)).status_code == 303


def test_a_link_runs_out(client: PageClient, set_clock: SetClock) -> None:
    _, link = invited()
    set_clock.advance(days=3, seconds=-1)
    client.page(link)
    set_clock.advance(seconds=1)
    assert client.get(link).status_code == 410
    assert client.post(link, data=form(new_password=PASSWORD)).status_code == 410


def test_links_of_the_disabled_replaced_and_made_up_do_not_work(client: PageClient) -> None:
    staff_id, replaced = invited()
    _, link = invited(staff_id)
    assert client.get(replaced).status_code == 410
    assert client.get("/invitations/made-up").status_code == 410
    assert not any(stored in link for stored in db.session.scalars(select(Invitation.token_hash)))
    with writing():
        service.disable(staff_id, by=None)
    assert client.get(link).status_code == 410


def test_a_disabled_account_has_no_link_even_where_one_was_left_open(client: PageClient) -> None:
    staff_id, link = invited()
    with writing():
        db.session.get_one(Staff, staff_id).disabled_at = clock.now()
    assert client.get(link).status_code == 410
    assert client.post(link, data=form(new_password=PASSWORD)).status_code == 410


def test_a_replacement_left_half_done_is_no_way_round_the_authenticator(client: PageClient) -> None:
    """Whoever has the password alone must not see, or confirm, the secret that waits."""
    who = enrol()
    with writing():
        sign_in_service.begin_enrolment(who.id)
    waiting = who.staff.totp_next_secret
    assert waiting is not None
    assert give_password(client, who.username).location == "/sign-in/code"
    assert client.get("/sign-in/authenticator").location == "/sign-in"
    answer = client.post("/sign-in/authenticator", data=form(code=code_of(waiting)))
    assert answer.location == "/sign-in"
    assert client.post("/sign-in/code", data=form(code=code_of(waiting))).status_code == 422
    assert who.staff.totp_next_secret == waiting
    assert sessions.own_sessions(who.id) == []


def test_a_link_used_by_two_at_once_works_for_one(app: Flask) -> None:
    _, link = invited()
    token = link.rpartition("/")[2]
    with writing():
        sign_in_service.accept_invitation(token, "one")
    with pytest.raises(Refused), writing():
        sign_in_service.accept_invitation(token, "two")


def test_a_reset_password_never_passes_the_authenticator_by(client: PageClient) -> None:
    who = enrol()
    with writing():
        sessions.begin(who.staff)
    _, link = invited(who.id)
    answer = client.post(link, data=form(new_password="another walrus lantern drift"))
    assert answer.location == "/sign-in/code"
    assert sessions.own_sessions(who.id) == []
    assert client.get("/sign-in/authenticator").location == "/sign-in"
    assert client.post("/sign-in/authenticator", data=form(code="000000")).location == "/sign-in"
    assert client.post("/sign-in/code", data=form(code=who.code())).status_code == 303


def test_a_reset_authenticator_is_set_up_anew_with_the_password(client: PageClient) -> None:
    who = enrol()
    with writing():
        service.reset_totp(who.id, by=None)
    assert give_password(client, who.username).location == "/sign-in/authenticator"
    page = client.page("/sign-in/authenticator")
    wrong = client.post("/sign-in/authenticator", data=form(code=who.code()))
    assert wrong.status_code == 422 and "That code is not right" in wrong.text
    assert secret_on(wrong.text) == secret_on(page)  # a mistake does not mean scanning again
    right = client.post("/sign-in/authenticator", data=form(code=code_of(secret_on(page))))
    assert right.status_code == 200


def test_an_authenticator_is_set_up_once(client: PageClient, app: Flask) -> None:
    staff_id, link = invited()
    client.post(link, data=form(new_password=PASSWORD))
    other_tab = app.test_client()
    username = db.session.get_one(Staff, staff_id).username
    other_tab.post("/sign-in", data=form(username=username, password=PASSWORD))
    secret = secret_on(other_tab.get("/sign-in/authenticator").text)
    done = other_tab.post("/sign-in/authenticator", data=form(code=code_of(secret)))
    assert done.status_code == 200
    late = client.post("/sign-in/authenticator", data=form(code=code_of(secret)))
    assert late.location == "/sign-in"
    assert len(sessions.own_sessions(staff_id)) == 1
