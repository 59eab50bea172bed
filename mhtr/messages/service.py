"""Messages that are to leave: saved with the change that causes them, and taken back.

Nothing is sent here: `delivery` does that once the transaction is over.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import must_be_writing
from mhtr.messages.kinds import KINDS

NOT_KNOWN = "It is not known whether it went out."
"""The `problem` of a failed message that may have left."""
_UNSENT = (OutboxState.WAITING, OutboxState.HELD)


def put(
    *,
    key: str,
    channel: str,
    template: str,
    payload: Mapping[str, object],
    case_id: int | None,
    by: int | None,
    due_at: datetime | None = None,
) -> bool:
    """Save a message that leaves once this transaction is over; the same key again does nothing.

    Args:
        key: says which message this is.
        template: the name of its registered kind.
        payload: ids and codes from which it is composed when it is sent.
        due_at: the earliest moment; now where it is left out.

    Returns whether it is new.
    """
    must_be_writing()
    if template not in KINDS:
        raise LookupError(f"no kind of messages is called {template}")
    if _locked(key) is not None:
        return False
    row = OutboxMessage(
        key=key,
        channel=channel,
        template=template,
        payload=dict(payload),
        case_id=case_id,
        due_at=due_at or clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    audit.record("messages.put", by=by, case_id=case_id, message=row.id)
    return True


def withdraw(key: str, *, by: int | None) -> bool:
    """Take a message back. Returns whether it is sure that nothing of it has left or will."""
    must_be_writing()
    row = _locked(key)
    if row is None:
        return True
    if row.state in _UNSENT and row.leased_until is None:
        row.state, row.finished_at = OutboxState.WITHDRAWN, clock.now()
        audit.record("messages.withdrawn", by=by, case_id=row.case_id, message=row.id)
    if row.state is OutboxState.FAILED:
        return row.problem != NOT_KNOWN
    return row.state is OutboxState.WITHDRAWN


def finish(row: OutboxMessage, state: OutboxState, problem: str = "") -> None:
    """Note that a message has left, has no sense any more, or failed: then it is a person's."""
    must_be_writing()
    row.state, row.problem = state, problem
    row.leased_until, row.finished_at = None, clock.now()
    if state is OutboxState.SENT:
        audit.record("messages.sent", by=None, case_id=row.case_id, message=row.id)
    elif state is OutboxState.WITHDRAWN:
        audit.record("messages.withdrawn", by=None, case_id=row.case_id, message=row.id)
    else:
        audit.record("messages.failed", by=None, case_id=row.case_id, message=row.id)
        KINDS[row.template].failed(row)


def _locked(key: str) -> OutboxMessage | None:
    query = select(OutboxMessage).where(OutboxMessage.key == key)
    return db.session.scalars(
        query.with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
