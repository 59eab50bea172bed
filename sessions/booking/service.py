"""Booking sessions of one man: one, several, or his whole course in one step."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from sessions.booking import news
from sessions.booking.diary_queries import diary
from sessions.booking.holding import (
    bookable,
    check,
    hold,
    lock_resources,
    races,
)
from sessions.booking.letting_in import keep_access
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.booking.shapes import Diary, Place, Wanted, london_day
from sessions.booking.spacing import with_taken
from sessions.booking.wishes import Plan, general, plan_of, wanted_for, with_days
from sessions.courses.models import CourseSession

NOTHING = "Choose a time."
ANOTHER_COURSE = "That session is not part of his course any more. Look at the course, then book."
BOOKED_ALREADY = "That session of his course is booked already."
GROUP = "That session is held in a group: give him a place in one instead."
OTHER_LENGTH = "That session of his course has another length."


@dataclass(frozen=True)
class Asked:
    """A time that somebody wants to book, and for what of his course.

    Without a session of the course it is a meeting outside it, such as a review: voluntary, and
    part of no therapy.
    """

    place: Place
    course_session_id: int | None = None


@races
def book(*, case_id: int, asked: Sequence[Asked], by: int) -> list[SessionPlace]:
    """Book a man's sessions, all of them or none.

    Raises:
        NotFound: there is no such case.
        JustTaken: somebody else has taken one of these times.
        Refused: he is under no order; one of the times is not possible, with every reason; what
            it is for is booked already or is not part of his course.
    """
    must_be_writing()
    case = bookable(case_id)
    if not asked:
        raise Refused(NOTHING)
    plan = plan_of(case_id)
    chosen = _chosen(plan, asked)
    lock_resources(one.place for one in asked)
    organisation_id = organisation_of(plan, by)
    days = [london_day(one.place.span.starts_at) for one in asked]
    places = [one.place for one in asked]
    found = diary(organisation_id, [case], min(days), max(days), places=places)
    coming = {
        one.id: london_day(each.place.span.starts_at) for each, one in chosen if one is not None
    }
    plan, series = with_days(plan, coming), _series(plan, asked)
    made, sessions = [], []
    for each, one in chosen:
        wanted = _wanted(plan, each, one, found)
        check(wanted, found, each.place, named=len(chosen) > 1)
        session, held = _book(case, each, one, found, organisation_id, series, by=by)
        made.append(held)
        sessions.append(session)
        found = with_taken(found, each.place)
    news.tell(news.BOOKED, [(one, case) for one in sessions], by=by)
    keep_access(case, [one.place.clinician_id for one in asked], by=by)
    return made


def organisation_of(plan: Plan, by: int) -> int:
    """The trust that treats him: of his course, or of whoever books."""
    if plan.course is not None:
        return plan.course.organisation_id
    return db.session.get_one(Staff, by).organisation_id


def _chosen(plan: Plan, asked: Sequence[Asked]) -> list[tuple[Asked, CourseSession | None]]:
    """What is asked in order of time, each with the session of his course it is for."""
    found = []
    for each in sorted(asked, key=lambda one: one.place.span):
        one = plan.session(each.course_session_id)
        if each.course_session_id is not None:
            _check_part(plan, each, one)
        found.append((each, one))
    wanted = [one.id for _, one in found if one is not None]
    if len(wanted) != len(set(wanted)):
        raise Refused(BOOKED_ALREADY)
    return found


def _check_part(plan: Plan, each: Asked, one: CourseSession | None) -> None:
    if one is None:
        raise Refused(ANOTHER_COURSE)
    if one.id in plan.days:
        raise Refused(BOOKED_ALREADY)
    if one.in_group:
        raise Refused(GROUP)
    span = each.place.span
    if (span.ends_at - span.starts_at).total_seconds() != one.minutes * 60:
        raise Refused(OTHER_LENGTH)


def _series(plan: Plan, asked: Sequence[Asked]) -> uuid.UUID | None:
    """Sessions of one course change in one step, also those that are booked later."""
    if all(one.course_session_id is None for one in asked):
        return uuid.uuid4() if len(asked) > 1 else None
    known = (row.series for row in plan.held.values() if row.series and not row.in_group)
    return next(known, None) or uuid.uuid4()


def _wanted(plan: Plan, each: Asked, one: CourseSession | None, found: Diary) -> Wanted:
    if one is not None:
        return replace(wanted_for(plan, one, found.men), last=None)
    span = each.place.span
    minutes = int((span.ends_at - span.starts_at).total_seconds() // 60)
    return replace(general(found.men, minutes), required=False)


def _book(
    case: Case,
    each: Asked,
    one: CourseSession | None,
    found: Diary,
    organisation_id: int,
    series: uuid.UUID | None,
    *,
    by: int,
) -> tuple[TreatmentSession, SessionPlace]:
    place = each.place
    session = TreatmentSession(
        organisation_id=organisation_id,
        clinician_id=place.clinician_id,
        therapy=one.therapy if one else None,
        mode=place.mode,
        site_id=place.site_id,
        room_id=place.room_id,
        starts_at=place.span.starts_at,
        ends_at=place.span.ends_at,
        series=series if one or series else None,
        by_id=by,
    )
    db.session.add(session)
    db.session.flush()
    hold(session, found, place)
    made = SessionPlace(
        session_id=session.id,
        case_id=case.id,
        course_session_id=one.id if one else None,
        required=one.required if one else False,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("booking.booked", by=by, case_id=case.id, session=session.id, place=made.id)
    return session, made
