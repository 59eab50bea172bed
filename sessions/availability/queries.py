"""What there is to schedule with, as values, with one question to each table."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, or_, select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.core.access import CLINICAL_ROLES
from mhtr.core.database import db
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


class _OfStaff(Protocol):
    staff_id: Any


_Row = TypeVar("_Row", bound=_OfStaff)


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
    qualified = _by_staff(select(Qualification).where(Qualification.staff_id.in_(ids)))
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
    query = (
        select(Clinician, Staff.name)
        .join(Staff, Staff.id == Clinician.staff_id)
        .where(
            Staff.organisation_id == organisation_id,
            Staff.disabled_at.is_(None),
            Staff.roles.any(StaffRole.role.in_(sorted(CLINICAL_ROLES))),
        )
        .order_by(Staff.sort_name, Staff.id)
    )
    if staff_ids is not None:
        query = query.where(Clinician.staff_id.in_(staff_ids))
    return [(row, name) for row, name in db.session.execute(query)]


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
    query = (
        select(Room, Site)
        .join(Site, Site.id == Room.site_id)
        .where(
            Site.organisation_id == organisation_id,
            _lasts(Room.closed_on, first),
            _lasts(Site.closed_on, first),
        )
        .order_by(Site.name, Room.name, Room.id)
    )
    if room_ids is not None:
        query = query.where(Room.id.in_(room_ids))
    return [(room, site) for room, site in db.session.execute(query)]


def trust_days(organisation_id: int) -> TrustDays:
    """The single days on which a trust is shut, or open in spite of a bank holiday."""
    rows = db.session.scalars(
        select(LocalClosure).where(LocalClosure.organisation_id == organisation_id)
    ).all()
    return TrustDays(
        frozenset(row.day for row in rows if not row.is_open),
        frozenset(row.day for row in rows if row.is_open),
    )


def place_times(organisation_id: int, first: date, last: date) -> dict[int, PlaceTimes]:
    """When each place of a trust can be used, by site id."""
    sites = db.session.scalars(select(Site).where(Site.organisation_id == organisation_id)).all()
    hours: dict[int, list[Weekly]] = defaultdict(list)
    for row in db.session.scalars(
        select(SiteHours)
        .join(Site, Site.id == SiteHours.site_id)
        .where(Site.organisation_id == organisation_id, *_within(SiteHours, first, last))
        .order_by(SiteHours.id)
    ):
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
    weekly = _by_staff(
        select(WeeklyHours)
        .where(WeeklyHours.staff_id.in_(ids), *_within(WeeklyHours, first, last))
        .order_by(WeeklyHours.id)
    )
    dated = _by_staff(
        select(DatedHours)
        .where(DatedHours.staff_id.in_(ids), DatedHours.day.between(first, last))
        .order_by(DatedHours.id)
    )
    leave = _by_staff(
        select(Leave)
        .where(Leave.staff_id.in_(ids), Leave.first_day <= last, Leave.last_day >= first)
        .order_by(Leave.id)
    )
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
    for row in db.session.scalars(
        select(PlaceClosure)
        .join(Site, Site.id == PlaceClosure.site_id)
        .where(
            Site.organisation_id == organisation_id,
            PlaceClosure.first_day <= last,
            PlaceClosure.last_day >= first,
        )
        .order_by(PlaceClosure.id)
    ):
        found[row.site_id, row.room_id].append(DaysRange(row.first_day, row.last_day))
    return found


def _by_staff(query: Select[_Row]) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = defaultdict(list)
    rows: Iterable[_Row] = db.session.scalars(query)
    for row in rows:
        found[row.staff_id].append(row)
    return found


def _within(
    table: type[WeeklyHours] | type[SiteHours], first: date, last: date
) -> tuple[ColumnElement[bool], ...]:
    ends = or_(table.valid_to.is_(None), table.valid_to >= first)
    return table.valid_from <= last, ends


def _lasts(closed_on: Any, first: date) -> ColumnElement[bool]:
    return or_(closed_on.is_(None), closed_on > first)
