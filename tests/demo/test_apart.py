"""Two parts that were played beside each other become one database, or none."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from mhtr.accounts.models import Organisation, OrganisationKind, Team
from mhtr.accounts.organisation_service import create_organisation, create_team
from mhtr.core import schema
from mhtr.core.database import db
from mhtr.demo import apart
from mhtr.demo.databases import application
from mhtr.demo.trail import Trail


class Parts:
    """A database with one organisation, and two copies of it that were written to."""

    def __init__(self, folder: Path) -> None:
        self.mine = folder / "mine.sqlite"
        with application(self.url(self.mine)):
            schema.upgrade()
            self.trust = self.add("First")
        self.base = apart.copy_of(self.mine, "base")
        self.other = apart.copy_of(self.mine, "other")

    @staticmethod
    def url(file: Path) -> str:
        return f"sqlite:///{file}"

    @staticmethod
    def add(name: str) -> int:
        with Trail().writing():
            return create_organisation(
                kind=OrganisationKind.TREATING_TRUST, name=name, code=None, by=None
            ).id

    def rename(self, file: Path, name: str) -> None:
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE organisations SET name = ?", (name,))

    def bring_in(self) -> None:
        with application(self.url(self.mine)):
            apart.bring_in(self.mine, self.other, self.base)

    def names(self) -> list[str]:
        with application(self.url(self.mine)):
            return list(db.session.scalars(select(Organisation.name).order_by(Organisation.id)))


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    yield Parts(tmp_path)


def test_what_was_added_in_either_part_is_there(parts: Parts) -> None:
    with application(parts.url(parts.mine)):
        parts.add("Mine")
    with application(parts.url(parts.other)), apart.numbered():
        added = parts.add("Theirs")
        with Trail().writing():
            team = create_team(organisation_id=added, name="Team", by=None).id
    parts.bring_in()
    assert parts.names() == ["First", "Mine", "Theirs"]
    with application(parts.url(parts.mine)):
        assert db.session.get_one(Team, team).organisation.name == "Theirs"
    assert not parts.other.exists() and not parts.base.exists()


def test_a_row_that_the_other_part_changed_is_changed(parts: Parts) -> None:
    parts.rename(parts.other, "Changed there")
    parts.bring_in()
    assert parts.names() == ["Changed there"]


def test_a_row_that_only_this_part_changed_stays_changed(parts: Parts) -> None:
    parts.rename(parts.mine, "Changed here")
    parts.bring_in()
    assert parts.names() == ["Changed here"]


def test_both_may_not_change_one_row(parts: Parts) -> None:
    parts.rename(parts.mine, "Changed here")
    parts.rename(parts.other, "Changed there")
    with pytest.raises(apart.Torn, match="both parts changed a row of organisations"):
        parts.bring_in()
    assert parts.names() == ["Changed here"]


def test_numbers_that_both_gave_are_not_mixed_up(parts: Parts) -> None:
    with application(parts.url(parts.mine)):
        parts.add("Mine")
    with application(parts.url(parts.other)):
        parts.add("Not numbered apart")
    with pytest.raises(apart.Torn, match="numbers that are not its own"):
        parts.bring_in()
    assert parts.names() == ["First", "Mine"]
