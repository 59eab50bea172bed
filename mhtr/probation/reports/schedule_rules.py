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


@dataclass(frozen=True)
class Rhythm:
    """When it is made. `number`: the weekday (Monday is 0), the day of the month, or the days
    before a day in court; `since`: the day on which it was set up."""

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
        return f"{days} before his next day in court"


def fault(every: Every, number: int) -> str:
    """What is wrong with a number; empty where it may stand."""
    low, high = {Every.WEEK: (0, 6), Every.MONTH: (1, LAST), Every.COURT: (1, 60)}[every]
    return "" if low <= number <= high else f"The number must be between {low} and {high}"


def occasion(rhythm: Rhythm, today: date, court: date | None) -> date | None:
    """The last occasion up to today for which a report is made; None before the first.

    A week or a month that was missed is made good once: by a report of today.

    Args:
        court: his next day in court, which is its own occasion.
    """
    if rhythm.every is Every.COURT:
        near = court is not None and today >= court - timedelta(days=rhythm.number)
        return court if near else None
    if rhythm.every is Every.WEEK:
        last = today - timedelta(days=(today.weekday() - rhythm.number) % 7)
    else:
        month = today if today.day >= rhythm.number else today.replace(day=1) - timedelta(days=1)
        last = month.replace(day=rhythm.number)
    return last if last >= rhythm.since else None


def next_run(rhythm: Rhythm, today: date, court: date | None, made_for: date | None) -> date | None:
    """The day on which it is made next; None while no day in court is known.

    Args:
        made_for: the occasion for which it was made last.
    """
    due = occasion(rhythm, today, court)
    if due is not None and due != made_for:
        return today
    if rhythm.every is Every.COURT:
        return None if due is not None or court is None else court - timedelta(days=rhythm.number)
    day = today + timedelta(days=1)
    while occasion(rhythm, day, None) != day:
        day += timedelta(days=1)
    return day


def next_words(rhythm: Rhythm, today: date, court: date | None, made_for: date | None) -> str:
    """When it is made next, in words."""
    day = next_run(rhythm, today, court, made_for)
    if day is None:
        return "When his next day in court is known"
    return "Within the hour" if day == today else day_words(day)
