"""What became of a report on treatment before the court, as his officer records it."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import SUPERVISES, Purpose, Viewer
from mhtr.core.errors import NotFound, Refused
from mhtr.ending import application_service, report_queries
from mhtr.ending.application_rules import STEP_WORDS
from mhtr.ending.report_build import order_of
from mhtr.ending.report_forms import ApplicationForm
from mhtr.orders.page import order_title
from mhtr.probation.blueprint import bp
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving


@bp.route(
    "/cases/<uuid:case_ref>/treatment-reports/<uuid:written_ref>/steps",
    methods=["GET", "POST"],
)
@only(*SUPERVISES)
def treatment_step(case_ref: uuid.UUID, written_ref: uuid.UUID) -> Page | Response:
    """Record that an application was made, when it is heard, or what the court decided."""
    viewer = current_viewer()
    case_id = find_case(viewer, case_ref, Purpose.SUPERVISION).id
    form = ApplicationForm()
    if form.validate_on_submit() and form.on.data is not None:
        try:
            with saving() as saved:
                application_service.record_step(
                    case_id=case_id,
                    report_ref=written_ref,
                    kind=form.what,
                    on=form.on.data,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".treatment_end", case_ref=case_ref), "Recorded.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _step_page(viewer, case_ref, written_ref, form)


def _step_page(
    viewer: Viewer, case_ref: uuid.UUID, written_ref: uuid.UUID, form: ApplicationForm
) -> Page:
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    row = report_queries.find_report(case.id, written_ref)
    if not report_queries.versions_of_report(row):
        raise NotFound
    shows("treatment_report", row.id, case_id=case.id)
    return form_page(
        "probation/treatment_step.html",
        form=form,
        record=record(viewer, case),
        case=case,
        title=order_title(order_of(row).order),
    )


@bp.route(
    "/cases/<uuid:case_ref>/treatment-report-steps/<uuid:court_step_ref>/take-back",
    methods=["GET", "POST"],
)
@only(*SUPERVISES)
def treatment_step_take_back(case_ref: uuid.UUID, court_step_ref: uuid.UUID) -> Page | Response:
    """Take back what was recorded by mistake."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    case_id, form = case.id, Form()
    row = next((one for one in report_queries.steps_of(case_id) if one.ref == court_step_ref), None)
    if row is None:
        raise NotFound
    shows("treatment_report_step", row.id, case_id=case_id)
    words, on = STEP_WORDS[row.kind], row.on
    if form.validate_on_submit():
        try:
            with saving() as saved:
                application_service.take_back(
                    case_id=case_id, ref=court_step_ref, by=viewer.staff_id
                )
                saved.goes_to(url_for(".treatment_end", case_ref=case_ref), "Taken back.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    return form_page(
        "probation/treatment_step_take_back.html",
        form=form,
        record=record(viewer, case),
        case=case,
        words=words,
        on=on,
    )
