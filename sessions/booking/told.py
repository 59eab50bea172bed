"""What he is to be told of his sessions, in words he can read, and how staff read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.core.database import db
from mhtr.core.formats import day as day_of
from sessions.availability.models import Room, Site
from sessions.booking.shapes import LONDON, Place
from sessions.therapies import MODE_WORDS, SessionMode

_WANTED: Any = bindparam("wanted", expanding=True)
_STAFF = select(Staff).where(Staff.id.in_(_WANTED))
_ROOMS = select(Room).where(Room.id.in_(_WANTED))
_SITES = select(Site).where(Site.id.in_(_WANTED))
ORDERED = "This is part of your court order."
FREE = "You do not have to come to this: it is not part of your court order."
_HOW = {
    SessionMode.TELEPHONE: "We will ring you.",
    SessionMode.VIDEO: "We will see you by video, and send you the link.",
}


@dataclass(frozen=True)
class Where:
    """A place and time in words for staff."""

    day: str
    """`Monday 23 November 2026`."""
    time: str
    clinician: str
    how: str
    """`In person, Room 1 at Elm Road Clinic`."""

    @property
    def words(self) -> str:
        """All of it in one line."""
        return f"{self.day} at {self.time} with {self.clinician}. {self.how}"


def where(place: Place) -> Where:
    """A place and time in words."""
    local = place.span.starts_at.astimezone(LONDON)
    how = MODE_WORDS[place.mode]
    if place.room_id is not None and place.site_id is not None:
        room, site = db.session.get_one(Room, place.room_id), _site(place.site_id)
        how = f"{how}, {room.name} at {site.name}"
    return Where(
        day=f"{local:%A} {day_of(local)}",
        time=f"{local:%H:%M}",
        clinician=db.session.get_one(Staff, place.clinician_id).name,
        how=how,
    )


def where_each(places: Sequence[Place]) -> list[Where]:
    """The same of several places, with one question each for clinicians, rooms and sites."""
    keys: tuple[tuple[Any, Any], ...] = (
        (_STAFF, {one.clinician_id for one in places} - {None}),
        (_ROOMS, {one.room_id for one in places} - {None}),
        (_SITES, {one.site_id for one in places} - {None}),
    )
    # Held here, so that they stay at hand until every place is in words.
    at_hand = [
        db.session.scalars(query, {"wanted": wanted}).all() for query, wanted in keys if wanted
    ]
    found = [where(one) for one in places]
    del at_hand
    return found


def told(place: Place, *, required: bool) -> tuple[str, ...]:
    """What he is told of one appointment. Nothing in it says what it is for."""
    said = where(place)
    minutes = int((place.span.ends_at - place.span.starts_at).total_seconds() // 60)
    lines = [
        f"Your appointment is on {said.day} at {said.time}. "
        f"You will see {said.clinician} for {minutes} minutes."
    ]
    if place.site_id is not None:
        site = _site(place.site_id)
        address = ", ".join(part for part in (site.name, site.address, site.postcode) if part)
        lines.append(f"Come to {address}.")
        if site.directions:
            lines.append(site.directions)
    else:
        lines.append(_HOW[place.mode])
    lines.append(ORDERED if required else FREE)
    return tuple(lines)


def told_of_several(places: Sequence[Place]) -> tuple[str, ...]:
    """What he is told of several appointments: each in one line."""
    return tuple(f"{said.day} at {said.time} with {said.clinician}" for said in map(where, places))


def _site(site_id: int) -> Site:
    return db.session.get_one(Site, site_id)
