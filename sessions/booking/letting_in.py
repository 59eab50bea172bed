"""Whoever sees a man may open his record: from the booking until some days after the last session.

His therapist may while he is that. The grant stands beside any other, so that it ends on its own.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.core import access, audit, clock
from mhtr.core.access import Grant, Purpose
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from sessions.booking import policy
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.courses.queries import open_course

BECAUSE = "booking.booked"
OVER = "booking.over"


def keep_access(case: Case, clinician_ids: Collection[int], *, by: int | None) -> None:
    """Bring the grants of these clinicians on a locked case in line with what is booked."""
    must_be_writing()
    for clinician_id in sorted(set(clinician_ids)):
        _keep(case, db.session.get_one(Staff, clinician_id), by)


def _keep(case: Case, staff: Staff, by: int | None) -> None:
    now, last = clock.now(), _last(case.id, staff.id)
    course = open_course(case.id)
    therapist = course is not None and course.therapist_id == staff.id
    live = _live(case.id, staff.principal_id, now)
    if live is None:
        coming = last is not None and last > now
        if (therapist or coming) and not _covered(case, staff):
            _grant(case, staff, None if therapist or last is None else _until(last), by)
    elif therapist:
        live.ends_at = None
    elif last is None or _until(last) <= now:
        _end(live, now, by)
    elif live.ends_at is None or live.ends_at > _until(last):
        _end(live, _until(last), by)
    else:
        live.ends_at = _until(last)


def _last(case_id: int, staff_id: int) -> datetime | None:
    """The end of the last session that he has with him, over or to come."""
    query = (
        select(func.max(TreatmentSession.ends_at))
        .join(SessionPlace, SessionPlace.session_id == TreatmentSession.id)
        .where(
            SessionPlace.case_id == case_id,
            SessionPlace.state == BookingState.BOOKED,
            TreatmentSession.clinician_id == staff_id,
        )
    )
    return db.session.scalar(query)


def _until(last: datetime) -> datetime:
    return last + timedelta(days=policy.access_after())


def _live(case_id: int, principal_id: int, now: datetime) -> Grant | None:
    query = select(Grant).where(
        Grant.case_id == case_id,
        Grant.purpose == Purpose.CLINICAL,
        Grant.principal_id == principal_id,
        Grant.because == BECAUSE,
        (Grant.ends_at.is_(None)) | (Grant.ends_at > now),
    )
    return db.session.scalars(query).first()


def _covered(case: Case, staff: Staff) -> bool:
    """Whether he may open it as one of his trust or team, as long as these may."""
    groups = () if case.restricted else viewer_of(staff).group_principal_ids
    return access.holds(case.id, {Purpose.CLINICAL}, groups)


def _grant(case: Case, staff: Staff, until: datetime | None, by: int | None) -> None:
    access.grant(
        case.id,
        Purpose.CLINICAL,
        staff.principal_id,
        because=BECAUSE,
        by=by,
        until=until,
        beside_others=True,
    )


def _end(live: Grant, at: datetime, by: int | None) -> None:
    live.ends_at = at
    said: dict[str, Any] = {
        "by": by,
        "case_id": live.case_id,
        "purpose": live.purpose.value,
        "principal": live.principal_id,
        "because": OVER,
    }
    if at <= clock.now():
        audit.record("access.ended", **said)
    else:
        audit.record("access.limited", **said)
