"""A fictional case at each step from allocation to release, through the services."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from mhtr.accounts.models import OrganisationKind, Staff, Team
from mhtr.cases import consent_service
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, StageOfCase
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.suitability import (
    assessment_service,
    countersign_service,
    meeting_service,
    release_service,
)
from mhtr.suitability.asked import Asked, Custody, Plea, RiskOfHarm, to_json
from mhtr.suitability.assessment_queries import section_rows, written_version
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.models import (
    Assessment,
    CountersignDecision,
    CountersignRequest,
    ReportRelease,
    ReportRequest,
    Verdict,
)
from mhtr.suitability.release_content import prepare
from mhtr.suitability.release_service import Compiled, Heard
from mhtr.suitability.report_content import NOT_HEARD_BECAUSE, HisAnswer, HowAssessed, content_hash
from mhtr.suitability.report_pdf import compile_report
from mhtr.suitability.sections import SECTIONS, Question, QuestionKind, Section
from tests.makers import (
    make_case,
    make_hours,
    make_organisation,
    make_person,
    make_staff,
    make_team,
)
from tests.worlds import world

SEEN_ON = date(2026, 11, 17)


@dataclass
class People:
    """Everybody the path of a report needs."""

    case: Case
    assessor: Staff
    lead: Staff
    other_lead: Staff
    psr_author: Staff
    team: Team


@world
def allocated(stage: StageOfCase | None = StageOfCase.GUILTY_PLEA) -> People:
    """A case with plea, accepted and allocated, at a trust with two clinical leads."""
    trust = make_organisation(name="North Trust")
    assessor = make_staff(Role.ASSESSOR, organisation=trust, name="Tomasz Whitfield")
    lead = make_staff(
        Role.CLINICAL_LEAD, organisation=trust, name="Dr Amara Lindqvist", hcpc="PYL000456"
    )
    other = make_staff(
        Role.CLINICAL_LEAD, organisation=trust, name="Dr Hannah Sorensen", hcpc="PYL000123"
    )
    team = make_team(make_organisation(OrganisationKind.COURT_TEAM), "Court team")
    author = make_staff(Role.COURT_PROBATION, team=team, name="Ruth Adeyemi")
    case = taken_on(assessor, "Marlon", "Ekwueme", stage)
    make_hours(trust.id)
    return People(case, assessor, lead, other, author, team)


@world
def say(
    people: People, decision: ConsentDecision, item: ConsentItem = ConsentItem.ASSESSMENT
) -> None:
    """What he says of his consent, on the telephone to his assessor."""
    with writing():
        consent_service.record_consent(
            case_id=people.case.id,
            item=item,
            decision=decision,
            how="telephone",
            at=clock.now(),
            by=people.assessor.id,
        )


@world
def taken_on(
    assessor: Staff,
    given_name: str,
    family_name: str,
    stage: StageOfCase | None = StageOfCase.GUILTY_PLEA,
) -> Case:
    """A man's case, accepted and given to this assessor."""
    case = make_case(make_person(given_name, family_name), stage=stage)
    with writing():
        locked = cases.lock(case.id)
        if stage is not None:
            detail = {"stage": stage.value}
            cases.add_fact(locked, FactKind.STAGE_RECORDED, by=assessor.id, detail=detail)
        for kind in (FactKind.ACCEPTED, FactKind.ALLOCATED):
            cases.add_fact(locked, kind, by=assessor.id)
        locked.assessor_id = assessor.id
        trust = assessor.organisation.principal_id
        access.grant(case.id, Purpose.CLINICAL, trust, because="test", by=None)
    return case


@world
def requested(people: People) -> ReportRequest:
    """The PSR author's request."""
    asked = Asked(Plea.GUILTY, "", None, Custody.BAIL, RiskOfHarm.MEDIUM, PsrType.STANDARD)
    with writing():
        row = ReportRequest(
            case_id=people.case.id,
            author_id=people.psr_author.id,
            team_id=people.team.id,
            requested_at=clock.now(),
            psr_type="standard",
            due_on=date(2026, 12, 1),
            due_reasons=[],
            details=to_json(asked),
        )
        db.session.add(row)
        case = cases.lock(people.case.id)
        case.report_due_on, case.court_code = date(2026, 12, 1), case.court_code or "B01KR"
    return row


