"""Warnings and what probation did, recorded on an order and taken back."""

import uuid
from collections.abc import Callable
from typing import TypeVar

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.compliance import enforcement_service
from mhtr.compliance.enforcement_queries import steps_of, warnings_of
from mhtr.compliance.enforcing import draft
from mhtr.core.access import SUPERVISES, Purpose
from mhtr.core.errors import NotFound, Refused
from mhtr.orders.routes import find_order
from mhtr.probation.blueprint import bp
from mhtr.probation.enforcement_forms import StepForm, WarningForm, WithdrawForm
from mhtr.probation.standing_page import (
    Absence,
    absences_of,
    order_title,
    step_shown,
    warning_shown,
)
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

F = TypeVar("F", WarningForm, StepForm)


@bp.route("/cases/<uuid:case_ref>/orders/<uuid:order_ref>/warnings/new", methods=["GET", "POST"])
@only(*SUPERVISES)
def warning_new(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Page | Response:
    """Record a warning that was given, with words to copy beside it."""

    def write(form: WarningForm, order_id: int, by: int) -> None:
        enforcement_service.record_warning(order_id=order_id, warning=form.warning(), by=by)

    said = "The warning is recorded."
    return _on_order(case_ref, order_ref, WarningForm(), write, "probation/warning.html", said)


@bp.route("/cases/<uuid:case_ref>/orders/<uuid:order_ref>/enforcement", methods=["GET", "POST"])
@only(*SUPERVISES)
def enforcement(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Page | Response:
    """Record what was done: no action, a referral, what the court did, warnings compared."""

    def write(form: StepForm, order_id: int, by: int) -> None:
        enforcement_service.record_step(order_id=order_id, step=form.step(), by=by)

    return _on_order(
        case_ref, order_ref, StepForm(), write, "probation/enforcement.html", "Recorded."
    )


@bp.route("/cases/<uuid:case_ref>/warnings/<uuid:warning_ref>/withdraw", methods=["GET", "POST"])
@only(*SUPERVISES)
def warning_withdraw(case_ref: uuid.UUID, warning_ref: uuid.UUID) -> Page | Response:
    """Record that a warning was withdrawn."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    row = next((one for one in warnings_of(case.id) if one.ref == warning_ref), None)
    if row is None:
        raise NotFound
    shows("warning", row.id, case_id=case.id)
    form, case_id = WithdrawForm(), case.id
    if form.validate_on_submit() and form.on.data is not None:
        try:
            with saving() as saved:
                enforcement_service.withdraw_warning(
                    case_id=case_id,
                    ref=warning_ref,
                    on=form.on.data,
                    why=form.why.data,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".standing", case_ref=case_ref), "Withdrawn.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    return form_page(
        "probation/warning_withdraw.html",
        form=form,
        record=record(viewer, case),
        case=case,
        warning=warning_shown(row),
    )


@bp.route("/cases/<uuid:case_ref>/enforcement/<uuid:step_ref>/take-back", methods=["GET", "POST"])
@only(*SUPERVISES)
def enforcement_take_back(case_ref: uuid.UUID, step_ref: uuid.UUID) -> Page | Response:
    """Take back what was recorded by mistake."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    found = next((one for one in steps_of(case.id) if one[0].ref == step_ref), None)
    if found is None:
        raise NotFound
    shows("enforcement", found[0].id, case_id=case.id)
    form, case_id = Form(), case.id
    if form.validate_on_submit():
        try:
            with saving() as saved:
                enforcement_service.take_back_step(
                    case_id=case_id, ref=step_ref, by=viewer.staff_id
                )
                saved.goes_to(url_for(".standing", case_ref=case_ref), "Taken back.")
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    return form_page(
        "probation/enforcement_take_back.html",
        form=form,
        record=record(viewer, case),
        case=case,
        step=step_shown(*found),
    )


def _failed(case_id: int) -> list[Absence]:
    """The sessions that probation did not accept, the latest first."""
    failed = enforcement_service.failed_sessions(case_id)
    return [one for one in absences_of(case_id) if str(one.ref) in failed]


def _on_order(
    case_ref: uuid.UUID,
    order_ref: uuid.UUID,
    form: F,
    write: Callable[[F, int, int], None],
    template: str,
    said: str,
) -> Page | Response:
    """Ask for something that is recorded on an order, and record it."""
    viewer = current_viewer()
    case, order = find_order(viewer, case_ref, order_ref, Purpose.SUPERVISION)
    order_id = order.id
    form.about.set_choices([(str(one.ref), one.label) for one in _failed(case.id)])
    if form.validate_on_submit():
        try:
            with saving() as saved:
                write(form, order_id, viewer.staff_id)
                saved.goes_to(url_for(".standing", case_ref=case_ref), said)
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case, order = find_order(viewer, case_ref, order_ref, Purpose.SUPERVISION)
    failed = _failed(case.id)
    return form_page(
        template,
        form=form,
        record=record(viewer, case),
        case=case,
        order=order,
        failed=failed,
        title=order_title(order.kind, order.made_on),
        draft=draft(order.kind, [one.on for one in failed[:1]]),
    )
