"""Sessions that were called off and were not his doing, whoever asks: officers, papers, reports.

Nobody records attendance of them, so what is read of attendance alone knows nothing of them.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.prepared import Prepared
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.register.queries import NOT_HIS

BY_ITSELF = "The program"
_NEXT, _THEN = aliased(SessionPlace), aliased(TreatmentSession)
_SAME_TIME = exists(
    select(_NEXT.id)
    .join(_THEN, _THEN.id == _NEXT.session_id)
    .where(_NEXT.supersedes_id == SessionPlace.id, _THEN.starts_at == TreatmentSession.starts_at)
)
_CLOSED = Prepared(
    select(
        SessionPlace.case_id,
        SessionPlace.ref,
        SessionPlace.side,
        SessionPlace.state,
        SessionPlace.closed_at,
        TreatmentSession.starts_at,
        Staff.name.label("by"),
    )
    .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
    .outerjoin(Staff, Staff.id == SessionPlace.closed_by)
    .where(
        SessionPlace.case_id.in_(bindparam("cases", expanding=True)),
        SessionPlace.state.in_((BookingState.CANCELLED, BookingState.MOVED)),
        SessionPlace.side.in_(NOT_HIS),
        SessionPlace.required,
        or_(SessionPlace.state != BookingState.MOVED, ~_SAME_TIME),
    )
    .order_by(TreatmentSession.starts_at, SessionPlace.id)
)


@dataclass(frozen=True)
class CalledOff:
    """A session of the requirement that was cancelled, or moved to another time, for others."""

    case_id: int
    subject: uuid.UUID
    starts_at: datetime
    happened: Happened
    moved: bool
    closed_at: datetime
    by: str
    """Who called it off."""

    @property
    def on(self) -> date:
        """The London day on which it was to be."""
        return self.starts_at.astimezone(clock.LONDON).date()


def called_off_of(case_ids: Collection[int]) -> list[CalledOff]:
    """What was called off of these cases up to today, the earliest first.

    Attendance may be on record of one as well: then that counts.
    """
    found = [
        CalledOff(
            line.case_id,
            line.ref,
            line.starts_at,
            NOT_HIS[line.side],
            line.state is BookingState.MOVED,
            line.closed_at,
            line.by or BY_ITSELF,
        )
        for line in (_CLOSED.all({"cases": case_ids}) if case_ids else ())
    ]
    today = clock.today()
    return [one for one in found if one.on <= today]
