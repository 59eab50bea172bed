"""Transactions: read-only unless asked, all or nothing, audit last."""

from collections.abc import Iterator
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from mhtr.accounts.models import Organisation
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock, transaction
from mhtr.core.access import Grant, PrincipalKind, Purpose
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.principals import new_principal
from mhtr.core.transaction import (
    NotWriting,
    keep_at_hand,
    must_be_writing,
    once_a_page,
    remembered,
    writing,
)
from tests.databases import Databases
from tests.makers import make_case, make_organisation


def test_a_write_outside_writing_is_refused_by_the_database(either_app: Flask) -> None:
    organisation = make_organisation()
    organisation.name = "planted"
    with pytest.raises(DBAPIError):
        db.session.flush()


def test_change_and_audit_are_saved_together(either_app: Flask) -> None:
    with writing():
        audit.record("test.done", by=None, thing=1)
    assert db.session.scalars(select(AuditEvent.action)).all() == ["test.done"]


def test_an_error_undoes_change_and_audit(either_app: Flask) -> None:
    organisation = make_organisation(name="before")
    with pytest.raises(RuntimeError), writing():
        db.session.get_one(Organisation, organisation.id).name = "after"
        audit.record("test.done", by=None)
        raise RuntimeError
    assert db.session.get_one(Organisation, organisation.id).name == "before"
    assert db.session.scalars(select(AuditEvent.id)).all() == []
    with writing():
        pass
    assert db.session.scalars(select(AuditEvent.id)).all() == []


def _read_again(app: Flask) -> int:
    """How many statements it takes to ask for one row again that nobody holds."""
    organisation_id = make_organisation().id
    asked: list[str] = []

    def note(_connection: object, _cursor: object, words: str, *_rest: object) -> None:
        asked.append(words)

    db.session.remove()
    keep_at_hand()
    assert db.session.get_one(Organisation, organisation_id).name
    event.listen(db.engine, "before_cursor_execute", note)
    assert db.session.get_one(Organisation, organisation_id).name
    event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


def test_a_row_that_a_page_has_read_is_not_read_again(app: Flask) -> None:
    assert _read_again(app) == 0


def test_no_more_rows_stay_at_hand_than_a_page_needs(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "MOST_AT_HAND", 0)
    assert _read_again(app) == 1


def test_what_is_at_hand_is_forgotten_when_something_is_written(either_app: Flask) -> None:
    organisation_id = make_organisation(name="before").id
    keep_at_hand()
    assert db.session.get_one(Organisation, organisation_id).name == "before"
    with writing():
        assert transaction.AT_HAND not in db.session.info
        db.session.get_one(Organisation, organisation_id).name = "after"
    assert db.session.get_one(Organisation, organisation_id).name == "after"


def test_writing_inside_writing_is_refused(app: Flask) -> None:
    with writing(), pytest.raises(NotWriting), writing():
        pass


def test_services_refuse_to_run_outside_writing(app: Flask) -> None:
    with pytest.raises(NotWriting):
        must_be_writing()


def _names() -> list[str]:
    query = select(Organisation.name).order_by(Organisation.id)
    return remembered("names", Organisation, lambda: list(db.session.scalars(query)))


def _another(name: str) -> Organisation:
    kept = db.session.scalars(select(Organisation)).first()
    assert kept is not None
    return Organisation(kind=kept.kind, name=name, principal_id=new_principal(PrincipalKind.TEAM))


def test_an_error_does_not_repeat_what_a_statement_was_given(either_app: Flask) -> None:
    with pytest.raises(DBAPIError) as error:
        db.session.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": "Okafor"})
    assert "Okafor" not in str(error.value)


def test_a_read_is_remembered_in_its_transaction_and_not_longer(either_app: Flask) -> None:
    times = count(1)

    def ask() -> int:
        return remembered("key", Organisation, lambda: next(times))

    with writing():
        assert [ask(), ask()] == [1, 1]
    assert [ask(), ask()] == [2, 3], "no transaction has begun"
    db.session.execute(text("SELECT 1"))
    assert [ask(), ask()] == [4, 4]
    db.session.rollback()
    db.session.execute(text("SELECT 1"))
    assert [ask(), ask()] == [5, 5]
    with writing():
        assert ask() == 6


