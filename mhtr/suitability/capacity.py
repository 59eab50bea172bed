"""From which day on somebody can have written a report, given the days on which he is away.

Days are working days of a `WorkingCalendar`. The rest of today counts only for a report that is
due today; otherwise it takes whole days.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from mhtr.core.working_days import WorkingCalendar


@dataclass(frozen=True)
class Writer:
    """Who writes it: since when he has the case (None: nobody has it yet), and when he is away
    (both days included).

    `written`: nothing is left to write. `told`: the earliest day the author of the request was
    told before; one still to come stands. `not_before`: what the service says itself;
    `named`: what it had said when its time began to count anew.
    """

    since: date | None
    today: date
    away: tuple[tuple[date, date], ...] = ()
    written: bool = False
    told: date | None = None
    not_before: date | None = None
    named: date | None = None

    def is_there(self, day: date, calendar: WorkingCalendar) -> bool:
        """Whether he works on a day; while nobody has the case, whether anybody does."""
        away = any(first <= day <= last for first, last in self.away)
        return calendar.is_working(day) and not away


def ready_on(
    start: date, due_on: date, least_days: int, writer: Writer, calendar: WorkingCalendar
) -> date:
    """The first day on which it can be ready: as the service says itself, never before he can
    have written it."""
    overdue = due_on < writer.today
    in_time = writer.written and not overdue
    day = due_on if in_time else _written_on(start, due_on, least_days, writer, calendar)
    told = writer.told
    if overdue and told and writer.today <= told < day and writer.is_there(told, calendar):
        day = told
    said = writer.not_before
    return day if said is None else max(day, calendar.add(said, 0))


def _written_on(
    start: date, due_on: date, least_days: int, writer: Writer, calendar: WorkingCalendar
) -> date:
    """The first day on which he can have written it.

    He needs `least_days` whole days on which he is there after `start`, the day from which the
    request counts, or after he was given the case where that was later; and at least one such
    day must still lie ahead, so that leave over all the time left is never enough. The rest of
    today counts only for a report that is due today, and only where somebody has the case.
    """
    begins = max(start, writer.since or start)
    now = max(begins, writer.today)
    there = sum(writer.is_there(day, calendar) for day in _days(begins, now))
    whole = now > writer.today
    rest = due_on == now and writer.since is not None
    enough = there >= least_days and writer.is_there(now, calendar)
    if enough and due_on >= writer.today and (rest or (whole and due_on <= now)):
        return now
    day = now
    ahead = 0
    while ahead == 0 or there + ahead < least_days:
        day = calendar.add(day + timedelta(days=1), 0)
        ahead += writer.is_there(day, calendar)
    return day


def _days(after: date, until: date) -> list[date]:
    return [after + timedelta(days=number) for number in range(1, (until - after).days + 1)]
