"""Triage: the list of referrals that wait, and the page on which one is decided."""

import uuid
from collections.abc import Sequence

from flask import current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.facts import AFTER_PLEA_OR_FINDING
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, purposes_held
from mhtr.cases.record import record
from mhtr.cases.standing import BEFORE_SENTENCE, UNDER_ORDER
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.intake import chasing, office, queries, questions, triage, triage_queries
from mhtr.intake.draft_routes import Answer
from mhtr.intake.eligibility import Criterion, CriterionName, CriterionStatus
from mhtr.intake.models import Referral
from mhtr.intake.office_rules import FIRST
from mhtr.intake.other_trust import GoesElsewhere
from mhtr.intake.referral_values import WORDS
from mhtr.intake.routes import bp
from mhtr.intake.routing import ROUTED_WORDS
from mhtr.intake.rules import DeclineReason, TriageOutcome
from mhtr.intake.summary import Section, answered_words, sections
from mhtr.intake.triage_forms import AllocateForm, TriageFilter, TriageForm
from mhtr.intake.triage_queries import Assessor
from mhtr.intake.triage_words import CRITERIA, STATUS
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from mhtr.web import navigation
from mhtr.web.both_versions import Difference, both_versions
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.paging import here, page_number, sort_asked, sort_links
from mhtr.web.submission import saving

DECIDERS = (Role.CLINICAL_LEAD, Role.ADMINISTRATOR)
SEERS = (*DECIDERS, Role.ASSESSOR)
PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)

navigation.add_main(10, "Triage", "intake.triage", *SEERS)
navigation.add_case(CaseGroup.REFERRAL, 20, "Triage", "intake.triage_case", *PURPOSES, roles=SEERS)


@bp.get("/triage", endpoint="triage")
@only(*SEERS)
def triage_list() -> str:
    """Referrals that wait for a decision or an assessor, urgent ones first."""
    form = TriageFilter()
    form.offer()
    form.validate()
    sort, page = sort_asked(triage_queries.SORTS, "due"), page_number()
    wanted = triage_queries.Filter(
        court=form.court.data or "",
        stage=form.stage.data or "",
        urgent=form.urgent.data,
        waiting_days=int(form.waiting.data or 0),
    )
    rows, more = triage_queries.waiting(current_viewer(), wanted, sort=sort, page=page)
    columns = sort_links(
        sort,
        ("Name", "name"),
        ("Sent", "waiting"),
        ("From", ""),
        ("Stage", ""),
        ("Next hearing", "hearing"),
        ("Decide by", "due"),
    )
    return render_template(
        "intake/triage.html",
        form=form,
        rows=rows,
        columns=[*columns, ""],
        previous_href=here(page=page - 1) if page > 1 else "",
        next_href=here(page=page + 1) if more else "",
        decides=current_viewer().has(*DECIDERS),
        courts=current_viewer().has(Role.ADMINISTRATOR),
        stage_words=WORDS,
    )


@bp.get("/cases/<uuid:case_ref>/triage")
@only(*SEERS)
def triage_case(case_ref: uuid.UUID) -> str:
    """One referral: whether it fits, each criterion with its reason, and the decision."""
    viewer = current_viewer()
    return case_page(viewer, case_ref, None)


def deciding_form(case: Case, who: list[Assessor]) -> TriageForm | AllocateForm | None:
    """The form for what can be decided now, and who could assess; None where nothing can."""
    form: TriageForm | AllocateForm
    if tasks.open_tasks(case.id, TaskKind.TRIAGE):
        form = TriageForm(data={"version": str(case.version)})
    elif case.state in BEFORE_SENTENCE | UNDER_ORDER and not case.paused:
        form = AllocateForm(data={"version": str(case.version)})
    else:
        return None
    form.offer(who, case.stage)
    return form


def _for_viewer(
    form: TriageForm | AllocateForm | None, viewer: Viewer, case: Case
) -> TriageForm | AllocateForm | None:
    """The form as this viewer is offered it: what is a clinician's is no choice of the office."""
    if isinstance(form, TriageForm) and not viewer.has(*CLINICAL_ROLES):
        form.for_the_office(look_first=office.to_be_looked_into(case.id))
    return form


def _leaving(
    viewer: Viewer, case: Case, form: TriageForm | AllocateForm | None
) -> dict[str, object]:
    """What the page says to the office of leaving the decision to a clinical lead."""
    deciding = isinstance(form, TriageForm) and not viewer.has(*CLINICAL_ROLES)
    left_to = office.left_to(case.id)
    return {
        "look_first": FIRST if deciding and office.to_be_looked_into(case.id) else "",
        "left_to": left_to,
        "may_leave": deciding and left_to is None,
    }


def case_page(
    viewer: Viewer,
    case_ref: uuid.UUID,
    form: TriageForm | AllocateForm | None,
    differences: Sequence[Difference] = (),
) -> str:
    """The page, with a form that was refused or a fresh one."""
    case = find_case(viewer, case_ref, *PURPOSES)
    referral = queries.referral_of(case.id)
    if referral is None:
        raise NotFound
    banner = record(viewer, case)
    clinical = Purpose.CLINICAL in banner.purposes
    who = triage_queries.assessors(case, referral) if viewer.has(*DECIDERS) else []
    if viewer.has(*DECIDERS):
        form = form or _for_viewer(deciding_form(case, who), viewer, case)
    found = triage_queries.criteria_of(case, referral, banner.facts)
    criteria = found if clinical else office.as_the_office_reads(case.id, found)
    onward = "intake.onward" in current_app.view_functions and clinical
    return render_template(
        "intake/triage_case.html",
        record=banner,
        case=case,
        referral=referral,
        form=form,
        differences=differences,
        deciding=isinstance(form, TriageForm),
        parts=_parts(referral, clinical),
        clinical=clinical,
        criteria=[(CRITERIA[c.name], *STATUS[c.status], c.reason, c.blocks) for c in criteria],
        assessors=who,
        assessor=db.session.get_one(Staff, case.assessor_id).name if case.assessor_id else "",
        decision=triage.last_decision(case.id),
        question=questions.question_of(case.id),
        missing=chasing.missing(case),
        asks_conviction=_asks_conviction(case, criteria),
        routed=ROUTED_WORDS[referral.routed_because],
        onward=url_for("intake.onward", case_ref=case.ref) if onward else "",
        **_leaving(viewer, case, form),
    )


