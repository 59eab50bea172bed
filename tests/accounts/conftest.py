"""Apps as they really run: forms protected, and with the cookies of HTTPS."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

import config as settings
from mhtr.app import create_app
from mhtr.core.database import db
from tests.pages import PageClient

AppMaker = Callable[..., Flask]


@pytest.fixture
def make_app(app: Flask) -> Iterator[AppMaker]:
    """Makes another app on the same database, with the settings given and CSRF protection on."""
    made: list[Flask] = []

    def make(**environ: str) -> Flask:
        url = str(app.config["SQLALCHEMY_DATABASE_URI"])
        other = create_app(
            settings.load({"MHTR_MODE": "test", "MHTR_DATABASE_URL": url, **environ})
        )
        other.config["PROPAGATE_EXCEPTIONS"] = True
        other.test_client_class = PageClient
        made.append(other)
        return other

    yield make
    for other in made:
        with other.app_context():
            db.engine.dispose()
