"""Pages of a trust's places: list, one place, its hours, rooms and closures."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.own_trust import trust_of
from mhtr.core import clock
from mhtr.core.working_days import WEEKDAYS
from mhtr.web import navigation
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving
from sessions.availability import closure_service, place_page, place_service
from sessions.availability.keeping import KEEPERS
from sessions.availability.place_forms import (
    ClosureForm,
    RoomForm,
    SiteForm,
    SiteHoursForm,
    hours_data,
    room_data,
    site_data,
)
from sessions.availability.scope import find_closure, find_room, find_site, sites_of
from sessions.availability.weighing import asking, rows_for
from sessions.availability.words import SITE_WORDS
from sessions.blueprint import bp

navigation.add_under(
    navigation.CALENDAR,
    40,
    "Places",
    "sessions.places",
    *KEEPERS,
    section=("sessions.place", "sessions.room_", "sessions.closure_"),
)


@bp.get("/places")
@only(*KEEPERS)
def places() -> str:
    """The trust's places, with their hours and rooms."""
    viewer = current_viewer()
    rows = place_page.site_rows(sites_of(trust_of(viewer)))
    return render_template("sessions/places.html", rows=rows, trust=viewer.organisation_name)


@bp.route("/places/new", methods=["GET", "POST"])
@only(*KEEPERS)
def place_new() -> Page | Response:
    """Add a place."""
    viewer = current_viewer()
    organisation_id, form = trust_of(viewer), SiteForm(version=0)
    if form.validate_on_submit():
        with asking(form, lambda: SiteForm(None, version=0)):
            with saving() as saved:
                made = place_service.add_site(
                    organisation_id=organisation_id, said=form.said(), by=viewer.staff_id
                )
                goes_to = url_for(".place_hours", site_ref=made.ref)
                saved.goes_to(goes_to, "The place is added. Enter its opening hours next.")
            return saved.redirect()
    return form_page("sessions/place_form.html", form=form, site=None, broken=[])


@bp.get("/places/<uuid:site_ref>")
@only(*KEEPERS)
def place(site_ref: uuid.UUID) -> str:
    """One place: what is said of it, its hours, rooms and closures."""
    site = find_site(current_viewer(), site_ref)
    rooms = place_page.rooms_of(site.id)
    return render_template(
        "sessions/place.html",
        site=site,
        kind=SITE_WORDS[site.kind],
        hours=place_page.hours_rows(site.id),
        rooms=rooms,
        closures=place_page.closure_rows(site, rooms),
        today=clock.today(),
        button=Form(formdata=None),
    )


@bp.route("/places/<uuid:site_ref>/change", methods=["GET", "POST"])
@only(*KEEPERS)
def place_change(site_ref: uuid.UUID) -> Page | Response:
    """Change what is said of a place, or say from when it is not used any more."""
    viewer = current_viewer()
    site = find_site(viewer, site_ref)
    site_id, form = site.id, SiteForm(**site_data(site))
    if form.validate_on_submit():
        with asking(form, lambda: SiteForm(None, **site_data(find_site(viewer, site_ref)))):
            with saving() as saved:
                place_service.change_site(
                    site_id=site_id,
                    said=form.said(),
                    version=form.read_version,
                    by=viewer.staff_id,
                    accepted=form.accepted(),
                )
                saved.goes_to(url_for(".place", site_ref=site_ref), "The place is saved.")
            return saved.redirect()
    site = find_site(viewer, site_ref)
    broken = rows_for(viewer, form)
    return form_page("sessions/place_form.html", form=form, site=site, broken=broken)


@bp.route("/places/<uuid:site_ref>/hours", methods=["GET", "POST"])
@only(*KEEPERS)
def place_hours(site_ref: uuid.UUID) -> Page | Response:
    """The opening hours of a place, from a day on."""
    viewer = current_viewer()

    def now() -> dict[str, object]:
        found = find_site(viewer, site_ref)
        return hours_data(found, place_page.hours_of(found.id), clock.today())

    site_id, form = find_site(viewer, site_ref).id, SiteHoursForm(**now())
    valid = form.validate_on_submit()
    typed = form.hours() if valid else {}
    if valid and not form.errors and form.valid_from.data:
        with asking(form, lambda: SiteHoursForm(None, **now())):
            with saving() as saved:
                place_service.set_hours(
                    site_id=site_id,
                    valid_from=form.valid_from.data,
                    hours=typed,
                    version=form.read_version,
                    by=viewer.staff_id,
                    accepted=form.accepted(),
                )
                saved.goes_to(url_for(".place", site_ref=site_ref), "The hours are saved.")
            return saved.redirect()
    return form_page(
        "sessions/place_hours.html",
        form=form,
        site=find_site(viewer, site_ref),
        weekdays=WEEKDAYS,
        broken=rows_for(viewer, form),
    )


