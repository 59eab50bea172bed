"""Days on which a place of a trust, or one of its rooms, cannot be used."""

import uuid
from collections.abc import Collection
from datetime import date, timedelta

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from sessions.availability import keeping
from sessions.availability.breaking import weighed
from sessions.availability.models import PlaceClosure, Room
from sessions.availability.place_service import PAST, touched_by
from sessions.availability.week_rules import TOO_FAR, too_far

LONGEST_CLOSURE = timedelta(days=366)
_DAY = timedelta(days=1)


def add_closure(
    *,
    site_id: int,
    room_id: int | None,
    first: date,
    last: date,
    label: str,
    by: int,
    accepted: Collection[uuid.UUID] = (),
) -> PlaceClosure:
    """Days on which a place, or one of its rooms, cannot be used.

    Raises:
        Refused: not a keeper, no such room there, or the days do not fit.
        WouldBreak: sessions are booked there on these days.
    """
    site = keeping.lock_site(site_id, by)
    room = db.session.get(Room, room_id) if room_id is not None else None
    if room_id is not None and (room is None or room.site_id != site_id):
        raise Refused("Select a room of this place.")
    if not first <= last or last - first > LONGEST_CLOSURE:
        raise Refused("The last day lies on or after the first, and within a year of it.")
    if last < clock.today():
        raise Refused(PAST)
    if too_far(clock.today(), last):
        raise Refused(TOO_FAR)
    if not label.strip():
        raise Refused("Say why it cannot be used.")
    with weighed(touched_by(site), accepted):
        row = PlaceClosure(
            site_id=site_id,
            room_id=room_id,
            first_day=first,
            last_day=last,
            label=label.strip(),
            made_by=by,
        )
        db.session.add(row)
    audit.record("places.closure_added", by=by, site=site.id, closure=row.id)
    return row


def end_closure(*, closure_id: int, by: int) -> None:
    """It can be used again from today; one that has not begun is taken off the record.

    Raises:
        Refused: not a keeper, or it is over.
    """
    must_be_writing()
    row = db.session.get(PlaceClosure, closure_id)
    if row is None:
        raise NotFound
    keeping.lock_site(row.site_id, by)
    # Read again: it was found before its place was locked, and may be gone.
    row = db.session.get(PlaceClosure, closure_id, populate_existing=True)
    today = clock.today()
    if row is None or row.last_day < today:
        raise Refused("It is over already.")
    audit.record("places.closure_ended", by=by, site=row.site_id, closure=row.id)
    if row.first_day >= today:
        db.session.delete(row)
    else:
        row.last_day = today - _DAY
