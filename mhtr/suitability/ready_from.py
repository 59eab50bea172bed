"""What the service itself says of when a report can be ready, and why, as probation may read it."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.suitability.models import ReadyFrom


class Reason(StrEnum):
    """Why it cannot be ready in time. Probation reads it: nothing about him or his health."""

    STAFF = "staff"
    APPOINTMENT = "appointment"
    OTHERS = "others"


REASON_WORDS = {
    Reason.STAFF: "Nobody at the service is free in time",
    Reason.APPOINTMENT: "An appointment with him is still to take place",
    Reason.OTHERS: "Something that others must send or arrange is still to come",
}


def last_said(case_id: int) -> ReadyFrom | None:
    """What was said last, even that it can be ready in time."""
    query = select(ReadyFrom).where(ReadyFrom.case_id == case_id).order_by(ReadyFrom.id.desc())
    return db.session.scalars(query.limit(1)).first()


def stands(case_id: int) -> ReadyFrom | None:
    """The day that stands; None where nobody said one, or it was taken back."""
    last = last_said(case_id)
    return None if last is None or last.earliest_on is None else last


def standing_day(case_id: int) -> date | None:
    """The day that stands, if any."""
    standing = stands(case_id)
    return standing.earliest_on if standing else None


def stood_on(case_id: int, day: date) -> date | None:
    """The day that stood at the end of another one (in London)."""
    ended = clock.from_london(datetime.combine(day + timedelta(days=1), time()))
    query = (
        select(ReadyFrom.earliest_on)
        .where(ReadyFrom.case_id == case_id, ReadyFrom.at < ended)
        .order_by(ReadyFrom.id.desc())
    )
    return db.session.scalars(query.limit(1)).first()
