"""Whether hours can stand beside each other, and in what order they are shown."""

from collections.abc import Iterable
from datetime import date, time, timedelta

from sessions.availability.kinds import HoursUse
from sessions.availability.open_rules import Weekly, days_from

_WHOLE_PATTERN = timedelta(days=27)
"""Every one, two or four weeks: after four nothing new comes."""
LAST_MINUTE = time(23, 59)
_FURTHEST = timedelta(days=5 * 366)
TOO_FAR = "Enter a day within the next five years."


def too_far(today: date, *days: date | None) -> bool:
    """Whether one of these days lies further ahead than anything is planned: a slip of the year."""
    return any(day is not None and day > today + _FURTHEST for day in days)


def clash(one: Weekly, two: Weekly) -> bool:
    """Whether two stretches for sessions are on one day at one time, so that one is wrong."""
    if HoursUse.SESSIONS not in (one.use, two.use) or one.use is not two.use:
        return False
    if one.weekday != two.weekday or one.ends <= two.starts or two.ends <= one.starts:
        return False
    first = max(one.days.first, two.days.first)
    ends = [day for day in (one.days.last, two.days.last) if day is not None]
    last = min([first + _WHOLE_PATTERN, *ends])
    return any(one.on(day) and two.on(day) for day in days_from(first, last))


def clashes(new: Weekly, others: Iterable[Weekly]) -> bool:
    """Whether a stretch clashes with any of the others."""
    return any(clash(new, other) for other in others)


def over_midnight(
    weekday: int | None, first: date, last: date | None, starts: time, ends: time
) -> list[tuple[int | None, date, date | None, time, time]]:
    """A time that may last into the next day, as one part for each day it is on.

    Args:
        ends: not later than `starts` where it ends on the next day, as a curfew does.
    """
    if starts < ends:
        return [(weekday, first, last, starts, ends)]
    parts = [(weekday, first, last, starts, LAST_MINUTE)] if starts < LAST_MINUTE else []
    if ends > time(0):
        day = timedelta(days=1)
        after = None if weekday is None else (weekday + 1) % 7
        parts.append((after, first + day, last + day if last else None, time(0), ends))
    return parts
