"""Clinicians tell probation of a risk, say it anew, or take it back."""

import uuid

from flask import render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core.access import CLINICAL_ROLES, Purpose
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.orders.unit_mail import unit_of
from mhtr.probation import risk_service as service
from mhtr.probation.blueprint import bp
from mhtr.probation.risk_forms import RiskBackForm, RiskForm, told_data
from mhtr.probation.risk_page import card, read_of
from mhtr.probation.risk_queries import NOBODY, Told, told_of, told_one
from mhtr.probation.risk_tasks import reader_of
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

SENT = "Probation is told. Somebody by name has to acknowledge it."


@bp.get("/cases/<uuid:case_ref>/risk-told")
@only(*CLINICAL_ROLES)
def risks(case_ref: uuid.UUID) -> str:
    """Everything that probation was told of risk, who acknowledged it, and its basis."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    found = told_of(case.id)
    shows("risk_statement", *(one.row.id for one in found), case_id=case.id)
    return render_template(
        "probation/risks.html",
        record=record(viewer, case),
        case=case,
        cards=[card(one, clinical=True) for one in found],
        under_order=case.state in UNDER_ORDER,
        no_order=service.NO_ORDER,
    )


@bp.route("/cases/<uuid:case_ref>/risk-told/new", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def risk_new(case_ref: uuid.UUID) -> Page | Response:
    """Tell probation of a risk: nothing is sent that was not shown as they will read it."""
    return _tell(case_ref, RiskForm(), None)


@bp.route("/cases/<uuid:case_ref>/risk-told/<uuid:risk_ref>/again", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def risk_again(case_ref: uuid.UUID, risk_ref: uuid.UUID) -> Page | Response:
    """Say it anew: what was said before stays on record and holds no more."""
    before = _find(case_ref, risk_ref)
    return _tell(case_ref, RiskForm(data=told_data(before.row)), before)


@bp.route("/cases/<uuid:case_ref>/risk-told/<uuid:risk_ref>/take-back", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def risk_take_back(case_ref: uuid.UUID, risk_ref: uuid.UUID) -> Page | Response:
    """Take back what probation was told."""
    viewer, form = current_viewer(), RiskBackForm()
    case_id = _find(case_ref, risk_ref).row.case_id
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.withdraw(
                    case_id=case_id, ref=risk_ref, why=form.why.data, by=viewer.staff_id
                )
                saved.goes_to(url_for(".risks", case_ref=case_ref), "Taken back.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return form_page(
        "probation/risk_take_back.html",
        form=form,
        record=record(viewer, case),
        case=case,
        one=card(_find(case_ref, risk_ref), clinical=True),
    )


def _tell(case_ref: uuid.UUID, form: RiskForm, before: Told | None) -> Page | Response:
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    case_id, replaces = case.id, before.row.ref if before is not None else None
    form.offer(_approvers(case, viewer.staff_id))
    preview = None
    if form.validate_on_submit():
        if not form.previewed():
            preview = read_of(form.said())
        else:
            try:
                with saving() as saved:
                    service.tell(
                        case_id=case_id, said=form.said(), by=viewer.staff_id, replaces=replaces
                    )
                    saved.goes_to(url_for(".risks", case_ref=case_ref), SENT)
                return saved.redirect()
            except Refused as refused:
                form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return form_page(
        "probation/risk_new.html",
        form=form,
        record=record(viewer, case),
        case=case,
        read=preview,
        to=_recipient(case),
        writer=db.session.get_one(Staff, viewer.staff_id).name,
        agreed=service.has_agreed(case),
        before=before and card(before, clinical=True),
        under_order=case.state in UNDER_ORDER,
        no_order=service.NO_ORDER,
    )


def _recipient(case: Case) -> str:
    reader, unit = reader_of(case), unit_of(case.id)
    found = [one.name for one in (reader, unit) if one is not None]
    return ", ".join(found) or NOBODY


def _approvers(case: Case, by: int) -> list[tuple[int, str, str]]:
    ids = service.approvers_of(case, by)
    query = select(Staff.id, Staff.ref, Staff.name).where(Staff.id.in_(ids))
    rows = db.session.execute(query.order_by(Staff.sort_name, Staff.id))
    return [(key, str(ref), name) for key, ref, name in rows]


def _find(case_ref: uuid.UUID, risk_ref: uuid.UUID) -> Told:
    case = find_case(current_viewer(), case_ref, Purpose.CLINICAL)
    told = told_one(case.id, risk_ref)
    if told is None:
        raise NotFound
    shows("risk_statement", told.row.id, case_id=case.id)
    return told
