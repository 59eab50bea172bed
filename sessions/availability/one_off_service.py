"""The only writer of one-off changes of a clinician's hours. His own, he may enter himself."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from sessions.availability.breaking import weighed
from sessions.availability.hours_keeping import PAST, Stretch, check, locked, place_of, touched
from sessions.availability.models import DatedHours
from sessions.availability.week_rules import TOO_FAR, too_far


def add_dated(
    *,
    staff_id: int,
    day: date,
    stretch: Stretch,
    version: int,
    by: int,
    accepted: Collection[uuid.UUID] = (),
) -> DatedHours:
    """A one-off change on one day: by whoever keeps his hours, or the clinician himself.

    Raises:
        Refused: neither, a day that has passed, times that do not fit, or there is one then.
        Stale: somebody changed his hours meanwhile.
        WouldBreak: booked sessions lie in the time that is taken out.
    """
    staff, profile = locked(staff_id, version, by, own=True)
    profile.version += 1
    if day < clock.today():
        raise Refused(PAST)
    if too_far(clock.today(), day):
        raise Refused(TOO_FAR)
    check(staff, stretch)
    for other in db.session.scalars(
        select(DatedHours).where(DatedHours.staff_id == staff_id, DatedHours.day == day)
    ):
        if stretch.starts < other.ends and other.starts < stretch.ends:
            raise Refused("There is a one-off change at that time already. Take it back first.")
    with weighed(touched(staff), accepted):
        row = DatedHours(
            staff_id=staff_id,
            day=day,
            starts=stretch.starts,
            ends=stretch.ends,
            use=stretch.use,
            site_id=place_of(stretch),
        )
        db.session.add(row)
    audit.record("hours.one_off_added", by=by, staff=staff_id, one_off=row.id)
    return row


def take_back_dated(
    *, change_id: int, version: int, by: int, accepted: Collection[uuid.UUID] = ()
) -> None:
    """A one-off change does not take place after all.

    Raises:
        Refused: neither a keeper nor his own, or the day has passed.
        Stale: somebody changed his hours meanwhile.
        WouldBreak: booked sessions lie in hours that were added.
    """
    must_be_writing()
    row = db.session.get(DatedHours, change_id)
    if row is None:
        raise NotFound
    staff, profile = locked(row.staff_id, version, by, own=True)
    if row.day < clock.today():
        raise Refused("The day has passed: it stays on record.")
    profile.version += 1
    audit.record("hours.one_off_taken_back", by=by, staff=staff.id, one_off=row.id)
    with weighed(touched(staff), accepted):
        db.session.delete(row)
