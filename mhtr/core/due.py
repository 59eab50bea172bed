"""How long is left, in words with a colour: one shape for every list and page. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from mhtr.core.working_days import WorkingCalendar

LONDON = ZoneInfo("Europe/London")
SOON = 2
"""This many working days left or fewer stand out."""


@dataclass(frozen=True)
class Left:
    """What is left until something is due. `overdue` sorts it to the top."""

    words: str
    colour: str
    overdue: bool


def left_until(due: date | datetime, now: datetime, calendar: WorkingCalendar) -> Left:
    """How long is left until a day (its end) or a moment, counted in working days.

    Args:
        due: a day, or an aware moment.
        now: aware; its London day counts as 0.
    """
    today = now.astimezone(LONDON).date()
    local = due.astimezone(LONDON) if isinstance(due, datetime) else None
    day = local.date() if local is not None else due
    if isinstance(due, datetime) and local is not None and day == today and due <= now:
        return Left(f"Overdue since {local:%H:%M}", "red", True)
    if day < today:
        late = calendar.between(day, today)
        return Left(f"{_days(late)} overdue" if late else "Overdue", "red", True)
    if day == today:
        timed = local is not None and local.time() not in (time(0), time(17))
        return Left(f"Due today, {local:%H:%M}" if timed else "Due today", "orange", False)
    left = calendar.between(today, day)
    if (day - today).days == 1:
        return Left("Due tomorrow", "yellow", False)
    if left == 0:
        return Left("No working day left", "yellow", False)
    return Left(f"{_days(left)} left", "yellow" if left <= SOON else "grey", False)


def until_hearing(on: date, today: date) -> Left:
    """How long until a hearing, in days as a person counts them."""
    days = (on - today).days
    if days < 0:
        return Left("Past", "grey", False)
    if days == 0:
        return Left("Today", "orange", False)
    if days == 1:
        return Left("Tomorrow", "yellow", False)
    return Left(f"In {days} days", "yellow" if days <= 3 else "grey", False)


def _days(count: int) -> str:
    return f"{count} working day{'' if count == 1 else 's'}"
