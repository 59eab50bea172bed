"""What was typed when the session ran out comes back after sign-in, to its owner only."""

import html
import re

import pytest
from flask import Blueprint, Flask, render_template_string, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import KEPT
from mhtr.accounts.step_up import step_up_required
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.web import kept_posts
from mhtr.web.fields import PasswordField, Required, TextAreaField, TextField
from mhtr.web.forms import Form
from mhtr.web.gate import signed_in
from mhtr.web.models import KeptPost, Submission
from mhtr.web.submission import saving
from tests.accounts.conftest import AppMaker
from tests.accounts.enrolled import PASSWORD, Enrolled, enrol
from tests.makers import make_staff
from tests.pages import PageClient

PAGE = """{% extends "components/layout.html" %}
{% from "components/fields.html" import field, form_errors, hidden_fields, submit %}
{% block title %}A note{% endblock %}
{% block main %}{{ form_errors(form) }}<h1>A note</h1>
<form method="post">{{ hidden_fields(form) }}{{ field(form.first_line) }}{{ field(form.text) }}
{{ field(form.old_password) }}{{ submit("Save") }}</form>{% endblock %}"""


class NoteForm(Form):
    first_line = TextField("First line", [Required()])
    text = TextAreaField("Text", [Required()])
    old_password = PasswordField("Password", optional=True)


def blueprint() -> Blueprint:
    bp = Blueprint("notes_for_test", __name__)

    @bp.get("/note")
    @signed_in
    def note() -> str:
        return render_template_string(PAGE, form=NoteForm())

    @bp.post("/note")
    @signed_in
    def save_note() -> Response | tuple[str, int]:
        form = NoteForm()
        if not form.validate_on_submit():
            return render_template_string(PAGE, form=form), 422
        with saving() as saved:
            saved.goes_to(url_for("accounts.me"), f"Saved: {form.first_line.data}")
        return saved.redirect()

    @bp.post("/note/sign")
    @step_up_required()
    @signed_in
    def sign_note() -> Response:
        with saving() as saved:
            saved.goes_to(url_for("accounts.me"), "Signed")
        return saved.redirect()

    return bp


@pytest.fixture
def noted(make_app: AppMaker) -> Flask:
    """The app, protected as in production, with one more form.

    Its context is not kept open: each request has its own, as in production.
    """
    made = make_app()
    made.register_blueprint(blueprint())
    return made


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's main form, as a browser sends them back."""
    main = page.partition("<main")[2]
    tags = re.findall(r'<input type="hidden"[^>]*>', main)
    pairs = [(re.search(r'name="([^"]*)"', t), re.search(r'value="([^"]*)"', t)) for t in tags]
    return {name[1]: value[1] for name, value in pairs if name and value}


def really_sign_in(browser: PageClient, who: Enrolled) -> str:
    """Both steps through the protected forms; returns where it leads."""
    first = {**hidden(browser.page("/sign-in")), "username": who.username, "password": PASSWORD}
    assert browser.post("/sign-in", data=first).location == "/sign-in/code"
    second = {**hidden(browser.page("/sign-in/code")), "code": who.code()}
    answer = browser.post("/sign-in/code", data=second)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def browser_of(app: Flask) -> PageClient:
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made


TYPED = {
    "first_line": "Seen today <b>",
    "text": "Line one\nand “two”",
    "old_password": "secret walrus",
}


def time_out_while_typing(browser: PageClient, who: Enrolled, set_clock: SetClock) -> str:
    assert really_sign_in(browser, who) == "/"
    held = hidden(browser.page("/note"))
    set_clock.advance(minutes=15)
    answer = browser.post("/note", data={**held, **TYPED})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert KEPT in html.unescape(browser.page("/sign-in")), "nothing is lost, and it says so"
    return really_sign_in(browser, who)


