"""Let one statement in turn fail, and look at what is left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from mhtr.core.database import db

Totals = dict[str, int | str]


@contextmanager
def failing_at(statement: int) -> Iterator[list[str]]:
    """Let the nth statement sent to the database fail; gives the statements sent."""
    sent: list[str] = []

    def before(_c: Any, _cursor: Any, words: str, *_rest: Any) -> None:
        sent.append(words)
        if len(sent) == statement:
            raise DBAPIError("killed", None, RuntimeError("killed"))

    event.listen(db.engine, "before_cursor_execute", before)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", before)


def totals() -> Totals:
    """How many rows every table holds, and the end of the audit chain."""
    db.session.rollback()
    names = sorted(db.metadata.tables)
    # The names are ours, from the models.
    counting = " UNION ALL ".join(f"SELECT '{n}', count(*) FROM {n}" for n in names)
    held: Totals = {row[0]: row[1] for row in db.session.execute(text(counting))}
    held["head"] = str(db.session.execute(text("SELECT last_hash FROM audit_head")).scalar())
    held["versions"] = str(db.session.execute(text("SELECT sum(version) FROM cases")).scalar())
    db.session.rollback()
    return held


def fail_at_each(do: Callable[[], object], *, stride: int, sound: Callable[[], None]) -> int:
    """Run `do` with a failure at the first statement, then `stride` further on, until it succeeds.

    After each failure the database holds what it held before; once it succeeded, it is sound and
    holds more. Returns how often it was made to fail.
    """
    before, statement, failures = totals(), 1, 0
    while True:
        try:
            with failing_at(statement):
                do()
        except DBAPIError:
            db.session.rollback()
            failures += 1
            assert totals() == before, f"something is left after statement {statement}"
            statement += stride
            continue
        break
    sound()
    assert totals() != before
    return failures
