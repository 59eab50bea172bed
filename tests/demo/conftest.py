"""One small demonstration for all these tests, made the way `./run` makes it."""

from collections.abc import Iterator

import pytest
from flask import Flask

import config as settings
from mhtr.app import create_app
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.demo.build import Demonstration
from tests.conftest import NOON
from tests.pages import PageClient

PEOPLE = 30


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The files of a demonstration of thirty people, made on a Wednesday at noon."""
    made = Demonstration(tmp_path_factory.mktemp("demonstration"))
    with clock.using(SetClock(NOON)):
        made.build(PEOPLE)
    return made


@pytest.fixture
def shown(demonstration: Demonstration) -> Iterator[Flask]:
    """The application on it, with its context pushed."""
    environment = {"MHTR_MODE": "test", "MHTR_DATABASE_URL": demonstration.url}
    app = create_app(settings.load(environment))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = PageClient
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
