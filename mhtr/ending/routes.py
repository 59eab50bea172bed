"""The end of treatment, for who treats him: what was told to probation, and what is asked."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.errors import Refused, Stale
from mhtr.ending import (
    document_routes,
    early_end,
    finish_service,
    page,
    queries,
    question_service,
    report_page,
    report_queries,
    report_routes,
)
from mhtr.ending.blueprint import bp
from mhtr.ending.forms import FurtherForm
from mhtr.ending.practitioners import author_name, standing_orders, stands_against
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

__all__ = ["bp", "document_routes", "early_end", "finish_service", "report_routes"]

MEANWHILE = (
    "Something was recorded of it while you had this page. Nothing of yours is saved: read what "
    "is on record now, and answer"
)
navigation.add_case(
    CaseGroup.TREATMENT,
    60,
    "The end",
    "ending.treatment_end",
    Purpose.CLINICAL,
    section=("ending.",),
    roles=CLINICAL_ROLES,
)


@bp.get("/cases/<uuid:case_ref>/end-of-treatment")
@only(*CLINICAL_ROLES)
def treatment_end(case_ref: uuid.UUID) -> str:
    """Whether his planned sessions are finished, who was told, and what is still to be said."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    rows, answers = queries.finished_rows(case.id), queries.answers_of(case.id)
    shows("finished", *(row.id for row in rows), case_id=case.id)
    shows("treatment_report", *(one.id for one in report_queries.reports_of(case.id)))
    orders = standing_orders(case.id)
    return render_template(
        "ending/treatment_end.html",
        record=record(viewer, case),
        case=case,
        finished=queries.last_finished(case.id),
        history=[page.finish_line(row) for row in reversed(rows)],
        answers=[page.answer_line(row) for row in reversed(answers)],
        running=page.running(case.id, clock.today()),
        author=author_name(case, orders),
        answered=_is_answered(case.id),
        may_answer=any(not stands_against(one, viewer.staff_id) for one in orders),
        never_said=page.NEVER_SAID,
        ended_early=page.ended_early(case.id),
        ran_out=page.ran_out(case.id),
        reports=report_page.report_lines(case.id),
        begins=report_page.may_begin(case.id, viewer.staff_id),
    )


def _is_answered(case_id: int) -> bool:
    row = queries.last_finished(case_id)
    return row is not None and queries.answer_on(row) is not None


@bp.route("/cases/<uuid:case_ref>/end-of-treatment/further", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def further(case_ref: uuid.UUID) -> Page | Response:
    """Say whether he requires further treatment."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    case_id = case.id
    form = FurtherForm(version=question_service.seen_of(case_id))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                question_service.answer(
                    case_id=case_id, said=form.said(), seen=form.read_version, by=viewer.staff_id
                )
                saved.goes_to(url_for(".treatment_end", case_ref=case_ref), "Recorded.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    return _further_page(viewer, case_ref, form)


def _further_page(viewer: Viewer, case_ref: uuid.UUID, form: FurtherForm) -> Page:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    row = queries.last_finished(case.id)
    form.version.carry(question_service.seen_of(case.id))
    if row is not None:
        shows("finished", row.id, case_id=case.id)
    orders = standing_orders(case.id)
    return form_page(
        "ending/further.html",
        form=form,
        record=record(viewer, case),
        case=case,
        finished=row,
        running=page.running(case.id, clock.today()),
        against=_against(case.id, viewer.staff_id) if row is not None else (),
        author=author_name(case, orders),
        answered=row is not None and queries.answer_on(row) is not None,
        not_finished=question_service.NOT_FINISHED,
    )


def _against(case_id: int, staff_id: int) -> tuple[str, ...]:
    try:
        question_service.answers_for(case_id, staff_id)
    except Refused as refused:
        return refused.reasons
    return ()
