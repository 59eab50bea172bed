"""A place's day, room by room: on the screen and as a list to print."""

import uuid
from datetime import date, timedelta

from flask import render_template, request, url_for
from sqlalchemy import select

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.own_trust import trust_of
from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.web.gate import only
from sessions.availability.models import Room, Site
from sessions.availability.open_rules import less
from sessions.availability.queries import rooms_open
from sessions.availability.scope import sites_of
from sessions.booking.models import TreatmentSession
from sessions.calendar.blocks import closed_days, session_block, span_of_days
from sessions.calendar.blueprint import bp
from sessions.calendar.booked import Booked, booked
from sessions.calendar.grid_rules import KIND_WORDS, Block, BlockKind, Grid, grid_of
from sessions.calendar.week_routes import LOOKS, day_asked

NO_ROOM = "No room"


@bp.get("/calendar/places")
@only(*LOOKS)
def site_day() -> str:
    """One place on one day: a column a room."""
    viewer = current_viewer()
    organisation_id, on = trust_of(viewer), day_asked("day")
    sites = sites_of(organisation_id)
    site = _asked_for(sites)
    grid, found = _grid(viewer, site, organisation_id, on) if site else (None, [])
    return render_template(
        "calendar/site_day.html",
        grid=grid,
        site=site,
        sites=sites,
        on=on,
        today=on == clock.today(),
        count=len(found),
        note=closed_days(organisation_id, on, on).get(on, ""),
        before=_here(site, on - timedelta(days=1)),
        after=_here(site, on + timedelta(days=1)),
    )


@bp.get("/calendar/places/list")
@only(*LOOKS)
def site_list() -> str:
    """Everybody who comes to one place on one day, as a list to print."""
    viewer = current_viewer()
    organisation_id, on = trust_of(viewer), day_asked("day")
    site = _asked_for(sites_of(organisation_id))
    found = _held_at(viewer, site, on) if site else []
    return render_template(
        "calendar/day_list.html",
        title=site.name if site else "",
        sessions=found,
        on=on,
        clinician=None,
        site=site,
        note=closed_days(organisation_id, on, on).get(on, ""),
    )


def _asked_for(sites: list[Site]) -> Site | None:
    asked = request.args.get("place", "")
    if not asked:
        return sites[0] if sites else None
    try:
        ref = uuid.UUID(asked)
    except ValueError:
        raise NotFound from None
    found = next((one for one in sites if one.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def _held_at(viewer: Viewer, site: Site, on: date) -> list[Booked]:
    return booked(viewer, *span_of_days(on, on), TreatmentSession.site_id == site.id)


def _grid(viewer: Viewer, site: Site, organisation_id: int, on: date) -> tuple[Grid, list[Booked]]:
    found = _held_at(viewer, site, on)
    rooms = db.session.scalars(select(Room).where(Room.site_id == site.id).order_by(Room.name))
    opened = rooms_open(organisation_id, on, on)
    columns = []
    for room in rooms:
        held = [one for one in found if one.row.room_id == room.id]
        if room.id not in opened and not held:
            continue
        blocks = [session_block(one, clinician=True) for one in held]
        times = opened[room.id].open if room.id in opened else ()
        free = less(times, [one.span for one in held])
        blocks += [Block(BlockKind.FREE, span, KIND_WORDS[BlockKind.FREE]) for span in free]
        columns.append((room.name, on, _note(room), blocks))
    elsewhere = [one for one in found if one.row.room_id is None]
    if elsewhere:
        blocks = [session_block(one, clinician=True) for one in elsewhere]
        columns.append((NO_ROOM, on, "Booked without a room", blocks))
    return grid_of(columns, clock.today()), found


def _note(room: Room) -> str:
    step_free = ", step-free" if room.step_free else ""
    return f"Up to {room.capacity} people{step_free}"


def _here(site: Site | None, on: date) -> str:
    return url_for(".site_day", day=on.isoformat(), place=site.ref if site else None)
