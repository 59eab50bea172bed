"""Times of the week at which clinicians are booked: a pattern that does not overlap itself."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from sessions.availability.shapes import ClinicianOpen, Span
from sessions.booking.finding import stretch
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.shapes import Diary, Place, joined, london_day, london_minute
from sessions.booking.spacing import on_the_wall
from sessions.planning.problem import DAYS_A_WEEK

STEP = 15
"""Minutes between the beginnings that are tried, on the wall clock."""
_EARLIEST, _LATEST = 7 * 60, 21 * 60
_A_DAY = timedelta(days=1)
_USUAL = 30
"""So often what is usual counts: more than all other times of a day together."""
_Time = tuple[int, int]
"""Weekday and minute."""


@dataclass(frozen=True)
class Grid:
    """The times of the week, and in which weeks each clinician is free at them."""

    slots: tuple[_Time, ...]
    number: Mapping[_Time, int]
    open: Mapping[int, Mapping[int, frozenset[int]]]
    """By clinician and slot: the weeks."""
    spans: Mapping[tuple[int, int], Span]
    """By week and slot, for the longest session."""

    def span(self, week: int, slot: int) -> Span | None:
        """The stretch of a slot in a week; None where the clocks skip its minute."""
        return self.spans.get((week, slot))

    def of_weekday(self, weekday: int) -> Iterator[int]:
        """The slots of a weekday."""
        return (number for number, (day, _) in enumerate(self.slots) if day == weekday)

    def touched(self, span: Span) -> Iterator[tuple[int, int]]:
        """Weeks and slots that share time with a stretch."""
        monday = self._monday
        day, last = london_day(span.starts_at), london_day(span.ends_at)
        while day <= last:
            week = (day - monday).days // DAYS_A_WEEK
            for slot in self.of_weekday(day.weekday()):
                own = self.spans.get((week, slot))
                if own is not None and own.overlaps(span):
                    yield week, slot
            day += _A_DAY

    @property
    def _monday(self) -> date:
        (week, slot), span = next(iter(self.spans.items()))
        days = week * DAYS_A_WEEK + self.slots[slot][0]
        return london_day(span.starts_at) - timedelta(days=days)


@dataclass(frozen=True)
class Needed:
    """What the times have to suit."""

    minutes: int
    """The longest session."""
    kept: Mapping[int, Sequence[Place]]
    """What was told and can still be so, by clinician: no other time may overlap it."""
    told: Sequence[Place]
    """Everything that was told."""


def grid_of(
    needed: Needed,
    diary: Diary,
    monday: date,
    weeks: int,
    first: date,
) -> Grid:
    """The grid for sessions of a length, with the times that men were told of.

    Args:
        first: times before this day are only those that were told.
    """
    minutes = needed.minutes
    patterns = {
        key: _pattern(one, needed, diary, monday, weeks, first)
        for key, one in diary.clinicians.items()
    }
    times = {time for found in patterns.values() for time in found}
    times |= {_time(place) for place in needed.told}
    slots = tuple(sorted(times))
    number = {time: n for n, time in enumerate(slots)}
    spans = {
        (week, n): span
        for n, (weekday, minute) in enumerate(slots)
        for week in range(weeks)
        if (span := _span(monday, week, weekday, minute, minutes)) is not None
    }
    opened = {
        key: {number[time]: frozenset(found) for time, found in pattern.items()}
        for key, pattern in patterns.items()
    }
    return Grid(slots, number, opened, spans)


def _time(place: Place) -> _Time:
    return london_day(place.span.starts_at).weekday(), london_minute(place.span.starts_at)


@lru_cache(maxsize=100_000)
def _span(monday: date, week: int, weekday: int, minute: int, minutes: int) -> Span | None:
    starts = on_the_wall(monday + timedelta(days=week * DAYS_A_WEEK + weekday), minute)
    return Span(starts, starts + timedelta(minutes=minutes)) if starts is not None else None


def _pattern(
    clinician: ClinicianOpen,
    needed: Needed,
    diary: Diary,
    monday: date,
    weeks: int,
    first: date,
) -> dict[_Time, set[int]]:
    """The times of the clinician's week with the weeks in which each is free."""
    opened = _Free(clinician, diary)
    known = [_time(place) for place in needed.told if place.clinician_id == clinician.staff_id]
    told, minutes = needed.kept.get(clinician.staff_id, ()), needed.minutes
    held = _held(clinician, told, monday)
    takes = minutes + clinician.buffer_minutes
    found: dict[_Time, set[int]] = {}
    for weekday in range(DAYS_A_WEEK):
        free: dict[int, set[int]] = {}
        for minute in range(_EARLIEST, _LATEST, STEP):
            for week in range(weeks):
                if monday + timedelta(days=week * DAYS_A_WEEK + weekday) < first:
                    continue
                span = _span(monday, week, weekday, minute, minutes)
                if span is not None and opened.holds(span):
                    free.setdefault(minute, set()).add(week)
        usual = {minute for day, minute in known if day == weekday}
        for minute in _chosen(free, takes, usual):
            kept = {
                week
                for week in free[minute]
                if not _meets_told(held, monday, week, (weekday, minute), takes)
            }
            if kept:
                found[weekday, minute] = kept
    return found


