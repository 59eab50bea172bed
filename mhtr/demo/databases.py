"""The application on a database of the demonstration."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

import config as settings
from mhtr.app import create_app
from mhtr.core.database import db, sqlite_of


@contextmanager
def application(url: str) -> Iterator[Flask]:
    """The application on a database, in demonstration mode, with its context pushed."""
    app = create_app(settings.load({"MHTR_MODE": "demo", "MHTR_DATABASE_URL": url}))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def hurry() -> None:
    """Do without waiting for the disk: a build that is interrupted is thrown away anyway."""

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        sqlite_of(connection).setting("synchronous=OFF")

    event.listen(db.engine, "connect", prepare)
