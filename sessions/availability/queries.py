"""What there is to schedule with, as values, with one question to each table."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, or_, select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.core.access import CLINICAL_ROLES
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.tasks.models import Leave, LocalClosure
from sessions.availability.limits_queries import man_limits as man_limits
from sessions.availability.models import (
    Clinician,
    DatedHours,
    PlaceClosure,
    Qualification,
    Room,
    Site,
    SiteHours,
    WeeklyHours,
)
from sessions.availability.open_rules import (
    Dated,
    DaysRange,
    PlaceTimes,
    TrustDays,
    Weekly,
    Working,
    clinician_open,
    room_open,
)
from sessions.availability.shapes import ClinicianOpen, RoomOpen

_IN_TRUST = Site.organisation_id == bindparam("trust")
_FIRST, _LAST = bindparam("first", type_=Date()), bindparam("last", type_=Date())


def _of_staff(column: Any) -> ColumnElement[bool]:
    within: ColumnElement[bool] = column.in_(bindparam("staff", expanding=True))
    return within


def _within(table: type[WeeklyHours] | type[SiteHours]) -> ColumnElement[bool]:
    ends = or_(table.valid_to.is_(None), table.valid_to >= _FIRST)
    return and_(table.valid_from <= _LAST, ends)


def _lasts(closed_on: Any) -> ColumnElement[bool]:
    return or_(closed_on.is_(None), closed_on > _FIRST)


_PROFILES = (
    select(Clinician, Staff.name)
    .join(Staff, Staff.id == Clinician.staff_id)
    .where(
        Staff.organisation_id == bindparam("trust"),
        Staff.disabled_at.is_(None),
        Staff.roles.any(StaffRole.role.in_(sorted(CLINICAL_ROLES))),
    )
    .order_by(Staff.sort_name, Staff.id)
)
_PROFILES_OF = _PROFILES.where(_of_staff(Clinician.staff_id))
_ROOMS = (
    select(Room, Site)
    .join(Site, Site.id == Room.site_id)
    .where(_IN_TRUST, _lasts(Room.closed_on), _lasts(Site.closed_on))
    .order_by(Site.name, Room.name, Room.id)
)
_ROOMS_OF = _ROOMS.where(Room.id.in_(bindparam("rooms", expanding=True)))
_QUALIFIED = Prepared(
    select(Qualification.staff_id, Qualification.therapy, Qualification.groups).where(
        _of_staff(Qualification.staff_id)
    )
)
_SHUT = Prepared(
    select(LocalClosure.day, LocalClosure.is_open).where(
        LocalClosure.organisation_id == bindparam("trust")
    )
)
_SITES = Prepared(select(Site.id, Site.closed_on).where(_IN_TRUST))
_SITE_HOURS = Prepared(
    select(
        SiteHours.site_id,
        SiteHours.weekday,
        SiteHours.opens,
        SiteHours.closes,
        SiteHours.valid_from,
        SiteHours.valid_to,
    )
    .join(Site, Site.id == SiteHours.site_id)
    .where(_IN_TRUST, _within(SiteHours))
    .order_by(SiteHours.id)
)
_CLOSURES = Prepared(
    select(
        PlaceClosure.site_id, PlaceClosure.room_id, PlaceClosure.first_day, PlaceClosure.last_day
    )
    .join(Site, Site.id == PlaceClosure.site_id)
    .where(_IN_TRUST, PlaceClosure.first_day <= _LAST, PlaceClosure.last_day >= _FIRST)
    .order_by(PlaceClosure.id)
)
_WEEKLY = Prepared(
    select(
        WeeklyHours.staff_id,
        WeeklyHours.weekday,
        WeeklyHours.starts,
        WeeklyHours.ends,
        WeeklyHours.valid_from,
        WeeklyHours.valid_to,
        WeeklyHours.use,
        WeeklyHours.site_id,
        WeeklyHours.every,
    )
    .where(_of_staff(WeeklyHours.staff_id), _within(WeeklyHours))
    .order_by(WeeklyHours.id)
)
_DATED = Prepared(
    select(
        DatedHours.staff_id,
        DatedHours.day,
        DatedHours.starts,
        DatedHours.ends,
        DatedHours.use,
        DatedHours.site_id,
    )
    .where(_of_staff(DatedHours.staff_id), DatedHours.day.between(_FIRST, _LAST))
    .order_by(DatedHours.id)
)
_LEAVE = Prepared(
    select(Leave.staff_id, Leave.first_day, Leave.last_day)
    .where(_of_staff(Leave.staff_id), Leave.first_day <= _LAST, Leave.last_day >= _FIRST)
    .order_by(Leave.id)
)


def clinicians_open(
    organisation_id: int, first: date, last: date, *, staff_ids: Collection[int] | None = None
) -> dict[int, ClinicianOpen]:
    """Clinicians of a trust as they can be booked on these days (both included), by staff id.

    Those whose profile is not kept, or who cannot sign in, are left out.

    Args:
        staff_ids: only these; None for everybody.
    """
    found = profiles(organisation_id, staff_ids)
    ids = [row.staff_id for row, _ in found]
    qualified = _by_staff(_QUALIFIED, staff=ids)
    working = _working(ids, first, last)
    places, days = place_times(organisation_id, first, last), trust_days(organisation_id)
    return {
        row.staff_id: ClinicianOpen(
            staff_id=row.staff_id,
            name=name,
            gender=row.gender,
            therapies=frozenset(one.therapy for one in qualified[row.staff_id]),
            leads_groups=frozenset(one.therapy for one in qualified[row.staff_id] if one.groups),
            daily_most=row.daily_most,
            buffer_minutes=row.buffer_minutes,
            telephone=row.telephone,
            video=row.video,
            open=clinician_open(working[row.staff_id], places, days, first, last),
        )
        for row, name in found
    }


def profiles(
    organisation_id: int, staff_ids: Collection[int] | None = None
) -> list[tuple[Clinician, str]]:
    """Who can be booked, with the name: clinical staff who can sign in and whose profile is kept.

    Args:
        staff_ids: only these; None for everybody.
    """
    query = _PROFILES if staff_ids is None else _PROFILES_OF
    given = {"trust": organisation_id, "staff": list(staff_ids or ())}
    return [(row, name) for row, name in db.session.execute(query, given)]


def rooms_open(
    organisation_id: int, first: date, last: date, *, room_ids: Collection[int] | None = None
) -> dict[int, RoomOpen]:
    """Rooms of a trust as they can be booked on these days (both included), by room id.

    A room that is closed for good by the first day is left out.

    Args:
        room_ids: only these; None for every room.
    """
    rows = _rooms(organisation_id, first, room_ids)
    places, days = place_times(organisation_id, first, last), trust_days(organisation_id)
    closures = _closures(organisation_id, first, last)
    return {
        room.id: RoomOpen(
            room_id=room.id,
            site_id=site.id,
            name=room.name,
            site_name=site.name,
            capacity=room.capacity,
            step_free=room.step_free and site.step_free,
            open=room_open(
                places[site.id],
                PlaceTimes((), tuple(closures[site.id, room.id]), room.closed_on),
                days,
                first,
                last,
            ),
        )
        for room, site in rows
    }


def _rooms(
    organisation_id: int, first: date, room_ids: Collection[int] | None
) -> list[tuple[Room, Site]]:
    query = _ROOMS if room_ids is None else _ROOMS_OF
    given = {"trust": organisation_id, "first": first, "rooms": list(room_ids or ())}
    return [(room, site) for room, site in db.session.execute(query, given)]


def trust_days(organisation_id: int) -> TrustDays:
    """The single days on which a trust is shut, or open in spite of a bank holiday."""
    rows = _SHUT.all({"trust": organisation_id})
    return TrustDays(
        frozenset(row.day for row in rows if not row.is_open),
        frozenset(row.day for row in rows if row.is_open),
    )


def place_times(organisation_id: int, first: date, last: date) -> dict[int, PlaceTimes]:
    """When each place of a trust can be used, by site id."""
    sites = _SITES.all({"trust": organisation_id})
    hours: dict[int, list[Weekly]] = defaultdict(list)
    for row in _SITE_HOURS.all({"trust": organisation_id, "first": first, "last": last}):
        days = DaysRange(row.valid_from, row.valid_to)
        hours[row.site_id].append(Weekly(row.weekday, row.opens, row.closes, days))
    closures = _closures(organisation_id, first, last)
    return {
        site.id: PlaceTimes(tuple(hours[site.id]), tuple(closures[site.id, None]), site.closed_on)
        for site in sites
    }


def weekly_of(row: WeeklyHours) -> Weekly:
    """A stored stretch of a clinician's week as the rules read it."""
    days = DaysRange(row.valid_from, row.valid_to)
    return Weekly(row.weekday, row.starts, row.ends, days, row.use, row.site_id, row.every)


