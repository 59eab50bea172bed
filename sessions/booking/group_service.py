"""Groups: making their sessions, and giving men places in them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from sessions.booking.closing import Why, check_why, close, locked_with_cases, place_was_cancelled
from sessions.booking.diary_queries import diary, in_company
from sessions.booking.holding import (
    GONE,
    JustTaken,
    bookable,
    check,
    hold,
    hold_for,
    let_in,
    lock_resources,
    lock_sessions,
    races,
    release_for,
    tell_clinician,
)
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.queries import place_of, places_in
from sessions.booking.service import ANOTHER_COURSE, BOOKED_ALREADY, NOTHING
from sessions.booking.shapes import Place, Wanted, london_day
from sessions.booking.spacing import with_taken
from sessions.booking.wishes import Plan, general, plan_of, wanted_for
from sessions.courses.models import CourseSession
from sessions.therapies import Therapy

FULL = "The last place in the group has just been taken."
NO_GROUP = "This is not a group."
ALONE = "That session of his course is for him alone."
OTHER_THERAPY = "That group is of another therapy than his session."
THERE_ALREADY = "He has a place in this group already."
TOLD = "A group session of yours was booked."


@dataclass(frozen=True)
class Group:
    """What a group is."""

    title: str
    therapy: Therapy
    capacity: int
    """Men who can come."""


@races
def make_group(*, group: Group, places: Sequence[Place], by: int) -> list[TreatmentSession]:
    """Book the sessions of a group; nobody has a place in it yet.

    Raises:
        JustTaken: somebody else has taken one of the times.
        Refused: no title, a capacity that is none; or one of the times is not possible.
    """
    must_be_writing()
    _check_group(group, places)
    lock_resources(places)
    organisation_id = db.session.get_one(Staff, by).organisation_id
    days = [london_day(one.span.starts_at) for one in places]
    found = diary(organisation_id, [], min(days), max(days))
    series, made = uuid.uuid4(), []
    for place in sorted(places, key=lambda one: one.span):
        check(_of_group(group, place), found, place)
        row = _row(group, place, organisation_id, series, by)
        db.session.add(row)
        db.session.flush()
        hold(row, found, place)
        found = with_taken(found, place)
        audit.record("booking.group_made", by=by, session=row.id)
        tell_clinician(row, TOLD, verb="booked", by=by)
        made.append(row)
    return made


def _check_group(group: Group, places: Sequence[Place]) -> None:
    if not group.title.strip():
        raise Refused("Enter a name for the group.")
    if not 2 <= group.capacity <= 40:
        raise Refused("A group is for 2 to 40 men.")
    if not places:
        raise Refused(NOTHING)


def _row(
    group: Group, place: Place, organisation_id: int, series: uuid.UUID, by: int
) -> TreatmentSession:
    return TreatmentSession(
        organisation_id=organisation_id,
        clinician_id=place.clinician_id,
        therapy=group.therapy,
        mode=place.mode,
        site_id=place.site_id,
        room_id=place.room_id,
        starts_at=place.span.starts_at,
        ends_at=place.span.ends_at,
        in_group=True,
        title=group.title.strip(),
        capacity=group.capacity,
        series=series,
        by_id=by,
    )


def _of_group(group: Group, place: Place) -> Wanted:
    minutes = int((place.span.ends_at - place.span.starts_at).total_seconds() // 60)
    return replace(
        general((), minutes), therapy=group.therapy, in_group=True, places=group.capacity
    )


@races
def join_group(
    *, case_id: int, session_id: int, course_session_id: int | None, by: int
) -> SessionPlace:
    """Give a man a place in one session of a group.

    Args:
        course_session_id: what of his course it is for; None: outside it, and voluntary.

    Raises:
        NotFound: there is no such case.
        JustTaken: the last place has just been taken.
        Refused: he is under no order; he cannot come, with every reason; somebody is in it whom he
            must not meet; what it is for is booked, or no group session of this therapy; the
            session is not booked any more, or has begun.
    """
    must_be_writing()
    case = bookable(case_id)
    session = _group(session_id)
    lock_resources([place_of(session)])
    coming = places_in([session_id])
    if any(one.case_id == case_id for one in coming):
        raise Refused(THERE_ALREADY)
    if len(coming) >= session.capacity:
        raise JustTaken(FULL)
    plan = plan_of(case_id)
    part = _part(plan, session, course_session_id)
    _check_man(case, plan, part, session, coming)
    made = SessionPlace(
        session_id=session_id,
        case_id=case_id,
        course_session_id=part.id if part else None,
        required=part.required if part else False,
        by_id=by,
    )
    db.session.add(made)
    session.version += 1
    hold_for(session, case.person_id)
    let_in(case, session.clinician_id, by=by)
    audit.record("booking.joined", by=by, case_id=case_id, session=session_id, place=made.id)
    return made


def _group(session_id: int) -> TreatmentSession:
    found = lock_sessions({session_id: -1})
    if not found:
        raise Refused(GONE)
    if not found[0].in_group:
        raise Refused(NO_GROUP)
    return found[0]


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


def _check_man(
    case: Case,
    plan: Plan,
    part: CourseSession | None,
    session: TreatmentSession,
    coming: Sequence[SessionPlace],
) -> None:
    day = london_day(session.starts_at)
    found = diary(session.organisation_id, [case], day, day, leaving_out=[session.id])
    others = [db.session.get_one(Case, one.case_id).person_id for one in coming]
    found = in_company(found, others)
    minutes = int((session.ends_at - session.starts_at).total_seconds() // 60)
    if part is not None:
        wanted = replace(wanted_for(plan, part, found.men), last=None, minutes=minutes)
    else:
        wanted = replace(general(found.men, minutes), required=False, therapy=session.therapy)
    check(
        replace(wanted, in_group=True, places=session.capacity, therapist_id=None, only_id=None),
        found,
        place_of(session),
    )


@races
def leave_group(*, place_id: int, why: Why, by: int) -> None:
    """Take a man out of one session of a group; the others stay.

    Raises:
        Refused: no reason; the session has begun; his place was given up already.
    """
    must_be_writing()
    check_why(why)
    place = db.session.get_one(SessionPlace, place_id)
    held, coming = locked_with_cases([place.session_id])
    session = _group(place.session_id)
    if place.id not in {one.id for one in coming}:
        raise Refused(GONE)
    leave(place, session, held[place.case_id], why, by=by)


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
