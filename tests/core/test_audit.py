"""The audit chain: whatever is done to it afterwards is found, and the first bad row is named."""

import random
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mhtr.core import audit, guards
from mhtr.core.database import db
from mhtr.core.transaction import writing

ROWS = 12


@pytest.fixture
def chain(either_app: Flask) -> Flask:
    for number in range(ROWS):
        with writing():
            audit.record("test.done", by=None, case_id=number, fields=["name"], thing=number)
    return either_app


def tamper(*statements: str) -> None:
    """Change the trail as somebody with the database's own password could."""
    with writing():
        guards.remove(db.session.connection())
        for statement in statements:
            db.session.execute(text(statement))
        guards.install(db.session.connection())


def edit(row: int) -> int:
    tamper(f"UPDATE audit_events SET action = 'test.other' WHERE id = {row}")
    return row


def edit_detail(row: int) -> int:
    tamper(f"UPDATE audit_events SET detail = '{{}}' WHERE id = {row}")
    return row


def delete(row: int) -> int:
    tamper(f"DELETE FROM audit_events WHERE id = {row}")
    return row


def swap(row: int) -> int:
    other = row % ROWS + 1
    tamper(
        f"UPDATE audit_events SET id = -1 WHERE id = {row}",
        f"UPDATE audit_events SET id = {row} WHERE id = {other}",
        f"UPDATE audit_events SET id = {other} WHERE id = -1",
    )
    return min(row, other)


def truncate(row: int) -> int:
    tamper(f"DELETE FROM audit_events WHERE id >= {row}")
    return row


def test_an_untouched_chain_holds(chain: Flask) -> None:
    verdict = audit.verify()
    assert verdict.ok
    assert verdict.rows == ROWS


@pytest.mark.parametrize("how", [edit, edit_detail, delete, swap, truncate])
def test_tampering_is_found_and_the_first_bad_row_named(
    chain: Flask, how: Callable[[int], int]
) -> None:
    row = random.Random(how.__name__).randint(2, ROWS - 1)
    first_bad = how(row)
    verdict = audit.verify()
    assert not verdict.ok
    assert verdict.first_bad == first_bad


def test_a_chain_cut_short_with_its_head_is_found_by_the_anchor(chain: Flask) -> None:
    anchor = (ROWS, audit.verify().head)
    row = db.session.execute(
        text(f"SELECT hash FROM audit_events WHERE id = {ROWS - 3}")
    ).scalar_one()
    tamper(
        f"DELETE FROM audit_events WHERE id > {ROWS - 3}",
        f"UPDATE audit_head SET last_id = {ROWS - 3}, last_hash = '{row}'",
    )
    assert audit.verify().ok  # nothing inside the database can show it
    assert not audit.verify(anchor).ok


def test_the_database_refuses_to_change_or_delete_rows(chain: Flask) -> None:
    for statement in ("UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events"):
        with pytest.raises(DBAPIError, match="append_only"), writing():
            db.session.execute(text(statement))


def test_a_chain_made_with_another_key_does_not_hold(
    chain: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit.AuditKey, "value", b"x" * 32)
    assert audit.verify().first_bad == 1