def _parts(referral: Referral, clinical: bool) -> list[Section]:
    return sections(
        referral.answers,
        health=clinical,
        only_answered=True,
        safety_at=answered_words(referral.safety_at, referral.referred_at),
    )


def _asks_conviction(case: Case, criteria: Sequence[Criterion]) -> bool:
    """Whether the day of the plea or finding would settle that he is of age."""
    age = next(c for c in criteria if c.name is CriterionName.AGE)
    convicted = case.stage in AFTER_PLEA_OR_FINDING and case.person.born is not None
    return convicted and age.status is CriterionStatus.UNKNOWN


@bp.post("/cases/<uuid:case_ref>/triage")
@only(*DECIDERS)
def decide(case_ref: uuid.UUID) -> Answer:
    """Record the decision."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    form: TriageForm | AllocateForm
    form = TriageForm() if "outcome" in request.form else AllocateForm()
    if request.form.get("form") == "triage":
        form = TriageForm()
    form.offer(triage_queries.assessors(case), case.stage)
    _for_viewer(form, viewer, case)
    leaves = "leave" in request.form and isinstance(form, TriageForm)
    if not leaves and not form.validate_on_submit():
        return case_page(viewer, case_ref, form), 422
    try:
        if leaves:
            return _leave(case.id, form, viewer.staff_id)
        return _save(case.id, case_ref, form, viewer.staff_id)
    except GoesElsewhere as asked:
        form.other_trust.ask(asked)
        return case_page(viewer, case_ref, form), 422
    except Refused as refused:
        for reason in refused.reasons:
            form.refuse(reason)
    except Stale:
        form.refuse("Somebody changed this case meanwhile. Nothing of yours is recorded yet.")
        case = find_case(viewer, case_ref, *PURPOSES)
        form.version.carry(case.version)
        clinical = Purpose.CLINICAL in purposes_held(viewer, case)
        beside = both_versions(_recorded(form, case, clinical=clinical), form)
        return case_page(viewer, case_ref, form, beside), 409
    return case_page(viewer, case_ref, form), 409


def _leave(case_id: int, form: TriageForm | AllocateForm, by: int) -> Response:
    with saving() as saved:
        name = office.leave_to_lead(case_id=case_id, version=_version(form), by=by)
        saved.goes_to(url_for("intake.triage"), f"The decision is left to {name}")
    return saved.redirect()


def _version(form: TriageForm | AllocateForm) -> int:
    return int(form.version.data) if form.version.data.isdecimal() else 0


def _recorded(
    typed: TriageForm | AllocateForm, case: Case, *, clinical: bool
) -> TriageForm | AllocateForm:
    """The same form as what is decided and recorded now fills it in.

    Why a referral was declined is for clinicians, as on the page.
    """
    decision, assessor = triage.last_decision(case.id), case.assessor_id
    data: dict[str, object] = {"assessor": str(assessor) if assessor else ""}
    if decision is not None:
        data["outcome"] = decision.outcome.value
        if decision.outcome is TriageOutcome.ASK_REFERRER:
            data["question"] = decision.words
        elif clinical and decision.reason is not None:
            data |= {"reason": decision.reason.value, "words": decision.words}
    form = type(typed)(formdata=None, data=data)
    form.offer(triage_queries.assessors(case), case.stage)
    return form


def _save(case_id: int, case_ref: uuid.UUID, form: TriageForm | AllocateForm, by: int) -> Response:
    version = _version(form)
    assessor = int(form.assessor.data) if form.assessor.data else None
    to_trust = form.other_trust.ticked
    back = url_for("intake.triage")
    here = url_for("intake.triage_case", case_ref=case_ref)
    with saving() as saved:
        if isinstance(form, AllocateForm):
            triage.allocate(
                case_id=case_id,
                version=version,
                assessor_id=assessor or 0,
                by=by,
                to_trust=to_trust,
            )
            saved.goes_to(back, "The case is allocated")
        elif form.outcome.data == TriageOutcome.ACCEPT:
            triage.accept(
                case_id=case_id, version=version, assessor_id=assessor, by=by, to_trust=to_trust
            )
            done = "accepted and allocated" if assessor else "accepted and waits for an assessor"
            saved.goes_to(back, f"The referral is {done}{_agreement_left(case_id)}")
        elif form.outcome.data == TriageOutcome.DECLINE:
            triage.decline(
                case_id=case_id,
                version=version,
                reason=DeclineReason(str(form.reason.data)),
                words=form.words.data,
                by=by,
            )
            saved.goes_to(here, "The referral is declined. Offer another service where one fits")
        else:
            triage.ask_referrer(
                case_id=case_id, version=version, question=form.question.data, by=by
            )
            saved.goes_to(back, "The referrer is asked")
    return saved.redirect()


def _agreement_left(case_id: int) -> str:
    """What an acceptance says where his agreement does not count yet."""
    found = {one.name: one.status for one in triage_queries.criteria(case_id)}
    if found[CriterionName.WILLING] is CriterionStatus.MET:
        return ""
    return ". His agreement is not clear yet: he is to be asked again"
