"""When a sign of risk that nobody has seen goes to the next clinician, and to whom.

First to the duty clinician of the day, then to a clinical lead. Only minutes in which the
service is open count: outside its hours the named clinician keeps it until the next opening.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from mhtr.tasks.cover_rules import Calendar

LONDON = ZoneInfo("Europe/London")
_LONGEST = timedelta(days=31)


class Stage(IntEnum):
    """How far a task has been passed on."""

    FIRST_OWNER = 0
    DUTY_CLINICIAN = 1
    CLINICAL_LEAD = 2


@dataclass(frozen=True)
class Waiting:
    """A task nobody has acknowledged: who has it, since when, and how far it has gone."""

    owner_staff_id: int | None
    since: datetime
    stage: Stage


@dataclass(frozen=True)
class There:
    """Who is at work today, in the order in which they are asked."""

    duty: tuple[int, ...]
    leads: tuple[int, ...]


@dataclass(frozen=True)
class Passed:
    """The next owner and why; or nobody, and why it stays where it is."""

    to_staff_id: int | None
    stage: Stage
    reason: str
    at_the_end: bool = False
    """Its time is over and there is nobody further."""


def pass_on(
    waiting: Waiting,
    now: datetime,
    calendar: Calendar,
    there: There,
    *,
    after_minutes: int,
    excluded: Collection[int] = (),
) -> Passed:
    """Whether the task goes to somebody else now.

    Args:
        now: aware.
        after_minutes: minutes within service hours an owner has to acknowledge.
        excluded: staff who must not see this case.
    """
    if not is_open(calendar, now):
        return Passed(None, waiting.stage, "Outside service hours: it waits for the next opening.")
    open_for = open_minutes(calendar, waiting.since, now)
    if open_for < after_minutes:
        return Passed(None, waiting.stage, f"Its owner has had it for {open_for} minutes.")
    for stage, people, words in (
        (Stage.DUTY_CLINICIAN, there.duty, "The duty clinician is next."),
        (Stage.CLINICAL_LEAD, there.leads, "A clinical lead is next."),
    ):
        if stage <= waiting.stage:
            continue
        for staff_id in people:
            if staff_id != waiting.owner_staff_id and staff_id not in excluded:
                return Passed(staff_id, stage, words)
    return Passed(None, waiting.stage, "There is nobody further to pass it on to.", True)


def is_open(calendar: Calendar, moment: datetime) -> bool:
    """Whether the service is open. One without any hours on file counts as always open."""
    if not calendar.rows and not calendar.opened:
        return True
    local = moment.astimezone(LONDON)
    hours = calendar.hours(local.date())
    return hours is not None and hours[0] <= local.time() < hours[1]


def open_minutes(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Whole minutes between two moments in which the service was open (31 days at most)."""
    start = max(start, end - _LONGEST)
    if not calendar.rows and not calendar.opened:
        return int((end - start).total_seconds() // 60)
    total = timedelta()
    day, last = start.astimezone(LONDON).date(), end.astimezone(LONDON).date()
    while day <= last:
        total += _overlap(calendar, day, start, end)
        day += timedelta(days=1)
    return int(total.total_seconds() // 60)


def _overlap(calendar: Calendar, day: date, start: datetime, end: datetime) -> timedelta:
    hours = calendar.hours(day)
    if hours is None:
        return timedelta()
    opens = datetime.combine(day, hours[0], LONDON).astimezone(start.tzinfo)
    closes = datetime.combine(day, hours[1], LONDON).astimezone(start.tzinfo)
    return max(min(end, closes) - max(start, opens), timedelta())