def test_what_was_typed_is_shown_restored_and_saved(noted: Flask, set_clock: SetClock) -> None:
    who, browser = enrol(), browser_of(noted)
    assert time_out_while_typing(browser, who, set_clock) == "/sign-in/kept"
    page = browser.page("/sign-in/kept")
    assert "You were signed out before this was saved" in page
    assert "Seen today &lt;b&gt;" in page and "First line" in page
    assert "secret walrus" not in page
    answer = browser.post("/sign-in/kept", data={**hidden(page), "restore": "yes"})
    assert answer.location.startswith("/note?kept=")
    form = browser.page(answer.location)
    assert "Seen today &lt;b&gt;" in form and "and “two”" in form and "secret walrus" not in form
    assert "There is a problem" not in form
    assert db.session.scalars(select(Submission)).all() == []  # restored is not yet saved
    saved = browser.post("/note", data={**hidden(form), **TYPED})
    assert saved.location == "/me"
    assert "Saved: Seen today" in browser.page("/me")
    assert browser.get("/sign-in/kept").location == "/"


def test_it_is_kept_encrypted_and_without_secrets(noted: Flask, set_clock: SetClock) -> None:
    who, browser = enrol(), browser_of(noted)
    time_out_while_typing(browser, who, set_clock)
    row = db.session.scalars(select(KeptPost)).one()
    assert set(row.body) == {"first_line", "text"}
    raw = db.session.connection().exec_driver_sql("SELECT body FROM kept_posts").scalar_one()
    assert b"Seen today" not in bytes(raw)


def test_nobody_else_gets_it(noted: Flask, set_clock: SetClock) -> None:
    who, other, browser = enrol(), enrol(), browser_of(noted)
    time_out_while_typing(browser, who, set_clock)
    ref = db.session.scalars(select(KeptPost.ref)).one()
    stranger = browser_of(noted)
    assert really_sign_in(stranger, other) == "/"
    assert "Seen today" not in stranger.page(f"/note?kept={ref}")
    assert stranger.get("/sign-in/kept").location == "/"


def test_it_can_be_dropped_and_is_forgotten_in_time(noted: Flask, set_clock: SetClock) -> None:
    who, browser = enrol(), browser_of(noted)
    time_out_while_typing(browser, who, set_clock)
    page = browser.page("/sign-in/kept")
    answer = browser.post("/sign-in/kept", data={**hidden(page), "discard": "yes"})
    assert answer.location == "/"
    assert browser.get("/sign-in/kept").location == "/"
    set_clock.advance(days=1, seconds=1)
    assert really_sign_in(browser, who) == "/"
    assert db.session.scalars(select(KeptPost)).all() == []


def test_proving_oneself_again_loses_nothing_typed(noted: Flask, set_clock: SetClock) -> None:
    who, browser = enrol(), browser_of(noted)
    really_sign_in(browser, who)
    held = hidden(browser.page("/note"))
    set_clock.advance(minutes=5)
    headers = {"Referer": "http://localhost/note"}
    answer = browser.post("/note/sign", data={**held, **TYPED}, headers=headers)
    assert answer.location == "/sign-in/again?next=/note"
    again = {**hidden(browser.page(answer.location)), "code": who.code()}
    assert browser.post(answer.location, data=again).location == "/sign-in/kept"
    assert "Seen today" in browser.page("/sign-in/kept")
    assert db.session.scalars(select(Submission)).all() == []


def test_an_empty_form_is_not_kept(noted: Flask, set_clock: SetClock) -> None:
    who, browser = enrol(), browser_of(noted)
    really_sign_in(browser, who)
    held = hidden(browser.page("/note"))
    set_clock.advance(minutes=15)
    browser.post("/note", data=held)
    assert db.session.scalars(select(KeptPost)).all() == []


def send_signed_out(browser: PageClient, who: Enrolled, clock: SetClock, *lines: str) -> None:
    """Several tabs of one browser are sent on one session that has run out."""
    really_sign_in(browser, who)
    held = hidden(browser.page("/note"))
    clock.advance(minutes=15)
    for line in lines:
        answer = browser.post("/note", data={**held, "first_line": line, "text": "Same"})
        assert answer.location == "/sign-in"
    assert really_sign_in(browser, who) == "/sign-in/kept"


