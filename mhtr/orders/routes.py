"""Pages of a case's court orders: what is on record, and recording it."""

import uuid
from typing import Any

from flask import Blueprint, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core.access import CLINICAL_ROLES, SUPERVISES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.messages.links import reference
from mhtr.orders import contact_queries, prefilled, queries, service, unit_news
from mhtr.orders.contact_forms import ToldForm
from mhtr.orders.forms import ChangeForm, OrderForm
from mhtr.orders.models import Order
from mhtr.orders.overriding import LimitExceeded
from mhtr.orders.page import shown
from mhtr.orders.terms import Change
from mhtr.people.rules import BEFORE_BIRTH
from mhtr.web import navigation
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

bp = Blueprint("orders", __name__)

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION, Purpose.SUPERVISION)
RECORDERS = (*CLINICAL_ROLES, Role.ADMINISTRATOR, *SUPERVISES)
CHANGED = (
    "Somebody changed the order meanwhile. Nothing of yours is saved: look at it, then send again."
)
navigation.add_case(
    CaseGroup.COURT,
    30,
    "Orders",
    "orders.case_orders",
    *PURPOSES,
    section=("orders.order", "orders.probation", "orders.away"),
    roles=RECORDERS,
)


@bp.get("/cases/<uuid:case_ref>/orders")
@only(*RECORDERS)
def case_orders(case_ref: uuid.UUID) -> str:
    """Every order of the case with its clock, and who supervises him."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    found = queries.all_on_record(case.id)
    shows("order", *(one.order.id for one in found), case_id=case.id)
    contacts = queries.contacts_of(case.id)
    banner = record(viewer, case)
    gaps = queries.gaps_in(banner.standing.stays)
    return render_template(
        "orders/case_orders.html",
        record=banner,
        case=case,
        orders=[shown(one, gaps) for one in found],
        contact=next((contact_queries.shown(row) for row in contacts if not row.ended_at), None),
        reference=reference(case.ref),
        to_tell=_to_tell(viewer, case),
        earlier=[contact_queries.shown(row) for row in contacts if row.ended_at],
        can_record=case.state in UNDER_ORDER,
        no_sentence=service.OVER if case.state in service.AFTERWARDS else service.NO_SENTENCE,
        mismatch=prefilled.mismatch(case, found),
        can_direct=viewer.has(*CLINICAL_ROLES),
        can_notice=viewer.has(*service.INSIDE),
    )


def _to_tell(viewer: Viewer, case: Case) -> list[tuple[str, ToldForm]]:
    """What probation has to be told by hand, for those of the service."""
    waiting = unit_news.waiting(case) if viewer.has(*service.INSIDE) else []
    return [(task.title, ToldForm(None, seen=str(task.ref))) for task in waiting]


@bp.route("/cases/<uuid:case_ref>/orders/new", methods=["GET", "POST"])
@only(*RECORDERS)
def order_new(case_ref: uuid.UUID) -> Page | Response:
    """Record an order that the court made."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    named = prefilled.suggested(case)
    form = OrderForm(**prefilled.from_case(case, named))
    form.suggest(named)
    if form.validate_on_submit() and form.days_since(case.person.born, BEFORE_BIRTH):
        try:
            with saving() as saved:
                service.record_order(
                    case_id=case.id,
                    said=form.recorded(),
                    by=viewer.staff_id,
                    override=form.override.data,
                    another=bool(form.another.data),
                )
                saved.goes_to(url_for(".case_orders", case_ref=case_ref), "The order is recorded.")
            return saved.redirect()
        except LimitExceeded as beyond:
            form.ask_override(beyond.reasons)
        except service.RecordedAlready as known:
            form.ask_another(known.reasons)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _form(viewer, case_ref, form, "Record an order", changes=False)


@bp.route("/cases/<uuid:case_ref>/orders/<uuid:order_ref>/change", methods=["GET", "POST"])
@only(*RECORDERS)
def order_change(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Page | Response:
    """Record what the court changed of an order, or put right what was recorded wrongly."""
    viewer = current_viewer()
    case, order = find_order(viewer, case_ref, order_ref)
    order_id = order.id
    kept = queries.on_record(order)
    form = ChangeForm(version=order.version, **prefilled.from_order(kept))
    if form.validate_on_submit() and form.days_since(case.person.born, BEFORE_BIRTH):
        try:
            with saving() as saved:
                service.change_order(
                    order_id=order_id,
                    change=Change(form.change.data or ""),
                    said=form.changed(),
                    effective_on=form.since(),
                    version=form.read_version,
                    by=viewer.staff_id,
                    override=form.override.data,
                )
                saved.goes_to(url_for(".case_orders", case_ref=case_ref), "The change is recorded.")
            return saved.redirect()
        except LimitExceeded as beyond:
            form.ask_override(beyond.reasons)
        except Stale:
            read_again(viewer, case_ref, order_ref, form)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _form(viewer, case_ref, form, "Change of an order", changes=True)


def find_order(
    viewer: Viewer, case_ref: uuid.UUID, order_ref: uuid.UUID, *purposes: Purpose
) -> tuple[Case, Order]:
    """An order of a case that the viewer may see, for one of these purposes where any is named.

    Raises:
        NotFound: no such case or order, or not this viewer's.
    """
    case = find_case(viewer, case_ref, *(purposes or PURPOSES))
    query = select(Order).where(Order.ref == order_ref, Order.case_id == case.id)
    order = db.session.scalars(query).one_or_none()
    if order is None:
        raise NotFound
    shows("order", order.id, case_id=case.id)
    return case, order


def read_again(
    viewer: Viewer, case_ref: uuid.UUID, order_ref: uuid.UUID, form: VersionedForm
) -> None:
    """Say that somebody changed the order meanwhile; what is sent next is of the order as it is."""
    _, order = find_order(viewer, case_ref, order_ref)
    form.version.carry(order.version)
    form.refuse(CHANGED)


def _form(viewer: Viewer, case_ref: uuid.UUID, form: OrderForm, title: str, **more: Any) -> Page:
    case = find_case(viewer, case_ref, *PURPOSES)
    return form_page(
        "orders/order_form.html",
        record=record(viewer, case),
        case=case,
        form=form,
        title=title,
        can_record=case.state in UNDER_ORDER,
        no_sentence=service.OVER if case.state in service.AFTERWARDS else service.NO_SENTENCE,
        **more,
    )


from mhtr.orders import (  # noqa: E402, F401 (views and listeners)
    away_news,
    away_routes,
    contact_routes,
    directing_routes,
    ending_service,
    induction_routes,
    part_routes,
)
