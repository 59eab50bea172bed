"""A test finds the database as if it had just been migrated, whatever the one before it did."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from mhtr.core.database import db
from mhtr.people.models import Person
from tests.databases import Databases
from tests.makers import make_person

A_TRIGGER = """
    SELECT tgname, tgrelid::regclass, tgfoid::regprocedure
    FROM pg_trigger WHERE NOT tgisinternal LIMIT 1"""
CATALOGUE = """
    SELECT 'column', table_name, column_name, is_nullable
        FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'trigger', tgname, tgrelid::regclass::text, tgenabled::text
        FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname, '', ''
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'version', version_num, '', '' FROM alembic_version
    ORDER BY 1, 2, 3, 4"""


@pytest.fixture
def postgresql(databases: Databases) -> Iterator[Flask]:
    app = databases.app("postgresql")
    yield app
    with app.app_context():
        db.engine.dispose()


def _people(app: Flask) -> int | None:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Person))


def test_rows_of_the_last_test_are_gone_and_numbers_begin_again(
    databases: Databases, postgresql: Flask
) -> None:
    def first() -> int:
        with postgresql.app_context():
            return make_person().id

    number = first()
    assert _people(postgresql) == 1
    assert first() != number
    assert _people(databases.app("postgresql")) == 0
    assert first() == number


@pytest.mark.parametrize(
    "harm",
    [
        "DROP FUNCTION {function} CASCADE",
        "DROP TRIGGER {trigger} ON {table}",
        "ALTER TABLE {table} DISABLE TRIGGER {trigger}",
        "CREATE TABLE left_over (id integer)",
        "ALTER TABLE people ADD COLUMN left_over integer",
        "ALTER TABLE people ALTER COLUMN given_name DROP NOT NULL",
        "CREATE FUNCTION left_over() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_a_schema_that_was_touched_is_made_anew(
    databases: Databases, postgresql: Flask, harm: str
) -> None:
    before = _catalogue(postgresql)
    with databases._connected("mhtr_test") as connection:
        trigger, table, function = connection.execute(text(A_TRIGGER)).one()
        connection.execute(text(harm.format(trigger=trigger, table=table, function=function)))
    assert _catalogue(postgresql) != before
    assert _catalogue(databases.app("postgresql")) == before


def _catalogue(app: Flask) -> list[tuple[str, ...]]:
    with app.app_context(), db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(CATALOGUE))]


def test_settings_that_a_test_changed_are_as_before_for_the_next(databases: Databases) -> None:
    app = databases.app("sqlite")
    before = dict(app.config)
    app.config.update(MAIL="smtp://127.0.0.1:9", DEMO=not before["DEMO"], OF_THE_TEST=True)
    assert dict(databases.app("sqlite").config) == before
