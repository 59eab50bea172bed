"""Writing a report on treatment: begun, written, read as it will be sent, signed and sent."""

import uuid
from typing import Protocol

import typst
from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.ending import report_queries, report_service
from mhtr.ending.blueprint import bp
from mhtr.ending.practitioners import author_name, stands_against
from mhtr.ending.report_build import order_of
from mhtr.ending.report_content import content_hash, sheet
from mhtr.ending.report_forms import ReportForm, SignForm, typed_from
from mhtr.ending.report_models import TreatmentReport
from mhtr.ending.report_pdf import compile_report
from mhtr.ending.report_service import Compiled
from mhtr.orders.page import order_title
from mhtr.orders.routes import find_order
from mhtr.web.forms import Form, Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

MEANWHILE = (
    "Somebody wrote on it, or it was sent, while you had this page. Nothing of yours is saved: "
    "read what is there now, and send again"
)
NO_PDF = "It could not be made into a file, so nothing was sent. Nothing of it is lost."
BASE = "/cases/<uuid:case_ref>/treatment-reports/<uuid:written_ref>"


@bp.route(
    "/cases/<uuid:case_ref>/orders/<uuid:order_ref>/treatment-report", methods=["GET", "POST"]
)
@only(*CLINICAL_ROLES)
def report_begin(case_ref: uuid.UUID, order_ref: uuid.UUID) -> Page | Response:
    """Begin a report on the treatment under an order."""
    viewer = current_viewer()
    case, order = find_order(viewer, case_ref, order_ref, Purpose.CLINICAL)
    case_id, order_id, title = case.id, order.id, order_title(order)
    form = Form()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                made = report_service.begin(case_id=case_id, order_id=order_id, by=viewer.staff_id)
                saved.goes_to(url_for(".report_write", case_ref=case_ref, written_ref=made.ref))
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return form_page(
        "ending/report_begin.html",
        form=form,
        record=record(viewer, case),
        case=case,
        title=title,
    )


def _find(viewer: Viewer, case_ref: uuid.UUID, ref: uuid.UUID) -> tuple[Case, TreatmentReport]:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    row = report_queries.find_report(case.id, ref)
    shows("treatment_report", row.id, case_id=case.id)
    return case, row


@bp.route(f"{BASE}/write", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def report_write(case_ref: uuid.UUID, written_ref: uuid.UUID) -> Page | Response:
    """Write a report, or go on with it."""
    viewer = current_viewer()
    _, row = _find(viewer, case_ref, written_ref)
    if row.drafted_at is None:
        raise NotFound
    report_id = row.id
    form = ReportForm(version=row.version, **typed_from(report_queries.draft_of(row)))
    form.offer(order_of(row).terms.kind, again=_sent(row))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                report_service.write(
                    report_id=report_id,
                    draft=form.said(),
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                saved.goes_to(
                    url_for(".report_sign", case_ref=case_ref, written_ref=written_ref),
                    "Kept.",
                )
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    return _write_page(viewer, case_ref, written_ref, form)


def _sent(row: TreatmentReport) -> bool:
    return bool(report_queries.versions_of_report(row))


def _write_page(
    viewer: Viewer, case_ref: uuid.UUID, written_ref: uuid.UUID, form: ReportForm
) -> Page:
    case, row = _find(viewer, case_ref, written_ref)
    form.version.carry(row.version)
    found = order_of(row)
    return form_page(
        "ending/report_write.html",
        form=form,
        record=record(viewer, case),
        case=case,
        title=order_title(found.order),
        author=author_name(case, [found]),
        may_sign=not stands_against(found, viewer.staff_id),
        again=_sent(row),
    )


@bp.route(f"{BASE}/sign", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def report_sign(case_ref: uuid.UUID, written_ref: uuid.UUID) -> Page | Response:
    """Read a report as it will be sent, and sign it. Signing sends it."""
    viewer = current_viewer()
    case, row = _find(viewer, case_ref, written_ref)
    if row.drafted_at is None:
        raise NotFound
    report_id = row.id
    built, _ = report_service.prepare(case, row, by=viewer.staff_id)
    form = SignForm(
        version=row.version, content_hash=content_hash(built.report) if built.report else ""
    )
    form.offer(built.warnings)
    if form.validate_on_submit():
        try:
            if built.report is None or content_hash(built.report) != form.content_hash.data:
                raise Refused(report_service.CHANGED)
            compiled = Compiled(compile_report(built.report), form.content_hash.data)
            with saving() as saved:
                report_service.sign(
                    report_id=report_id,
                    compiled=compiled,
                    version=form.read_version,
                    by=viewer.staff_id,
                    looked_at=form.seen,
                )
                goes_to = url_for(".treatment_end", case_ref=case_ref)
                saved.goes_to(goes_to, "Signed, and sent to the responsible officer.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except typst.TypstError:
            form.refuse(NO_PDF)
        except Refused as refused:
            form.refuse_all(refused)
    return _sign_page(viewer, case_ref, written_ref, form)


def _sign_page(viewer: Viewer, case_ref: uuid.UUID, written_ref: uuid.UUID, form: SignForm) -> Page:
    case, row = _find(viewer, case_ref, written_ref)
    built, against = report_service.prepare(case, row, by=viewer.staff_id)
    mine = not stands_against(built.found, viewer.staff_id)
    form.version.carry(row.version)
    form.content_hash.carry(content_hash(built.report) if built.report else "")
    return form_page(
        "ending/report_sign.html",
        form=form,
        record=record(viewer, case),
        case=case,
        report=row,
        view=sheet(built.report) if built.report else None,
        against=against,
        warnings=built.warnings,
        author="" if mine else author_name(case, [built.found]),
    )


@bp.route(f"{BASE}/anew", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def report_anew(case_ref: uuid.UUID, written_ref: uuid.UUID) -> Page | Response:
    """Begin another version of a report that was sent."""
    then = url_for(".report_write", case_ref=case_ref, written_ref=written_ref)
    template = "ending/report_anew.html"
    return _confirmed(case_ref, written_ref, report_service.issue_anew, template, then)


@bp.route(f"{BASE}/drop", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def report_drop(case_ref: uuid.UUID, written_ref: uuid.UUID) -> Page | Response:
    """Give up what is being written of a report."""
    then = url_for(".treatment_end", case_ref=case_ref)
    template = "ending/report_drop.html"
    return _confirmed(case_ref, written_ref, report_service.drop, template, then, "Given up.")


class _Change(Protocol):
    """A change of a report that asks for nothing but that it is meant."""

    def __call__(self, *, report_id: int, version: int, by: int) -> None: ...


def _confirmed(
    case_ref: uuid.UUID,
    written_ref: uuid.UUID,
    change: _Change,
    template: str,
    then: str,
    said: str = "",
) -> Page | Response:
    """Ask whether a change of a report is meant, and make it."""
    viewer = current_viewer()
    _, row = _find(viewer, case_ref, written_ref)
    report_id, form = row.id, VersionedForm(version=row.version)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                change(report_id=report_id, version=form.read_version, by=viewer.staff_id)
                saved.goes_to(then, said)
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    case, row = _find(viewer, case_ref, written_ref)
    form.version.carry(row.version)
    return form_page(
        template,
        form=form,
        record=record(viewer, case),
        case=case,
        report=row,
        title=order_title(order_of(row).order),
    )
