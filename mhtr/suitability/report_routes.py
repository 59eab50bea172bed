"""The released report: the page, the paragraph for the PSR, the PDF, and the release log."""

import uuid
from typing import Any

from flask import Response, make_response, render_template
from sqlalchemy import select

from mhtr.accounts.gate import current_viewer
from mhtr.cases import reliance
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core.access import CLINICAL_ROLES, PROBATION_ROLES, Purpose
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.suitability import reliance_news, report_queries, request_queries
from mhtr.suitability.assessment_content import asked_for
from mhtr.suitability.blueprint import bp
from mhtr.suitability.concerned import current_request, is_withdrawn
from mhtr.suitability.models import ReportRelease
from mhtr.suitability.release_log import opened_later
from mhtr.suitability.report_content import ReportContent
from mhtr.suitability.report_pdf import compile_report
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows

READERS = PROBATION_ROLES | CLINICAL_ROLES
PURPOSES = (Purpose.PRE_SENTENCE, Purpose.CLINICAL)


@bp.get("/cases/<uuid:case_ref>/report")
@only(*READERS)
def report(case_ref: uuid.UUID) -> str | tuple[str, int]:
    """The report as released; before that only where it stands, never what a draft says."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES, received=True)
    released = report_queries.releases(case.id)
    head = record(viewer, case)
    if not released:
        found = current_request(case.id)
        row = request_queries.row_of(found, case) if found else None
        withdrawn = is_withdrawn(case.id)
        return render_template(
            "suitability/report_waiting.html", record=head, row=row, withdrawn=withdrawn
        )
    shows("report_release", *(release.row.id for release in released))
    if any(release.content is None for release in released):
        page = render_template("suitability/report_refused.html", record=head, released=released)
        return page, 409
    mark = reliance.mark(reliance.doubts(head.standing))
    return render_template(
        "suitability/report.html",
        record=head,
        mark=mark,
        view=report_queries.as_corrected(released),
        released=released,
        later=opened_later(case.id),
        now=_now(case, released) if head.purposes else None,
        main=next(release for release in released if not release.row.is_addendum),
        paragraph=report_queries.paragraph(released, mark),
        addenda=[release for release in reversed(released) if release.row.is_addendum],
    )


def _now(case: Case, released: list[report_queries.Release]) -> dict[str, Any] | None:
    """For whom and which hearing a report would be today, where that is not what it says."""
    said = next((one.content for one in released if not one.row.is_addendum), None)
    if said is None or case.state not in BEFORE_SENTENCE or current_request(case.id) is None:
        return None
    now = asked_for(case)
    named = ("court_name", "hearing_on", "requested_by")
    return now if any(getattr(said, name) != now[name] for name in named) else None


@bp.get("/cases/<uuid:case_ref>/report.pdf")
@only(*READERS)
def report_pdf(case_ref: uuid.UUID) -> Response | tuple[str, int]:
    """The newest released report as a file."""
    return _file(case_ref, None)


@bp.get("/cases/<uuid:case_ref>/report/<uuid:release_ref>.pdf")
@only(*READERS)
def release_pdf(case_ref: uuid.UUID, release_ref: uuid.UUID) -> Response | tuple[str, int]:
    """One release as a file: the report or an addendum."""
    return _file(case_ref, release_ref)


def _file(case_ref: uuid.UUID, release_ref: uuid.UUID | None) -> Response | tuple[str, int]:
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES, received=True)
    query = select(ReportRelease).where(ReportRelease.case_id == case.id)
    if release_ref is None:
        query = query.where(ReportRelease.is_addendum.is_(False))
    else:
        query = query.where(ReportRelease.ref == release_ref)
    row = db.session.scalars(query.order_by(ReportRelease.id.desc())).first()
    if row is None:
        raise NotFound
    shows("report_release", row.id)
    content = report_queries.verified(row)
    if content is None or not report_queries.is_file_intact(row):
        page = render_template(
            "suitability/report_refused.html",
            record=record(viewer, case),
            released=report_queries.releases(case.id),
        )
        return page, 409
    mark = reliance_news.mark_now(case.id)
    # What was released is kept as it is: a copy that may no longer stand says so.
    answer = make_response(compile_report(content, mark) if mark else row.pdf)
    answer.headers["Content-Type"] = "application/pdf"
    name = _file_name(content, marked=bool(mark))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _file_name(content: ReportContent, *, marked: bool) -> str:
    """The reference of an addendum holds a slash, which no file name may."""
    said = "-may-no-longer-stand" if marked else ""
    return f"{content.reference.replace('/', '-')}{said}.pdf"


navigation.add_case(
    CaseGroup.SUITABILITY,
    40,
    "Report",
    "suitability.report",
    Purpose.PRE_SENTENCE,
    Purpose.CLINICAL,
)
