"""Compliance reports on demand, on one man and on a caseload."""

import uuid

from flask import render_template, url_for

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import SUPERVISES, Purpose, Viewer
from mhtr.probation.blueprint import bp
from mhtr.probation.people_form import PeopleForm, form_for
from mhtr.probation.people_queries import MOST, men_of
from mhtr.probation.reports.making import report_of
from mhtr.probation.reports.terms import Item
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.paging import page_from, page_number
from mhtr.web.reads import shows

navigation.add_under(
    "probation.people", 25, "Compliance report", "probation.report_many", *SUPERVISES
)
LINES = 25
"""Men on one page of a caseload."""


def caseload(viewer: Viewer) -> tuple[PeopleForm, list[int]]:
    """The filter of a caseload, and the cases of those whom it leaves."""
    everybody = men_of(viewer)[:MOST]
    form = form_for(viewer, everybody)
    valid = form.validate()
    return form, [man.case_id for man in everybody if not valid or form.is_wanted(man)]


@bp.get("/cases/<uuid:case_ref>/compliance-report")
@only(*SUPERVISES)
def report_one(case_ref: uuid.UUID) -> str:
    """What is on record of one man's compliance: figures, and the sessions behind them."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    report = report_of(viewer, [case.id], one=True)
    (man,) = report.men
    return render_template(
        "probation/reports/one.html",
        record=record(viewer, case),
        case=case,
        report=report,
        line=report.line(man),
        sessions=report.said(man).get(Item.EACH, ()),
    )


@bp.get("/my-people/compliance-report")
@only(*SUPERVISES)
def report_many() -> str:
    """The compliance of a caseload: one row a man, and all of them together."""
    viewer = current_viewer()
    form, case_ids = caseload(viewer)
    report = report_of(viewer, case_ids, one=False)
    shows("case", *case_ids)
    number = page_number()
    first = (number - 1) * LINES
    page = page_from(report.men[first : first + LINES + 1], number, size=LINES)
    asked = {field.name: field.data for field in form if field.data}
    return render_template(
        "probation/reports/many.html",
        form=form,
        report=report,
        page=page,
        lines=[{**report.line(man), "ref": man.ref} for man in page.rows],
        release_href=url_for(".report_many_release", **asked),
        clear_href=url_for(".report_many"),
    )
