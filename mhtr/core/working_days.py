"""Working days of the service: England's weekdays without bank holidays, with local changes.

Bank holidays come from the `holidays` library (England), which follows the proclamations that
gov.uk/bank-holidays publishes. A trust may close on further days, may know of a bank holiday
before the library does, and may open on a day that would not be a working day.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_OF_REST = tuple(
    tuple(sum((start + n) % 7 < _SATURDAY for n in range(rest)) for rest in range(7))
    for start in range(7)
)
"""How many of so many days from a day of the week are weekdays: by that day, then their number."""


@lru_cache(maxsize=256)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays that fall in `year`, substitute days included."""
    listed = country_holidays("GB", subdiv="ENG", years=year)
    return frozenset(day for day in listed if day.year == year)


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days count as working days.

    `closures` are days on which the service is shut, `extra_holidays` bank holidays that the
    library does not know, `openings` days worked although they are weekends or holidays.
    A day cannot be both closed and opened: that raises ValueError.
    """

    closures: frozenset[date] = frozenset()
    extra_holidays: frozenset[date] = frozenset()
    openings: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        both = self.openings & (self.closures | self.extra_holidays)
        if both:
            raise ValueError(f"Both open and closed on {min(both).isoformat()}")

    def is_working(self, day: date) -> bool:
        """Whether `day` counts as a working day."""
        if day in self.openings:
            return True
        if day.weekday() >= _SATURDAY or day in self.closures or day in self.extra_holidays:
            return False
        return day not in bank_holidays(day.year)

    def add(self, day: date, days: int) -> date:
        """The working day that lies `days` working days after `day`; `day` itself counts as 0.

        With 0, a working day stays and any other day moves to the next working day.
        Raises ValueError when `days` is negative, OverflowError past the year 9999.
        """
        return self._step(day, days, _ONE_DAY)

    def subtract(self, day: date, days: int) -> date:
        """As `add`, but backwards: with 0, a non-working day moves to the working day before."""
        return self._step(day, days, -_ONE_DAY)

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`.

        Negative when `end` lies before `start`: minus the working days from `end` up to the
        day before `start`. So `add(start, between(start, end)) == end` for a later working `end`.
        """
        if end < start:
            return -self._count(end, start - _ONE_DAY)
        return self._count(start + _ONE_DAY, end) if start < end else 0

    def _step(self, day: date, days: int, step: timedelta) -> date:
        if days < 0:
            raise ValueError("The number of working days cannot be negative")
        if days == 0:
            while not self.is_working(day):
                day += step
            return day
        while days > 0:
            day += step
            if self.is_working(day):
                days -= 1
        return day

    def _count(self, first: date, last: date) -> int:
        """By whole weeks, less what is closed: years pass in a list of what is long overdue."""
        weeks, rest = divmod((last - first).days + 1, 7)
        count = weeks * _SATURDAY
        count += _OF_REST[first.weekday()][rest]
        closed, opened = _exceptions(self, first.year, last.year)
        count -= bisect_right(closed, last) - bisect_left(closed, first)
        return count + bisect_right(opened, last) - bisect_left(opened, first)


@lru_cache(maxsize=256)
def _exceptions(
    calendar: WorkingCalendar, first_year: int, last_year: int
) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Weekdays of these years that are closed, and weekend days that are open, in order."""
    off = calendar.closures | calendar.extra_holidays
    off = off.union(*(bank_holidays(year) for year in range(first_year, last_year + 1)))
    closed = (day for day in off - calendar.openings if day.weekday() < _SATURDAY)
    opened = (day for day in calendar.openings if day.weekday() >= _SATURDAY)
    return tuple(sorted(closed)), tuple(sorted(opened))
