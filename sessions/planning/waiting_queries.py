"""Men who wait for times, and everything that binds them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import takewhile

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.core.database import db
from sessions.availability.shapes import ManLimits
from sessions.booking.diary_of_many import DiaryOfMany, diary_of_many
from sessions.booking.wishes import Plan, general
from sessions.courses.models import Course, CourseSession
from sessions.planning.ask_rules import Ask, Left
from sessions.planning.asked import Asked, ManAsked, Part
from sessions.planning.kinds import ProposalKind
from sessions.planning.men_queries import (
    MOST,
    NOTICE,
    PURPOSES,
    WEEKS,
    ManRead,
    able_for,
    days_of,
    read_men,
    standing,
    weight,
)
from sessions.planning.men_read import Read
from sessions.planning.problem import DAYS_A_WEEK

_A_DAY = timedelta(days=1)


def waiting(ask: Ask, viewer: Viewer) -> Read:
    query = (
        select(Case, Course)
        .join(Course, (Course.case_id == Case.id) & Course.ended_at.is_(None))
        .where(in_scope(viewer, *PURPOSES), Course.organisation_id == viewer.organisation_id)
        .distinct()
        .order_by(Case.id)
        .limit(MOST)
    )
    men = read_men([(case, course) for case, course in db.session.execute(query)])
    men = [man for man in men if man.plan.unbooked]
    left = {man.case.id: why for man in men if (why := _not_waiting(man))}
    partly = {man.case.id: Left.GROUP_NEXT for man in men if _rest(man.plan)}
    men = [man for man in men if man.case.id not in left]
    monday, first, last = days_of(WEEKS)
    found = diary_of_many(viewer.organisation_id, [man.case for man in men], first, last)
    asked = []
    for man in men:
        one = _who_waits(man, found, ask)
        if isinstance(one, Left):
            left[man.case.id] = one
        else:
            asked.append(one)
    return Read(Asked(tuple(asked), found.diary, monday, WEEKS, first + NOTICE), {**partly, **left})


def _not_waiting(man: ManRead) -> Left | None:
    if why := standing(man):
        return why
    parts = _next(man.plan)
    if not parts:
        return Left.GROUP if any(one.in_group for one in man.plan.unbooked) else Left.BETWEEN
    return Left.GAPS if _no_weeks(parts) else None


def _next(plan: Plan) -> list[CourseSession]:
    """The sessions after the last that is booked, up to the first that is held in a group.

    What follows a group waits for his place in it: the sessions of a course stay in order.
    """
    alone = takewhile(lambda one: not one.in_group, _ahead(plan))
    return list(alone)


def _ahead(plan: Plan) -> list[CourseSession]:
    last = max((n for n, one in enumerate(plan.sessions) if one.id in plan.days), default=-1)
    return list(plan.sessions[last + 1 :])


def _rest(plan: Plan) -> list[CourseSession]:
    """What of the course waits for a place in a group."""
    return _ahead(plan)[len(_next(plan)) :]


def _no_weeks(parts: Sequence[CourseSession]) -> bool:
    """Whether between two of them no number of whole weeks is allowed."""
    return any(-(-one.least_gap // DAYS_A_WEEK) > one.most_gap // DAYS_A_WEEK for one in parts[1:])


def _who_waits(man: ManRead, found: DiaryOfMany, ask: Ask) -> ManAsked | Left:
    limits = found.men[man.case.id]
    wanted = general((limits,), 0)
    parts = tuple(
        Part(
            one.id,
            replace(wanted, minutes=one.minutes, therapy=one.therapy, required=one.required),
            one.least_gap,
            one.most_gap,
            one.ideal_gap,
        )
        for one in _next(man.plan)
    )
    able = able_for(found, limits, parts)
    therapist = _therapist(man.plan)
    begun = any(row.starts_at <= clock.now() for row in man.plan.held.values())
    if therapist is not None:
        wanted_staff = {therapist}
        if ask.kind is ProposalKind.JOINS and ask.staff_id and not begun and not man.plan.held:
            wanted_staff.add(ask.staff_id)
        able &= wanted_staff
        if not able:
            return Left.THERAPIST
    if not able:
        return Left.NOBODY
    return ManAsked(
        case_id=man.case.id,
        limits=limits,
        parts=parts,
        clinicians=able,
        weight=weight(man),
        before=max(man.plan.days.values(), default=None),
        last=_leaves_room(man.plan, limits),
    )


def _leaves_room(plan: Plan, limits: ManLimits) -> date | None:
    """The last day that leaves what waits for a group its time inside the requirement."""
    rest = sum(one.least_gap for one in _rest(plan) if one.required)
    ends = [end for _, end in limits.within]
    return max(ends) - timedelta(days=rest) if rest and ends else None


def _therapist(plan: Plan) -> int | None:
    """Who sees him: of his course; where it names nobody, who held the last session."""
    if plan.course is not None and plan.course.therapist_id is not None:
        return plan.course.therapist_id
    rows = sorted(plan.held.values(), key=lambda row: row.starts_at)
    alone = [row for row in rows if not row.in_group]
    return alone[-1].clinician_id if alone else None