def dated_of(row: DatedHours) -> Dated:
    """A stored one-off change as the rules read it."""
    return Dated(row.day, row.starts, row.ends, row.use, row.site_id)


def _working(ids: Collection[int], first: date, last: date) -> dict[int, Working]:
    weekly = _by_staff(_WEEKLY, staff=ids, first=first, last=last)
    dated = _by_staff(_DATED, staff=ids, first=first, last=last)
    leave = _by_staff(_LEAVE, staff=ids, first=first, last=last)
    return {
        one: Working(
            tuple(weekly_of(row) for row in weekly[one]),
            tuple(dated_of(row) for row in dated[one]),
            tuple(DaysRange(row.first_day, row.last_day) for row in leave[one]),
        )
        for one in ids
    }


def _closures(
    organisation_id: int, first: date, last: date
) -> dict[tuple[int, int | None], list[DaysRange]]:
    found: dict[tuple[int, int | None], list[DaysRange]] = defaultdict(list)
    for row in _CLOSURES.all({"trust": organisation_id, "first": first, "last": last}):
        found[row.site_id, row.room_id].append(DaysRange(row.first_day, row.last_day))
    return found


def _by_staff(query: Prepared, **given: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in query.all(given) if given["staff"] else ():
        found[row.staff_id].append(row)
    return found