@bp.route("/places/<uuid:site_ref>/rooms/new", methods=["GET", "POST"])
@only(*KEEPERS)
def room_new(site_ref: uuid.UUID) -> Page | Response:
    """Add a room to a place."""
    viewer = current_viewer()
    site = find_site(viewer, site_ref)
    site_id, form = site.id, RoomForm(version=0)
    if form.validate_on_submit():
        with asking(form, lambda: RoomForm(None, version=0)):
            with saving() as saved:
                place_service.add_room(site_id=site_id, said=form.said(), by=viewer.staff_id)
                saved.goes_to(url_for(".place", site_ref=site_ref), "The room is added.")
            return saved.redirect()
    site = find_site(viewer, site_ref)
    return form_page("sessions/room_form.html", form=form, site=site, room=None, broken=[])


@bp.route("/places/<uuid:site_ref>/rooms/<uuid:room_ref>", methods=["GET", "POST"])
@only(*KEEPERS)
def room_change(site_ref: uuid.UUID, room_ref: uuid.UUID) -> Page | Response:
    """Change a room, or say from when it is not used any more."""
    viewer = current_viewer()

    def now() -> dict[str, object]:
        return room_data(find_room(find_site(viewer, site_ref), room_ref))

    room_id = find_room(find_site(viewer, site_ref), room_ref).id
    form = RoomForm(**now())
    if form.validate_on_submit():
        with asking(form, lambda: RoomForm(None, **now())):
            with saving() as saved:
                place_service.change_room(
                    room_id=room_id,
                    said=form.said(),
                    version=form.read_version,
                    by=viewer.staff_id,
                    accepted=form.accepted(),
                )
                saved.goes_to(url_for(".place", site_ref=site_ref), "The room is saved.")
            return saved.redirect()
    site = find_site(viewer, site_ref)
    return form_page(
        "sessions/room_form.html",
        form=form,
        site=site,
        room=find_room(site, room_ref),
        broken=rows_for(viewer, form),
    )


@bp.route("/places/<uuid:site_ref>/closures/new", methods=["GET", "POST"])
@only(*KEEPERS)
def closure_new(site_ref: uuid.UUID) -> Page | Response:
    """Close a place, or a room of it, for some days."""
    viewer = current_viewer()
    site = find_site(viewer, site_ref)
    site_id, form = site.id, ClosureForm(version=site.version)
    rooms = {str(room.ref): room.id for room in place_page.rooms_of(site.id)}
    form.room.set_choices([(str(r.ref), r.name) for r in place_page.rooms_of(site.id)])
    if form.validate_on_submit() and form.first.data and form.last.data:
        with asking(form, lambda: ClosureForm(None, version=0), compare=False):
            with saving() as saved:
                closure_service.add_closure(
                    site_id=site_id,
                    room_id=rooms[form.room.data] if form.room.data else None,
                    first=form.first.data,
                    last=form.last.data,
                    label=form.label.data,
                    by=viewer.staff_id,
                    accepted=form.accepted(),
                )
                saved.goes_to(url_for(".place", site_ref=site_ref), "The closure is saved.")
            return saved.redirect()
    site = find_site(viewer, site_ref)
    broken = rows_for(viewer, form)
    return form_page("sessions/closure_form.html", form=form, site=site, broken=broken)


@bp.post("/places/<uuid:site_ref>/closures/<uuid:closure_ref>/end")
@only(*KEEPERS)
def closure_end(site_ref: uuid.UUID, closure_ref: uuid.UUID) -> Response:
    """It can be used again from today, or is not closed after all."""
    viewer = current_viewer()
    closure_id = find_closure(find_site(viewer, site_ref), closure_ref).id
    with saving() as saved:
        closure_service.end_closure(closure_id=closure_id, by=viewer.staff_id)
        saved.goes_to(url_for(".place", site_ref=site_ref), "It can be used again.")
    return saved.redirect()
