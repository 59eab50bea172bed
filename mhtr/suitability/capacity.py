"""From which day on somebody can have written a report, given the days on which he is away.

Days are working days of a `WorkingCalendar`. The rest of today counts only for a report that is
due today; otherwise it takes whole days.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from mhtr.core.working_days import WorkingCalendar


@dataclass(frozen=True)
class Writer:
    """Who writes it: since when he has the case, and when he is away (both days included)."""

    since: date
    today: date
    away: tuple[tuple[date, date], ...] = ()

    def is_there(self, day: date, calendar: WorkingCalendar) -> bool:
        """Whether he works on a day."""
        away = any(first <= day <= last for first, last in self.away)
        return calendar.is_working(day) and not away


def ready_on(
    start: date, due_on: date, least_days: int, writer: Writer, calendar: WorkingCalendar
) -> date:
    """The first day on which he can have written it.

    He needs `least_days` whole days on which he is there after `start`, the day from which the
    request counts, or after he was given the case where that was later; and at least one such
    day must still lie ahead, so that leave over all the time left is never enough. A due date
    that is past is not weighed: whatever is wrong then, it is not his leave.
    """
    begins = max(start, writer.since)
    now = max(begins, writer.today)
    if due_on < now:
        return due_on
    there = sum(writer.is_there(day, calendar) for day in _days(begins, now))
    if due_on == now and there >= least_days and writer.is_there(now, calendar):
        return now
    day = now
    ahead = 0
    while ahead == 0 or there + ahead < least_days:
        day = calendar.add(day + timedelta(days=1), 0)
        ahead += writer.is_there(day, calendar)
    return day


def _days(after: date, until: date) -> list[date]:
    return [after + timedelta(days=number) for number in range(1, (until - after).days + 1)]
