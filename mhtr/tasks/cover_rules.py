"""Whether somebody is on duty on every day the service is open. Functions of values and dates."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from mhtr.core.working_days import bank_holidays

AHEAD_DAYS = 28
"""How far ahead an edit is checked for days left without a duty clinician."""


@dataclass(frozen=True)
class HoursRow:
    """Service hours of a weekday (0 Monday) between two dates, both included; None: no end."""

    weekday: int
    opens: time
    closes: time
    valid_from: date
    valid_to: date | None = None


def with_default(
    rows: Iterable[HoursRow], first_set: date | None, opens: time, closes: time
) -> tuple[HoursRow, ...]:
    """Hours of a trust, with Monday to Friday at these times until the first day it has set.

    Args:
        first_set: the first day from which it has set any hours, planned ones included; None
            where it never has.
    """
    last = None if first_set is None else first_set - timedelta(days=1)
    usual = (HoursRow(weekday, opens, closes, date.min, last) for weekday in range(5))
    return (*usual, *rows)


@dataclass(frozen=True)
class Away:
    """Somebody's leave, both days included, and who covers."""

    staff_id: int
    first: date
    last: date
    cover_id: int | None = None

    def on(self, day: date) -> bool:
        """Whether he is away on a day."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Calendar:
    """When the service is open: hours by weekday, and single days that differ."""

    rows: tuple[HoursRow, ...] = ()
    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    @property
    def unset(self) -> bool:
        """Nothing was ever said about when the service is open."""
        return not self.rows and not self.opened

    def on(self, day: date) -> tuple[time, time] | None:
        """As `hours`."""
        return self.hours(day)

    def hours(self, day: date) -> tuple[time, time] | None:
        """Opening and closing time of a day in London; None where the service stays closed."""
        if day in self.closed:
            return None
        usual = self._usual(day)
        if day in self.opened:
            return usual or self._any(day)
        return None if day in bank_holidays(day.year) else usual

    def _usual(self, day: date) -> tuple[time, time] | None:
        fitting = [row for row in self._valid(day) if row.weekday == day.weekday()]
        latest = max(fitting, key=lambda row: row.valid_from, default=None)
        return (latest.opens, latest.closes) if latest else None

    def _any(self, day: date) -> tuple[time, time]:
        """Hours of an extra day: those of the week's first open day, else nine to five."""
        first = min(self._valid(day), key=lambda row: row.weekday, default=None)
        return (first.opens, first.closes) if first else (time(9), time(17))

    def _valid(self, day: date) -> list[HoursRow]:
        return [
            row
            for row in self.rows
            if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
        ]


@dataclass(frozen=True)
class Cover:
    """The rota as it is, or as it would be after an edit."""

    calendar: Calendar
    shifts: Mapping[date, tuple[int, ...]]
    away: tuple[Away, ...] = ()


def there(assigned: Collection[int], away: Iterable[Away], day: date) -> tuple[int, ...]:
    """Who of the assigned is really there that day: himself, or whoever covers his leave."""
    leaves = [leave for leave in away if leave.on(day)]
    gone = {leave.staff_id for leave in leaves}
    found: list[int] = []
    for staff_id in assigned:
        covers = [leave.cover_id for leave in leaves if leave.staff_id == staff_id]
        wanted = [staff_id] if staff_id not in gone else covers
        found += [one for one in wanted if one is not None and one not in gone | set(found)]
    return tuple(found)


def uncovered(cover: Cover, today: date, *, ahead: int = AHEAD_DAYS) -> tuple[date, ...]:
    """Open days from today on, `ahead` days in all, on which nobody on duty is there."""
    days = (today + timedelta(days=n) for n in range(ahead))
    return tuple(
        day
        for day in days
        if cover.calendar.hours(day) is not None
        and not there(cover.shifts.get(day, ()), cover.away, day)
    )


def broken_by(before: Cover, after: Cover, today: date) -> tuple[date, ...]:
    """Days that lose their duty clinician by an edit (days without one before do not count)."""
    bare = set(uncovered(before, today))
    return tuple(day for day in uncovered(after, today) if day not in bare)


def words(days: Collection[date], open_risk_tasks: int = 0) -> tuple[str, ...]:
    """What an edit would break, in sentences."""
    said: list[str] = []
    if days:
        shown = ", ".join(f"{day:%a} {day.day} {day:%b}" for day in sorted(days)[:10])
        more = f" and {len(days) - 10} more" if len(days) > 10 else ""
        said.append(f"No duty clinician would be there on {shown}{more}.")
    if open_risk_tasks:
        many = "1 open risk task" if open_risk_tasks == 1 else f"{open_risk_tasks} open risk tasks"
        said.append(f"{many} would go to whoever is at work then. Hand over first if you can.")
    return tuple(said)