def test_of_two_tabs_each_is_offered_and_fetched(noted: Flask, set_clock: SetClock) -> None:
    who, browser = enrol(), browser_of(noted)
    send_signed_out(browser, who, set_clock, "The first tab", "The second tab")
    page = browser.page("/sign-in/kept")
    assert "The second tab" in page and "The first tab" not in page and "One more form" in page
    answer = browser.post("/sign-in/kept", data={**hidden(page), "restore": "yes"})
    form = browser.page(answer.location)
    assert "The second tab" in form and "Another form that you sent" in form
    account = browser.page("/me")
    assert "You sent a form while you were signed out" in account and "/sign-in/kept" in account
    page = browser.page("/sign-in/kept")
    assert "The first tab" in page and "more form" not in page
    answer = browser.post("/sign-in/kept", data={**hidden(page), "restore": "yes"})
    form = browser.page(answer.location)
    assert "The first tab" in form and "Another form" not in form
    assert "while you were signed out" not in browser.page("/me")


def test_what_waits_is_offered_at_the_next_sign_in(noted: Flask, set_clock: SetClock) -> None:
    who, browser = enrol(), browser_of(noted)
    send_signed_out(browser, who, set_clock, "The first tab", "The second tab")
    page = browser.page("/sign-in/kept")
    browser.post("/sign-in/kept", data={**hidden(page), "restore": "yes"})
    set_clock.advance(minutes=15)
    assert really_sign_in(browser, who) == "/sign-in/kept"
    assert "The first tab" in browser.page("/sign-in/kept")


def test_dropping_one_leads_to_the_next(noted: Flask, set_clock: SetClock) -> None:
    who, browser = enrol(), browser_of(noted)
    send_signed_out(browser, who, set_clock, "The first tab", "The second tab")
    page = browser.page("/sign-in/kept")
    answer = browser.post("/sign-in/kept", data={**hidden(page), "discard": "yes"})
    assert answer.location == "/sign-in/kept"
    again = browser.post("/sign-in/kept", data={**hidden(page), "discard": "yes"})  # sent twice
    assert again.location == "/sign-in/kept"
    assert "The first tab" in browser.page("/sign-in/kept")


def test_one_form_sent_twice_is_kept_once(noted: Flask, set_clock: SetClock) -> None:
    who, browser = enrol(), browser_of(noted)
    send_signed_out(browser, who, set_clock, "The same", "The same")
    assert len(db.session.scalars(select(KeptPost)).all()) == 1


def test_the_choice_itself_is_not_a_form_to_keep(noted: Flask, set_clock: SetClock) -> None:
    who, browser = enrol(), browser_of(noted)
    send_signed_out(browser, who, set_clock, "The only one")
    held = hidden(browser.page("/sign-in/kept"))
    set_clock.advance(minutes=15)
    browser.post("/sign-in/kept", data={**held, "restore": "yes"})
    assert really_sign_in(browser, who) == "/sign-in/kept"
    assert "The only one" in browser.page("/sign-in/kept")
    assert len(db.session.scalars(select(KeptPost)).all()) == 1


def test_a_session_that_was_ended_keeps_nothing(noted: Flask, set_clock: SetClock) -> None:
    """Whoever sends on it may not be the account's owner."""
    who, stolen, own = enrol(), browser_of(noted), browser_of(noted)
    really_sign_in(stolen, who)
    held = hidden(stolen.page("/note"))
    set_clock.advance(minutes=1)
    really_sign_in(own, who)
    page = own.page("/me")
    token = re.search(r'name="csrf_token" value="([^"]*)"', page)
    assert token
    own.post("/me/sessions/end", data={"csrf_token": token[1]})
    answer = stolen.post("/note", data={**held, **TYPED})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "it was not kept" in stolen.page("/sign-in")
    assert db.session.scalars(select(KeptPost)).all() == []


def test_what_nobody_fetches_is_forgotten_after_a_month(app: Flask, set_clock: SetClock) -> None:
    staff_id = make_staff(Role.ASSESSOR).id
    with writing():
        db.session.add(KeptPost(staff_id=staff_id, path="/x", body={"note": ["typed"]}))
    for days, left in ((29, 1), (2, 0)):
        set_clock.advance(days=days)
        with writing():
            kept_posts.forget_old()
        assert len(db.session.scalars(select(KeptPost)).all()) == left
