"""Writing: one short transaction for change, audit and task together."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from mhtr.core import audit
from mhtr.core.database import HELD, WRITE_OPTION, db

MEMORY = "remembered"
READING = "remembered while reading"
AT_HAND = "rows at hand"
MOST_AT_HAND = 1000
Found = TypeVar("Found")


class NotWriting(RuntimeError):
    """A service was called outside a `writing` block, or a block was opened inside another."""


@contextmanager
def writing() -> Iterator[None]:
    """Open a write transaction, commit it at the end of the block, undo it on any error.

    What was read before is forgotten, so the block sees the database as it is under the lock.
    Audit entries recorded inside are appended to the chain as the last act before commit.
    """
    session = db.session
    if session.info.get("writing"):
        raise NotWriting("a write transaction is already open")
    let_go()
    session.rollback()
    session.info.pop(HELD, None)
    session.info.pop(READING, None)
    session.info["writing"] = True
    session.info[MEMORY] = {}
    try:
        session.connection(execution_options={WRITE_OPTION: True})
        yield
        session.flush()
        audit.append_pending()
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)
        session.info.pop(MEMORY, None)
        audit.forget_pending()


def keep_at_hand() -> None:
    """From here until something is written, rows that are read as objects stay in the session.

    It holds them weakly: the name of one member of staff, asked for by five parts of a page one
    after the other, was read five times. For a page only: a job may go through every row there is.
    """
    db.session.info[AT_HAND] = []


def let_go() -> None:
    """The page is made: what was kept at hand for it may go, before its transaction ends.

    Whatever is in the session then is marked as to be read again, one by one.
    """
    db.session.info.pop(AT_HAND, None)


@event.listens_for(Session, "loaded_as_persistent")
def _at_hand(session: Session, row: object) -> None:
    kept: list[object] | None = session.info.get(AT_HAND)
    if kept is not None and len(kept) < MOST_AT_HAND:
        kept.append(row)


def must_be_writing() -> None:
    """Refuse to go on outside a `writing` block (a service's first line).

    Raises:
        NotWriting: there is no open write transaction.
    """
    if not db.session.info.get("writing"):
        raise NotWriting("services run inside a writing() block")


def remembered(key: Hashable, of: type, read: Callable[[], Found]) -> Found:
    """What `read` finds, read once in a transaction: while a step is taken or a page is made.

    Forgotten when the transaction ends, when an object of this table is added, changed or deleted,
    and when a savepoint is undone. Only for reads of one table that is written through objects,
    not by statements.

    Args:
        key: says which read this is. The id of a case: the rows of that case (by `case_id`), which
            no other case's rows change. A tuple: narrowed to somebody or something else.
        of: the table it reads; a class that is no table for what holds until commit whatever
            is written, as a lock does.
    """
    session = db.session()
    memory = _memory(session)
    if memory is None or _waits(session, of):
        return read()
    if key not in memory.get(of, {}):
        found = read()
        memory.setdefault(of, {})[key] = found
    result: Found = memory[of][key]
    return result


class _WhileReading:
    """Stands for the table of reads of several tables."""


def once_a_page(key: tuple[Hashable, ...], read: Callable[[], Found]) -> Found:
    """What `read` finds, read once while a page is made, of however many tables.

    A transaction that only reads changes nothing itself. In one that writes, and where none has
    begun, it is read anew each time.

    Args:
        key: says which read this is, with all that it depends on.
    """
    session = db.session()
    memory = None if session.info.get("writing") else _memory(session)
    if memory is None:
        return read()
    kept = memory.setdefault(_WhileReading, {})
    if key not in kept:
        kept[key] = read()
    found: Found = kept[key]
    return found


def _memory(session: Session) -> dict[type, dict[Hashable, Any]] | None:
    """What is remembered now; None where nothing can be, because no transaction has begun."""
    kept: dict[type, dict[Hashable, Any]] | None = session.info.get(MEMORY)
    begun = session.get_transaction()
    if kept is not None or begun is None:
        return kept
    reading: tuple[SessionTransaction, dict[type, dict[Hashable, Any]]] | None
    reading = session.info.get(READING)
    if reading is None or reading[0] is not begun:
        reading = session.info[READING] = (begun, {})
    return reading[1]


def recalled(key: Hashable, of: type) -> Any:
    """What `remembered` holds of this read now; None where it was not read, or is forgotten."""
    memory = _memory(db.session()) or {}
    return memory.get(of, {}).get(key)


def remember(key: Hashable, of: type, found: object) -> None:
    """What `remembered` is to give for this read, where the writer knows it without reading."""
    memory = db.session.info.get(MEMORY)
    if memory is not None:
        memory.setdefault(of, {})[key] = found


def forget(key: Hashable, *, but: type) -> None:
    """Forget what was read under this key before its row was locked: it may have changed since.

    PostgreSQL shows a transaction what others commit meanwhile; what was read while waiting for
    the lock is not what is decided upon, be it of the row or (a tuple) of what goes with it. On
    SQLite nobody else writes while this transaction does.

    Args:
        but: the table (or class) whose reads hold.
    """
    session = db.session()
    memory: dict[type, dict[Hashable, Any]] = session.info.get(MEMORY) or {}
    if not memory or session.connection().dialect.name == "sqlite":
        return
    for of, found in memory.items():
        if of is not but:
            for known in [known for known in found if known == key or isinstance(known, tuple)]:
                del found[known]


def _waits(session: Session, of: type) -> bool:
    """Whether a change of the table is not written down yet, which a read would see to."""
    waiting = (session.new, session.dirty, session.deleted)
    return any(isinstance(row, of) for rows in waiting for row in rows)


@event.listens_for(Session, "after_flush")
def _forget_what_changed(session: Session, _context: UOWTransaction) -> None:
    memory = _memory(session)
    if memory:
        for rows in (session.new, session.dirty, session.deleted):
            for row in rows:
                found = memory.get(type(row))
                if found:
                    _forget_of(found, row)


def _forget_of(found: dict[Hashable, Any], row: Any) -> None:
    """Forget what a row of this table may have changed: of its case, where it has one."""
    case_id = getattr(row, "case_id", None)
    if case_id is None or get_history(row, "case_id", PASSIVE_NO_INITIALIZE).deleted:
        found.clear()  # of no case, or it was another's before
        return
    for known in [known for known in found if known == case_id or not isinstance(known, int)]:
        del found[known]


@event.listens_for(Session, "after_soft_rollback")
def _forget_what_was_undone(session: Session, _previous: SessionTransaction) -> None:
    memory = session.info.get(MEMORY)
    if memory:
        memory.clear()
