"""The best whole course for one man: a time for every session, found all together.

Session by session and day by day it is worked out what the cheapest way there costs; so a first
time that leaves the later ones badly off is not taken. What that costs, in days, is below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from sessions.availability.shapes import ClinicianOpen, Span
from sessions.booking.finding import why_not
from sessions.booking.shapes import LONDON, Diary, Place, Slot
from sessions.booking.spacing import Next, slot_of, with_taken
from sessions.planning.free_times import FreeTimes, How
from sessions.therapies import SessionMode

DIFFERENT = 3
"""Another time of day, place or way than the session before."""
AT_A_DISTANCE = 1
"""A session not in person, where he may come in person too."""
ANOTHER_THERAPIST = 30
"""A course with somebody else than his therapist, once for the course."""

_NEVER = 10**6
_Costs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CourseAsked:
    """The sessions a man still needs, and the days within which they are looked for."""

    sessions: tuple[Next, ...]
    """In order; none of them in a group."""
    first: date
    """From this day on every day costs one, until the first session."""
    last: date
    before: date | None = None
    """The day of the session before the first: the gaps of the first count from it."""
    therapist_only: bool = False
    """He has begun, so nobody but his therapist is tried."""


@dataclass(frozen=True, slots=True)
class WholeCourse:
    """A time for each session, with one clinician, and what that costs."""

    slots: tuple[Slot, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class NoCourse:
    """There is none; how many sessions could be held at most."""

    most: int


def best_course(asked: CourseAsked, diary: Diary) -> WholeCourse | NoCourse:
    """The cheapest whole course, or how far one gets.

    The cost is the days until the first session, the days by which each gap is off its ideal, and
    what is above: the least of all courses with one clinician, on beginnings every half hour.
    """
    times = FreeTimes(diary, asked.first, asked.last)
    best: tuple[int, str, ClinicianOpen, _Search] | None = None
    most = 0
    for clinician in sorted(diary.clinicians.values(), key=lambda one: one.name):
        therapist = asked.sessions[0].wanted.therapist_id
        if asked.therapist_only and clinician.staff_id != therapist:
            continue
        search = _Search(asked, times, clinician)
        most = max(most, search.reached)
        if search.cost is None:
            continue
        other = therapist is not None and clinician.staff_id != therapist
        cost = search.cost + ANOTHER_THERAPIST * other
        if best is None or cost < best[0]:
            best = cost, clinician.name, clinician, search
    if best is None:
        return NoCourse(most)
    cost, _, clinician, search = best
    return WholeCourse(_placed(asked, diary, clinician, search.path()), cost)


class _Search:
    """The cheapest courses with one clinician: for each session, what ending there costs."""

    def __init__(self, asked: CourseAsked, times: FreeTimes, clinician: ClinicianOpen) -> None:
        self._asked, self._times = asked, times
        frees = [times.of(clinician, one.wanted) for one in asked.sessions]
        self._hows = sorted(
            {how for free in frees for how in free}, key=lambda how: (how.mode, how.site_id or 0)
        )
        self._costs: list[_Costs] = []
        self.reached = 0
        if not self._hows:
            self.cost = None
            return
        for number, (one, free) in enumerate(zip(asked.sessions, frees, strict=True)):
            before = self._costs[-1] if number else None
            costs = self._first(one) if before is None else self._follow(one, before)
            costs = costs + self._at_a_distance()
            costs[~self._stacked(free)] = _NEVER
            self._costs.append(np.minimum(costs, _NEVER))
            if self._costs[-1].min() >= _NEVER:
                break
            self.reached = number + 1
        whole = self.reached == len(asked.sessions)
        self.cost = int(self._costs[-1].min()) if whole else None

    def _stacked(self, free: dict[How, NDArray[np.bool_]]) -> NDArray[np.bool_]:
        """Free beginnings by day, and by how and time of day together."""
        shape = len(self._times.days), len(self._times.minutes)
        none = np.zeros(shape, dtype=np.bool_)
        return np.concatenate([free.get(how, none) for how in self._hows], axis=1)

    def _at_a_distance(self) -> _Costs:
        near = SessionMode.IN_PERSON in self._times.man.modes
        each = [AT_A_DISTANCE * (near and how.site_id is None) for how in self._hows]
        return np.repeat(np.array(each, dtype=np.int64), len(self._times.minutes))[None, :]

    def _first(self, one: Next) -> _Costs:
        """What the first session costs: days waited, gaps from the session before, and its ways."""
        days = len(self._times.days)
        costs = np.repeat(np.arange(days, dtype=np.int64)[:, None], self._width(), axis=1)
        before = self._asked.before
        if before is not None:
            off = np.array([(day - before).days for day in self._times.days])
            costs[:] = np.abs(off - one.gaps.ideal)[:, None]
            costs[(off < one.gaps.least) | (off > one.gaps.most)] = _NEVER
        usual = one.wanted.usual
        if usual is not None:
            other = [
                minute != usual.minute
                or (usual.mode is not None and usual.mode is not how.mode)
                or (usual.site_id is not None and usual.site_id != how.site_id)
                for how in self._hows
                for minute in self._times.minutes
            ]
            costs += DIFFERENT * np.array(other, dtype=np.int64)[None, :]
        return costs

    def _width(self) -> int:
        return len(self._hows) * len(self._times.minutes)

    def _ways_here(self, before: _Costs) -> _Costs:
        """What it costs to have had the session before on a day, seen from one like each."""
        best: _Costs = before.min(axis=1)
        return np.asarray(np.minimum(before, best[:, None] + DIFFERENT), dtype=np.int64)

    def _follow(self, one: Next, before: _Costs) -> _Costs:
        here = self._ways_here(before)
        costs = np.full_like(before, _NEVER)
        for gap in range(one.gaps.least, min(one.gaps.most, len(before) - 1) + 1):
            off = abs(gap - one.gaps.ideal)
            costs[gap:] = np.minimum(costs[gap:], here[: len(here) - gap] + off)
        return costs

    def path(self) -> list[tuple[date, int, How]]:
        """Day, minute and way of each session of the cheapest course; earliest of the cheapest."""
        day, column = divmod(int(self._costs[-1].argmin()), self._width())
        path = [(day, column)]
        for number in range(len(self._costs) - 1, 0, -1):
            day, column = self._back(number, day, column)
            path.append((day, column))
        width = len(self._times.minutes)
        return [
            (
                self._times.days[day],
                self._times.minutes[column % width],
                self._hows[column // width],
            )
            for day, column in reversed(path)
        ]

    def _back(self, number: int, day: int, column: int) -> tuple[int, int]:
        """From which time of the session before the cheapest way to this one comes."""
        gaps, before = self._asked.sessions[number].gaps, self._costs[number - 1]
        found: list[tuple[int, bool, int, int]] = []
        for gap in range(gaps.least, min(gaps.most, day) + 1):
            row, off = before[day - gap], abs(gap - gaps.ideal)
            other = int(row.argmin())
            found.append((int(row[column]) + off, False, gap, column))
            found.append((int(row[other]) + off + DIFFERENT, True, gap, other))
        _, _, gap, came = min(found)
        return day - gap, came


def _placed(
    asked: CourseAsked,
    diary: Diary,
    clinician: ClinicianOpen,
    path: Sequence[tuple[date, int, How]],
) -> tuple[Slot, ...]:
    """The course with rooms, each the one before where it is free, else the smallest that suits."""
    slots: list[Slot] = []
    room: int | None = None
    for one, (day, minute, how) in zip(asked.sessions, path, strict=True):
        begins = datetime.combine(day, time(minute // 60, minute % 60), LONDON).astimezone(UTC)
        span = Span(begins, begins + timedelta(minutes=one.wanted.minutes))
        place = Place(clinician.staff_id, how.mode, span, how.site_id)
        tried = [place]
        if how.site_id is not None:
            there = [each for each in diary.rooms.values() if each.site_id == how.site_id]
            there.sort(key=lambda each: (each.room_id != room, each.capacity, each.name))
            tried = [
                Place(place.clinician_id, how.mode, span, how.site_id, r.room_id) for r in there
            ]
        place = next(each for each in tried if not why_not(one.wanted, diary, each))
        room = place.room_id
        slots.append(slot_of(one.wanted, diary, place))
        diary = with_taken(diary, place)
    return tuple(slots)
