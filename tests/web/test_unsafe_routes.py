"""Every route that changes something refuses a request without the form's token."""

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, UUIDConverter
from werkzeug.routing import Rule as Route

import config as settings
from mhtr.app import create_app
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.web.gate import RuleKind, rule_of
from tests.faults.every_statement import totals
from tests.makers import make_staff
from tests.pages import PageClient

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def protected(app: Flask) -> Iterator[Flask]:
    """The app with its protection on, as in production."""
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    made = create_app(settings.load({"MHTR_MODE": "test", "MHTR_DATABASE_URL": url}))
    made.test_client_class = PageClient
    assert made.config["WTF_CSRF_ENABLED"]
    yield made
    with made.app_context():
        db.engine.dispose()


def unsafe_routes(app: Flask) -> list[tuple[str, str]]:
    """Method and address of every route that a browser could be made to send."""
    found = []
    for route in app.url_map.iter_rules():
        rule = rule_of(app, route.endpoint)
        # A bearer token in a header is sent by no browser of its own accord.
        if rule is not None and rule.kind is RuleKind.TOKEN:
            continue
        found += [(method, address(route)) for method in sorted((route.methods or set()) & UNSAFE)]
    return sorted(found)


def address(route: Route) -> str:
    built = route.build({name: sample(made) for name, made in route._converters.items()})
    assert built is not None
    return built[1]


def sample(converter: BaseConverter) -> object:
    """A value that the part of an address takes."""
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    if isinstance(converter, UUIDConverter):
        return uuid.uuid4()
    return 1 if isinstance(converter, IntegerConverter) else "x"


def test_without_the_token_nothing_is_done(protected: Flask) -> None:
    browser = protected.test_client()
    assert isinstance(browser, PageClient)
    browser.sign_in(make_staff(Role.SYSTEM_ADMINISTRATOR))
    routes = unsafe_routes(protected)
    assert ("POST", "/sign-in") in routes and ("POST", "/sign-out") in routes
    before = written()
    for method, path in routes:
        bare = browser.open(path, method=method, data={"password": "x"})
        typed = browser.open(path, method=method, data={"username": "x"})
        kept = typed.location == "/sign-in/kept"
        assert bare.status_code in (400, 403), path
        assert kept or typed.status_code in (400, 403), path
    assert written() == before


def written() -> dict[str, object]:
    """What every table holds, apart from forms that were kept to be offered again."""
    held: dict[str, object] = dict(totals())
    held.pop("kept_posts")
    return held


def test_another_browsers_token_is_refused(protected: Flask) -> None:
    theirs, mine = protected.test_client(), protected.test_client()
    page = theirs.get("/sign-in").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert token
    mine.get("/sign-in")
    assert mine.post("/sign-out", data={"csrf_token": token}).status_code == 400
    assert theirs.post("/sign-out", data={"csrf_token": token}).status_code == 303
