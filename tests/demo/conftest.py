"""One demonstration for all these tests, made the way and at the size that `./run` makes it."""

import fcntl
import os
from collections.abc import Iterator

import pytest
from flask import Flask

import config as settings
from mhtr.app import create_app
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.demo.build import DEFAULT_PEOPLE, Demonstration
from tests.conftest import NOON
from tests.pages import PageClient


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The files of a demonstration of full size, made on a Wednesday at noon.

    The first worker that needs it makes it for all; the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    made = Demonstration(shared / "demonstration")
    with (shared / "demonstration.lock").open("w") as turn, clock.using(SetClock(NOON)):
        fcntl.flock(turn, fcntl.LOCK_EX)
        made.folder.mkdir(exist_ok=True)
        # Also when somebody else has made it: a step that was refused is on record in its note.
        if made.reason_to_build(DEFAULT_PEOPLE):
            made.build(DEFAULT_PEOPLE)
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
