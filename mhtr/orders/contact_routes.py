"""The page that names who supervises him for probation."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core.access import Purpose
from mhtr.core.errors import Refused
from mhtr.orders import contact_service, queries, service, unit_news
from mhtr.orders.contact_forms import ContactForm, ToldForm
from mhtr.orders.routes import PURPOSES, RECORDERS, bp
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving


@bp.route("/cases/<uuid:case_ref>/probation-contact", methods=["GET", "POST"])
@only(*RECORDERS)
def probation_contact(case_ref: uuid.UUID) -> Page | Response:
    """Name the responsible officer, or another one."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    form = ContactForm()
    if not form.is_submitted():
        form.fill(queries.contact_of(case.id))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                contact_service.name_contact(
                    case_id=case.id, said=form.named(), seen=form.seen_id, by=viewer.staff_id
                )
                saved.goes_to(_after(viewer.has(*service.INSIDE), case_ref), "Saved: the contact.")
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    case = find_case(viewer, case_ref, *PURPOSES)
    return form_page(
        "orders/probation_contact.html",
        record=record(viewer, case),
        case=case,
        form=form,
        can_record=case.state in UNDER_ORDER,
        no_sentence=service.OVER if case.state in service.AFTERWARDS else service.NO_SENTENCE,
    )


@bp.post("/cases/<uuid:case_ref>/orders/probation-told")
@only(*service.INSIDE)
def unit_told(case_ref: uuid.UUID) -> Response:
    """Record that probation was told by hand of what the program could not write of."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL, Purpose.ADMINISTRATION)
    case_id, form = case.id, ToldForm()
    with saving() as saved:
        unit_news.told_by_hand(case_id=case_id, seen=form.seen.data, by=viewer.staff_id)
        saved.goes_to(url_for(".case_orders", case_ref=case_ref), "Recorded: probation was told.")
    return saved.redirect()


def _after(inside: bool, case_ref: uuid.UUID) -> str:
    """An officer who names another one may not see the case any more."""
    if inside:
        return url_for(".case_orders", case_ref=case_ref)
    return url_for("overview.today")
