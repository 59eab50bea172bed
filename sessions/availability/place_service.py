"""The only writer of places, their hours, rooms and closures."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import must_be_writing
from sessions.availability import keeping
from sessions.availability.breaking import Touched, weighed
from sessions.availability.kinds import SiteKind
from sessions.availability.models import Room, Site, SiteHours
from sessions.availability.week_rules import TOO_FAR, too_far

PAST = "This cannot change in the past: choose today or a later day."
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SiteSaid:
    """What is said of a place."""

    name: str
    kind: SiteKind
    address: str
    postcode: str = ""
    directions: str = ""
    step_free: bool = False
    closed_on: date | None = None


@dataclass(frozen=True)
class RoomSaid:
    """What is said of a room."""

    name: str
    capacity: int
    step_free: bool = False
    closed_on: date | None = None


def add_site(*, organisation_id: int, said: SiteSaid, by: int) -> Site:
    """A new place of a trust.

    Raises:
        Refused: not a keeper, the trust has a place of this name, or nothing is said of it.
    """
    keeping.must_keep(organisation_id, by)
    _check_site(said, organisation_id)
    _check_closed_on(said.closed_on, None)
    row = Site(organisation_id=organisation_id, **_site(said))
    db.session.add(row)
    db.session.flush()
    audit.record("places.added", by=by, site=row.id)
    return row


def change_site(
    *, site_id: int, said: SiteSaid, version: int, by: int, accepted: Collection[uuid.UUID] = ()
) -> None:
    """What is said of a place changes, or it is not used any more from a day on.

    Raises:
        Refused: not a keeper, a name that is taken, or a day that has passed.
        Stale: somebody changed the place meanwhile.
        WouldBreak: booked sessions could not be held there any more.
    """
    row = _locked(site_id, version, by)
    _check_site(said, row.organisation_id, besides=row.id)
    _check_closed_on(said.closed_on, row.closed_on)
    with weighed(touched_by(row), accepted):
        for name, value in _site(said).items():
            setattr(row, name, value)
        row.version += 1
    audit.record("places.changed", by=by, site=row.id)


def set_hours(
    *,
    site_id: int,
    valid_from: date,
    hours: Mapping[int, tuple[time, time]],
    version: int,
    by: int,
    accepted: Collection[uuid.UUID] = (),
) -> None:
    """When a place is open from a day on; a weekday (0 Monday) left out is closed.

    Hours that were planned for that day or later are replaced; earlier ones stay on record.

    Raises:
        Refused: not a keeper, a day that has passed, no open day, or closing before opening.
        Stale: somebody changed the place meanwhile.
        WouldBreak: booked sessions would lie outside the hours.
    """
    row = _locked(site_id, version, by)
    if valid_from < clock.today():
        raise Refused(PAST)
    if too_far(clock.today(), valid_from):
        raise Refused(TOO_FAR)
    if not hours:
        raise Refused("Enter the hours of at least one day, or close the place instead.")
    if any(opens >= closes for opens, closes in hours.values()):
        raise Refused("Each day must open before it closes.")
    with weighed(touched_by(row), accepted):
        _replace_hours(site_id, valid_from, hours)
        row.version += 1
    audit.record("places.hours_set", by=by, site=row.id)


def add_room(*, site_id: int, said: RoomSaid, by: int) -> Room:
    """A new room of a place.

    Raises:
        Refused: not a keeper, or the place has a room of this name.
    """
    site = keeping.lock_site(site_id, by)
    _check_room(said, site_id)
    _check_closed_on(said.closed_on, None)
    row = Room(site_id=site.id, **_room(said))
    db.session.add(row)
    db.session.flush()
    audit.record("places.room_added", by=by, site=site.id, room=row.id)
    return row


def change_room(
    *, room_id: int, said: RoomSaid, version: int, by: int, accepted: Collection[uuid.UUID] = ()
) -> None:
    """What is said of a room changes, or it is not used any more from a day on.

    Raises:
        Refused: not a keeper, a name that is taken, or a day that has passed.
        Stale: somebody changed the room meanwhile.
        WouldBreak: booked sessions could not be held in it any more.
    """
    must_be_writing()
    row = db.session.get(Room, room_id)
    if row is None:
        raise NotFound
    site = keeping.lock_site(row.site_id, by)
    # Read again: it was found before its place was locked.
    db.session.refresh(row)
    if row.version != version:
        raise Stale(row)
    _check_room(said, site.id, besides=row.id)
    _check_closed_on(said.closed_on, row.closed_on)
    with weighed(touched_by(site), accepted):
        for name, value in _room(said).items():
            setattr(row, name, value)
        row.version += 1
    audit.record("places.room_changed", by=by, site=site.id, room=row.id)


def _replace_hours(site_id: int, valid_from: date, hours: Mapping[int, tuple[time, time]]) -> None:
    for row in db.session.scalars(select(SiteHours).where(SiteHours.site_id == site_id)).all():
        if row.valid_from >= valid_from:
            db.session.delete(row)
        elif row.valid_to is None or row.valid_to >= valid_from:
            row.valid_to = valid_from - _DAY
    db.session.add_all(
        SiteHours(site_id=site_id, weekday=day, opens=opens, closes=closes, valid_from=valid_from)
        for day, (opens, closes) in sorted(hours.items())
    )


def _locked(site_id: int, version: int, by: int) -> Site:
    row = keeping.lock_site(site_id, by)
    if row.version != version:
        raise Stale(row)
    return row


def touched_by(site: Site) -> Touched:
    """What a change of this place may touch."""
    return Touched(site_ids=frozenset({site.id}))


def _check_site(said: SiteSaid, organisation_id: int, *, besides: int = 0) -> None:
    if not said.name.strip() or not said.address.strip():
        raise Refused("Give the name and the address of the place.")
    same = select(Site.id).where(
        Site.organisation_id == organisation_id, Site.name == said.name.strip(), Site.id != besides
    )
    if db.session.scalar(same) is not None:
        raise Refused("There is a place of this name already.")


def _check_room(said: RoomSaid, site_id: int, *, besides: int = 0) -> None:
    if not said.name.strip() or not 1 <= said.capacity <= 60:
        raise Refused("Give the name of the room, and for how many people it is (1 to 60).")
    same = select(Room.id).where(
        Room.site_id == site_id, Room.name == said.name.strip(), Room.id != besides
    )
    if db.session.scalar(same) is not None:
        raise Refused("This place has a room of this name already.")


def _check_closed_on(day: date | None, before: date | None) -> None:
    if day is not None and day != before and day < clock.today():
        raise Refused(PAST)


def _site(said: SiteSaid) -> dict[str, object]:
    return {
        "name": said.name.strip(),
        "kind": said.kind,
        "address": said.address.strip(),
        "postcode": said.postcode.strip(),
        "directions": said.directions.strip(),
        "step_free": said.step_free,
        "closed_on": said.closed_on,
    }


def _room(said: RoomSaid) -> dict[str, object]:
    return {
        "name": said.name.strip(),
        "capacity": said.capacity,
        "step_free": said.step_free,
        "closed_on": said.closed_on,
    }
