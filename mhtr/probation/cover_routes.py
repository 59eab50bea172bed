"""Cover: who covers for whom, for all men of an officer or for one of them."""

import uuid
from datetime import timedelta

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import SUPERVISES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.orders import cover_service
from mhtr.orders.cover_queries import CoverShown, covers_in
from mhtr.orders.officer_queries import officers_in
from mhtr.orders.queries import contact_of
from mhtr.probation.blueprint import bp
from mhtr.probation.cover_form import AwayForm, CoverForm
from mhtr.probation.cover_page import may_manage, officer_line
from mhtr.web import navigation
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving

PEOPLE = "probation.people"
KEPT = timedelta(days=365)
"""How far back the page of cover reaches."""
navigation.add_under(PEOPLE, 10, "My people", PEOPLE, *SUPERVISES)
navigation.add_under(
    PEOPLE, 20, "Cover", "probation.cover", *SUPERVISES, section=("probation.cover_take_back",)
)


@bp.route("/my-people/cover", methods=["GET", "POST"])
@only(*SUPERVISES)
def cover() -> Page | Response:
    """Who covers for whom, now, ahead and in the last year; and recording it."""
    viewer = current_viewer()
    leads = viewer.has(Role.SENIOR_PROBATION)
    officers = officers_in(viewer.organisation_id)
    form = AwayForm()
    form.offer_for(officers, viewer.staff_id, leads=leads)
    if form.validate_on_submit() and form.first.data and form.last.data:
        try:
            with saving() as saved:
                cover_service.plan_cover(
                    officer_id=form.officer_id(),
                    cover_id=form.cover_id(),
                    first=form.first.data,
                    last=form.last.data,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".cover"), "The cover is saved.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return form_page(
        "probation/cover.html",
        form=form,
        button=Form(formdata=None),
        leads=leads,
        alone=not any(one.id != viewer.staff_id for one in officers),
        rows=_rows(viewer, officers, leads=leads),
        me=viewer.staff_id,
    )


def _rows(viewer: Viewer, officers: list[Staff], *, leads: bool) -> list[CoverShown]:
    who = {viewer.staff_id, *(one.id for one in officers if leads)}
    return covers_in(who, since=clock.today() - KEPT)


@bp.post("/my-people/cover/<uuid:cover_ref>/take-back")
@only(*SUPERVISES)
def cover_take_back(cover_ref: uuid.UUID) -> Response:
    """Take cover back at once."""
    viewer = current_viewer()
    leads = viewer.has(Role.SENIOR_PROBATION)
    rows = _rows(viewer, officers_in(viewer.organisation_id), leads=leads)
    if not any(
        row.ref == cover_ref and (leads or row.officer_id == viewer.staff_id) for row in rows
    ):
        raise NotFound
    with saving() as saved:
        cover_service.take_back(ref=cover_ref, by=viewer.staff_id)
        saved.goes_to(url_for(".cover"), "The cover is taken back.")
    return saved.redirect()


@bp.route("/cases/<uuid:case_ref>/cover", methods=["GET", "POST"])
@only(*SUPERVISES)
def cover_one(case_ref: uuid.UUID) -> Page | Response:
    """Somebody covers for one man."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    case_id, officer = case.id, _manages(case.id, viewer)
    form = CoverForm()
    form.offer(
        officers_in(officer.organisation_id) if officer else (), but=officer.id if officer else None
    )
    if form.validate_on_submit() and form.first.data and form.last.data:
        try:
            with saving() as saved:
                cover_service.cover_case(
                    case_id=case_id,
                    cover_id=form.cover_id(),
                    first=form.first.data,
                    last=form.last.data,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".standing", case_ref=case_ref), "The cover is saved.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    return form_page(
        "probation/cover_one.html",
        form=form,
        record=record(viewer, case),
        case=case,
        can=officer is not None,
        officer=officer_line(case.id, viewer.staff_id),
        rows=officer_line(case.id, viewer.staff_id).covers,
    )


def _manages(case_id: int, viewer: Viewer) -> Staff | None:
    """The officer of a case, where he signs in and the viewer may say who covers for him."""
    contact = contact_of(case_id)
    if contact is None or contact.staff_id is None:
        return None
    officer = db.session.get_one(Staff, contact.staff_id)
    return officer if may_manage(officer, viewer.staff_id) else None
