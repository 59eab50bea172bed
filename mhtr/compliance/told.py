"""Who of probation was told of a session, by which way, and what came of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.compliance.queries import history_of
from mhtr.compliance.telling import mail_key, notice_key, task_key
from mhtr.core import formats
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.orders.cover_queries import covered_by
from mhtr.orders.queries import contacts_of
from mhtr.tasks.models import Notice, Task, TaskState

MAIL = "Mail to the duty mailbox of the delivery unit"
BY_HAND = "By hand"
_CAME = {
    OutboxState.WAITING: "Waits to be sent",
    OutboxState.HELD: "Waits to be sent",
    OutboxState.WITHDRAWN: "Taken back before it was sent",
}


@dataclass(frozen=True)
class Told:
    """One time that somebody was told, or was to be."""

    at: datetime
    how: str
    came: str


def told_lines(case_id: int, subject: uuid.UUID) -> list[Told]:
    """Everybody who was told of one man's session, the latest first."""
    rows = history_of(subject)
    found = [
        *_notices(case_id, [notice_key(row) for row in rows]),
        *(_mail(row) for row in mails_of([mail_key(row) for row in rows])),
        *_by_hand([task_key(row) for row in rows]),
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def mails_of(keys: list[str]) -> list[OutboxMessage]:
    """The messages of these keys, the first one first."""
    query = select(OutboxMessage).where(OutboxMessage.key.in_(keys)).order_by(OutboxMessage.id)
    return list(db.session.scalars(query))


def _notices(case_id: int, keys: list[str]) -> list[Told]:
    # By whose they are as well: notices are many, and only so an index finds them.
    officers = {row.staff_id for row in contacts_of(case_id) if row.staff_id is not None}
    officers |= covered_by(officers)
    if not officers:
        return []
    found = db.session.execute(
        select(Notice, Staff.name)
        .join(Staff, Staff.principal_id == Notice.principal_id)
        .where(Staff.id.in_(officers), Notice.key.in_(keys))
        .order_by(Notice.id)
    )
    return [
        Told(
            notice.created_at,
            f"Notice in the program to {name}",
            f"Read {formats.short_moment(notice.read_at)}" if notice.read_at else "Not read yet",
        )
        for notice, name in found
    ]


def _mail(row: OutboxMessage) -> Told:
    came = _CAME.get(row.state, "")
    if row.state is OutboxState.SENT:
        came = f"Sent {formats.short_moment(row.finished_at)}"
    elif row.state is OutboxState.FAILED or row.problem:
        came = f"{came}. {row.problem}" if came else f"Not sent. {row.problem}"
    return Told(row.created_at, MAIL, came)


def _by_hand(keys: list[str]) -> list[Told]:
    found = db.session.execute(
        select(Task, Staff.name)
        .join(Staff, Staff.id == Task.finished_by)
        .where(Task.key.in_(keys), Task.state == TaskState.DONE)
        .order_by(Task.id)
    )
    return [
        Told(task.finished_at, f"{BY_HAND}, by {name}", task.outcome or "")
        for task, name in found
        if task.finished_at is not None
    ]
