"""Every address has a rule, declared beside it; without one nobody gets in."""

import re

import pytest
from flask import Blueprint, Flask

import config as settings
from mhtr.app import create_app
from mhtr.core.access import Role
from mhtr.web.gate import Rule, RuleKind, rule_of
from tests.makers import make_staff
from tests.pages import PageClient

PUBLIC_PREFIXES = (
    "/sign-in",
    "/sign-out",
    "/demo/",
    "/static/",
    "/api/",
    "/invitation",
    "/help",
    "/calendar-feed/",  # a secret in the address stands for who reads it
)
PUBLIC_EXACT = {"/", "/session/extend"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def rules(app: Flask) -> dict[str, Rule | None]:
    return {rule.endpoint: rule_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}


def test_every_route_declares_who_may_use_it(app: Flask) -> None:
    assert [endpoint for endpoint, rule in rules(app).items() if rule is None] == []


def test_only_the_front_door_is_public(app: Flask) -> None:
    for route in app.url_map.iter_rules():
        rule = rule_of(app, route.endpoint)
        if rule is not None and rule.kind in (RuleKind.PUBLIC, RuleKind.TOKEN):
            path = str(route)
            assert path in PUBLIC_EXACT or path.startswith(PUBLIC_PREFIXES), path


def test_a_route_without_a_rule_is_refused_to_everybody(app: Flask) -> None:
    planted = Blueprint("bare", __name__)
    planted.add_url_rule("/bare", "bare", lambda: "bare")
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    made = create_app(settings.load({"MHTR_MODE": "test", "MHTR_DATABASE_URL": url}))
    made.register_blueprint(planted)
    assert made.test_client().get("/bare").status_code == 403


def test_nobody_signed_in_is_led_to_the_sign_in_page(app: Flask) -> None:
    for route in app.url_map.iter_rules():
        rule = rule_of(app, route.endpoint)
        if rule is None or rule.kind in (RuleKind.PUBLIC, RuleKind.TOKEN):
            continue
        method = "GET" if "GET" in (route.methods or set()) else "POST"
        answer = app.test_client().open(filled(str(route)), method=method)
        assert answer.status_code == 303, route
        assert answer.headers["Location"].startswith("/sign-in"), route


@pytest.mark.parametrize("role", list(Role))
def test_roles_are_refused_the_pages_of_other_roles(client: PageClient, role: Role) -> None:
    client.sign_in(make_staff(role))
    app = client.application
    for route in app.url_map.iter_rules():
        rule = rule_of(app, route.endpoint)
        if rule is None or rule.kind is not RuleKind.ROLES or role in rule.roles:
            continue
        for method in (route.methods or set()) & (UNSAFE | {"GET"}):
            answer = client.open(filled(str(route)), method=method)
            assert answer.status_code == 403, f"{role.value} {method} {route}"


def test_no_route_keeps_a_current_person_in_the_session(app: Flask) -> None:
    """A record is named by its address, so that two tabs can never be confused."""
    for route in app.url_map.iter_rules():
        assert not re.search(r"(select|switch|current)", str(route)), route


def filled(path: str) -> str:
    """The address with some value in each of its places."""
    path = re.sub(r"<uuid:[^>]+>", "0b51a5b6-6e2c-4a5e-9d7b-5f6f0e3f7a11", path)
    path = re.sub(r"<int:[^>]+>", "1", path)
    path = re.sub(r"<path:[^>]+>", "app.css", path)
    path = re.sub(r"<any\(([^,)]+)[^>]*>", r"\1", path)
    return re.sub(r"<[^>]+>", "x", path)