def _held(
    clinician: ClinicianOpen, told: Sequence[Place], monday: date
) -> dict[date, list[tuple[int, int]]]:
    """Beginning and end, in minutes of the day, of what was told of each day."""
    held: dict[date, list[tuple[int, int]]] = defaultdict(list)
    for place in told:
        span = stretch(clinician, place.span)
        length = int((span.ends_at - span.starts_at.astimezone(UTC)).total_seconds() // 60)
        begins = london_minute(span.starts_at)
        held[london_day(span.starts_at)].append((begins, begins + length))
    return held


def _meets_told(
    held: Mapping[date, Sequence[tuple[int, int]]],
    monday: date,
    week: int,
    time: _Time,
    takes: int,
) -> bool:
    """Whether a time overlaps another one that somebody was told of."""
    weekday, minute = time
    day = monday + timedelta(days=week * DAYS_A_WEEK + weekday)
    return any(
        begins != minute and begins < minute + takes and minute < ends
        for begins, ends in held.get(day, ())
    )


def _chosen(free: Mapping[int, set[int]], takes: int, usual: set[int]) -> list[int]:
    """Beginnings that do not overlap, with the most free weeks together (weighted intervals).

    What men were told of goes before anything else: they are used to it, and are to keep it.
    """
    minutes = sorted(free)
    best: list[tuple[int, list[int]]] = [(0, [])]
    for number, minute in enumerate(minutes):
        worth = len(free[minute]) * (_USUAL if minute in usual else 1) + 1
        fits = bisect_right(minutes, minute - takes, hi=number)
        before = best[fits]
        with_it = (before[0] + worth, [*before[1], minute])
        best.append(max(best[-1], with_it, key=lambda one: one[0]))
    return best[-1][1]


class _Free:
    """When a clinician is there and not taken."""

    def __init__(self, clinician: ClinicianOpen, diary: Diary) -> None:
        self._clinician = clinician
        self._open = joined([one.span for one in clinician.open])
        self._starts = [one.starts_at for one in self._open]
        taken = diary.taken.get(lane_of(Lane.CLINICIAN, clinician.staff_id), ())
        self._taken: dict[date, list[Span]] = defaultdict(list)
        for span in taken:
            self._taken[london_day(span.starts_at)].append(span)

    def holds(self, span: Span) -> bool:
        """Whether a session can be then, with the time kept free after it."""
        number = bisect_right(self._starts, _utc(span.starts_at)) - 1
        if number < 0 or not self._open[number].holds(span):
            return False
        whole = stretch(self._clinician, span)
        return not any(one.overlaps(whole) for one in self._taken[london_day(span.starts_at)])


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
