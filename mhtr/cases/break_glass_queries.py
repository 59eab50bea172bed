"""Reading emergency access: one's own, the review queue, and what was looked at."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from mhtr.accounts.models import BreakGlass, Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.audit import AuditEvent
from mhtr.core.audit_words import words
from mhtr.core.database import db
from mhtr.core.errors import NotFound


@dataclass(frozen=True)
class Use:
    """One use of emergency access, with the names a page needs."""

    row: BreakGlass
    who: str
    organisation: str
    case_ref: uuid.UUID

    @property
    def ended(self) -> datetime:
        """When it ended, or will."""
        return self.row.ended_at or self.row.until

    @property
    def live(self) -> bool:
        """Whether it is open now."""
        return clock.now() < self.ended


@dataclass(frozen=True)
class Look:
    """Something done or seen on the case while emergency access was open."""

    at: datetime
    what: str
    kind: str


def queue(*, done: bool) -> Select[BreakGlass]:
    """Uses waiting for review (oldest first), or reviewed (newest first)."""
    query = select(BreakGlass)
    if done:
        return query.where(BreakGlass.reviewed_at.is_not(None)).order_by(BreakGlass.id.desc())
    return query.where(BreakGlass.reviewed_at.is_(None)).order_by(BreakGlass.id)


def use_of(row: BreakGlass) -> Use:
    """A use with its names."""
    staff = db.session.get_one(Staff, row.staff_id)
    case = db.session.get_one(Case, row.case_id)
    return Use(row, staff.name, staff.organisation.name, case.ref)


def find(ref: uuid.UUID) -> BreakGlass:
    """A use by its address.

    Raises:
        NotFound: there is none.
    """
    row = db.session.scalars(select(BreakGlass).where(BreakGlass.ref == ref)).one_or_none()
    if row is None:
        raise NotFound
    return row


def own_live(staff_id: int) -> list[Use]:
    """One's own emergency access that is open now."""
    rows = db.session.scalars(
        select(BreakGlass)
        .where(
            BreakGlass.staff_id == staff_id,
            BreakGlass.ended_at.is_(None),
            BreakGlass.until > clock.now(),
        )
        .order_by(BreakGlass.until)
    )
    return [use_of(row) for row in rows]


def looks(row: BreakGlass) -> list[Look]:
    """What this member of staff did and saw on the case while the access was open."""
    events = db.session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.actor_id == row.staff_id,
            AuditEvent.case_id == row.case_id,
            AuditEvent.at >= row.created_at,
            AuditEvent.at <= (row.ended_at or row.until),
        )
        .order_by(AuditEvent.id)
    )
    return [
        Look(
            event.at,
            words(event.action, event.detail),
            "Seen" if event.action == "page.viewed" else "Done",
        )
        for event in events
    ]
