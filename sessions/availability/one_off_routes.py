"""One-off changes of a clinician's hours: entered by whoever keeps them, or by himself."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving
from sessions.availability import one_off_service
from sessions.availability.clinician_forms import OneOffForm
from sessions.availability.clinician_routes import OWN, version_of
from sessions.availability.keeping import KEEPERS
from sessions.availability.kinds import HoursUse
from sessions.availability.scope import find_clinician, find_one_off, sites_of
from sessions.availability.weighing import WeighedForm, asking, rows_for
from sessions.availability.words import USE_WORDS, times
from sessions.blueprint import bp


@bp.route("/clinicians/<uuid:clinician_ref>/one-off/new", methods=["GET", "POST"])
@only(*KEEPERS, *OWN)
def one_off_new(clinician_ref: uuid.UUID) -> Page | Response:
    """Enter a one-off change on one day."""
    viewer = current_viewer()
    staff = find_clinician(viewer, clinician_ref)
    staff_id, sites = staff.id, sites_of(staff.organisation_id)
    form = OneOffForm(version=version_of(staff))
    form.offers(sites)
    if form.validate_on_submit() and form.day.data:
        stretch = form.stretch(HoursUse(form.use.data or ""), sites)
        with asking(form, lambda: OneOffForm(None, version=version_of(staff)), compare=False):
            with saving() as saved:
                one_off_service.add_dated(
                    staff_id=staff_id,
                    day=form.day.data,
                    stretch=stretch,
                    version=form.read_version,
                    by=viewer.staff_id,
                    accepted=form.accepted(),
                )
                goes_to = url_for(".clinician", clinician_ref=clinician_ref)
                saved.goes_to(goes_to, "The one-off change is saved.")
            return saved.redirect()
    return form_page(
        "sessions/one_off_form.html",
        form=form,
        staff=find_clinician(viewer, clinician_ref),
        broken=rows_for(viewer, form),
    )


@bp.route(
    "/clinicians/<uuid:clinician_ref>/one-off/<uuid:one_off_ref>/take-back", methods=["GET", "POST"]
)
@only(*KEEPERS, *OWN)
def one_off_take_back(clinician_ref: uuid.UUID, one_off_ref: uuid.UUID) -> Page | Response:
    """A one-off change does not take place after all."""
    viewer = current_viewer()
    staff = find_clinician(viewer, clinician_ref)
    one_off_id = find_one_off(staff, one_off_ref).id
    form = WeighedForm(version=version_of(staff))
    if form.validate_on_submit():
        with asking(form, lambda: WeighedForm(None, version=version_of(staff)), compare=False):
            with saving() as saved:
                one_off_service.take_back_dated(
                    change_id=one_off_id,
                    version=form.read_version,
                    by=viewer.staff_id,
                    accepted=form.accepted(),
                )
                goes_to = url_for(".clinician", clinician_ref=clinician_ref)
                saved.goes_to(goes_to, "The one-off change is taken back.")
            return saved.redirect()
    staff = find_clinician(viewer, clinician_ref)
    held = find_one_off(staff, one_off_ref)
    return form_page(
        "sessions/one_off_take_back.html",
        form=form,
        staff=staff,
        held=held,
        said=f"{times(held.starts, held.ends)}: {USE_WORDS[held.use]}",
        broken=rows_for(viewer, form),
    )
