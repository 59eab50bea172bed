"""The times of several sessions, as a page shows them and its form sends them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from mhtr.cases.models import Case
from sessions.booking.changes import Which, affected
from sessions.booking.diary_queries import diary
from sessions.booking.models import TreatmentSession
from sessions.booking.moving import parts_of, those_who_come, wanted_of
from sessions.booking.queries import coming_in_series, place_of, places_in
from sessions.booking.shapes import Diary, Place, Wanted, london_day
from sessions.booking.spacing import Held, Next, following, moved_along, slot_of
from sessions.booking.tokens import place_from, refs_of
from sessions.booking.told import Where, where_each
from sessions.booking.wishes import Plan, gaps_of, wanted_for
from sessions.courses.models import CourseSession

_MARGIN = timedelta(weeks=8)


@dataclass(frozen=True)
class Line:
    """One session of several, with the time that was found for it."""

    title: str
    before: Where | None
    after: Where | None
    """None: no time was found."""
    late: bool = False


@dataclass(frozen=True)
class Several:
    """What would be booked or moved together."""

    lines: tuple[Line, ...]
    sent: str
    """What the form sends back: each session's reference with its time."""
    count: int
    """How many have a time."""


def course_from(
    case: Case, organisation_id: int, plan: Plan, part: CourseSession, place: Place
) -> Several:
    """The sessions that follow one of the course, each with a time of its own.

    Those that are held in a group are left out: he gets a place in one. So is everything from
    the first session that is booked already.
    """
    rest = []
    for one in plan.sessions[plan.sessions.index(part) + 1 :]:
        if one.id in plan.days:
            break
        if not one.in_group:
            rest.append(one)
    if not rest:
        return Several((), "", 0)
    day = london_day(place.span.starts_at)
    last = day + timedelta(days=sum(one.most_gap for one in rest)) + _MARGIN
    found = diary(organisation_id, [case], day, last)
    wanted = wanted_for(plan, part, found.men)
    if place.clinician_id not in found.clinicians:
        return Several((), "", 0)
    first = slot_of(wanted, found, place)
    nexts = [Next(one.id, _bare(plan, one, found), gaps_of(one)) for one in rest]
    steps = {step.key: step for step in following(first, nexts, found)}
    places = {key: step.slot.place for key, step in steps.items() if step.slot}
    return _several(
        [(one, _title(plan, one), None) for one in rest],
        places,
        {key: step.late for key, step in steps.items()},
    )


def _bare(plan: Plan, one: CourseSession, found: Diary) -> Wanted:
    """What a session has to keep to, its gaps apart: they follow from the one before it."""
    return replace(wanted_for(plan, one, found.men), first=None, ideal=None, last=None)


def _title(plan: Plan, one: CourseSession) -> str:
    return f"Session {plan.sessions.index(one) + 1} of {len(plan.sessions)}"


def _several(
    rows: Sequence[tuple[CourseSession | TreatmentSession, str, Where | None]],
    places: Mapping[int, Place],
    late: Mapping[int, bool],
) -> Several:
    refs = refs_of(
        [place.clinician_id for place in places.values()],
        [place.room_id for place in places.values() if place.room_id is not None],
    )
    said = dict(zip(places, where_each([*places.values()]), strict=True))
    lines = tuple(
        Line(title, was, said.get(one.id), late.get(one.id, False)) for one, title, was in rows
    )
    sent = " ".join(
        f"{one.ref.hex}={refs.token(places[one.id])}" for one, _, _ in rows if one.id in places
    )
    return Several(lines, sent, len(places))


def sent_places(sent: str, organisation_id: int) -> dict[str, Place]:
    """What a form sent back: places by the reference (hex) of what they are for."""
    found = {}
    for part in sent.split(" "):
        ref, _, token = part.partition("=")
        place = place_from(token, organisation_id)
        if place is not None:
            found[ref] = place
    return found


def moved_with(
    cases: Sequence[Case], session: TreatmentSession, place: Place, which: Which
) -> Several:
    """The sessions that move with one, as far as the change reaches, itself left out.

    Args:
        cases: of everybody who comes to one of them.
    """
    moving = affected(session, coming_in_series(session), which)
    rest = [one for one in moving if one.id != session.id]
    if not rest:
        return Several((), "", 0)
    leaving = [session.id, *(one.id for one in rest)]
    days = [london_day(one.starts_at) for one in (session, *rest)]
    now = london_day(place.span.starts_at)
    shift = now - days[0]
    first = min([now, *(day + shift for day in days)]) - timedelta(days=7)
    last = max([now, *(day + shift for day in days)]) + timedelta(days=7)
    found = diary(session.organisation_id, cases, first, last, leaving_out=leaving)
    if place.clinician_id not in found.clinicians:
        return Several((), "", 0)
    held = {one.key: one for one in _held([session, *rest], found, leaving)}
    was = held.pop(session.id)
    steps = {s.key: s for s in moved_along(was, place, list(held.values()), found)}
    places = {key: step.slot.place for key, step in steps.items() if step.slot}
    wheres = where_each([place_of(one) for one in rest])
    rows = [(one, "", was) for one, was in zip(rest, wheres, strict=True)]
    return _several(rows, places, {})


def _held(rows: Sequence[TreatmentSession], found: Diary, leaving: Sequence[int]) -> list[Held]:
    """Each of the sessions that move, with who comes and what lies beside it and stays."""
    places = places_in([row.id for row in rows])
    parts = parts_of(places, {}, leaving)
    held = []
    for row in rows:
        own = those_who_come(found, [one for one in places if one.session_id == row.id])
        asked = parts.get(row.id, [])
        wanted = wanted_of(row, own, [wanted for _, wanted in asked])
        least = max((part.least_gap for part, _ in asked), default=1)
        held.append(Held(row.id, place_of(row), wanted, least, own))
    return held