def test_what_is_remembered_is_forgotten_when_it_changes(either_app: Flask) -> None:
    key = make_organisation(name="one").id
    with writing():
        assert _names() == ["one"]
        db.session.get_one(Organisation, key).name = "two"
        assert _names() == ["two"]
        db.session.flush()
        assert _names() == ["two"]
        db.session.add(_another("three"))
        assert _names() == ["two", "three"]
        savepoint = db.session.begin_nested()
        db.session.get_one(Organisation, key).name = "four"
        assert _names() == ["four", "three"]
        savepoint.rollback()
        assert _names() == ["two", "three"]


def test_a_lock_is_taken_once_and_again_after_a_savepoint_is_undone(either_app: Flask) -> None:
    case_id = make_case().id
    taken: list[str] = []

    def see(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        taken.extend(["lock"] if statement.startswith("SELECT cases.id, ") else [])

    event.listen(db.engine, "before_cursor_execute", see)
    try:
        with writing():
            first = cases.lock(case_id)
            first.version += 1
            db.session.flush()
            assert cases.lock(case_id) is first
            assert len(taken) == 1
            savepoint = db.session.begin_nested()
            savepoint.rollback()
            before = len(taken)
            cases.lock(case_id)
            assert len(taken) > before
    finally:
        event.remove(db.engine, "before_cursor_execute", see)


@pytest.fixture
def postgresql_app(databases: Databases) -> Iterator[Flask]:
    """The app on PostgreSQL, where others commit while a transaction waits for a lock."""
    made = databases.app("postgresql")
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def test_what_was_read_before_a_case_was_locked_is_read_again(postgresql_app: Flask) -> None:
    case_id = make_case().id
    elsewhere = (
        "UPDATE cases SET version = 7, restricted = true",
        "INSERT INTO case_facts (case_id, kind, happened_at, recorded_at, detail) "
        f"VALUES ({case_id}, 'screened', now(), now(), '{{}}')",
    )
    with writing():
        read = db.session.get_one(Case, case_id)
        assert not read.restricted
        before = len(cases.facts_of(case_id))
        with db.engine.connect() as other:
            raw = other.connection.cursor()
            for statement in elsewhere:
                raw.execute(statement)
            other.connection.commit()
        held = cases.lock(case_id)
        assert (held.version, held.restricted) == (7, True)
        assert len(cases.facts_of(case_id)) == before + 1


def test_what_was_read_of_a_case_holds_while_another_case_changes(either_app: Flask) -> None:
    one, two = make_case().id, make_case().id
    times = count(1)

    def ask(*case_ids: int) -> list[int]:
        return [remembered(case_id, Grant, lambda: next(times)) for case_id in case_ids]

    def all_of_them() -> int:
        return remembered("all", Grant, lambda: next(times))

    with writing():
        assert [*ask(one, two), all_of_them()] == [1, 2, 3]
        made = Grant(
            case_id=two,
            purpose=Purpose.CLINICAL,
            principal_id=new_principal(PrincipalKind.TEAM),
            by_name=False,
            because="test.given",
            starts_at=clock.now(),
        )
        db.session.add(made)
        db.session.flush()
        assert [*ask(one, two), all_of_them()] == [1, 4, 5]
        made.case_id = one
        db.session.flush()
        assert [*ask(one, two), all_of_them()] == [6, 7, 8], "of both: it was the other's before"


def test_what_goes_with_a_case_is_read_again_when_it_is_locked(postgresql_app: Flask) -> None:
    case_id, times = make_case().id, count(1)
    with writing():
        asked = [remembered(("his", 1), Organisation, lambda: next(times)) for _ in range(2)]
        cases.lock(case_id)
        assert [*asked, remembered(("his", 1), Organisation, lambda: next(times))] == [1, 1, 2]


def test_a_page_reads_once_and_a_step_anew_each_time(either_app: Flask) -> None:
    times = count(1)

    def read(of: str = "him") -> int:
        return once_a_page(("read", of), lambda: next(times))

    db.session.rollback()
    assert [read(), read()] == [1, 2]  # no transaction has begun: there is nothing to go by
    db.session.connection()
    assert [read(), read(), read("another"), read()] == [3, 3, 4, 3]
    with writing():
        assert [read(), read()] == [5, 6]
    db.session.connection()
    assert [read(), read()] == [7, 7]
