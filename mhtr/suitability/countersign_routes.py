"""Pages of the countersignature: asking for it, the list of what waits, and the decision."""

import uuid
from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases import rules as case_rules
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.record import record
from mhtr.cases.service import facts_of
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.name_text import is_seen
from mhtr.suitability import countersign_service as service
from mhtr.suitability.assessment_access import ASSESSORS, find_assessment
from mhtr.suitability.assessment_content import build_report, his_answer
from mhtr.suitability.assessment_overview import pointed_out
from mhtr.suitability.assessment_queries import (
    last_decision,
    pending_request,
    read_assessment,
    staff_name,
)
from mhtr.suitability.blueprint import bp
from mhtr.suitability.concerned import no_request_words
from mhtr.suitability.countersign_forms import DecisionForm, RequestForm
from mhtr.suitability.countersign_queries import (
    SORTS,
    leads_for,
    only_one,
    since_returned,
    waiting_for,
)
from mhtr.suitability.countersign_rules import COMMENTABLE, IN_AN_ADDENDUM
from mhtr.suitability.models import Assessment, CountersignRequest, Verdict
from mhtr.suitability.release_forms import prompt_words
from mhtr.suitability.release_prompts import prompts
from mhtr.suitability.report_content import ReportContent, from_json
from mhtr.suitability.report_view import report_view
from mhtr.tasks.risk_reviews import open_reviews
from mhtr.web import navigation
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.paging import SIZE, page_from, page_number, sort_asked, sort_links
from mhtr.web.reads import shows
from mhtr.web.submission import saving

navigation.add_main(30, "Countersign", "suitability.countersign_list", Role.CLINICAL_LEAD)


