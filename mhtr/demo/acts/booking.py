"""Courses of men under an order are booked, moved and cancelled; a group meets."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.away_service import is_away
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock
from mhtr.core.access import Grant, Purpose
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.demo.cast import Cast
from sessions.booking import cancel_service, group_service, move_service, service
from sessions.booking.changes import Which
from sessions.booking.closing import Why
from sessions.booking.diary_queries import diary
from sessions.booking.finding import possible
from sessions.booking.group_service import Group
from sessions.booking.move_service import Move
from sessions.booking.plans import course_from, sent_places
from sessions.booking.queries import coming_of
from sessions.booking.search import search
from sessions.booking.service import Asked
from sessions.booking.wishes import general, plan_of
from sessions.courses import pathway_service
from sessions.courses import service as courses
from sessions.courses.kinds import Priority, ReviewPoint
from sessions.courses.models import Pathway
from sessions.courses.queries import open_course, pathways_of
from sessions.courses.rules import Planned
from sessions.therapies import SessionMode, Side, Therapy

TRUST = "west"
BOOKED, PARTLY = 8, 10
PRIORITIES = (Priority.ROUTINE, Priority.ROUTINE, Priority.SOON, Priority.ROUTINE, Priority.URGENT)
WHYS = (
    Why(Side.HIM, "He starts a job with early shifts."),
    Why(Side.SERVICE, "His therapist is at a training day."),
    Why(Side.PROBATION, "Another appointment with his officer that day."),
)


def book_everybody(cast: Cast) -> None:
    """Some have their whole course booked, some their next session, some wait for one."""
    by = cast.staff["admin"]
    men = _men(cast)
    for number, case in enumerate(men):
        if open_course(case.id) is None and not _make_course(case, cast, number, by):
            continue
        if number < PARTLY:
            _book(case, cast, by, whole=number < BOOKED)
    _change(men, by)
    _group(cast, men, by)


def _men(cast: Cast) -> list[Case]:
    """Men of the trust who are under an order, those treated longest first."""
    principal = db.session.get_one(Staff, cast.staff["admin"]).organisation.principal_id
    query = (
        select(Case)
        .join(Grant, Grant.case_id == Case.id)
        .where(
            Grant.principal_id == principal,
            Grant.purpose == Purpose.ADMINISTRATION,
            Case.state.in_(sorted(UNDER_ORDER)),
            Case.paused.is_(False),
            Case.restricted.is_(False),
        )
        .distinct()
        .order_by(Case.id)
    )
    men = db.session.scalars(query).unique().all()
    return [case for case in men if not is_away(case.id)]


def _make_course(case: Case, cast: Cast, number: int, by: int) -> bool:
    pathway = _pathway(cast, by)
    lead = cast.staff["lead"]
    try:
        courses.make_course(
            case_id=case.id,
            pathway_id=pathway.id,
            therapist_id=case.assessor_id,
            priority=PRIORITIES[number % len(PRIORITIES)],
            by=lead,
        )
    except Refused:
        return False  # his order is over, or his therapist has left
    return True


def _pathway(cast: Cast, by: int) -> Pathway:
    organisation_id = cast.organisations[TRUST]
    found = pathways_of(organisation_id)
    if found:
        return found[0]
    sessions = [
        Planned(
            name=f"Session {number}",
            purpose="Work on what he brings, step by step",
            therapy=Therapy.CBT,
            least_gap=5,
            review=ReviewPoint.MIDDLE if number == 6 else ReviewPoint.NONE,
        )
        for number in range(1, 13)
    ]
    made = pathway_service.make_pathway(
        organisation_id=organisation_id,
        name="CBT, twelve sessions",
        about="Anxiety and low mood",
        sessions=sessions,
        by=by,
    )
    pathway_service.put_into_use(
        pathway_id=made.id, why="First version", version=made.version, by=by
    )
    return made


def _book(case: Case, cast: Cast, by: int, *, whole: bool) -> None:
    trust = cast.organisations[TRUST]
    plan = plan_of(case.id)
    part = next((one for one in plan.unbooked if not one.in_group), None)
    if part is None:
        return
    found = search(case, trust, part)
    if not found.slots:
        return
    place = found.slots[0].place
    rest = course_from(case, trust, plan, part, place) if whole else None
    keys = {one.ref.hex: one.id for one in plan.sessions}
    places = sent_places(rest.sent, trust) if rest else {}
    asked = [Asked(place, part.id), *(Asked(p, keys[ref]) for ref, p in places.items())]
    service.book(case_id=case.id, asked=asked, by=by)


def _change(men: list[Case], by: int) -> None:
    """One session of some is moved, of some cancelled, for different reasons."""
    for number, case in enumerate(men[: len(WHYS)]):
        coming = coming_of([case.id])
        if len(coming) < 4:
            continue
        session = coming[1].session
        found = search(
            case,
            session.organisation_id,
            plan_of(case.id).session(coming[1].place.course_session_id),
            moving=session,
        )
        if found.slots:
            move = Move(session.id, session.version, found.slots[-1].place)
            move_service.move(moves=[move], why=WHYS[number], by=by)
        last = coming[-1].session
        cancel_service.cancel(
            session_id=last.id, which=Which.ONE, version=last.version, why=WHYS[-number - 1], by=by
        )


def _group(cast: Cast, men: list[Case], by: int) -> None:
    """An emotional skills group, with places for those who can come then."""
    trust, today = cast.organisations[TRUST], clock.today()
    monday = today + timedelta(days=7 - today.weekday())
    group = Group("Emotional skills, weekly", Therapy.SKILLS, 4)
    wanted = general((), 90)
    found = diary(trust, [], monday, monday + timedelta(days=4))
    slots = possible(
        replace(wanted, therapy=group.therapy, in_group=True, places=group.capacity),
        found,
        modes=[SessionMode.IN_PERSON],
    )
    if not slots:
        return
    made = group_service.make_group(group=group, places=[slots[0].place], by=by)
    for case in men[::-1]:
        try:
            group_service.join_group(
                case_id=case.id, session_id=made[0].id, course_session_id=None, by=by
            )
        except Refused:
            continue
