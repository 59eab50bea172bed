"""A report on treatment as it was sent: the page and the file, for its reader and its writers."""

import uuid

from flask import Response, make_response, render_template
from sqlalchemy import select

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role
from mhtr.core.database import db
from mhtr.ending import report_queries
from mhtr.ending.blueprint import bp
from mhtr.ending.report_content import sheet
from mhtr.ending.report_models import ReportVersion
from mhtr.web.gate import only
from mhtr.web.reads import shows

READERS = (*CLINICAL_ROLES, Role.PROBATION, Role.SENIOR_PROBATION)
PURPOSES = (Purpose.CLINICAL, Purpose.SUPERVISION)
BASE = "/cases/<uuid:case_ref>/treatment-reports/versions/<uuid:issued_ref>"


def _find(case_ref: uuid.UUID, issued_ref: uuid.UUID) -> tuple[Case, ReportVersion]:
    case = find_case(current_viewer(), case_ref, *PURPOSES)
    row = report_queries.find_version(case.id, issued_ref)
    shows("treatment_report_version", row.id, case_id=case.id)
    return case, row


@bp.get(BASE)
@only(*READERS)
def report_version(case_ref: uuid.UUID, issued_ref: uuid.UUID) -> str | tuple[str, int]:
    """One version as it was sent; what took its place, where something did."""
    case, row = _find(case_ref, issued_ref)
    report = report_queries.verified(row)
    of_report = [
        one for one in report_queries.versions_of(case.id) if one.report_id == row.report_id
    ]
    head = record(current_viewer(), case)
    clinical = current_viewer().has(*CLINICAL_ROLES)
    if report is None:
        return render_template("ending/report_spoilt.html", record=head, case=case,
                               clinical=clinical), 409  # fmt: skip
    return render_template(
        "ending/report_version.html",
        record=head,
        case=case,
        row=row,
        view=sheet(report),
        newer=of_report[-1] if of_report[-1].id != row.id else None,
        by=db.session.get_one(Staff, row.signed_by).name,
        clinical=clinical,
    )


@bp.get(f"{BASE}.pdf")
@only(*READERS)
def report_pdf(case_ref: uuid.UUID, issued_ref: uuid.UUID) -> Response | tuple[str, int]:
    """One version as the file that was sent."""
    case, row = _find(case_ref, issued_ref)
    report = report_queries.verified(row)
    pdf = db.session.scalars(select(ReportVersion.pdf).where(ReportVersion.id == row.id)).one()
    if report is None or not report_queries.is_file_intact(row):
        return render_template(
            "ending/report_spoilt.html",
            record=record(current_viewer(), case),
            case=case,
            clinical=current_viewer().has(*CLINICAL_ROLES),
        ), 409
    answer = make_response(pdf)
    answer.headers["Content-Type"] = "application/pdf"
    name = f"{report.reference.replace('/', '-').replace(' ', '-')}-v{report.number}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
