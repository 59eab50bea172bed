"""The days that have to lie between a man's sessions, as the planner counts them. Values only."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sessions.booking.shapes import london_day
from sessions.planning.asked import Asked, ManAsked, Part
from sessions.planning.problem import DAYS_A_WEEK


def gap_limits(asked: Asked, man: ManAsked) -> tuple[int, int]:
    """The least and the most days: between all that move, or before the first of a new course."""
    if man.parts[0].told is None:
        return man.parts[0].least, man.parts[0].most
    told = [b - a for a, b in _pairs(asked, man)]
    most = max(man.most_gap or 0, min(part.most for part in man.parts), *told, 0)
    return min([max(part.least for part in man.parts), *told]), most


def gaps_of_course(parts: Sequence[Part], weeks: int) -> tuple[tuple[int, int], ...]:
    """The days between the sessions of a new course: as is best, or less if time is short.

    Then half of the weeks to spare go to the gaps, the longest first made shorter; the other half
    is left for when the course can begin.
    """
    steps = [_ideal_weeks(part) for part in parts[1:]]
    least = [-(-part.least // DAYS_A_WEEK) for part in parts[1:]]
    if sum(steps) > weeks:
        most = max(sum(least), (sum(least) + weeks) // 2)
        while sum(steps) > most:
            longest = max(range(len(steps)), key=lambda n: (steps[n] - least[n], steps[n], n))
            steps[longest] -= 1
    return tuple((DAYS_A_WEEK * n, p.most) for n, p in zip(steps, parts[1:], strict=True))


def _ideal_weeks(part: Part) -> int:
    least, most = -(-part.least // DAYS_A_WEEK), part.most // DAYS_A_WEEK
    return max(least, min(most, round(part.ideal / DAYS_A_WEEK)))


def _pairs(asked: Asked, man: ManAsked) -> list[tuple[int, int]]:
    """The days, counted from the first Monday, of each two neighbours of what he was told."""
    days = [london_day(part.told.span.starts_at) for part in man.parts if part.told is not None]
    if days and man.before is not None:
        days.insert(0, man.before)
    numbers = [(day - asked.monday).days for day in days]
    return list(zip(numbers, numbers[1:], strict=False))


def days_beside(man: ManAsked) -> Iterator[date]:
    """Days that are too close to a session of his that stays."""
    after = max(part.least for part in man.parts)
    for one in man.stands:
        for days in range(1 - one.least, after):
            yield one.day + timedelta(days=days)
