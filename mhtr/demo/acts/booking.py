"""Courses of men under an order are booked, moved and cancelled; a group meets."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

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
from mhtr.orders.queries import all_on_record
from mhtr.orders.service import change_order, locked, recorded_of
from mhtr.orders.terms import Change
from sessions.availability.shapes import Span
from sessions.booking import (
    cancel_service,
    group_service,
    move_service,
    seat_service,
    service,
)
from sessions.booking.changes import Which, affected
from sessions.booking.closing import Why
from sessions.booking.diary_queries import diary
from sessions.booking.finding import possible, why_not
from sessions.booking.group_finding import look_for_group
from sessions.booking.group_service import Group
from sessions.booking.models import TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.plans import course_from, moved_with, sent_places
from sessions.booking.queries import Booked, coming_in_series, coming_of, places_in
from sessions.booking.search import search
from sessions.booking.seat_service import seats_for
from sessions.booking.service import Asked
from sessions.booking.shapes import Place, london_day, london_minute
from sessions.booking.spacing import on_the_wall
from sessions.booking.wishes import general, plan_of
from sessions.courses import pathway_service
from sessions.courses import service as courses
from sessions.courses.kinds import Priority, ReviewPoint
from sessions.courses.models import Pathway
from sessions.courses.queries import open_course, pathways_of
from sessions.courses.rules import Planned
from sessions.therapies import SessionMode, Side, Therapy

TRUST = "west"
BOOKED, PARTLY = 6, 8
MEETINGS = 6
PRIORITIES = (Priority.ROUTINE, Priority.ROUTINE, Priority.SOON, Priority.ROUTINE, Priority.URGENT)
WHYS = (
    Why(Side.HIM, "He starts a job with early shifts."),
    Why(Side.SERVICE, "His therapist is at a training day."),
    Why(Side.PROBATION, "Another appointment with his officer that day."),
)


def book_everybody(cast: Cast) -> None:
    """Some have their whole course booked, some their next session, some wait for one."""
    by = cast.staff["admin"]
    under = men(cast)
    for number, case in enumerate(under):
        if open_course(case.id) is None and not _make_course(case, cast, number, by):
            continue
        if number < PARTLY:
            _book(case, cast, by, whole=number < BOOKED)
    _change(under, by)
    _shorten(under, by)
    _group(cast, under, by)


def men(cast: Cast) -> list[Case]:
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
    found = db.session.scalars(query).unique().all()
    return [case for case in found if not is_away(case.id)]


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
    """A session of some is moved, of one with those that follow; the last of some is cancelled."""
    for number, case in enumerate(men[: len(WHYS)]):
        coming = coming_of([case.id])
        if len(coming) < 4:
            continue
        which = Which.FOLLOWING if number == 1 else Which.ONE
        _move(case, coming[1], which, WHYS[number], by)
        last = coming_of([case.id])[-1].session
        cancel_service.cancel(
            session_id=last.id, which=Which.ONE, version=last.version, why=WHYS[-number - 1], by=by
        )


def _move(case: Case, booked: Booked, which: Which, why: Why, by: int) -> None:
    """To the best time of another day, or of the same, as far as the change reaches."""
    session, now = booked.session, london_day(booked.session.starts_at)
    part = plan_of(case.id).session(booked.place.course_session_id)
    found = search(case, session.organisation_id, part, moving=session, which=which)
    others = [one for one in found.slots if one.starts_at != session.starts_at]
    slot = next((one for one in others if one.score.day != now), next(iter(others), None))
    if slot is None:
        return
    rest = affected(session, coming_in_series(session), which)[1:]
    plan = moved_with([case], session, slot.place, which)
    places = sent_places(plan.sent, session.organisation_id)
    if len(places) == len(rest):
        moves = [Move(one.id, one.version, places[one.ref.hex]) for one in rest]
        move_service.move(
            moves=[Move(session.id, session.version, slot.place), *moves], why=why, by=by
        )


def _shorten(men: list[Case], by: int) -> None:
    """The court shortens the requirement of one man, before his last two sessions."""
    for case in men[len(WHYS) : BOOKED]:
        coming = [one for one in coming_of([case.id]) if one.place.required]
        order = next((one.order for one in all_on_record(case.id) if one.ending is None), None)
        if order is None or len(coming) < 4:
            continue
        kept = recorded_of(locked(order.id, order.version))
        *earlier, last = kept.terms.periods
        day = london_day(coming[-3].session.starts_at)
        if not last.starts_on < day < last.ends_on:
            continue
        periods = (*earlier, replace(last, ends_on=day))
        said = replace(kept, terms=replace(kept.terms, periods=periods), willing_on=clock.today())
        change_order(
            order_id=order.id,
            change=Change.AMENDED,
            said=said,
            effective_on=clock.today(),
            version=order.version,
            by=by,
        )
        return


def _group(cast: Cast, men: list[Case], by: int) -> None:
    """An emotional skills group that meets weekly, with places for those who can come then."""
    trust, today = cast.organisations[TRUST], clock.today()
    monday = today + timedelta(days=7 - today.weekday())
    group = Group("Emotional skills, weekly", Therapy.SKILLS, 4)
    places = weekly(trust, group, monday, MEETINGS)
    if not places:
        return
    made = group_service.make_group(group=group, places=places, by=by)
    joining = (case for case in men[::-1] if joins(case, made, by))
    members = list(islice(joining, group.capacity))
    if len(made) < MEETINGS or not members:
        return
    _change_group(made, members[0], by)


def weekly(trust: int, group: Group, monday: date, meetings: int) -> list[Place]:
    """The first time that is free that week, and the same in the weeks after, holidays apart."""
    weeks = meetings + 3
    found = diary(trust, [], monday, monday + timedelta(weeks=weeks))
    wanted = replace(general((), 90), therapy=group.therapy, in_group=True, places=group.capacity)
    this_week = replace(wanted, last=monday + timedelta(days=4))
    slots = possible(this_week, found, modes=[SessionMode.IN_PERSON])
    if not slots:
        return []
    first = slots[0].place
    day, minute = london_day(first.span.starts_at), london_minute(first.span.starts_at)
    starts = [on_the_wall(day + timedelta(weeks=n), minute) for n in range(weeks)]
    length = timedelta(minutes=wanted.minutes)
    tried = [replace(first, span=Span(at, at + length)) for at in starts if at is not None]
    return [one for one in tried if not why_not(wanted, found, one)][:meetings]


def joins(case: Case, made: Sequence[TreatmentSession], by: int) -> bool:
    """Give him a place in every meeting; False where the service refuses."""
    try:
        seats = seats_for(plan_of(case.id), made)
        seat_service.join_group(case_id=case.id, seats=seats, by=by)
    except Refused:
        return False
    return True


def _change_group(made: list[TreatmentSession], member: Case, by: int) -> None:
    """Who joined first comes twice and then no more; a meeting moves, the last is cancelled."""
    place = next(one for one in places_in([made[2].id]) if one.case_id == member.id)
    seat_service.leave_group(place_id=place.id, which=Which.FOLLOWING, why=WHYS[0], by=by)
    meeting, last = made[3], made[-1]
    slots = look_for_group(meeting, Which.ONE).slots
    if slots:
        move = Move(meeting.id, meeting.version, slots[0].place)
        move_service.move(moves=[move], why=WHYS[1], by=by)
    cancel_service.cancel(
        session_id=last.id, which=Which.ONE, version=last.version, why=WHYS[1], by=by
    )
