"""One demonstration for all these tests, made the way and at the size that `./run` makes it."""

import fcntl
import os
from collections.abc import Iterator

import pytest
from flask import Flask

from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.demo.build import DEFAULT_PEOPLE, Demonstration
from tests.conftest import NOON
from tests.databases import app_on


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


_apps: dict[str, Flask] = {}


@pytest.fixture
def shown(demonstration: Demonstration) -> Iterator[Flask]:
    """The application on it, with its context pushed; one for all tests of a process."""
    app = _apps.get(demonstration.url) or app_on(demonstration.url)
    _apps[demonstration.url] = app
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
