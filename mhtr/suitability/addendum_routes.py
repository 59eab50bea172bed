"""Pages of an addendum: writing it, taking it back, and saying that none is needed."""

import uuid
from dataclasses import replace
from typing import Any

from flask import abort, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases import rules as case_rules
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.record import record
from mhtr.cases.service import facts_of
from mhtr.core import clock
from mhtr.core.errors import Refused
from mhtr.suitability import addendum_asked, addendum_service
from mhtr.suitability.addendum_forms import AddendumForm, NothingForm
from mhtr.suitability.assessment_access import ASSESSORS, find_assessment
from mhtr.suitability.blueprint import bp
from mhtr.suitability.countersign_queries import leads_for
from mhtr.suitability.models import Assessment
from mhtr.suitability.release_checks import ReleaseWarning
from mhtr.suitability.release_content import released_report
from mhtr.suitability.release_forms import prompt_words
from mhtr.suitability.release_prompts import prompts
from mhtr.suitability.report_content import HisAnswer, ReportKind
from mhtr.tasks.risk_reviews import open_reviews
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving

LOOK_AGAIN = (
    "It was not sent yet. Look at what seems not to belong in it: change the words, or send it "
    "again as it is."
)


@bp.get("/cases/<uuid:case_ref>/release/addendum")
@bp.post("/cases/<uuid:case_ref>/release/addendum", endpoint="release_addendum_save")
@only(*ASSESSORS)
def release_addendum(case_ref: uuid.UUID) -> Page | Response:
    """Add to a released report; the addendum is countersigned and released like it."""
    viewer = current_viewer()
    case, assessment = _found(case_ref)
    now = addendum_service.proposed_now(assessment.id)
    form = AddendumForm.about(now, addendum_service.came_back(assessment.id))
    leads = leads_for(assessment)
    form.lead.set_choices([(str(lead.ref), lead.name) for lead in leads])
    found = _prompts(case, assessment, form)
    if form.validate_on_submit() and form.first_look(found):
        form.refuse(LOOK_AGAIN)
    elif form.validate_on_submit():
        chosen = next((lead.id for lead in leads if str(lead.ref) == form.lead.data), None)
        try:
            with saving() as saved:
                addendum_service.write_addendum(
                    assessment=assessment,
                    text=form.text.data,
                    his_answer=HisAnswer(str(form.answer.data)),
                    his_words=form.words.data,
                    figures=form.figures(now),
                    lead_id=chosen,
                    by=viewer.staff_id,
                )
                page = url_for(".release", case_ref=case_ref)
                saved.goes_to(page, "The addendum is with the clinical lead.")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        case, assessment = _found(case_ref)
    return _page(case, assessment, form, NothingForm(formdata=None), prompt_words(found))


@bp.post("/cases/<uuid:case_ref>/release/addendum/none")
@only(*ASSESSORS)
def addendum_none(case_ref: uuid.UUID) -> Page | Response:
    """Nothing is added, though probation asked: why not."""
    viewer = current_viewer()
    case, assessment = _found(case_ref)
    form = NothingForm()
    if form.validate():
        case_id, why = case.id, addendum_asked.NothingAdded(str(form.why.data))
        try:
            with saving() as saved:
                addendum_asked.nothing_added(case_id=case_id, why=why, by=viewer.staff_id)
                saved.goes_to(url_for(".release", case_ref=case_ref), "Probation has been told.")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        case, assessment = _found(case_ref)
    now = addendum_service.proposed_now(assessment.id)
    before = addendum_service.came_back(assessment.id)
    writing = AddendumForm.about(now, before, formdata=None)
    writing.lead.set_choices([(str(lead.ref), lead.name) for lead in leads_for(assessment)])
    return _page(case, assessment, writing, form, [], failed=form)


@bp.post("/cases/<uuid:case_ref>/release/addendum/take-back")
@only(*ASSESSORS)
def addendum_take_back(case_ref: uuid.UUID) -> Response:
    """Take back an addendum that has not gone out."""
    viewer = current_viewer()
    _, assessment = find_assessment(viewer, case_ref)
    with saving() as saved:
        addendum_service.take_back(assessment=assessment, by=viewer.staff_id)
        saved.goes_to(url_for(".release", case_ref=case_ref), "The addendum is taken back.")
    return saved.redirect()


def _found(case_ref: uuid.UUID) -> tuple[Case, Assessment]:
    case, assessment = find_assessment(current_viewer(), case_ref)
    if released_report(assessment.id) is None:
        abort(404)
    return case, assessment


def _page(
    case: Case,
    assessment: Assessment,
    form: AddendumForm,
    nothing: NothingForm,
    look_at: list[str],
    failed: Form | None = None,
) -> Page:
    can = case_rules.can(FactKind.ADDENDUM_WRITTEN, facts_of(case.id), clock.today())
    shown: dict[str, Any] = {
        "reasons": can.reasons,
        "risk_open": open_reviews(case.id),
        "under_way": addendum_service.under_way(assessment.id),
        "asked": addendum_asked.asked_of(case.id),
    }
    return form_page(
        "suitability/release_addendum.html",
        record=record(current_viewer(), case),
        case=case,
        form=failed or form,
        writing=form,
        nothing=nothing,
        look_at=look_at,
        **shown,
    )


def _prompts(case: Case, assessment: Assessment, form: AddendumForm) -> list[ReleaseWarning]:
    """What looks as if it should not be in the addendum, before the lead is asked to sign it."""
    report = released_report(assessment.id)
    if report is None or not form.is_submitted():
        return []
    typed = replace(
        report,
        kind=ReportKind.ADDENDUM,
        addendum_to=report.reference,
        addendum_wording=form.text.data or "-",
        addendum_words=form.words.data or None,
    )
    new = ("addendum_wording", "addendum_words")
    return [warning for warning in prompts(case, assessment, typed) if warning.field in new]
