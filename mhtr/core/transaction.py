"""Writing: one short transaction for change, audit, outbox and task together."""

from collections.abc import Iterator
from contextlib import contextmanager

from mhtr.core import audit
from mhtr.core.database import HELD, WRITE_OPTION, db


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
    session.rollback()
    session.info.pop(HELD, None)
    session.info["writing"] = True
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
        audit.forget_pending()


def must_be_writing() -> None:
    """Refuse to go on outside a `writing` block (a service's first line).

    Raises:
        NotWriting: there is no open write transaction.
    """
    if not db.session.info.get("writing"):
        raise NotWriting("services run inside a writing() block")
