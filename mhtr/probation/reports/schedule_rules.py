"""When a compliance report that is set up is made: values alone."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mhtr.cases.wording import day_words

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LAST = 28
"""Every month has this day."""


class Every(StrEnum):
    """How often a report is made."""

    WEEK = "week"
    MONTH = "month"
    COURT = "court"
    """Before his next day in court: a review of the order, or another hearing."""
    REVIEW = "review"
    """Before his next three-way review: the day arranged, else the day on which it is due."""


BEFORE = {Every.COURT: "his next day in court", Every.REVIEW: "his next three-way review"}
"""What is made before a day that is his own, in words."""


@dataclass(frozen=True)
class Rhythm:
    """When it is made. `number`: the weekday (Monday is 0), the day of the month, or the days
    before that of `BEFORE`; `since`: the day on which it was set up."""

    every: Every
    number: int
    since: date

    @property
    def words(self) -> str:
        """The same in words."""
        if self.every is Every.WEEK:
            return f"Every {DAYS[self.number]}"
        if self.every is Every.MONTH:
            return f"Every month, on day {self.number}"
        days = f"{self.number} day{'s' if self.number != 1 else ''}"
        return f"{days} before {BEFORE[self.every]}"


def fault(every: Every, number: int) -> str:
    """What is wrong with a number; empty where it may stand."""
    low, high = {Every.WEEK: (0, 6), Every.MONTH: (1, LAST)}.get(every, (1, 60))
    return "" if low <= number <= high else f"The number must be between {low} and {high}"


def occasion(rhythm: Rhythm, today: date, day_of: date | None) -> date | None:
    """The last occasion up to today for which a report is made; None before the first.

    A week or a month that was missed is made good once: by a report of today.

    Args:
        day_of: his next day in court, or of a review, which is its own occasion.
    """
    if rhythm.every in BEFORE:
        near = day_of is not None and today >= day_of - timedelta(days=rhythm.number)
        return day_of if near else None
    if rhythm.every is Every.WEEK:
        last = today - timedelta(days=(today.weekday() - rhythm.number) % 7)
    else:
        month = today if today.day >= rhythm.number else today.replace(day=1) - timedelta(days=1)
        last = month.replace(day=rhythm.number)
    return last if last >= rhythm.since else None


def next_run(
    rhythm: Rhythm, today: date, day_of: date | None, made_for: date | None
) -> date | None:
    """The day on which it is made next; None while no day of `BEFORE` is known.

    Args:
        made_for: the occasion for which it was made last.
    """
    due = occasion(rhythm, today, day_of)
    if due is not None and due != made_for:
        return today
    if rhythm.every in BEFORE:
        return None if due is not None or day_of is None else day_of - timedelta(days=rhythm.number)
    day = today + timedelta(days=1)
    while occasion(rhythm, day, None) != day:
        day += timedelta(days=1)
    return day


def next_words(rhythm: Rhythm, today: date, day_of: date | None, made_for: date | None) -> str:
    """When it is made next, in words."""
    day = next_run(rhythm, today, day_of, made_for)
    if day is None:
        return f"When {BEFORE[rhythm.every]} is known"
    return "Within the hour" if day == today else day_words(day)
