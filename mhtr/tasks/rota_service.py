"""The only writer of the duty rota, service hours and local closures. (Leave: `leave_service`.)

All of it belongs to one treating trust, and only those who keep its rota change it.

Every edit is asked what it would break: days ahead that lose their duty clinician. Such an edit
is refused unless it is accepted knowingly.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, time, timedelta

from sqlalchemy import delete, select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.tasks import listeners, rota_queries
from mhtr.tasks.cover_rules import HoursRow
from mhtr.tasks.models import DutyShift, LocalClosure, ServiceHours
from mhtr.tasks.rota_keeping import must_be_clinical, must_keep, must_not_break

LONGEST_FILL = timedelta(days=184)


def set_day(
    *,
    organisation_id: int,
    day: date,
    staff_ids: Collection[int],
    seen: Collection[int],
    by: int,
    accept: bool = False,
) -> None:
    """Say who is on duty on a day.

    Args:
        seen: who was on duty when the page was read.
        accept: save although the day loses its duty clinician.

    Raises:
        Refused: not a keeper of this rota, a past day, or somebody who cannot be on duty.
        WouldBreak: the day would have no duty clinician.
        Stale: somebody else changed the day meanwhile.
    """
    must_keep(organisation_id, by)
    if day < clock.today():
        raise Refused("A day that has passed cannot be changed.")
    before = set(rota_queries.assigned_ids(organisation_id, day))
    if before != set(seen):
        raise Stale(sorted(before))
    wanted = set(staff_ids)
    must_be_clinical(organisation_id, wanted - before)
    cover = rota_queries.cover_ahead(organisation_id)
    after = replace(cover, shifts={**cover.shifts, day: tuple(sorted(wanted))})
    must_not_break(cover, after, accept)
    _write_day(organisation_id, day, before, wanted, by)


def _write_day(
    organisation_id: int, day: date, before: set[int], wanted: set[int], by: int
) -> None:
    db.session.execute(
        delete(DutyShift).where(
            DutyShift.organisation_id == organisation_id,
            DutyShift.day == day,
            DutyShift.staff_id.in_(before - wanted),
        )
    )
    for staff_id in sorted(wanted - before):
        _put_on_duty(organisation_id, day, staff_id, by)
    audit.record(
        "rota.day_set",
        by=by,
        day=day.isoformat(),
        added=sorted(wanted - before),
        removed=sorted(before - wanted),
    )


def fill(
    *,
    organisation_id: int,
    staff_id: int,
    first: date,
    last: date,
    weekdays: Collection[int],
    by: int,
) -> int:
    """Put somebody on duty on the open days of a range; days he is away are left out.

    Returns how many days were added.

    Raises:
        Refused: not a keeper of this rota, an impossible range, or he cannot be on duty.
    """
    must_keep(organisation_id, by)
    if not clock.today() <= first <= last:
        raise Refused("Choose a range that begins today or later and ends after it begins.")
    if last - first > LONGEST_FILL:
        raise Refused("Fill at most six months at once.")
    must_be_clinical(organisation_id, {staff_id})
    cover = rota_queries.cover(organisation_id, first, last)
    added = 0
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        away = any(leave.staff_id == staff_id and leave.on(day) for leave in cover.away)
        known = staff_id in cover.shifts.get(day, ())
        if day.weekday() in weekdays and cover.calendar.hours(day) and not away and not known:
            _put_on_duty(organisation_id, day, staff_id, by)
            added += 1
    audit.record(
        "rota.filled",
        by=by,
        staff=staff_id,
        first=first.isoformat(),
        last=last.isoformat(),
        days=added,
    )
    return added


def _put_on_duty(organisation_id: int, day: date, staff_id: int, by: int) -> None:
    db.session.add(
        DutyShift(organisation_id=organisation_id, day=day, staff_id=staff_id, made_by=by)
    )


def set_hours(
    *,
    organisation_id: int,
    valid_from: date,
    hours: Mapping[int, tuple[time, time]],
    by: int,
    accept: bool = False,
) -> None:
    """Set a trust's service hours of the week from a day on; a weekday left out is closed.

    Hours planned for that day or later are replaced.

    Raises:
        Refused: not a keeper, a day in the past, no open day at all, or closing before opening.
        WouldBreak: days would be open without a duty clinician.
    """
    must_keep(organisation_id, by)
    if valid_from < clock.today():
        raise Refused("Service hours cannot change in the past.")
    if not hours:
        raise Refused("The service must be open on at least one day of the week.")
    if any(opens >= closes for opens, closes in hours.values()):
        raise Refused("The service must open before it closes.")
    cover = rota_queries.cover_ahead(organisation_id)
    made = tuple(HoursRow(d, o, c, valid_from) for d, (o, c) in sorted(hours.items()))
    kept = tuple(
        replace(row, valid_to=min(row.valid_to or date.max, valid_from - timedelta(days=1)))
        for row in cover.calendar.rows
        if row.valid_from < valid_from
    )
    after = replace(cover, calendar=replace(cover.calendar, rows=(*kept, *made)))
    must_not_break(cover, after, accept)
    _write_hours(organisation_id, hours, valid_from)
    audit.record("rota.hours_set", by=by, valid_from=valid_from.isoformat())


def _write_hours(
    organisation_id: int, hours: Mapping[int, tuple[time, time]], valid_from: date
) -> None:
    own = ServiceHours.organisation_id == organisation_id
    db.session.execute(delete(ServiceHours).where(own, ServiceHours.valid_from >= valid_from))
    for row in db.session.scalars(select(ServiceHours).where(own)):
        if row.valid_to is None or row.valid_to >= valid_from:
            row.valid_to = valid_from - timedelta(days=1)
    for weekday, (opens, closes) in sorted(hours.items()):
        db.session.add(
            ServiceHours(
                organisation_id=organisation_id,
                weekday=weekday,
                opens=opens,
                closes=closes,
                valid_from=valid_from,
            )
        )


def set_closure(
    *, organisation_id: int, day: date, is_open: bool, label: str, by: int, accept: bool = False
) -> None:
    """Say that a trust's service is closed on a day, or open in spite of a weekend or bank holiday.

    Raises:
        Refused: not a keeper, or a day in the past.
        WouldBreak: the day would be open without a duty clinician, or sessions are booked on it.
    """
    must_keep(organisation_id, by)
    if day < clock.today():
        raise Refused("A day that has passed cannot be changed.")
    cover = rota_queries.cover_ahead(organisation_id)
    calendar = cover.calendar
    after = replace(
        calendar,
        closed=calendar.closed - {day} if is_open else calendar.closed | {day},
        opened=calendar.opened | {day} if is_open else calendar.opened - {day},
    )
    more = () if is_open else listeners.broken_by(organisation_id, None, day, day)
    must_not_break(cover, replace(cover, calendar=after), accept, more=more)
    row = _closure(organisation_id, day)
    if row is None:
        db.session.add(
            LocalClosure(organisation_id=organisation_id, day=day, is_open=is_open, label=label)
        )
    else:
        row.is_open, row.label = is_open, label
    audit.record("rota.closure_set", by=by, day=day.isoformat(), open=is_open)


def remove_closure(*, organisation_id: int, day: date, by: int) -> None:
    """Let a day follow the rule again."""
    must_keep(organisation_id, by)
    row = _closure(organisation_id, day)
    if row is not None:
        db.session.delete(row)
    audit.record("rota.closure_removed", by=by, day=day.isoformat())


def _closure(organisation_id: int, day: date) -> LocalClosure | None:
    query = select(LocalClosure).where(
        LocalClosure.organisation_id == organisation_id, LocalClosure.day == day
    )
    return db.session.scalars(query).one_or_none()
