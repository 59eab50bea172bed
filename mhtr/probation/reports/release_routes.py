"""Releasing a compliance report, and issuing one again: exactly what will be in it first."""

import uuid
from collections.abc import Sequence
from typing import Any

import typst
from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Organisation, Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import SUPERVISES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.orders.officer_queries import officers_in
from mhtr.probation.blueprint import bp
from mhtr.probation.reports import service
from mhtr.probation.reports.content import Report
from mhtr.probation.reports.files import FORMATS
from mhtr.probation.reports.forms import AgainForm, ReleaseForm
from mhtr.probation.reports.making import report_of
from mhtr.probation.reports.page import Changed, changed_since
from mhtr.probation.reports.queries import Released, find_release, issue_words
from mhtr.probation.reports.routes import caseload
from mhtr.probation.reports.stored import content_hash, to_json
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.paging import here, page_from, page_number
from mhtr.web.reads import shows
from mhtr.web.submission import saving

EACH = 10
"""Men on one page of a preview."""
NO_FILE = (
    "The file could not be made, so nothing was released. Try again; if it happens again, tell "
    "whoever runs the program."
)


@bp.route("/cases/<uuid:case_ref>/compliance-report/release", methods=["GET", "POST"])
@only(*SUPERVISES)
def report_one_release(case_ref: uuid.UUID) -> Page | Response:
    """What a report on one man will say, and releasing it."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    return _release(viewer, [case.id], one=True)


@bp.route("/my-people/compliance-report/release", methods=["GET", "POST"])
@only(*SUPERVISES)
def report_many_release() -> Page | Response:
    """What a report on a caseload will say, and releasing it."""
    viewer = current_viewer()
    return _release(viewer, caseload(viewer)[1], one=False)


def _release(viewer: Viewer, case_ids: Sequence[int], *, one: bool) -> Page | Response:
    form, colleagues = ReleaseForm(), _colleagues(viewer)
    unit = db.session.get_one(Organisation, viewer.organisation_id)
    form.offer(unit.name, bool(unit.mailbox), colleagues)
    report = report_of(viewer, case_ids, one=one)
    if form.validate_on_submit() and form.complete():
        try:
            compiled = _compiled(report, form, case_ids, one, form.format.data or "")
            to = form.recipient(colleagues)
            with saving() as saved:
                row = service.release(compiled=compiled, to=to, by=viewer.staff_id)
                page = url_for(".released", compliance_ref=row.ref)
                saved.goes_to(page, "The report is released.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _preview(report, form, case_ids, **_head(viewer, case_ids[0] if one else None))


def _colleagues(viewer: Viewer) -> list[Staff]:
    return [one for one in officers_in(viewer.organisation_id) if one.id != viewer.staff_id]


def _compiled(
    report: Report,
    form: ReleaseForm | AgainForm,
    case_ids: Sequence[int],
    one: bool,
    ending: str,
) -> service.Compiled:
    """The file of what the page showed, made before the write transaction opens."""
    if content_hash(to_json(report)) != form.content_hash.data:
        raise Refused(service.CHANGED)
    try:
        return service.Compiled(report, case_ids, one, ending, FORMATS[ending][1](report))
    except typst.TypstError:
        raise Refused(NO_FILE) from None


@bp.route("/released-reports/<uuid:compliance_ref>/again", methods=["GET", "POST"])
@only(*SUPERVISES)
def release_again(compliance_ref: uuid.UUID) -> Page | Response:
    """What a later version of a report will say, and issuing it."""
    viewer = current_viewer()
    old = find_release(viewer, compliance_ref)
    if not old.whole:
        raise NotFound
    if not old.newest and request.method == "GET":
        return redirect(url_for(".released", compliance_ref=old.versions[0].row.ref))
    case_ids = [man.case_id for man in old.men]
    one = old.row.case_id is not None
    report = report_of(viewer, case_ids, one=one, issue=issue_words(old.row))
    form = AgainForm()
    if form.validate_on_submit():
        try:
            compiled = _compiled(report, form, case_ids, one, old.row.format)
            with saving() as saved:
                row = service.issue_again(
                    replaces=compliance_ref,
                    compiled=compiled,
                    why=form.why.data,
                    by=viewer.staff_id,
                )
                page = url_for(".released", compliance_ref=row.ref)
                saved.goes_to(page, "It is issued again, and whoever has an earlier one is told.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    old = find_release(viewer, compliance_ref)
    since, head = changed_since(viewer, old), _head(viewer, old.row.case_id)
    return _preview(report, form, case_ids, old=old, since=since, **head)


def _head(viewer: Viewer, case_id: int | None) -> dict[str, Any]:
    """What the page of a report on one man carries above it."""
    if case_id is None:
        return {"case": None}
    case = db.session.get_one(Case, case_id)
    return {"record": record(viewer, case), "case": case}


def _preview(
    report: Report,
    form: ReleaseForm | AgainForm,
    case_ids: Sequence[int],
    *,
    old: Released | None = None,
    since: Changed | None = None,
    **head: object,
) -> Page:
    """The page of what will be in it, some men at a time, with the contents of all of them."""
    shows("case", *case_ids)
    form.content_hash.carry(content_hash(to_json(report)))
    number = page_number()
    first = (number - 1) * EACH
    page = page_from(report.men[first : first + EACH + 1], number, size=EACH)
    contents = [
        (man.name, f"{here(page=at // EACH + 1)}#man-{man.ref}")
        for at, man in enumerate(report.men)
    ]
    return form_page(
        "probation/reports/release.html",
        form=form,
        report=report,
        page=page,
        contents=contents if len(contents) > 1 else [],
        old=old,
        since=since,
        **head,
    )
