"""Pages of what belongs to an order: its end, other requirements, review hearings."""

import uuid
from typing import Protocol

from flask import request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.record import record
from mhtr.core.access import Viewer
from mhtr.core.errors import Refused, Stale
from mhtr.orders import ending_service, parts_service
from mhtr.orders.overriding import LimitExceeded
from mhtr.orders.page import shown
from mhtr.orders.part_forms import EndForm, RequirementForm, ReviewForm, TakeOutForm
from mhtr.orders.queries import on_record
from mhtr.orders.routes import CHANGED, RECORDERS, bp, find_order, read_again
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving


@bp.route("/cases/<uuid:case_ref>/orders/<uuid:order_ref>/end", methods=["GET", "POST"])
@only(*RECORDERS)
def order_end(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Page | Response:
    """Record that an order has ended before its terms say."""
    viewer = current_viewer()
    _, order = find_order(viewer, case_ref, order_ref)
    order_id, form = order.id, EndForm(version=order.version)
    if form.validate_on_submit():
        how, on = form.ending()
        try:
            with saving() as saved:
                ending_service.end_order(
                    order_id=order_id,
                    how=how,
                    on=on,
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                saved.goes_to(_orders(case_ref), "The end of the order is recorded.")
            return saved.redirect()
        except Stale:
            read_again(viewer, case_ref, order_ref, form)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _page("orders/order_end.html", viewer, case_ref, order_ref, form)


@bp.post("/cases/<uuid:case_ref>/orders/<uuid:order_ref>/end/take-back")
@only(*RECORDERS)
def order_end_take_back(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Response:
    """The order has not ended after all."""
    viewer = current_viewer()
    _, order = find_order(viewer, case_ref, order_ref)
    order_id, form = order.id, VersionedForm()
    try:
        with saving() as saved:
            ending_service.take_back(
                order_id=order_id, version=form.read_version, by=viewer.staff_id
            )
            saved.goes_to(_orders(case_ref), "Taken back: the order goes on.")
    except Stale as stale:
        raise Refused(CHANGED) from stale
    return saved.redirect()


@bp.route("/cases/<uuid:case_ref>/orders/<uuid:order_ref>/requirements", methods=["GET", "POST"])
@only(*RECORDERS)
def order_requirements(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Page | Response:
    """The other requirements of an order, and a form for one more."""
    viewer = current_viewer()
    _, order = find_order(viewer, case_ref, order_ref)
    order_id, form = order.id, RequirementForm(version=order.version)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                parts_service.add_requirement(
                    order_id=order_id,
                    kind=form.other(),
                    amount=form.amount.data,
                    until=form.until.data,
                    version=form.read_version,
                    by=viewer.staff_id,
                    override=form.override.data,
                )
                saved.goes_to(request.path, "The requirement is recorded.")
            return saved.redirect()
        except Stale:
            read_again(viewer, case_ref, order_ref, form)
        except LimitExceeded as beyond:
            form.refuse(" ".join(beyond.reasons), field="until")
            words = "Correct the day above, or say why it is recorded all the same."
            form.refuse(words, field="override")
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _page("orders/requirements.html", viewer, case_ref, order_ref, form)


@bp.post("/cases/<uuid:case_ref>/orders/<uuid:order_ref>/requirements/take-out")
@only(*RECORDERS)
def order_requirement_take_out(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Response:
    """Take out a requirement that was recorded by mistake or has ended."""
    goes_to = url_for(".order_requirements", case_ref=case_ref, order_ref=order_ref)
    taken_out = "The requirement was taken out."
    return _take_out(parts_service.take_out_requirement, case_ref, order_ref, goes_to, taken_out)


@bp.route("/cases/<uuid:case_ref>/orders/<uuid:order_ref>/reviews", methods=["GET", "POST"])
@only(*RECORDERS)
def order_reviews(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Page | Response:
    """The review hearings of an order, and a form for one more."""
    viewer = current_viewer()
    case, order = find_order(viewer, case_ref, order_ref)
    order_id, form = order.id, ReviewForm(version=order.version, court=case.court_code)
    if form.validate_on_submit() and form.on.data:
        try:
            with saving() as saved:
                parts_service.add_review(
                    order_id=order_id,
                    on=form.on.data,
                    court_code=form.court.data or "",
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                saved.goes_to(request.path, "The review hearing is recorded.")
            return saved.redirect()
        except Stale:
            read_again(viewer, case_ref, order_ref, form)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons), field="on")
    return _page("orders/reviews.html", viewer, case_ref, order_ref, form)


@bp.post("/cases/<uuid:case_ref>/orders/<uuid:order_ref>/reviews/take-out")
@only(*RECORDERS)
def order_review_take_out(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Response:
    """Take out a review hearing that does not take place."""
    goes_to = url_for(".order_reviews", case_ref=case_ref, order_ref=order_ref)
    taken_out = "The review hearing was taken out."
    return _take_out(parts_service.take_out_review, case_ref, order_ref, goes_to, taken_out)


class _TakesOut(Protocol):
    """The service that takes one of a list out."""

    def __call__(self, *, order_id: int, number: int, version: int, by: int) -> None: ...


def _take_out(
    service: _TakesOut, case_ref: uuid.UUID, order_ref: uuid.UUID, goes_to: str, words: str
) -> Response:
    viewer = current_viewer()
    _, order = find_order(viewer, case_ref, order_ref)
    order_id, form = order.id, TakeOutForm()
    try:
        with saving() as saved:
            service(
                order_id=order_id, number=form.place, version=form.read_version, by=viewer.staff_id
            )
            saved.goes_to(goes_to, words)
    except Stale as stale:
        raise Refused(CHANGED) from stale
    return saved.redirect()


def _orders(case_ref: uuid.UUID) -> str:
    return url_for(".case_orders", case_ref=case_ref)


def _page(
    template: str,
    viewer: Viewer,
    case_ref: uuid.UUID,
    order_ref: uuid.UUID,
    form: VersionedForm,
) -> Page:
    case, order = find_order(viewer, case_ref, order_ref)
    return form_page(
        template,
        record=record(viewer, case),
        case=case,
        order=shown(on_record(order)),
        form=form,
    )
