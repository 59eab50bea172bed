"""A time with clinician, way and room as one word: what links and forms of these pages carry.

It holds public references only, and nothing is believed because of it: the service checks all.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from sessions.availability.models import Room, Site
from sessions.availability.shapes import Span
from sessions.booking.shapes import Place
from sessions.therapies import SessionMode

_TOKEN = re.compile(
    r"(?P<at>\d{8}T\d{4})-(?P<minutes>\d{1,3})-(?P<mode>[a-z_]{1,12})"
    r"-(?P<staff>[0-9a-f]{32})-(?P<room>[0-9a-f]{32}|0)"
)
_WANTED: Any = bindparam("wanted", expanding=True)
_STAFF = Prepared(select(Staff.id, Staff.ref).where(Staff.id.in_(_WANTED)))
_ROOMS = Prepared(select(Room.id, Room.ref).where(Room.id.in_(_WANTED)))
_AT = "%Y%m%dT%H%M"
LONGEST = 4 * 60


@dataclass(frozen=True)
class Refs:
    """Public references of clinicians and rooms, by key."""

    staff: Mapping[int, uuid.UUID]
    rooms: Mapping[int, uuid.UUID]

    def token(self, place: Place) -> str:
        """The word for a place and time."""
        span = place.span
        minutes = int((span.ends_at - span.starts_at).total_seconds() // 60)
        room = self.rooms[place.room_id].hex if place.room_id is not None else "0"
        starts = span.starts_at.astimezone(UTC)
        staff = self.staff[place.clinician_id].hex
        return f"{starts:{_AT}}-{minutes}-{place.mode.value}-{staff}-{room}"


def refs_of(staff_ids: Iterable[int], room_ids: Iterable[int]) -> Refs:
    """References of these clinicians and rooms."""
    staff, rooms = set(staff_ids), set(room_ids)
    return Refs(
        dict(_STAFF.all({"wanted": staff})) if staff else {},
        dict(_ROOMS.all({"wanted": rooms})) if rooms else {},
    )


def place_from(token: str, organisation_id: int) -> Place | None:
    """The place and time of a word; None where it is none, or not of this trust."""
    found = _TOKEN.fullmatch(token)
    if found is None or found["mode"] not in set(SessionMode):
        return None
    minutes = int(found["minutes"])
    staff_id = db.session.scalars(
        select(Staff.id).where(
            Staff.ref == uuid.UUID(found["staff"]), Staff.organisation_id == organisation_id
        )
    ).one_or_none()
    site_id = room_id = None
    if found["room"] != "0":
        room = db.session.execute(
            select(Room.id, Site.id)
            .join(Site, Site.id == Room.site_id)
            .where(Room.ref == uuid.UUID(found["room"]), Site.organisation_id == organisation_id)
        ).one_or_none()
        if room is None:
            return None
        room_id, site_id = room
    mode = SessionMode(found["mode"])
    starts = _moment(found["at"])
    if staff_id is None or starts is None or not 0 < minutes <= LONGEST:
        return None
    if (mode is SessionMode.IN_PERSON) != (room_id is not None):
        return None
    span = Span(starts, starts + timedelta(minutes=minutes))
    return Place(staff_id, mode, span, site_id, room_id)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _AT).replace(tzinfo=UTC)
    except ValueError:
        return None
