"""Pages of the release: what he says, the last look, the release, its log, and addenda."""

import uuid
from dataclasses import replace
from typing import Any

from flask import abort, render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases import rules as case_rules
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.service import facts_of
from mhtr.core import clock
from mhtr.core.access import Purpose
from mhtr.core.errors import Refused, Stale
from mhtr.suitability import release_service as service
from mhtr.suitability.assessment_access import ASSESSORS, find_assessment
from mhtr.suitability.assessment_queries import (
    last_decision,
    latest_assessment,
    pending_request,
)
from mhtr.suitability.blueprint import bp
from mhtr.suitability.countersign_queries import leads_for
from mhtr.suitability.models import Assessment, Verdict
from mhtr.suitability.release_checks import ReleaseWarning
from mhtr.suitability.release_content import (
    Prepared,
    prepare,
    release_of,
    released_report,
)
from mhtr.suitability.release_forms import (
    AddendumForm,
    HeardForm,
    ReleaseForm,
    basis_rows,
    prompt_words,
)
from mhtr.suitability.release_log import log_of, opened_later, receivers
from mhtr.suitability.release_prompts import prompts
from mhtr.suitability.report_content import HisAnswer, ReportKind, content_hash
from mhtr.suitability.report_pdf import compile_report
from mhtr.suitability.report_view import not_heard, report_view
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.submission import saving

LOOK_AGAIN = (
    "It was not sent yet. Look at what seems not to belong in it: change the words, or send it "
    "again as it is."
)

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
    form.content_hash.raw_data = form.what.raw_data = None
    form.content_hash.data = content_hash(prepared.content) if prepared.content else ""
    form.what.data = _what(addendum)


def _release_page(
    case: Case, assessment: Assessment, prepared: Prepared, form: ReleaseForm, addendum: bool
) -> Page:
    gone = prepared.decision is not None and release_of(prepared.decision.id) is not None
    return form_page(
        "suitability/release.html",
        record=record(current_viewer(), case),
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
        saved.goes_to(page, "Released to the author of the pre-sentence report and her team.")
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
        how=assessment.heard_how,
        answer=assessment.his_answer,
        words=assessment.his_words,
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
        form.version.data, form.version.raw_data = str(assessment.version), None
    return form_page(
        "suitability/release_heard.html",
        record=record(viewer, case),
        case=case,
        assessment=assessment,
        form=form,
    )


@bp.get("/cases/<uuid:case_ref>/release/addendum")
@bp.post("/cases/<uuid:case_ref>/release/addendum", endpoint="release_addendum_save")
@only(*ASSESSORS)
def release_addendum(case_ref: uuid.UUID) -> Page | Response:
    """Add to a released report; the addendum is countersigned and released like it."""
    viewer = current_viewer()
    case, assessment = find_assessment(viewer, case_ref)
    if released_report(assessment.id) is None:
        abort(404)
    form = AddendumForm()
    leads = leads_for(assessment)
    form.lead.set_choices([(str(lead.ref), lead.name) for lead in leads])
    found = _addendum_prompts(case, assessment, form)
    if form.validate_on_submit() and form.first_look(found):
        form.refuse(LOOK_AGAIN)
    elif form.validate_on_submit():
        chosen = next((lead.id for lead in leads if str(lead.ref) == form.lead.data), None)
        try:
            with saving() as saved:
                service.write_addendum(
                    assessment=assessment,
                    text=form.text.data,
                    his_answer=HisAnswer(str(form.answer.data)),
                    his_words=form.words.data,
                    lead_id=chosen,
                    by=viewer.staff_id,
                )
                page = url_for(".release", case_ref=case_ref)
                saved.goes_to(page, "The addendum is with the clinical lead.")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        case, assessment = find_assessment(viewer, case_ref)
    return form_page(
        "suitability/release_addendum.html",
        record=record(viewer, case),
        case=case,
        form=form,
        look_at=prompt_words(found),
        **_addendum_state(case, assessment),
    )


def _addendum_prompts(
    case: Case, assessment: Assessment, form: AddendumForm
) -> list[ReleaseWarning]:
    """What looks as if it should not be in the addendum, before the lead is asked to sign it."""
    report = released_report(assessment.id)
    if report is None or not form.is_submitted():
        return []
    typed = replace(
        report,
        kind=ReportKind.ADDENDUM,
        addendum_to=report.reference,
        addendum_wording=form.text.data or "-",
        his_words=form.words.data or None,
    )
    new = ("addendum_wording", "his_words")
    return [warning for warning in prompts(case, assessment, typed) if warning.field in new]


def _addendum_state(case: Case, assessment: Assessment) -> dict[str, Any]:
    last = last_decision(assessment.id, addendum=True)
    returned = last is not None and last[1].verdict is Verdict.RETURNED
    return {
        "comments": [c["text"] for c in last[1].comments] if last and returned else [],
        "reasons": case_rules.can(
            FactKind.ADDENDUM_WRITTEN, facts_of(case.id), clock.today()
        ).reasons,
    }
