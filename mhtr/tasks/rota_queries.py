"""Reading the duty rota: who is on duty, when the service is open, who is away."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import bindparam, func, select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES
from mhtr.core.database import db
from mhtr.core.name_order import sort_words
from mhtr.core.policy import values
from mhtr.core.prepared import Prepared
from mhtr.tasks import cover_rules
from mhtr.tasks.cover_rules import AHEAD_DAYS, Away, Calendar, Cover, HoursRow
from mhtr.tasks.models import (
    DutyShift,
    Leave,
    LocalClosure,
    ServiceHours,
    Task,
    TaskKind,
    TaskState,
)
from mhtr.tasks.policy import DEFAULT_CLOSES, DEFAULT_OPENS

_CLINICIANS = (
    select(Staff)
    .where(
        Staff.organisation_id == bindparam("trust"),
        Staff.disabled_at.is_(None),
        Staff.roles.any(StaffRole.role.in_(sorted(CLINICAL_ROLES))),
    )
    .order_by(Staff.sort_name, Staff.id)
)
_ANY_HOURS = Prepared(
    select(ServiceHours.id).where(ServiceHours.organisation_id == bindparam("trust")).limit(1)
)


@dataclass(frozen=True)
class Day:
    """One day of the rota, with names."""

    day: date
    hours: tuple[time, time] | None
    assigned: tuple[str, ...]
    there: tuple[str, ...]
    away: tuple[str, ...]

    @property
    def bare(self) -> bool:
        """Open, and nobody on duty is there."""
        return self.hours is not None and not self.there


def clinicians(organisation_id: int) -> list[Staff]:
    """Who can be on duty: clinical staff of the organisation who can sign in, by name."""
    return list(db.session.scalars(_CLINICIANS, {"trust": organisation_id}))


def colleagues(organisation_id: int) -> list[Staff]:
    """Everybody of the organisation who can sign in, by name."""
    return list(
        db.session.scalars(
            select(Staff)
            .where(Staff.organisation_id == organisation_id, Staff.disabled_at.is_(None))
            .order_by(Staff.sort_name, Staff.id)
        )
    )


def everybody(organisation_id: int) -> list[Staff]:
    """Everybody who ever worked for the organisation, for names of past entries."""
    return list(db.session.scalars(select(Staff).where(Staff.organisation_id == organisation_id)))


def calendar(organisation_id: int, first: date, last: date) -> Calendar:
    """A trust's service hours and single days that differ, for a range of days.

    Until the first day from which it has set hours, those of the policy hold.
    """
    days = db.session.scalars(
        select(LocalClosure).where(
            LocalClosure.organisation_id == organisation_id, LocalClosure.day.between(first, last)
        )
    ).all()
    return Calendar(
        _hours(organisation_id, first, last),
        frozenset(row.day for row in days if not row.is_open),
        frozenset(row.day for row in days if row.is_open),
    )


def _hours(organisation_id: int, first: date, last: date) -> tuple[HoursRow, ...]:
    found = [
        HoursRow(row.weekday, row.opens, row.closes, row.valid_from, row.valid_to)
        for row in _hours_of(organisation_id)
    ]
    rows = tuple(row for row in found if row.valid_from <= last)
    first_set = found[0].valid_from if found else None
    if first_set is not None and first_set <= first:
        return rows
    hour = values(DEFAULT_OPENS, DEFAULT_CLOSES)
    opens, closes = (time(int(hour[name])) for name in ("default_opens", "default_closes"))
    return cover_rules.with_default(rows, first_set, opens, closes)


def _hours_of(organisation_id: int) -> list[ServiceHours]:
    return list(
        db.session.scalars(
            select(ServiceHours)
            .where(ServiceHours.organisation_id == organisation_id)
            .order_by(ServiceHours.valid_from, ServiceHours.weekday, ServiceHours.id)
        )
    )


def hours_missing(organisation_id: int) -> bool:
    """Whether a trust has never set its service hours, so that those of the policy hold."""
    return _ANY_HOURS.first({"trust": organisation_id}) is None


def cover(organisation_id: int, first: date, last: date) -> Cover:
    """The rota of an organisation over a range of days, as the rules read it.

    Only people who can sign in count: a disabled account covers nothing.
    """
    live = {one.id for one in colleagues(organisation_id)}
    shifts: dict[date, tuple[int, ...]] = defaultdict(tuple)
    for day, staff_id in db.session.execute(
        select(DutyShift.day, DutyShift.staff_id)
        .where(
            DutyShift.organisation_id == organisation_id,
            DutyShift.day.between(first, last),
            DutyShift.staff_id.in_(live),
        )
        .order_by(DutyShift.day, DutyShift.id)
    ):
        shifts[day] += (staff_id,)
    leaves = db.session.scalars(
        select(Leave)
        .where(Leave.first_day <= last, Leave.last_day >= first, Leave.staff_id.in_(live))
        .order_by(Leave.first_day, Leave.id)
    )
    away = tuple(
        Away(
            row.staff_id,
            row.first_day,
            row.last_day,
            row.cover_staff_id if row.cover_staff_id in live else None,
        )
        for row in leaves
    )
    return Cover(calendar(organisation_id, first, last), dict(shifts), away)


def cover_ahead(organisation_id: int) -> Cover:
    """The rota from today over the days that an edit is checked for."""
    today = clock.today()
    return cover(organisation_id, today, today + timedelta(days=AHEAD_DAYS))


def cover_on(organisation_id: int, day: date) -> Day:
    """Who is on duty on a day, and who of them is there."""
    return days_of(organisation_id, day, day)[0]


def days_of(organisation_id: int, first: date, last: date) -> list[Day]:
    """Every day of a range, with names."""
    found = cover(organisation_id, first, last)
    names = {
        staff_id: name
        for staff_id, name in db.session.execute(
            select(Staff.id, Staff.name).where(Staff.organisation_id == organisation_id)
        )
    }
    made = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        assigned = found.shifts.get(day, ())
        present = cover_rules.there(assigned, found.away, day)
        away = {names[leave.staff_id] for leave in found.away if leave.on(day)}
        made.append(
            Day(
                day,
                found.calendar.hours(day),
                tuple(names[one] for one in assigned),
                tuple(names[one] for one in present),
                tuple(sorted(away, key=sort_words)),
            )
        )
    return made


def weeks_of(organisation_id: int, month: date) -> list[list[Day]]:
    """The whole weeks, Monday first, that hold a month."""
    first = month.replace(day=1)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    first -= timedelta(days=first.weekday())
    last += timedelta(days=6 - last.weekday())
    days = days_of(organisation_id, first, last)
    return [days[n : n + 7] for n in range(0, len(days), 7)]


def bare_days(organisation_id: int) -> tuple[date, ...]:
    """Open days ahead on which nobody on duty is there."""
    return cover_rules.uncovered(cover_ahead(organisation_id), clock.today())


def assigned_ids(organisation_id: int, day: date) -> tuple[int, ...]:
    """Staff ids on duty on a day, in order of id."""
    query = (
        select(DutyShift.staff_id)
        .join(Staff, Staff.id == DutyShift.staff_id)
        .where(
            DutyShift.organisation_id == organisation_id,
            Staff.organisation_id == organisation_id,
            DutyShift.day == day,
        )
    )
    return tuple(sorted(db.session.scalars(query)))


def open_risk_tasks(staff_id: int) -> int:
    """How many open risk tasks a member of staff owns."""
    query = select(func.count(Task.id)).where(
        Task.kind == TaskKind.RISK_REVIEW,
        Task.state == TaskState.OPEN,
        Task.owner_staff_id == staff_id,
    )
    return db.session.scalar(query) or 0


def hours_rows(organisation_id: int, day: date) -> list[ServiceHours]:
    """A trust's service hours in force on a day or later, by date and weekday."""
    rows = _hours_of(organisation_id)
    return [row for row in rows if row.valid_to is None or row.valid_to >= day]


def closures(organisation_id: int, day: date) -> list[LocalClosure]:
    """A trust's single days from a day on that differ from the rule."""
    query = (
        select(LocalClosure)
        .where(LocalClosure.organisation_id == organisation_id, LocalClosure.day >= day)
        .order_by(LocalClosure.day)
    )
    return list(db.session.scalars(query))


def leaves(organisation_id: int, day: date, *, staff_id: int | None = None) -> list[Leave]:
    """Leave of an organisation's staff (or one's own) that has not ended before a day."""
    query = (
        select(Leave)
        .join(Staff, Staff.id == Leave.staff_id)
        .where(Staff.organisation_id == organisation_id, Leave.last_day >= day)
        .order_by(Leave.first_day, Leave.id)
    )
    if staff_id is not None:
        query = query.where(Leave.staff_id == staff_id)
    return list(db.session.scalars(query))
