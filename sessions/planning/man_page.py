"""What the page that plans one man's whole course works out and shows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.core import clock
from mhtr.core.database import db
from sessions.availability.shapes import ManLimits
from sessions.booking.diary_queries import diary
from sessions.booking.shapes import Diary, Place, Slot, london_day, london_minute
from sessions.booking.spacing import Gaps, Next
from sessions.booking.tokens import refs_of
from sessions.booking.told import Where, where_each
from sessions.booking.wishes import Plan, gaps_of, plan_of, wanted_for
from sessions.courses.models import CourseSession
from sessions.planning.loosening import ways_out
from sessions.planning.one_man import CourseAsked, WholeCourse, best_course

_MARGIN = timedelta(weeks=8)
_FURTHEST = timedelta(weeks=60)


@dataclass(frozen=True)
class Line:
    """One session of the course and its time."""

    title: str
    where: Where
    elsewhere: bool
    """Not held like every other one, so that it says how."""


@dataclass(frozen=True)
class WayOut:
    """What would make a course possible, and when that course would be."""

    changes: tuple[str, ...]
    course: str


@dataclass(frozen=True)
class Planned:
    """A whole course for him, or what stands against one."""

    wanted: int
    """How many sessions were to be planned."""
    lines: tuple[Line, ...]
    sent: str
    """What the form sends back: each session's reference with its time."""
    summary: str
    good: tuple[str, ...]
    """How good it is, in sentences."""
    most: int
    """How many could be held, where not all can."""
    ways: tuple[WayOut, ...]
    places: tuple[Place, ...]
    therapist: str = ""
    """His therapist, where nobody else may see him."""


def planned(case: Case, organisation_id: int) -> Planned:
    """The best whole course of the sessions that follow the last one booked."""
    plan = plan_of(case.id)
    parts = to_plan(plan)
    if not parts:
        return Planned(0, (), "", "", (), 0, (), ())
    asked, found = _asked(case, organisation_id, plan, parts)
    course = best_course(asked, found)
    if isinstance(course, WholeCourse):
        return _whole(plan, parts, asked, course, found)
    ways = tuple(WayOut(way.changes, _span(way.course.slots)) for way in ways_out(asked, found))
    therapist = "" if plan.only_id is None else db.session.get_one(Staff, plan.only_id).name
    return Planned(len(parts), (), "", "", (), course.most, ways, (), therapist)


def to_plan(plan: Plan) -> list[CourseSession]:
    """The sessions after the last that is booked; those in groups are booked by the group."""
    last = max((n for n, one in enumerate(plan.sessions) if one.id in plan.days), default=-1)
    return [one for one in plan.sessions[last + 1 :] if not one.in_group]


def _asked(
    case: Case, organisation_id: int, plan: Plan, parts: list[CourseSession]
) -> tuple[CourseAsked, Diary]:
    today = clock.today()
    before = max(plan.days.values(), default=None)
    if before is not None and before + timedelta(days=parts[0].most_gap) < today:
        before = None  # the most days have passed already: the soonest is best
    first = max(today, before or today)
    span = timedelta(days=sum(one.most_gap for one in parts)) + _MARGIN
    last = first + min(span, _FURTHEST)
    found = diary(organisation_id, [case], first, last)
    asked = CourseAsked(
        sessions=tuple(_next(plan, one, found.men) for one in parts),
        first=first,
        last=last,
        before=before,
        therapist_only=plan.only_id is not None,
    )
    return asked, found


def _next(plan: Plan, one: CourseSession, men: tuple[ManLimits, ...]) -> Next:
    # That nobody but his therapist sees him is asked of the whole course: it may be loosened.
    wanted = wanted_for(plan, one, men)
    wanted = replace(wanted, first=None, ideal=None, last=None, until=None, only_id=None)
    gaps: Gaps = gaps_of(one)
    return Next(one.id, wanted, gaps)


def _whole(
    plan: Plan,
    parts: list[CourseSession],
    asked: CourseAsked,
    course: WholeCourse,
    found: Diary,
) -> Planned:
    places = tuple(slot.place for slot in course.slots)
    refs = refs_of(
        [place.clinician_id for place in places],
        [place.room_id for place in places if place.room_id is not None],
    )
    wheres = where_each(places)
    alike = len({each.how for each in wheres}) == 1
    lines = tuple(
        Line(_title(plan, one), each, not alike) for one, each in zip(parts, wheres, strict=True)
    )
    sent = " ".join(
        f"{one.ref.hex}={refs.token(place)}" for one, place in zip(parts, places, strict=True)
    )
    summary = _span(course.slots) + (f". {wheres[0].how}" if alike else "")
    good = _good(asked, course.slots, found.men[0].within)
    return Planned(len(parts), lines, sent, summary, good, len(parts), (), places)


def _title(plan: Plan, one: CourseSession) -> str:
    return f"Session {plan.sessions.index(one) + 1} of {len(plan.sessions)}"


def _span(slots: tuple[Slot, ...]) -> str:
    first, last = london_day(slots[0].starts_at), london_day(slots[-1].starts_at)
    if len(slots) == 1:
        return f"{day_words(first)}, with {slots[0].clinician}"
    return f"{day_words(first)} to {day_words(last)}, with {slots[0].clinician}"


def _good(
    asked: CourseAsked, slots: tuple[Slot, ...], within: tuple[tuple[date, date], ...]
) -> tuple[str, ...]:
    """How good the course is: what differs from session to session, and the end of his order."""
    said = []
    days = [london_day(slot.starts_at) for slot in slots]
    if len(slots) > 1:
        times = {(day.weekday(), *_way(slot)) for day, slot in zip(days, slots, strict=True)}
        said.append(
            "Every session is on the same weekday, at the same time and place."
            if len(times) == 1
            else "The weekday, time or place is not the same for every session."
        )
        gaps = zip(pairwise(days), asked.sessions[1:], strict=True)
        off = sum((b - a).days != one.gaps.ideal for (a, b), one in gaps)
        said.append(
            "Every gap between two sessions is the ideal one."
            if not off
            else f"{off} of {len(slots) - 1} gaps between sessions are not the ideal one, "
            "but within what his course allows."
        )
    ends = [last for first, last in within if first <= days[-1] <= last]
    if ends:
        weeks = (max(ends) - days[-1]).days // 7
        spare = "in its last week" if weeks == 0 else f"{weeks} weeks before it ends"
        spare = "a week before it ends" if weeks == 1 else spare
        said.append(f"It finishes inside the requirement, {spare}.")
    said.append("No other course with one therapist does better in waiting, gaps and changes.")
    return tuple(said)


def _way(slot: Slot) -> tuple[int, int | None, str]:
    return london_minute(slot.starts_at), slot.place.site_id, slot.place.mode


def keys_of(case_id: int) -> Mapping[str, int]:
    """Sessions of his course by the reference that the form sends back."""
    return {one.ref.hex: one.id for one in plan_of(case_id).sessions}
