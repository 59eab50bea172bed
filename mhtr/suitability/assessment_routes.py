"""Pages of the assessment: its task list and its sections."""

import uuid
from typing import Any

from flask import abort, render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases import rules as case_rules
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import Record, record
from mhtr.cases.service import facts_of
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.people.consent_wording import Wording, current
from mhtr.people.rules import BEFORE_BIRTH
from mhtr.suitability import assessment_measures
from mhtr.suitability import assessment_service as service
from mhtr.suitability.assessment_access import ASSESSORS, find_assessment
from mhtr.suitability.assessment_forms import (
    PSYCHOLOGISTS,
    answer_words,
    answers_of,
    form_data,
    section_form,
)
from mhtr.suitability.assessment_overview import ask_first, overview
from mhtr.suitability.assessment_queries import (
    latest_assessment,
    open_comments,
    open_return,
    pending_request,
    read_assessment,
    section_rows,
    staff_name,
    versions,
    written_version,
)
from mhtr.suitability.assessment_steps import SPECS, closed_sections, steps
from mhtr.suitability.blueprint import bp
from mhtr.suitability.concerned import current_request, no_request_words
from mhtr.suitability.consent_asked import ITEMS, standing_consent
from mhtr.suitability.countersign_queries import leads_for, only_one
from mhtr.suitability.directing import registered_psychologists
from mhtr.suitability.handed_over import handed_over
from mhtr.suitability.handover_times import WrongTime
from mhtr.suitability.models import Assessment, AssessmentSection
from mhtr.suitability.sections import Section
from mhtr.suitability.start_form import StartForm
from mhtr.suitability.taking_over import given_to, taken_over, takes, to_confirm
from mhtr.tasks.models import TaskKind
from mhtr.tasks.service import open_tasks
from mhtr.web import navigation
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.kept_words import form_is
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

navigation.add_case(
    CaseGroup.SUITABILITY,
    20,
    "Assessment",
    "suitability.assessment",
    Purpose.CLINICAL,
    section=("suitability.assessment", "suitability.measure"),
    roles=ASSESSORS,
)


@bp.get("/cases/<uuid:case_ref>/assessment", endpoint="assessment")
@only(*ASSESSORS)
def assessment_page(case_ref: uuid.UUID) -> str:
    """The task list of the assessment, or the way to start it."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    assessment = latest_assessment(case.id)
    banner, today = record(viewer, case), clock.today()
    facts = list(banner.facts)
    if assessment is None:
        return _start_page(case, banner, viewer.staff_id, StartForm())
    shows("assessment", assessment.id)
    rows, returned = section_rows(assessment.id), open_return(assessment)
    pending, unlooked = pending_request(assessment.id), to_confirm(assessment, rows, facts)
    comments = {section: len(texts) for section, texts in open_comments(assessment).items()}
    return render_template(
        "suitability/assessment.html",
        record=banner,
        steps=steps(
            {section: row.complete for section, row in rows.items()},
            closed_sections(facts, today),
            comments,
            unlooked,
        ),
        unlooked=unlooked,
        takes=takes(case, assessment, viewer.staff_id),
        taken_over=taken_over(facts),
        author=staff_name(assessment.author_id),
        is_author=assessment.author_id == viewer.staff_id,
        given_to=given_to(case, assessment, facts),
        standing=banner.standing,
        said_no=case_rules.said_no(facts, today),
        consent_stands_against=standing_consent(case) is None
        or banner.standing.consent_withdrawn_on is not None,
        returned=returned,
        returned_by=staff_name(returned.by_id) if returned else "",
        only=only_one(leads_for(assessment)) if pending else "",
        risk_open=len(open_tasks(case.id, TaskKind.RISK_REVIEW)),
        form=VersionedForm(version=assessment.version),
        take_over_form=VersionedForm(version=written_version(assessment)),
        **overview(case, assessment),
    )


def _start_page(case: Case, banner: Record, by: int, form: StartForm) -> str:
    """What the assessor must know before he starts."""
    if not form.errors:
        form.offer(case, by)
    kind, today = FactKind.ASSESSMENT_STARTED, clock.today()
    return render_template(
        "suitability/assessment_start.html",
        record=banner,
        case=case,
        decision=case_rules.can(kind, list(banner.facts), today, by_id=by),
        request_=current_request(case.id),
        no_request=no_request_words(case.id),
        risk_open=len(open_tasks(case.id, TaskKind.RISK_REVIEW)),
        said=handed_over(case.id),
        form=form,
    )


@bp.post("/cases/<uuid:case_ref>/assessment/start")
@only(*ASSESSORS)
def assessment_start(case_ref: uuid.UUID) -> Page | Response:
    """Start the assessment; of a colleague's case, once she said that she takes it over."""
    viewer, form = current_viewer(), StartForm()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    try:
        with saving() as saved:
            service.start(case_id=case.id, by=viewer.staff_id, taking_from=form.taking_from)
            saved.goes_to(url_for(".assessment_meeting", case_ref=case_ref))
        return saved.redirect()
    except service.SomebodyElses:
        case = find_case(viewer, case_ref, Purpose.CLINICAL)
        form.ask(case, viewer.staff_id)
        return _start_page(case, record(viewer, case), viewer.staff_id, form), 422


