"""Pages about who directs his treatment, where that is not whom the order names."""

import uuid
from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.orders import contact_queries, directing_service, queries
from mhtr.orders.directing import named_from
from mhtr.orders.directing_forms import DirectingForm, NoticeForm
from mhtr.orders.directing_shown import directing_shown
from mhtr.orders.page import order_title
from mhtr.orders.part_forms import TakeOutForm
from mhtr.orders.queries import OnRecord, on_record
from mhtr.orders.routes import CHANGED, bp, find_order, read_again
from mhtr.orders.service import ENDED
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving

INSIDE = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
ADDRESS = "/cases/<uuid:case_ref>/orders/<uuid:order_ref>/practitioner"


@bp.route(ADDRESS, methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def order_practitioner(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Page | Response:
    """Record that somebody whom the order names no longer directs; what was recorded of it."""
    viewer = current_viewer()
    of = _find(viewer, case_ref, order_ref, Purpose.CLINICAL)
    order_id, terms = of.found.order.id, of.found.terms
    form = DirectingForm(named_from(terms, terms.made_on), version=of.found.order.version)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                directing_service.record_change(
                    order_id=order_id,
                    was=form.was_named(),
                    now=form.now(),
                    since=form.day(),
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                saved.goes_to(_orders(case_ref), "Saved: who directs his treatment.")
            return saved.redirect()
        except Stale:
            read_again(viewer, case_ref, order_ref, form)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _page("orders/practitioner.html", viewer, of, form)


@bp.route(f"{ADDRESS}/notice", methods=["GET", "POST"])
@only(*CLINICAL_ROLES, Role.ADMINISTRATOR)
def order_practitioner_notice(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Page | Response:
    """Record that the responsible officer was given written notice of it."""
    viewer = current_viewer()
    of = _find(viewer, case_ref, order_ref, *INSIDE)
    order_id = of.found.order.id
    form = NoticeForm(version=of.found.order.version, on=clock.today())
    if not form.is_submitted():
        form.number.data = request.args.get("number", "1")[:3]
        contact = queries.contact_of(of.case.id)
        form.to.data = contact_queries.shown(contact).name if contact else ""
    if form.validate_on_submit() and form.on.data:
        try:
            with saving() as saved:
                directing_service.give_notice(
                    order_id=order_id,
                    number=form.place,
                    on=form.on.data,
                    to=form.to.data,
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                saved.goes_to(_orders(case_ref), "The notice is recorded.")
            return saved.redirect()
        except Stale:
            read_again(viewer, case_ref, order_ref, form)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _page("orders/practitioner_notice.html", viewer, of, form)


@bp.post(f"{ADDRESS}/take-back")
@only(*CLINICAL_ROLES)
def order_practitioner_take_back(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Response:
    """He directs after all, or something of it was recorded wrongly."""
    viewer = current_viewer()
    order_id = _find(viewer, case_ref, order_ref, Purpose.CLINICAL).found.order.id
    form = TakeOutForm()
    try:
        with saving() as saved:
            directing_service.take_back(
                order_id=order_id,
                number=form.place,
                version=form.read_version,
                by=viewer.staff_id,
            )
            goes_to = url_for(".order_practitioner", case_ref=case_ref, order_ref=order_ref)
            saved.goes_to(goes_to, "Taken back.")
    except Stale as stale:
        raise Refused(CHANGED) from stale
    return saved.redirect()


@dataclass(frozen=True)
class _Of:
    """The order of a page, with its case."""

    case: Case
    found: OnRecord


def _find(viewer: Viewer, case_ref: uuid.UUID, order_ref: uuid.UUID, *purposes: Purpose) -> _Of:
    """The order, for somebody who treats him or works for the service.

    Raises:
        NotFound: no such order, or not this viewer's.
    """
    case, order = find_order(viewer, case_ref, order_ref, *purposes)
    return _Of(case, on_record(order))


def _orders(case_ref: uuid.UUID) -> str:
    return url_for(".case_orders", case_ref=case_ref)


def _page(template: str, viewer: Viewer, of: _Of, form: VersionedForm) -> Page:
    if form.is_submitted():  # What was refused may have been read before somebody's change.
        of = _find(viewer, of.case.ref, of.found.order.ref, *INSIDE)
    changes = directing_shown(of.found)
    number = form.place if isinstance(form, NoticeForm) else 0
    chosen = next((one for one in changes if one.number == number), None)
    if isinstance(form, NoticeForm) and chosen is None:
        raise NotFound
    terms = of.found.terms
    return form_page(
        template,
        record=record(viewer, of.case),
        case=of.case,
        order=of.found.order,
        title=order_title(of.found.order),
        over=ENDED if of.found.ending else "",
        names_practitioner=bool(named_from(terms, terms.made_on)),
        changes=changes,
        chosen=chosen,
        form=form,
    )
