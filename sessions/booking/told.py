"""What he is to be told of his sessions, in words he can read, and how staff read them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.core.database import db
from mhtr.core.formats import day as day_of
from mhtr.core.prepared import Prepared
from sessions.availability.models import Room, Site
from sessions.booking.shapes import LONDON, Place
from sessions.therapies import MODE_WORDS, SessionMode

_WANTED: Any = bindparam("wanted", expanding=True)
_STAFF, _ROOMS, _SITES = (
    Prepared(select(table.id, table.name).where(table.id.in_(_WANTED)))
    for table in (Staff, Room, Site)
)
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
    return where_each([place])[0]


def where_each(places: Sequence[Place]) -> list[Where]:
    """The same of several places, with one question each for clinicians, rooms and sites."""
    clinicians = _names(_STAFF, {one.clinician_id for one in places})
    rooms = _names(_ROOMS, {one.room_id for one in places})
    sites = _names(_SITES, {one.site_id for one in places if one.room_id is not None})
    return [_in_words(one, clinicians, rooms, sites) for one in places]


_Names = Mapping[int | None, str]


def _names(names: Prepared, wanted: Collection[int | None]) -> _Names:
    ids = [one for one in wanted if one is not None]
    return dict(names.all({"wanted": ids})) if ids else {}


def _in_words(place: Place, clinicians: _Names, rooms: _Names, sites: _Names) -> Where:
    local = place.span.starts_at.astimezone(LONDON)
    how = MODE_WORDS[place.mode]
    if place.room_id is not None and place.site_id is not None:
        how = f"{how}, {rooms[place.room_id]} at {sites[place.site_id]}"
    return Where(
        day=f"{local:%A} {day_of(local)}",
        time=f"{local:%H:%M}",
        clinician=clinicians[place.clinician_id],
        how=how,
    )


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
    return tuple(f"{said.day} at {said.time} with {said.clinician}" for said in where_each(places))


def _site(site_id: int) -> Site:
    return db.session.get_one(Site, site_id)