@world
def started(people: People) -> Assessment:
    """The assessment, started by the assessor, with how and when."""
    with writing():
        made = assessment_service.start(case_id=people.case.id, by=people.assessor.id)
        meeting_service.add(
            made,
            how=HowAssessed.VIDEO,
            on=SEEN_ON,
            met_by=people.assessor.id,
            version=made.version,
            by=people.assessor.id,
        )
    return made


def good_answer(question: Question, text: str) -> Any:
    """An answer that fits the question and speaks for suitable."""
    special: dict[str, Any] = {
        "capacity": "yes",
        "willing": "yes",
        "psychosis": "no",
        "crisis": "no",
        "secondary_care": "no",
        "need": "met",
        "arrangements": "met",
        "willingness": "met",
        "recommendation": "suitable",
        "gp": "registered",
        "interpreter": False,
        "order_kind": "co",
        "sessions": 12,
        "directing_hcpc": "PYL000999",
        "requirement_months": 9,
        "pathways": ["emotional_skills", "cbt"],
    }
    if question.key in special:
        return special[question.key]
    return True if question.kind is QuestionKind.YES_NO else text


@world
def fill(
    assessment: Assessment, by: int, *, only: set[Section] | None = None, mark: str = ""
) -> None:
    """Save every section with answers that fit together; `mark` goes into every text."""
    with writing():
        for spec in SECTIONS:
            if only is not None and spec.section not in only:
                continue
            answers = {
                q.key: good_answer(q, f"{q.label} answered{mark and f' {mark}-{q.key}'}")
                for q in spec.questions
                if q.needed_if is None
            }
            version = current_version(assessment, spec.section)
            assessment_service.save_section(
                assessment, spec.section, answers, version=version, by=by
            )


def current_version(assessment: Assessment, section: Section) -> int:
    row = section_rows(assessment.id).get(section)
    return row.version if row else 0


@world
def finished(people: People, **kwargs: Any) -> Assessment:
    """A finished assessment that recommends suitable."""
    made = started(people)
    fill(made, people.assessor.id, **kwargs)
    finish(made, people)
    return made


@world
def finish(assessment: Assessment, people: People) -> None:
    with writing():
        db.session.refresh(assessment)
        version = written_version(assessment)
        assessment_service.finish(assessment=assessment, version=version, by=people.assessor.id)


@world
def sent(assessment: Assessment, people: People, lead_id: int | None = None) -> CountersignRequest:
    """Put before the clinical leads."""
    with writing():
        db.session.refresh(assessment)
        return countersign_service.request_countersign(
            assessment=assessment,
            lead_id=lead_id,
            version=assessment.version,
            by=people.assessor.id,
        )


@world
def decided(request: CountersignRequest, by: int, comment: str = "") -> CountersignDecision:
    """Signed, or returned where there is a comment."""
    with writing():
        return countersign_service.decide(
            request=request,
            verdict=Verdict.RETURNED if comment else Verdict.COUNTERSIGNED,
            comments={Section.CONDITIONS: comment} if comment else {},
            content_hash=request.content_hash,
            by=by,
        )


@world
def heard(
    assessment: Assessment,
    people: People,
    answer: HisAnswer = HisAnswer.AGREES,
    words: str = "",
) -> None:
    """He heard the report."""
    how = Heard.NOT_DONE if answer in NOT_HEARD_BECAUSE else Heard.TELEPHONE
    with writing():
        db.session.refresh(assessment)
        release_service.record_heard(
            assessment=assessment,
            how=how,
            answer=answer,
            words=words,
            version=assessment.version,
            by=people.assessor.id,
        )


@world
def signed(people: People, **kwargs: Any) -> Assessment:
    """A countersigned report that he has heard, requested by probation."""
    requested(people)
    made = finished(people, **kwargs)
    decided(sent(made, people), people.lead.id)
    heard(made, people)
    return made


@world
def released(
    assessment: Assessment,
    people: People,
    *,
    addendum: bool = False,
    looked_at: Collection[str] = (),
    file: bool = False,
) -> ReportRelease:
    """Released, with a stand-in for the PDF unless the file itself is asked for."""
    prepared = prepare(people.case, assessment, by=people.assessor.id, addendum=addendum)
    assert prepared.content is not None
    pdf = compile_report(prepared.content) if file else b"%PDF"
    compiled = Compiled(pdf, content_hash(prepared.content))
    with writing():
        return release_service.release(
            case_id=people.case.id,
            assessment=assessment,
            compiled=compiled,
            by=people.assessor.id,
            addendum=addendum,
            looked_at=looked_at,
        )