@bp.get("/cases/<uuid:case_ref>/assessment/<section>")
@bp.post("/cases/<uuid:case_ref>/assessment/<section>", endpoint="assessment_section_save")
@form_is(lambda section, **_: section_form(Section(section)) if section in set(Section) else None)
@only(*ASSESSORS)
def assessment_section(case_ref: uuid.UUID, section: str) -> Page | Response:
    """One section, saved on its own."""
    if section not in set(Section):
        abort(404)
    viewer = current_viewer()
    case, assessment = find_assessment(viewer, case_ref)
    part, spec = Section(section), SPECS[Section(section)]
    row = section_rows(assessment.id).get(part)
    form = section_form(part)(
        version=row.version if row else 0, data=form_data(spec, row.answers if row else {})
    )
    stale: AssessmentSection | None = None
    if form.validate_on_submit() and form.days_since(case.person.born, BEFORE_BIRTH):
        try:
            with saving() as saved:
                _save(assessment, part, form, viewer)
                prompt = ask_first(read_assessment(assessment.id))
                words = f"Saved: {spec.title}. {prompt}" if prompt else f"Saved: {spec.title}"
                saved.goes_to(url_for(".assessment", case_ref=case_ref), words)
            return saved.redirect()
        except WrongTime as wrong:
            for question, words in wrong.beside.items():
                form.refuse(words, field=question)
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except Stale:
            case, assessment = find_assessment(viewer, case_ref)
            # None: the page named a version of a section that was never saved.
            stale = section_rows(assessment.id).get(part)
            form.version.carry(stale.version if stale else 0)
            form.refuse("Somebody saved this section meanwhile. What you typed is still here.")
    return _section_page(case, assessment, part, form, stale)


def _section_page(
    case: Case,
    assessment: Assessment,
    part: Section,
    form: VersionedForm,
    stale: AssessmentSection | None,
) -> Page:
    row = section_rows(assessment.id).get(part)
    return form_page(
        "suitability/assessment_section.html",
        record=record(current_viewer(), case),
        form=form,
        spec=SPECS[part],
        closed=closed_sections(facts_of(case.id), clock.today()).get(part, ""),
        comments=open_comments(assessment).get(part, []),
        history=versions(row) if row else (),
        look_through=_wrote_before(case, assessment, part, row),
        stale=versions(stale)[0] if stale else None,
        answer_words=answer_words,
        texts=_texts(part),
        said=handed_over(case.id, part),
        psychologists=_psychologists(assessment, part),
        psychologists_list=PSYCHOLOGISTS,
        **_measures(case, assessment, part),
        **overview(case, assessment),
    )


def _save(assessment: Assessment, part: Section, form: VersionedForm, viewer: Viewer) -> None:
    answers = answers_of(SPECS[part], form)
    if part is Section.MEASURES:
        answers = {**assessment_measures.derived(assessment), **answers}
    service.save_section(assessment, part, answers, version=form.read_version, by=viewer.staff_id)


def _wrote_before(
    case: Case, assessment: Assessment, part: Section, row: AssessmentSection | None
) -> str:
    """Who wrote a section that its present author has still to look through; otherwise empty."""
    rows = {part: row} if row else {}
    found = to_confirm(assessment, rows, facts_of(case.id))
    return staff_name(row.saved_by) if row and found else ""


def _texts(part: Section) -> list[Wording]:
    """What is read to him before he answers about consent."""
    return [current(item, clock.today()) for item in ITEMS.get(part, {}).values()]


def _psychologists(assessment: Assessment, part: Section) -> list[Staff]:
    """Who can be chosen to direct treatment."""
    if part is not Section.PATHWAY:
        return []
    return registered_psychologists(db.session.get_one(Staff, assessment.author_id).organisation_id)


def _measures(case: Case, assessment: Assessment, part: Section) -> dict[str, Any]:
    if part is not Section.MEASURES:
        return {"measures": ()}
    return {"measures": assessment_measures.lines(case, assessment)}
