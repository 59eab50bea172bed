"""Shared fixtures: both engines from a template migrated once, a set clock, a checking client."""

import gc
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from flask import Flask

import mhtr.app  # noqa: F401 (before any test module: who listens is called in the program's order)
from mhtr.core import clock
from mhtr.core.clock import SetClock
from tests import templates, worlds
from tests.counts import count
from tests.databases import Databases
from tests.engines import left_to_sqlite
from tests.faults.controls.table import CONTROLS
from tests.pages import PageClient

# A loaded machine must not fail a property: examples have no deadline, and are the same each time.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    max_examples=int(os.environ.get("MHTR_EXAMPLES", "0")) or count(50, 200),
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")

HERE = Path(__file__).parent
LONGEST_FIRST = (
    "tests/fitness/test_mass_assignment.py",
    "tests/browser/journeys/test_every_page.py",
    "tests/demo/test_build.py",
    "tests/browser/test_assessor.py",
    "tests/browser/journeys/test_referring.py",
    "tests/browser/journeys/test_pages_of_one_thing.py",
    "tests/fitness/test_banner.py",
    "tests/fitness/test_matrix.py",
    "tests/fitness/test_schema.py",
    "tests/demo/test_everything_shown.py",
    "tests/demo/test_statements.py",
)
"""Modules that take a minute or more: begun last, one would run while the other worker has nothing
left."""


def pytest_configure() -> None:
    templates.made_once()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        templates.over()


def pytest_collection(session: pytest.Session) -> None:
    """Each worker reads its share of the modules first, while the others read theirs.

    To make Python of a test module (its assertions are rewritten) takes three times as long as to
    run it, and what one worker made the others find. A module that fails says so when collected.
    """
    worker: dict[str, str] = getattr(session.config, "workerinput", {})
    if not worker or sys.dont_write_bytecode:
        return
    mine, of = int(worker["workerid"].removeprefix("gw")), int(worker["workercount"])
    for path in sorted(HERE.rglob("test_*.py"))[mine::of]:
        name = ".".join(path.relative_to(HERE.parent).with_suffix("").parts)
        with suppress(Exception, pytest.skip.Exception):
            importlib.import_module(name)


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: it need not be looked through for what is lost."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest modules first; the rest stays as it was found.

    A whole run at small counts leaves a part of the tests of both engines to SQLite.
    """
    if config.args == config.getini("testpaths") and not config.option.keyword:
        resting = {test for control in CONTROLS for test in control.test.split()}
        on_postgresql = [item.nodeid for item in items if _engine_of(item) == "postgresql"]
        left_out = left_to_sqlite(on_postgresql, resting)
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
        items[:] = [item for item in items if item.nodeid not in left_out]
    at = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: at.get(item.nodeid.partition("::")[0], len(at)))


def _engine_of(item: pytest.Item) -> str:
    """The engine of a test of `either_app`; nothing for any other."""
    called = getattr(item, "callspec", None)
    return str(called.params.get("either_app", "")) if called else ""


NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
"""A Wednesday."""


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
def own_worlds(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that patches the program makes its world itself; none is left to the next test."""
    if "monkeypatch" in request.fixturenames:
        worlds.switched_off()
    yield
    worlds.ends()


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
        databases.left()


@pytest.fixture(params=["sqlite", "postgresql"])
def either_app(databases: Databases, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app on each engine in turn."""
    made = databases.app(request.param)
    with made.app_context():
        yield made
        databases.left()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser stand-in that checks every page it is given."""
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made
