"""A clinician's week, and the list of a day to print for when the system is down."""

import uuid
from datetime import date, timedelta

from flask import render_template, request, url_for

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.accounts.own_trust import trust_of
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Role, Viewer
from mhtr.core.errors import NotFound
from mhtr.tasks.rota_queries import clinicians
from mhtr.tasks.rota_routes import YEARS
from mhtr.web import navigation
from mhtr.web.gate import only
from sessions.availability.open_rules import monday_of
from sessions.booking.models import TreatmentSession
from sessions.calendar.blocks import (
    day_notes,
    free_blocks,
    other_blocks,
    session_block,
    span_of_days,
)
from sessions.calendar.blueprint import bp
from sessions.calendar.booked import Booked, booked
from sessions.calendar.grid_rules import Grid, grid_of, week_days

LOOKS = (*CLINICAL_ROLES, Role.ADMINISTRATOR)
WEEK = timedelta(days=7)
navigation.add_main(35, "Calendar", navigation.CALENDAR, *LOOKS)
navigation.add_under(
    navigation.CALENDAR, 0, "Week", "calendar.week", *LOOKS, section=("calendar.",)
)


def day_asked(name: str) -> date:
    """The day that the address asks for; today where it names none that can be shown."""
    try:
        asked = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return clock.today()
    return asked if asked.year in YEARS else clock.today()


@bp.get("/calendar")
@only(*LOOKS)
def week() -> str:
    """One clinician's week: one's own, or that of a colleague of the trust."""
    viewer = current_viewer()
    organisation_id = trust_of(viewer)
    people = clinicians(organisation_id)
    who = _asked_for(viewer, people)
    monday = monday_of(day_asked("week"))
    grid, found = _grid(viewer, who, organisation_id, monday) if who else (None, [])
    return render_template(
        "calendar/week.html",
        grid=grid,
        clinician=who,
        own=bool(who and who.id == viewer.staff_id),
        people=people,
        monday=monday,
        sunday=monday + WEEK - timedelta(days=1),
        count=len(found),
        before=_here(who, monday - WEEK),
        after=_here(who, monday + WEEK),
        this_week=monday == monday_of(clock.today()),
    )


@bp.get("/calendar/day")
@only(*LOOKS)
def day_list() -> str:
    """A clinician's day as a list to print."""
    viewer = current_viewer()
    organisation_id = trust_of(viewer)
    people = clinicians(organisation_id)
    who, on = _asked_for(viewer, people), day_asked("day")
    first, last = span_of_days(on, on)
    found = booked(viewer, first, last, TreatmentSession.clinician_id == who.id) if who else []
    return render_template(
        "calendar/day_list.html",
        title=who.name if who else "",
        sessions=found,
        on=on,
        clinician=who,
        people=people,
        note=day_notes(who.id, organisation_id, on, on).get(on, "") if who else "",
    )


def _asked_for(viewer: Viewer, people: list[Staff]) -> Staff | None:
    asked = request.args.get("who", "")
    if asked:
        try:
            ref = uuid.UUID(asked)
        except ValueError:
            raise NotFound from None
        found = next((one for one in people if one.ref == ref), None)
        if found is None:
            raise NotFound
        return found
    own = next((one for one in people if one.id == viewer.staff_id), None)
    return own or (people[0] if people else None)


def _grid(
    viewer: Viewer, who: Staff, organisation_id: int, monday: date
) -> tuple[Grid, list[Booked]]:
    sunday = monday + WEEK - timedelta(days=1)
    found = booked(viewer, *span_of_days(monday, sunday), TreatmentSession.clinician_id == who.id)
    blocks = [session_block(one) for one in found]
    blocks += free_blocks(who.id, organisation_id, monday, sunday, found)
    blocks += other_blocks(who.id, monday, sunday, found)
    notes = day_notes(who.id, organisation_id, monday, sunday)
    days = week_days(monday, blocks)
    columns = [(f"{day:%a} {day.day} {day:%b}", day, notes.get(day, ""), blocks) for day in days]
    return grid_of(columns, clock.today()), found


def _here(who: Staff | None, monday: date) -> str:
    return url_for(".week", week=monday.isoformat(), who=who.ref if who else None)
