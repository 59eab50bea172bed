"""What is booked follows what is recorded of the man: his order, his death, his record."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.compliance.attendance import in_words
from mhtr.compliance.queries import Recorded, recorded_of
from mhtr.core import audit, clock, formats
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.prepared import Prepared
from mhtr.orders.cover_queries import concerned
from mhtr.orders.news_kinds import News
from mhtr.orders.unit_news import tell_unit
from mhtr.tasks import service as tasks
from sessions.booking.closing import Why, cancel_rows
from sessions.booking.holding import lock_sessions
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.letting_in import keep_access
from sessions.booking.models import BookingState, SessionPlace, TakenTime, TreatmentSession
from sessions.booking.news import tell_clinician
from sessions.booking.queries import coming_of, may_have_been
from sessions.booking.seat_service import leave, tell_left
from sessions.courses import listeners as course_listeners
from sessions.therapies import Side

DIED = "He has died."
OVER = "He is not under an order with the requirement any more."
PAUSED = "His case rests: he is in custody, or did not come to court."
MOVED_TRUST = "Another trust treats him now."
ALL_CANCELLED = "The sessions of a man of yours are cancelled, because of what was recorded of him."
LOOK = "A man of yours cannot attend now. Look at what is booked for him."
TWICE = (
    "Both records have a session booked at the same time, on {when}. Cancel or move one of the two "
    "first."
)
ENDS = frozenset(
    {
        FactKind.ORDER_REVOKED,
        FactKind.TREATMENT_ENDED,
        FactKind.DISCHARGED,
        FactKind.CLOSED,
        FactKind.CORRECTED,
        FactKind.PAUSED,
    }
)


def _follow_fact(case_id: int, kind: FactKind, by: int | None) -> None:
    """An order that has ended, or a case that rests, leaves nothing booked."""
    if kind not in ENDS:
        return
    case = cases.lock(case_id)
    if case.person.died_on is not None:
        return  # that is followed by itself, and says so
    if case.paused:
        call_off(case, Why(Side.PROBATION, PAUSED), by=by)
    elif case.state not in UNDER_ORDER:
        call_off(case, Why(Side.SERVICE, OVER), by=by)


def _died(case_id: int, by: int) -> None:
    call_off(cases.lock(case_id), Why(Side.SERVICE, DIED), by=by)


def _moved(case_id: int, by: int | None) -> None:
    call_off(cases.lock(case_id), Why(Side.SERVICE, MOVED_TRUST), by=by)


def _away_changed(case_id: int, away: bool, by: int | None) -> None:
    """Whoever is to see a man who cannot attend looks at what is booked: a stay may be short."""
    if not away:
        return
    case, told = cases.lock(case_id), set()
    for one in coming_of([case_id]):
        if one.session.clinician_id not in told:
            told.add(one.session.clinician_id)
            tell_clinician(one.session, LOOK, verb="away", by=by, case=case)


def call_off(case: Case, why: Why, *, by: int | None) -> None:
    """Cancel everything booked for a locked case that has not begun, and tell who is concerned.

    In a group only his own place is given up.
    """
    coming = coming_of([case.id])
    if not coming:
        return
    lock_sessions({one.session.id: -1 for one in coming})
    alone = [one for one in coming if not one.session.in_group]
    cancel_rows(
        [one.session for one in alone],
        [one.place for one in alone],
        why,
        by=by,
        cases_of={case.id: case},
    )
    seated = [one for one in coming if one.session.in_group]
    for one in seated:
        leave(one.place, one.session, case, why, by=by)
    if seated:
        tell_left([one.session for one in seated], [one.place for one in seated], by=by)
    last_id = max(one.place.id for one in coming)
    _tell_probation(case, last_id)
    tell_unit(case, News.CALLED_OFF, by=by, about=str(last_id))


def _tell_probation(case: Case, last_id: int) -> None:
    for staff in concerned(case.id):
        tasks.tell(
            staff.principal_id,
            key=f"sessions-called-off:{case.id}:{last_id}",
            text=ALL_CANCELLED,
            case_id=case.id,
            endpoint="orders.case_orders",
            subject_ref=case.ref,
        )


def _moved_to_record(case_ids: Sequence[int], was_id: int, person_id: int) -> None:
    """His time is taken under the record that he has now.

    Raises:
        Refused: two sessions still to come overlap. What is over stays where it overlaps.
    """
    was, now = lane_of(Lane.MAN, was_id), lane_of(Lane.MAN, person_id)
    own = select(SessionPlace.session_id).where(
        SessionPlace.case_id.in_(case_ids), SessionPlace.state == BookingState.BOOKED
    )
    rows = db.session.scalars(
        select(TakenTime)
        .where(TakenTime.lane == was, TakenTime.session_id.in_(own))
        .order_by(TakenTime.starts_at)
    ).all()
    for row in rows:
        other = select(TakenTime.id).where(
            TakenTime.lane == now,
            TakenTime.starts_at < row.ends_at,
            TakenTime.ends_at > row.starts_at,
        )
        if db.session.scalars(other).first() is None:
            row.lane = now
        elif row.ends_at > clock.now():
            when = row.starts_at.astimezone(clock.LONDON)
            raise Refused(TWICE.format(when=f"{when:%d %B %Y} at {when:%H:%M}"))
    db.session.flush()
    if rows:
        audit.record("booking.record_followed", by=None, person=person_id)


_OF_COURSE = Prepared(
    select(SessionPlace.course_session_id, SessionPlace.ref, TreatmentSession.starts_at)
    .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
    .where(
        SessionPlace.course_session_id.in_(bindparam("ids", expanding=True)),
        SessionPlace.state == BookingState.BOOKED,
    )
)


def _of_course(ids: Collection[int]) -> list[tuple[int, uuid.UUID, datetime]]:
    if not ids:
        return []
    return [(key, ref, at) for key, ref, at in _OF_COURSE.all({"ids": list(ids)})]


def _booked(ids: Collection[int]) -> dict[int, str]:
    """Those of these sessions of a course that are booked, with when, or what happened."""
    rows, now = _of_course(ids), clock.now()
    happened = recorded_of([ref for _, ref, at in rows if at <= now])
    return {
        key: _was(at, happened.get(ref)) if at <= now else f"booked for {formats.moment(at)}"
        for key, ref, at in rows
    }


def _was(at: datetime, row: Recorded | None) -> str:
    if row is None:
        return f"{formats.moment(at)}: outcome not recorded"
    return f"{formats.moment(at)}: {in_words(row.happened, row.minutes_late).lower()}"


def _begun(ids: Collection[int]) -> list[int]:
    """Those of these sessions of a course whose booked time has come."""
    now = clock.now()
    return [key for key, _, at in _of_course(ids) if at <= now]


def _took_place(ids: Collection[int]) -> list[int]:
    """Those at which he was seen, and those that began and of which nothing is recorded."""
    now = clock.now()
    begun = {ref: key for key, ref, at in _of_course(ids) if at <= now}
    return [begun[ref] for ref in may_have_been(begun)]


def _therapist_changed(case_id: int, staff_id: int, by: int | None) -> None:
    keep_access(cases.lock(case_id), [staff_id], by=by)


course_listeners.in_use.append(_booked)
course_listeners.therapist_changed.append(_therapist_changed)
course_listeners.held.append(_begun)
course_listeners.took_place.append(_took_place)
listeners.fact_added.append(_follow_fact)
listeners.away_changed.append(_away_changed)
listeners.death_recorded.append(_died)
listeners.case_moved.append(_moved)
listeners.moved_to_record.append(_moved_to_record)
