"""Men's places in the meetings of a group: given in one step, and given up in one step."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, formats
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from sessions.booking import news
from sessions.booking.changes import Which, affected
from sessions.booking.closing import (
    Why,
    check_why,
    close,
    follow_change,
    place_was_cancelled,
)
from sessions.booking.diary_queries import diary, in_company
from sessions.booking.finding import was_free, why_not
from sessions.booking.holding import (
    GONE,
    JustTaken,
    bookable,
    hold_for,
    lock_resources,
    lock_sessions,
    races,
    release_for,
)
from sessions.booking.letting_in import keep_access
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.queries import coming_in_series, place_of, places_in
from sessions.booking.service import ANOTHER_COURSE, BOOKED_ALREADY, NOTHING
from sessions.booking.shapes import Diary, Wanted, london_day
from sessions.booking.wishes import Plan, general, plan_of, wanted_for, with_days
from sessions.courses.models import CourseSession

FULL = "The last place in the group has just been taken."
NO_GROUP = "This is not a group."
ALONE = "That session of his course is for him alone."
OTHER_THERAPY = "That group is of another therapy than his session."
THERE_ALREADY = "He has a place in this group already."


@dataclass(frozen=True)
class Seat:
    """A place in one meeting, and what of his course it is for."""

    session_id: int
    course_session_id: int | None = None
    """None: outside his course, and voluntary."""


@races
def join_group(*, case_id: int, seats: Sequence[Seat], by: int) -> list[SessionPlace]:
    """Give a man places in meetings of a group, in all of them or in none.

    Raises:
        NotFound: there is no such case.
        JustTaken: the last place of one of them has just been taken.
        Refused: he is under no order; he cannot come to one of them, with every reason; somebody
            is in it whom he must not meet; what one is for is booked, or no group session of this
            therapy; one is not booked any more, or has begun.
    """
    must_be_writing()
    case = bookable(case_id)
    if not seats:
        raise Refused(NOTHING)
    by_id = {one.session_id: one for one in seats}
    sessions = _groups(list(by_id))
    lock_resources(place_of(one) for one in sessions)
    coming = places_in(list(by_id))
    if any(one.case_id == case_id for one in coming):
        raise Refused(THERE_ALREADY)
    plan = plan_of(case_id)
    parts = _parts(plan, sessions, by_id)
    days = {part.id: london_day(one.starts_at) for one, part in parts if part is not None}
    _check(case, with_days(plan, days), parts, coming)
    made = [_give(case, one, part, by=by) for one, part in parts]
    db.session.flush()
    news.tell_of_places(news.JOINED, sessions, key=made[0].id, by=by)
    keep_access(case, [one.clinician_id for one in sessions], by=by)
    return made


def _groups(session_ids: Sequence[int]) -> list[TreatmentSession]:
    found = lock_sessions(dict.fromkeys(session_ids, -1))
    if len(found) < len(session_ids):
        raise Refused(GONE)
    if not all(one.in_group for one in found):
        raise Refused(NO_GROUP)
    return found


_Parts = Sequence[tuple[TreatmentSession, CourseSession | None]]


def _parts(plan: Plan, sessions: Sequence[TreatmentSession], by_id: Mapping[int, Seat]) -> _Parts:
    """Each meeting with the session of his course that it is for."""
    asked = [by_id[one.id].course_session_id for one in sessions]
    known = [key for key in asked if key is not None]
    if len(known) != len(set(known)):
        raise Refused(BOOKED_ALREADY)
    return [(one, _part(plan, one, key)) for one, key in zip(sessions, asked, strict=True)]


def _part(
    plan: Plan, session: TreatmentSession, course_session_id: int | None
) -> CourseSession | None:
    if course_session_id is None:
        return None
    one = plan.session(course_session_id)
    if one is None:
        raise Refused(ANOTHER_COURSE)
    if one.id in plan.days:
        raise Refused(BOOKED_ALREADY)
    if not one.in_group:
        raise Refused(ALONE)
    if one.therapy is not session.therapy:
        raise Refused(OTHER_THERAPY)
    return one


def _check(case: Case, plan: Plan, parts: _Parts, coming: Sequence[SessionPlace]) -> None:
    """Whether there is a place for him in each, and he can come to each.

    Raises:
        JustTaken: nothing but other bookings stands against it.
        Refused: with every reason, and of which meeting it is where there are several.
    """
    days = [london_day(one.starts_at) for one, _ in parts]
    leaving = [one.id for one, _ in parts]
    trust_id = parts[0][0].organisation_id
    found = diary(trust_id, [case], min(days), max(days), leaving_out=leaving)
    people = _people({one.case_id for one in coming})
    full, refused = [], []
    for session, part in parts:
        there = [one for one in coming if one.session_id == session.id]
        when = f"{formats.moment(session.starts_at)}: " if len(parts) > 1 else ""
        if len(there) >= session.capacity:
            full.append(when + FULL)
        own = in_company(found, [people[one.case_id] for one in there])
        reasons = why_not(_wanted(plan, part, session, own), own, place_of(session))
        refused += [when + reason for reason in reasons]
    if full and was_free(refused):
        raise JustTaken(*full, *refused)
    if full or refused:
        raise Refused(*full, *refused)


def _people(case_ids: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(select(Case.id, Case.person_id).where(Case.id.in_(case_ids)))
    return {case_id: person_id for case_id, person_id in rows}


def _wanted(
    plan: Plan, part: CourseSession | None, session: TreatmentSession, own: Diary
) -> Wanted:
    minutes = int((session.ends_at - session.starts_at).total_seconds() // 60)
    if part is not None:
        wanted = replace(wanted_for(plan, part, own.men), last=None, minutes=minutes)
    else:
        wanted = replace(general(own.men, minutes), required=False, therapy=session.therapy)
    return replace(wanted, in_group=True, places=session.capacity, therapist_id=None, only_id=None)


def _give(
    case: Case, session: TreatmentSession, part: CourseSession | None, *, by: int
) -> SessionPlace:
    made = SessionPlace(
        session_id=session.id,
        case_id=case.id,
        course_session_id=part.id if part else None,
        required=part.required if part else False,
        by_id=by,
    )
    db.session.add(made)
    session.version += 1
    hold_for(session, case.person_id)
    audit.record("booking.joined", by=by, case_id=case.id, session=session.id, place=made.id)
    return made


@races
def leave_group(*, place_id: int, why: Why, by: int, which: Which = Which.ONE) -> int:
    """Take a man out of a meeting of a group, with those after it where that is asked.

    The others stay. Returns how many places he gave up.

    Raises:
        Refused: no reason; the meeting has begun; his place was given up already.
    """
    must_be_writing()
    check_why(why)
    place = db.session.get_one(SessionPlace, place_id)
    case = cases.lock(place.case_id)
    first = db.session.get_one(TreatmentSession, place.session_id)
    reached = [one.id for one in affected(first, coming_in_series(first), which)]
    theirs = _own(case.id, {*reached, first.id})
    sessions = {one.id: one for one in _groups([one.session_id for one in theirs])}
    # Read again: what was given up while this waited for the lock is no place any more.
    theirs = _own(case.id, set(sessions))
    if place.id not in {one.id for one in theirs}:
        raise Refused(GONE)
    for one in theirs:
        leave(one, sessions[one.session_id], case, why, by=by)
    tell_left([sessions[one.session_id] for one in theirs], theirs, by=by)
    return len(theirs)


def tell_left(
    sessions: Sequence[TreatmentSession], places: Sequence[SessionPlace], *, by: int | None
) -> None:
    """Whoever leads these meetings hears that a man comes to them no more."""
    news.tell_of_places(news.LEFT, sessions, key=f"left-{places[0].id}", by=by)


def _own(case_id: int, session_ids: Collection[int]) -> list[SessionPlace]:
    return [one for one in places_in(session_ids) if one.case_id == case_id]


def leave(
    place: SessionPlace, session: TreatmentSession, case: Case, why: Why, *, by: int | None
) -> None:
    """Close one man's place in a locked session of a group."""
    release_for(session.id, case.person_id)
    close(place, BookingState.CANCELLED, why, by=by)
    session.version += 1
    audit.record(
        "booking.left",
        by=by,
        case_id=case.id,
        session=session.id,
        place=place.id,
        side=why.side.value,
    )
    db.session.flush()
    place_was_cancelled(place, by=by)
    follow_change({case.id: case}, [session], [place], by=by)


def seats_for(plan: Plan, meetings: Sequence[TreatmentSession]) -> list[Seat]:
    """For each of these meetings in turn the next group session of his course; then none."""
    therapy = meetings[0].therapy if meetings else None
    parts = (one for one in plan.unbooked if one.in_group and one.therapy is therapy)
    return [Seat(one.id, part.id if (part := next(parts, None)) else None) for one in meetings]
