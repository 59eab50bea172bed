"""SQLite: what reads has a connection that can do nothing else."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.exc import OperationalError

from mhtr.accounts.models import Organisation
from mhtr.core import audit
from mhtr.core.database import db, install_transaction_rules, sqlite_of
from mhtr.core.reading_apart import ReadsApart
from mhtr.core.transaction import writing


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[ReadsApart]:
    made = sqlite3.connect(tmp_path / "one.sqlite", factory=ReadsApart)
    made.isolation_level = None
    made.setting("journal_mode=WAL")
    made.begins(writes=True)
    made.cursor().execute("CREATE TABLE things (name)")
    made.commit()
    yield made
    made.close()


def named(connection: ReadsApart) -> list[str]:
    return [name for (name,) in connection.cursor().execute("SELECT name FROM things")]


def test_nothing_can_be_written_unless_that_was_said(connection: ReadsApart) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.cursor().execute("INSERT INTO things VALUES ('before any transaction')")
    connection.begins(writes=False)
    connection.cursor().execute("BEGIN")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.cursor().execute("INSERT INTO things VALUES ('while reading')")
    connection.rollback()
    for ends in (connection.commit, connection.rollback):
        connection.begins(writes=True)
        connection.cursor().execute("BEGIN IMMEDIATE")
        ends()
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.cursor().execute("INSERT INTO things VALUES ('after writing')")
    assert named(connection) == []


def test_what_was_written_is_read_next_and_what_was_undone_is_not(connection: ReadsApart) -> None:
    for word, ends in (("saved", connection.commit), ("undone", connection.rollback)):
        connection.begins(writes=True)
        connection.cursor().execute("BEGIN IMMEDIATE")
        connection.cursor().execute("INSERT INTO things VALUES (?)", (word,))
        assert word in named(connection)
        ends()
        connection.begins(writes=False)
        connection.cursor().execute("BEGIN")
        assert named(connection) == ["saved"]
        connection.commit()


def test_a_reading_transaction_sees_one_state(connection: ReadsApart, tmp_path: Path) -> None:
    connection.begins(writes=False)
    connection.cursor().execute("BEGIN")
    assert named(connection) == []
    with sqlite3.connect(tmp_path / "one.sqlite") as other:
        other.execute("INSERT INTO things VALUES ('meanwhile')")
    other.close()
    assert named(connection) == []
    connection.rollback()
    assert named(connection) == ["meanwhile"]


def test_reading_and_writing_in_turn_forgets_no_statement(app: Flask) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, words: str, *_rest: object) -> None:
        asked.append(words)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for _ in range(2):
            assert db.session.scalars(select(Organisation.name)).all() == []
            with writing():
                audit.record("test.done", by=None)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert sum(words.startswith("INSERT INTO audit_events") for words in asked) == 2
    assert [words for words in asked if words.startswith("PRAGMA")] == []


def test_foreign_keys_hold_where_it_writes(app: Flask) -> None:
    with db.engine.connect() as connection:
        driver = sqlite_of(connection.connection.dbapi_connection)
        driver.begins(writes=True)
        assert driver.cursor().execute("PRAGMA foreign_keys").fetchone() == (1,)
        driver.rollback()


def test_a_connection_that_was_opened_otherwise_is_refused(app: Flask, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'two.sqlite'}")
    install_transaction_rules(engine)
    with pytest.raises(TypeError), engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    engine.dispose()


def test_the_core_of_the_database_layer_is_read_only_too(app: Flask) -> None:
    with db.engine.connect() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.execute(text("UPDATE audit_head SET last_id = last_id"))
