"""From what binds everybody to the numbers of the planner. Values only.

Each clinician's weeks are cut into times of one length that do not overlap; which times of a
weekday are used is chosen so that most weeks of them are free. What men were told of stays among
the times as it is. Weeks are counted from a Monday, and times are those of the wall clock.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sessions.availability.shapes import ClinicianOpen, RoomOpen, Span
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.shapes import Place, joined, london_day, london_minute
from sessions.booking.spacing import on_the_wall
from sessions.planning.asked import (
    TELEPHONE,
    VIDEO,
    Asked,
    ManAsked,
    place_number,
    week_of,
)
from sessions.planning.days_between import days_beside, gap_limits, gaps_of_course
from sessions.planning.grid import Grid, Needed, grid_of
from sessions.planning.problem import (
    DAYS_A_WEEK,
    REMOTE,
    UNPLACED,
    UNUSUAL,
    Instance,
    Man,
    Opening,
    Room,
    Visit,
)
from sessions.therapies import SessionMode

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Question:
    """The numbers, and the way from a visit back to a day and a time."""

    instance: Instance
    asked: Asked
    slots: tuple[tuple[int, int], ...]
    """Weekday and minute of each."""
    told: Mapping[int, tuple[Visit, ...]] = field(default_factory=dict)
    """What each man was told, in the order of his parts; by case."""

    def starts(self, visit: Visit) -> datetime | None:
        """When a visit begins; None where the clocks skip that minute."""
        weekday, minute = self.slots[visit.slot]
        day = self.asked.monday + timedelta(days=visit.week * DAYS_A_WEEK + weekday)
        return on_the_wall(day, minute)


def question(asked: Asked) -> Question:
    """The numbers for what is asked."""
    grid = grid_of(_needed(asked), asked.diary, asked.monday, asked.weeks, asked.first)
    slots = grid.slots
    openings = tuple(_openings(asked, grid))
    men = tuple(_man(asked, grid, man, openings) for man in asked.men)
    told = {man.case_id: _told(asked, grid, man) for man in asked.men}
    keys = {man.limits.person_id: man.case_id for man in asked.men}
    apart = {
        (min(man.case_id, keys[other]), max(man.case_id, keys[other]))
        for man in asked.men
        for other in man.limits.must_not_meet
        if other in keys and keys[other] != man.case_id
    }
    instance = Instance(
        weeks=asked.weeks,
        days=tuple(weekday for weekday, _ in slots),
        openings=openings,
        rooms=tuple(_room(asked, grid, room) for room in asked.diary.rooms.values()),
        men=men,
        daily_most={key: one.daily_most for key, one in asked.diary.clinicians.items()},
        booked=_booked(asked),
        apart=frozenset(apart),
    )
    return Question(instance, asked, slots, told)


def _needed(asked: Asked) -> Needed:
    """The longest session, and what men were told."""
    parts = [part for man in asked.men for part in man.parts]
    kept: dict[int, list[Place]] = defaultdict(list)
    for part in parts:
        if part.told is not None and part.kept:
            kept[part.told.clinician_id].append(part.told)
    return Needed(
        minutes=max((part.wanted.minutes for part in parts), default=60),
        kept=kept,
        told=tuple(part.told for part in parts if part.told is not None),
    )


def _visit(asked: Asked, grid: Grid, place: Place) -> Visit:
    day = london_day(place.span.starts_at)
    slot = grid.number[day.weekday(), london_minute(place.span.starts_at)]
    return Visit(week_of(asked, day), slot, place.clinician_id, place_number(place))


def _told(asked: Asked, grid: Grid, man: ManAsked) -> tuple[Visit, ...]:
    """What he was told, also what cannot be so any more: that counts as changed."""
    return tuple(_visit(asked, grid, part.told) for part in man.parts if part.told is not None)


def _openings(asked: Asked, grid: Grid) -> Iterator[Opening]:
    modes = {mode for man in asked.men for mode in _modes(man)}
    told: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for man in asked.men:
        for part in man.parts:
            if part.told is not None and part.kept:
                visit = _visit(asked, grid, part.told)
                told[visit.clinician, visit.slot, visit.place].add(visit.week)
    for key, clinician in asked.diary.clinicians.items():
        for slot, weeks in grid.open[key].items():
            by_place: dict[int, set[int]] = defaultdict(set)
            for week in weeks:
                for place in _places(clinician, grid, week, slot, modes):
                    by_place[place].add(week)
            for place in by_place:
                told[key, slot, place] |= by_place[place]
    for (key, slot, place), found in sorted(told.items()):
        if found and key in asked.diary.clinicians:
            yield Opening(key, slot, place, tuple(sorted(found)))


def _places(
    clinician: ClinicianOpen, grid: Grid, week: int, slot: int, modes: set[SessionMode]
) -> Iterator[int]:
    span = grid.span(week, slot)
    if span is None:
        return
    if SessionMode.IN_PERSON in modes:
        for site in {one.site_id for one in clinician.open if one.site_id is not None}:
            there = joined([one.span for one in clinician.open if one.site_id == site])
            if any(one.holds(span) for one in there):
                yield site
    if SessionMode.VIDEO in modes and clinician.video:
        yield VIDEO
    if SessionMode.TELEPHONE in modes and clinician.telephone:
        yield TELEPHONE


def _modes(man: ManAsked) -> frozenset[SessionMode]:
    """In person where he can come; as he was told, where he was told of something else."""
    told = {part.told.mode for part in man.parts if part.told is not None}
    if SessionMode.IN_PERSON in man.limits.modes:
        return frozenset({SessionMode.IN_PERSON, *told})
    return man.limits.modes


def _man(asked: Asked, grid: Grid, man: ManAsked, openings: Sequence[Opening]) -> Man:
    modes = _modes(man)
    sites = {one.place for one in openings if one.place > REMOTE} - man.limits.barred_sites
    places = set(sites) if SessionMode.IN_PERSON in modes else set()
    places |= {VIDEO} if SessionMode.VIDEO in modes else set()
    places |= {TELEPHONE} if SessionMode.TELEPHONE in modes else set()
    told = _told(asked, grid, man)
    least, most = gap_limits(asked, man)
    first, last = _weeks(asked, man, least)
    last = max([last, *(visit.week for visit in told)])
    cannot = frozenset(_cannot(asked, grid, man, first, last))
    cannot -= {(visit.week, visit.slot) for visit in told}
    mine = {one.slot for one in openings if one.clinician in man.clinicians}
    slots = {slot for slot in mine if any((w, slot) not in cannot for w in range(first, last + 1))}
    seen = None
    if man.before is not None and man.before + timedelta(days=most) >= asked.first:
        seen = (man.before - asked.monday).days
    return Man(
        key=man.case_id,
        visits=len(man.parts),
        first_week=first,
        last_week=last,
        slots=frozenset(slots),
        places=frozenset(places),
        clinicians=man.clinicians,
        cannot=frozenset(one for one in cannot if one[1] in slots),
        step_free=man.limits.step_free,
        weight=man.weight,
        unplaced=UNPLACED * man.weight + UNUSUAL * len(told),
        least_gap=least,
        most_gap=most,
        told=frozenset(told),
        usual=frozenset(visit.slot for visit in told),
        seen_on=seen,
        gaps=() if told else gaps_of_course(man.parts, last - first),
        stands=tuple(((one.day - asked.monday).days, one.before) for one in man.stands),
    )


def _weeks(asked: Asked, man: ManAsked, least: int) -> tuple[int, int]:
    """The first and the last week in which he can be seen."""
    first = asked.first
    if man.before is not None:
        first = max(first, man.before + timedelta(days=least))
    last = asked.monday + timedelta(weeks=asked.weeks) - _A_DAY
    if _required(man):
        ends = [end for _, end in man.limits.within if end >= first]
        begins = [start for start, end in man.limits.within if end >= first]
        first = max([first, min(begins)]) if begins else first
        last = min(last, max(ends)) if ends else first - _A_DAY
    if man.last is not None:
        last = min(last, man.last)
    return week_of(asked, first), week_of(asked, last)


def _required(man: ManAsked) -> bool:
    return any(part.wanted.required for part in man.parts)


def _cannot(
    asked: Asked, grid: Grid, man: ManAsked, first: int, last: int
) -> Iterator[tuple[int, int]]:
    """Weeks and slots in which he cannot come, of his weeks."""
    lane = lane_of(Lane.MAN, man.limits.person_id)
    spans = [one.span for one in man.limits.cannot] + list(asked.diary.taken.get(lane, ()))
    for span in spans:
        for week, slot in grid.touched(span):
            if first <= week <= last:
                yield week, slot
    keeps_off = set(days_beside(man))
    interpreter = man.parts[0].wanted.interpreter_from
    for number in range(first * DAYS_A_WEEK, (last + 1) * DAYS_A_WEEK):
        day = asked.monday + timedelta(days=number)
        within = any(start <= day <= end for start, end in man.limits.within)
        early = interpreter is not None and day < interpreter
        late = man.last is not None and day > man.last
        if (_required(man) and not within) or early or late or day in keeps_off:
            for slot in grid.of_weekday(day.weekday()):
                yield number // DAYS_A_WEEK, slot


def _room(asked: Asked, grid: Grid, room: RoomOpen) -> Room:
    """A room with the times at which it is shut or taken; one too small for two is always shut."""
    taken = asked.diary.taken.get(lane_of(Lane.ROOM, room.room_id), ())
    busy = {one for span in taken for one in grid.touched(span)}
    free = joined(room.open)
    shut = set(busy)
    for week in range(asked.weeks):
        for slot in range(len(grid.slots)):
            span = grid.span(week, slot)
            if span is None or room.capacity < 2 or not _held(free, span):
                shut.add((week, slot))
    return Room(room.site_id, room.step_free, frozenset(shut))


def _held(spans: Iterable[Span], wanted: Span) -> bool:
    return any(one.holds(wanted) for one in spans)


def _booked(asked: Asked) -> dict[tuple[int, int], int]:
    """How many sessions each clinician has on each day, those of the men asked about left out."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    for key in asked.diary.clinicians:
        for span in asked.diary.taken.get(lane_of(Lane.CLINICIAN, key), ()):
            found[key, (london_day(span.starts_at) - asked.monday).days] += 1
    return dict(found)
