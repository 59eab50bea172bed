"""One-click sign-in: in the demonstration only."""

import base64
from collections.abc import Iterator

import pytest
from flask import Flask

import config as settings
from mhtr.app import create_app
from mhtr.core import audit
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.crypto import key_ring
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.web.gate import rule_of
from tests.accounts.conftest import AppMaker
from tests.accounts.enrolled import enrol
from tests.makers import make_staff
from tests.pages import PageClient


@pytest.fixture
def production(app: Flask) -> Iterator[Flask]:
    """The app as a trust would run it, on the test's database."""
    key = base64.b64encode(b"k" * 32).decode()
    before = settings.load({"MHTR_MODE": "test"})
    made = create_app(
        settings.load(
            {
                "MHTR_DATABASE_URL": str(app.config["SQLALCHEMY_DATABASE_URI"]),
                "MHTR_SECRET_KEY": "s" * 40,
                "MHTR_AUDIT_KEY": key,
                "MHTR_FIELD_KEYS": f"1:{key}",
            }
        )
    )
    made.test_client_class = PageClient
    with made.app_context():
        yield made
        db.engine.dispose()
    key_ring.set(before.field_keys)
    audit.AuditKey.value = before.audit_key


@pytest.fixture
def client(make_app: AppMaker) -> PageClient:
    """A browser in the demonstration."""
    made = make_app(MHTR_MODE="demo")
    made.config["WTF_CSRF_ENABLED"] = False
    browser = made.test_client()
    assert isinstance(browser, PageClient)
    return browser


@pytest.mark.parametrize("mode", ["production", "test"])
def test_outside_the_demonstration_the_route_does_not_exist(
    production: Flask, app: Flask, mode: str
) -> None:
    program = production if mode == "production" else app
    assert not [r for r in program.url_map.iter_rules() if "demo" in r.rule + r.endpoint]
    browser = program.test_client()
    https = "https://localhost"
    assert browser.get("/demo/", base_url=https).status_code == 404
    assert browser.post("/demo/sign-in", base_url=https).status_code in (400, 404)
    page = browser.get("/sign-in", base_url=https)
    assert page.status_code == 200 and "/demo/" not in page.text


def test_its_routes_have_rules_too(client: PageClient) -> None:
    program = client.application
    mine = [r.endpoint for r in program.url_map.iter_rules() if r.endpoint.startswith("demo.")]
    assert len(mine) == 3 and all(rule_of(program, endpoint) for endpoint in mine)


def test_the_sign_in_page_leads_to_it_and_it_leads_on(client: PageClient) -> None:
    make_staff(Role.CLINICAL_LEAD)
    assert "/demo/?next=/me" in client.page("/sign-in?next=/me")
    page = client.page("/demo/?next=/me")
    assert "/demo/sign-in?next=/me" in page
    answer = client.post("/demo/sign-in?next=/me", data={"role": "clinical_lead"})
    assert answer.location == "/me"
    assert "Clinical lead" in client.page("/me")


def test_it_leads_nowhere_else_and_knows_no_other_role(client: PageClient) -> None:
    make_staff(Role.ASSESSOR)
    answer = client.post("/demo/sign-in?next=//evil.example", data={"role": "assessor"})
    assert answer.location == "/"
    for role in ("", "nobody", "clinical_lead"):
        assert client.post("/demo/sign-in", data={"role": role}).status_code == 404


def test_the_disabled_are_no_faces(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    with writing():
        staff.disabled_at = staff.created_at
        db.session.add(staff)
    assert client.post("/demo/sign-in", data={"role": "assessor"}).status_code == 404


def test_a_code_is_only_stood_in_for_where_there_is_no_authenticator(
    client: PageClient, set_clock: SetClock
) -> None:
    client.sign_in(make_staff(Role.ASSESSOR))
    set_clock.advance(minutes=5)
    again = client.get("/me/recovery-codes").location
    assert "Continue without a code" in client.page(again)
    answer = client.post("/demo/prove-again?next=/me/recovery-codes")
    assert answer.location == "/me/recovery-codes"
    client.page("/me/recovery-codes")
    client.sign_in(enrol().staff)
    set_clock.advance(minutes=5)
    assert "Continue without a code" not in client.page(again)
    assert client.post("/demo/prove-again").status_code == 403