@bp.get("/cases/<uuid:case_ref>/countersign/request")
@bp.post(
    "/cases/<uuid:case_ref>/countersign/request", endpoint="assessment_request_countersign_save"
)
@only(*ASSESSORS)
def assessment_request_countersign(case_ref: uuid.UUID) -> Page | Response:
    """Put the finished report before the clinical leads."""
    viewer = current_viewer()
    case, assessment = find_assessment(viewer, case_ref)
    form = RequestForm(version=assessment.version)
    leads = leads_for(assessment)
    form.lead.set_choices([(str(lead.ref), lead.name) for lead in leads])
    if form.validate_on_submit():
        chosen = next((lead.id for lead in leads if str(lead.ref) == form.lead.data), None)
        try:
            with saving() as saved:
                service.request_countersign(
                    assessment=assessment,
                    lead_id=chosen,
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                page = url_for(".assessment", case_ref=case_ref)
                saved.goes_to(page, "The report is with the clinical lead.")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except Stale:
            form.refuse("The assessment was changed meanwhile. Look at the report again.")
        case, assessment = find_assessment(viewer, case_ref)
    return _request_page(case, assessment, form, leads)


def _request_page(
    case: Case, assessment: Assessment, form: RequestForm, leads: list[Staff]
) -> Page:
    viewer, built = current_viewer(), build_report(case, assessment)
    decision = case_rules.can(
        FactKind.COUNTERSIGN_REQUESTED, facts_of(case.id), clock.today(), by_id=viewer.staff_id
    )
    return form_page(
        "suitability/countersign_request.html",
        record=record(viewer, case),
        case=case,
        form=form,
        view=report_view(built.content) if built.content else None,
        lacks=built.lacks,
        leads=leads,
        only=only_one(leads),
        look_at=_look_at(case, assessment, built.content),
        reasons=decision.reasons,
        risk_open=open_reviews(case.id),
    )


@bp.post("/cases/<uuid:case_ref>/countersign/withdraw")
@only(*ASSESSORS)
def assessment_withdraw_countersign(case_ref: uuid.UUID) -> Response:
    """Take the report back from the clinical leads."""
    viewer = current_viewer()
    _, assessment = find_assessment(viewer, case_ref)
    form = VersionedForm()
    try:
        with saving() as saved:
            service.withdraw_request(
                assessment=assessment, version=form.read_version, by=viewer.staff_id
            )
            saved.goes_to(url_for(".assessment", case_ref=case_ref), "The report is yours again.")
    except Stale as stale:
        raise Refused("The assessment was changed meanwhile. Look at it again.") from stale
    return saved.redirect()


@bp.get("/countersign")
@only(Role.CLINICAL_LEAD)
def countersign_list() -> str:
    """Reports that wait for a countersignature."""
    sort, number = sort_asked(SORTS, "due"), page_number()
    found = waiting_for(current_viewer(), sort=sort, limit=SIZE + 1, offset=(number - 1) * SIZE)
    page = page_from(found, number, size=SIZE)
    for row in page.rows:
        shows("person", row.case.person_id)
    columns = sort_links(
        sort,
        ("Name", "name"),
        ("Author", ""),
        ("Waiting since", "since"),
        ("Report due", "due"),
        ("Hearing", "hearing"),
        ("Put before", ""),
    )
    return render_template("suitability/countersign_list.html", page=page, columns=[*columns, ""])


@bp.get("/cases/<uuid:case_ref>/countersign")
@bp.post("/cases/<uuid:case_ref>/countersign", endpoint="countersign_save")
@only(Role.CLINICAL_LEAD)
def countersign(case_ref: uuid.UUID) -> Page | Response:
    """The report as it will be released; sign it, or return it with comments."""
    viewer = current_viewer()
    case, assessment = find_assessment(viewer, case_ref)
    waiting = pending_request(assessment.id)
    form = DecisionForm()
    if form.is_submitted():
        decided = _decide(case, assessment, form)
        if decided is not None:
            return decided
        case, assessment = find_assessment(viewer, case_ref)
        waiting = pending_request(assessment.id)
    if waiting is None:
        return _nothing_waits(case, assessment, form)
    shows("countersign_request", waiting.id)
    content = from_json(waiting.content)
    if not waiting.is_addendum:
        content = replace(content, **his_answer(assessment))  # he may have said it since
    form.content_hash.carry(waiting.content_hash)
    form.request_ref.carry(waiting.ref)
    return form_page(
        "suitability/countersign.html",
        record=record(viewer, case),
        case=case,
        form=form,
        **_shown(waiting, content),
        look_at=_look_at(case, assessment, content),
        **pointed_out(case, assessment, read_assessment(assessment.id)),
        kept=form.kept(),
        author=staff_name(waiting.requested_by),
        me=db.session.get_one(Staff, viewer.staff_id),
        against=service.stands_against(waiting, case, viewer.staff_id),
        no_request=no_request_words(case.id),
        risk_open=open_reviews(case.id),
    )


def _look_at(case: Case, assessment: Assessment, content: ReportContent | None) -> list[str]:
    """What looks as if it should not be in the report, while its wording can still be changed."""
    return prompt_words(prompts(case, assessment, content)) if content else []


def _shown(waiting: CountersignRequest, content: ReportContent) -> dict[str, Any]:
    returned = since_returned(waiting)
    return {
        "waiting": waiting,
        "view": report_view(content),
        "returned": returned[0] if returned else None,
        "returned_by": staff_name(returned[0].by_id) if returned else "",
        "changed": returned[1] if returned else (),
        "commentable": IN_AN_ADDENDUM if waiting.is_addendum else COMMENTABLE,
    }


def _decide(case: Case, assessment: Assessment, form: DecisionForm) -> Response | None:
    viewer = current_viewer()
    if not form.validate():
        return None
    signs = request.form.get("action") == "sign"
    comments = form.comments()
    row = _request(assessment, str(form.request_ref.data))
    if row is None:
        form.refuse("This is not the report that is waiting. Read it again before you decide.")
        return None
    if signs and any(is_seen(text) for text in comments.values()):
        form.refuse("You wrote comments. Return the report, or take the comments out to sign it.")
        return None
    try:
        with saving() as saved:
            service.decide(
                request=row,
                verdict=Verdict.COUNTERSIGNED if signs else Verdict.RETURNED,
                comments=comments,
                content_hash=str(form.content_hash.data),
                by=viewer.staff_id,
            )
            done = "The report is countersigned." if signs else "The report is returned."
            saved.goes_to(url_for(".countersign_list"), done)
        return saved.redirect()
    except Refused as refusal:
        form.refuse(" ".join(refusal.reasons))
        return None


def _request(assessment: Assessment, ref: str) -> CountersignRequest | None:
    try:
        wanted = uuid.UUID(ref)
    except ValueError:
        return None
    return db.session.scalars(
        db.select(CountersignRequest).where(
            CountersignRequest.ref == wanted, CountersignRequest.assessment_id == assessment.id
        )
    ).one_or_none()


def _nothing_waits(case: Case, assessment: Assessment, form: DecisionForm) -> Page:
    viewer = current_viewer()
    found = [last_decision(assessment.id, addendum=addendum) for addendum in (False, True)]
    latest = max((d for d in found if d), key=lambda d: d[1].id, default=None)
    return form_page(
        "suitability/countersign_none.html",
        record=record(viewer, case),
        case=case,
        form=form,
        kept=form.kept(),
        decision=latest[1] if latest else None,
        by=staff_name(latest[1].by_id) if latest else "",
    )
