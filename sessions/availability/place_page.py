"""What the pages of places show."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from mhtr.core import clock, formats
from mhtr.core.database import db
from mhtr.core.working_days import WEEKDAYS
from sessions.availability.models import PlaceClosure, Room, Site, SiteHours
from sessions.availability.words import SITE_WORDS, lasts, times


@dataclass(frozen=True)
class SiteRow:
    """A place in the list."""

    site: Site
    kind: str
    hours: tuple[str, ...]
    rooms: int
    step_free: bool
    state: str
    colour: str


@dataclass(frozen=True)
class HoursRow:
    """Opening hours of a weekday."""

    day: str
    times: str
    valid_from: date
    valid_to: date | None
    state: str


@dataclass(frozen=True)
class ClosureRow:
    """Days on which a place or a room is closed."""

    closure: PlaceClosure
    what: str
    days: str
    begun: bool


def site_rows(sites: Iterable[Site]) -> list[SiteRow]:
    """The list of places, those in use first."""
    held, today = list(sites), clock.today()
    ids = [site.id for site in held]
    hours: dict[int, list[SiteHours]] = defaultdict(list)
    for row in db.session.scalars(select(SiteHours).where(SiteHours.site_id.in_(ids))):
        hours[row.site_id].append(row)
    rooms: dict[int, int] = defaultdict(int)
    for room in db.session.scalars(select(Room).where(Room.site_id.in_(ids))):
        rooms[room.site_id] += not _gone(room.closed_on, today)
    closures: dict[int, list[PlaceClosure]] = defaultdict(list)
    for one in closures_of(ids):
        closures[one.site_id].append(one)
    made = [
        SiteRow(
            site,
            SITE_WORDS[site.kind],
            week_of(hours[site.id], today),
            rooms[site.id],
            site.step_free,
            *_state(site, hours[site.id], closures[site.id], today),
        )
        for site in held
    ]
    return sorted(made, key=lambda row: _gone(row.site.closed_on, today))


def week_of(rows: Iterable[SiteHours], today: date) -> tuple[str, ...]:
    """Opening hours that hold today, days with the same hours together."""
    by_times: dict[str, list[int]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: one.weekday):
        if not lasts(row.valid_from, row.valid_to, today):
            by_times[times(row.opens, row.closes)].append(row.weekday)
    return tuple(f"{_days(days)} {words}" for words, days in by_times.items())


def hours_of(site_id: int) -> list[SiteHours]:
    """Every row of a place's hours, the newest first."""
    query = select(SiteHours).where(SiteHours.site_id == site_id)
    return list(db.session.scalars(query.order_by(SiteHours.valid_from.desc(), SiteHours.weekday)))


def hours_rows(site_id: int) -> list[HoursRow]:
    """A place's hours, those of now and planned before those that are over."""
    today = clock.today()
    rows = [
        HoursRow(
            WEEKDAYS[row.weekday],
            times(row.opens, row.closes),
            row.valid_from,
            row.valid_to,
            lasts(row.valid_from, row.valid_to, today),
        )
        for row in hours_of(site_id)
    ]
    return sorted(rows, key=lambda row: ("", "planned", "over").index(row.state))


def rooms_of(site_id: int) -> list[Room]:
    """The rooms of a place, those in use first."""
    today = clock.today()
    query = select(Room).where(Room.site_id == site_id).order_by(Room.name, Room.id)
    return sorted(db.session.scalars(query), key=lambda room: _gone(room.closed_on, today))


def closures_of(site_ids: Iterable[int]) -> list[PlaceClosure]:
    """Closures of places that are not over, in order."""
    query = (
        select(PlaceClosure)
        .where(PlaceClosure.site_id.in_(list(site_ids)), PlaceClosure.last_day >= clock.today())
        .order_by(PlaceClosure.first_day, PlaceClosure.id)
    )
    return list(db.session.scalars(query))


def closure_rows(site: Site, rooms: Iterable[Room]) -> list[ClosureRow]:
    """Closures of a place, as its page shows them."""
    names = {room.id: room.name for room in rooms}
    return [
        ClosureRow(
            one,
            names[one.room_id] if one.room_id else "The whole place",
            _range(one.first_day, one.last_day),
            one.first_day <= clock.today(),
        )
        for one in closures_of([site.id])
    ]


def _state(
    site: Site, hours: list[SiteHours], closures: list[PlaceClosure], today: date
) -> tuple[str, str]:
    if _gone(site.closed_on, today):
        return "Not used any more", "grey"
    if site.closed_on is not None:
        return f"In use until {formats.day(site.closed_on)}", "yellow"
    if all(lasts(row.valid_from, row.valid_to, today) == "over" for row in hours):
        return ("No hours now" if hours else "No hours yet"), "red"
    shut = [one for one in closures if one.room_id is None]
    if any(one.first_day <= today for one in shut):
        return "Closed today", "orange"
    return ("Closure planned", "yellow") if shut else ("In use", "green")


def _gone(closed_on: date | None, today: date) -> bool:
    return closed_on is not None and closed_on <= today


def _range(first: date, last: date) -> str:
    if first == last:
        return formats.short_day(first)
    return f"{formats.short_day(first)} to {formats.short_day(last)}"


def _days(days: list[int]) -> str:
    names = [WEEKDAYS[day][:3] for day in days]
    whole = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
    return f"{names[0]} to {names[-1]}" if whole else ", ".join(names)
