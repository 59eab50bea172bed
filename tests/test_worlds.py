"""What is put back is what would have been made; whatever else was written is never lost."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts.models import Organisation, OrganisationKind
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from tests import worlds
from tests.databases import Databases
from tests.makers import make_organisation
from tests.worlds import KEPT_FROM, world

made: list[str] = []


@world
def a_trust(name: str) -> Organisation:
    made.append(name)
    return make_organisation(name=name)


@world
def its_sister(trust: Organisation) -> dict[str, Organisation]:
    made.append(f"sister of {trust.name}")
    return {"one": trust, "other": make_organisation(name=f"{trust.name} 2")}


class Area:
    @world
    def __init__(self, name: str) -> None:
        self.trust = a_trust(name)
        self.name = name


def names() -> list[str]:
    return list(db.session.scalars(select(Organisation.name).order_by(Organisation.id)))


@pytest.fixture(params=["sqlite", "postgresql"])
def anew(databases: Databases, request: pytest.FixtureRequest) -> Iterator[Callable[[], Flask]]:
    """Begin as a test does, in an empty database of this engine."""
    made.clear()

    def left() -> None:
        with databases.apps[request.param].app_context():
            db.session.remove()
            db.engine.dispose()

    def begin() -> Flask:
        if request.param in databases.apps:
            left()
        return databases.app(request.param)

    yield begin
    left()


def test_what_was_kept_is_put_back(anew: Callable[[], Flask]) -> None:
    engine = ""
    for _ in range(4):
        with anew().app_context():
            both = its_sister(a_trust("North"))
            assert (both["one"].name, both["other"].name) == ("North", "North 2")
            assert both["one"] is db.session.get(Organisation, both["one"].id)
            assert names() == ["North", "North 2"]
            assert make_organisation(OrganisationKind.COURT_TEAM).id > both["other"].id
            engine = db.engine.dialect.name
    assert made == ["North", "sister of North"] * KEPT_FROM[engine]


def test_a_constructor_sets_what_it_had_set(anew: Callable[[], Flask]) -> None:
    engine = ""
    for _ in range(3):
        with anew().app_context():
            area = Area("South")
            assert (area.name, area.trust.name, names()) == ("South", "South", ["South"])
            engine = db.engine.dialect.name
    assert made == ["South"] * KEPT_FROM[engine]


def test_what_another_connection_has_open_is_put_back_under_it(databases: Databases) -> None:
    for _ in range(2):
        with databases.app("sqlite").app_context():
            with db.engine.connect() as beside:
                assert beside.scalar(select(func.count(Organisation.id))) == 0
                beside.rollback()
                assert a_trust("Open").name == "Open"
                assert beside.scalar(select(Organisation.name)) == "Open"
                beside.rollback()
            assert names() == ["Open"]
            make_organisation(name="After")
            assert names() == ["Open", "After"]
            databases.left()
    assert made.count("Open") == 1


def test_other_arguments_make_another_world(anew: Callable[[], Flask]) -> None:
    for name in ("East", "East", "West"):
        with anew().app_context():
            assert a_trust(name).name == name
            assert names() == [name]


def test_what_was_written_before_it_stays(anew: Callable[[], Flask]) -> None:
    for _ in range(3):
        with anew().app_context():
            a_trust("Middle")
    with anew().app_context():
        make_organisation(name="First")
        a_trust("Middle")
        assert names() == ["First", "Middle"]


def test_at_another_time_it_is_made_anew(anew: Callable[[], Flask], set_clock: SetClock) -> None:
    for _ in range(3):
        set_clock.advance(minutes=1)
        with anew().app_context():
            a_trust("Later")
    assert made == ["Later"] * 3


def test_one_that_patches_the_program_makes_its_own(anew: Callable[[], Flask]) -> None:
    for _ in range(2):
        with anew().app_context():
            a_trust("Patched")
    before = len(made)
    worlds.switched_off()
    with anew().app_context():
        a_trust("Patched")
        assert db.session.scalar(select(func.count(Organisation.id))) == 1
    assert made == ["Patched"] * (before + 1)
