"""Pages of the release: the last look, the release, and what he says to the report."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import Purpose
from mhtr.core.errors import Refused, Stale
from mhtr.suitability import addendum_service, said_earlier
from mhtr.suitability import release_service as service
from mhtr.suitability.addendum_forms import TakeBackForm
from mhtr.suitability.assessment_access import ASSESSORS, find_assessment
from mhtr.suitability.assessment_content import his_answer
from mhtr.suitability.assessment_queries import (
    latest_assessment,
    pending_request,
    staff_name,
)
from mhtr.suitability.blueprint import bp
from mhtr.suitability.his_answer import not_heard
from mhtr.suitability.models import Assessment
from mhtr.suitability.readings import readings_of
from mhtr.suitability.release_content import (
    Prepared,
    prepare,
    release_of,
    released_report,
)
from mhtr.suitability.release_forms import (
    ANSWERS,
    HOW,
    HeardForm,
    ReleaseForm,
    basis_rows,
)
from mhtr.suitability.release_log import log_of, opened_later, receivers
from mhtr.suitability.reliance_news import mark_now
from mhtr.suitability.report_content import HisAnswer, content_hash
from mhtr.suitability.report_pdf import compile_report
from mhtr.suitability.report_view import report_view
from mhtr.tasks.risk_reviews import open_reviews
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.submission import saving

navigation.add_case(
    CaseGroup.SUITABILITY,
    30,
    "Release",
    "suitability.release",
    Purpose.CLINICAL,
    section=("suitability.release",),
    roles=ASSESSORS,
)


@bp.get("/cases/<uuid:case_ref>/release", endpoint="release")
@only(*ASSESSORS)
def look(case_ref: uuid.UUID) -> Page | Response:
    """The last look; before an assessment it says that there is nothing to release."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    if latest_assessment(case.id) is None:
        return render_template(
            "suitability/release_none.html", record=record(viewer, case), form=None
        )
    return release(case_ref)


@bp.post("/cases/<uuid:case_ref>/release", endpoint="release_save")
@only(*ASSESSORS)
def release(case_ref: uuid.UUID) -> Page | Response:
    """The report and its addenda as they would go out, what stands against it, and the log."""
    viewer = current_viewer()
    case, assessment = find_assessment(viewer, case_ref)
    addendum = released_report(assessment.id) is not None
    form = ReleaseForm(what=_what(addendum))
    if form.is_submitted():
        # The button that was pressed, even if the report has gone out since.
        addendum = form.what.data == _what(True)
    prepared = prepare(case, assessment, by=viewer.staff_id, addendum=addendum)
    form.offer(prepared.warnings)
    if not form.is_submitted() and prepared.content:
        form.content_hash.data = content_hash(prepared.content)
    if form.validate_on_submit():
        try:
            return _release(case, assessment, prepared, form, addendum)
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        case, assessment = find_assessment(viewer, case_ref)
        addendum = released_report(assessment.id) is not None
        prepared = prepare(case, assessment, by=viewer.staff_id, addendum=addendum)
        _offer_anew(form, prepared, addendum)
    return _release_page(case, assessment, prepared, form, addendum)


def _offer_anew(form: ReleaseForm, prepared: Prepared, addendum: bool) -> None:
    form.offer(prepared.warnings)
    form.content_hash.carry(content_hash(prepared.content) if prepared.content else "")
    form.what.carry(_what(addendum))


def _release_page(
    case: Case, assessment: Assessment, prepared: Prepared, form: ReleaseForm, addendum: bool
) -> Page:
    viewer, under_way = current_viewer(), addendum_service.under_way(assessment.id)
    gone = prepared.decision is not None and release_of(prepared.decision.id) is not None
    return form_page(
        "suitability/release.html",
        record=record(viewer, case),
        case=case,
        assessment=assessment,
        form=form,
        prepared=prepared,
        addendum=addendum,
        gone=gone,
        view=report_view(prepared.content) if prepared.content and not gone else None,
        not_heard=not_heard(prepared.content) if prepared.content else "",
        basis=basis_rows(prepared.content) if prepared.content else (),
        to=receivers(prepared.request),
        log=log_of(case),
        later=opened_later(case.id),
        waiting=pending_request(assessment.id),
        mark=mark_now(case.id),
        risk_open=open_reviews(case.id),
        under_way=under_way,
        take_back=TakeBackForm(formdata=None),
        under_way_by=staff_name(under_way.requested_by) if under_way else "",
        may_take_back=under_way is not None
        and viewer.staff_id in (under_way.requested_by, assessment.author_id),
    )


def _what(addendum: bool) -> str:
    return "addendum" if addendum else "report"


def _release(
    case: Case, assessment: Assessment, prepared: Prepared, form: ReleaseForm, addendum: bool
) -> Response:
    viewer = current_viewer()
    case_id, looked_at = case.id, frozenset(form.looked_at.data)
    compiled = service.Compiled(b"", "")
    if prepared.decision is None or release_of(prepared.decision.id) is None:
        compiled = _compiled(prepared, str(form.content_hash.data))
    with saving() as saved:
        service.release(
            case_id=case_id,
            assessment=assessment,
            compiled=compiled,
            by=viewer.staff_id,
            addendum=addendum,
            looked_at=looked_at,
        )
        page = url_for(".release", case_ref=case.ref)
        to = receivers(prepared.request)
        saved.goes_to(page, f"Released to the author of the pre-sentence report: {to}.")
    return saved.redirect()


def _compiled(prepared: Prepared, seen: str) -> service.Compiled:
    """The file of what he looked at, made before the write transaction opens."""
    if prepared.content is None or prepared.against:
        raise Refused(*prepared.against)
    if seen != content_hash(prepared.content):
        raise Refused("The report changed since you opened this page. Look at it again.")
    return service.Compiled(compile_report(prepared.content), seen)


@bp.get("/cases/<uuid:case_ref>/release/heard")
@bp.post("/cases/<uuid:case_ref>/release/heard", endpoint="release_heard_save")
@only(*ASSESSORS)
def release_heard(case_ref: uuid.UUID) -> Page | Response:
    """He reads or hears the report: how, and what he says to it."""
    viewer = current_viewer()
    case, assessment = find_assessment(viewer, case_ref)
    form = HeardForm(
        version=assessment.version,
        how=assessment.heard_how if assessment.heard_at else "",
        answer=assessment.his_answer if assessment.heard_at else "",
        words=said_earlier.split(assessment.his_words)[0] if assessment.heard_at else "",
    )
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.record_heard(
                    assessment=assessment,
                    how=service.Heard(str(form.how.data)),
                    answer=HisAnswer(str(form.answer.data)),
                    words=form.words.data,
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".release", case_ref=case_ref), "His answer is recorded.")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except Stale:
            form.refuse("Somebody changed this meanwhile. What you typed is still here.")
        case, assessment = find_assessment(viewer, case_ref)
        form.version.carry(assessment.version)
    return form_page(
        "suitability/release_heard.html",
        record=record(viewer, case),
        case=case,
        assessment=assessment,
        form=form,
        earlier=said_earlier.split(his_answer(assessment)["his_words"])[1],
        readings=readings_of(assessment.id),
        how_words=dict(HOW),
        answer_words=dict(ANSWERS),
    )
