"""Taking over an assessment whose author cannot go on: he has left, is away, or has it no more.

Everything saved stays with whoever saved it. All who ever were its author count as authors, so
none of them may countersign it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mhtr.accounts.models import Staff
from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import Fact, FactKind
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.suitability.assessment_queries import staff_name, written_version
from mhtr.suitability.models import Assessment, AssessmentSection
from mhtr.suitability.sections import Section
from mhtr.suitability.taking_over_rules import (
    given_away,
    last_taken_over,
    may_take_over,
    unconfirmed,
)
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

TOLD = "Another assessor has taken over an assessment that you began."


@dataclass(frozen=True)
class TakenOver:
    """From whom, and when."""

    former: str
    at: datetime


def take_over(*, assessment: Assessment, version: int, by: int) -> None:
    """Become the author of an open assessment that somebody else began.

    `version` is the `written_version` of the page: what he saw when he took it over.

    Raises:
        Refused: it is his already, the case is not his, or the assessment is not open.
        Stale: changed meanwhile.
    """
    must_be_writing()
    case = cases.lock(assessment.case_id)
    db.session.refresh(assessment)
    decision = may_take_over(by, assessment.author_id, case.assessor_id)
    if not decision.allowed:
        raise Refused(*decision.reasons)
    if written_version(assessment) != version:
        raise Stale(assessment)
    former_id = assessment.author_id
    detail = {"from_id": former_id}
    cases.require(case, FactKind.ASSESSMENT_TAKEN_OVER, by=by, detail=detail)
    assessment.author_id = by
    assessment.version += 1
    fact = cases.add_fact(case, FactKind.ASSESSMENT_TAKEN_OVER, by=by, detail=detail)
    audit.record(
        "suitability.assessment_taken_over",
        by=by,
        case_id=case.id,
        assessment=assessment.id,
        staff=former_id,
    )
    _hand_over(case, by)
    # Without the case: it may not be his to open any more.
    former = db.session.get_one(Staff, former_id)
    tasks.tell(former.principal_id, key=f"taken_over:{fact.id}", text=TOLD)


def takes(case: Case, assessment: Assessment, staff_id: int) -> bool:
    """Whether this member of staff can take the assessment over now."""
    decision = may_take_over(staff_id, assessment.author_id, case.assessor_id)
    facts, today = cases.facts_of(case.id), clock.today()
    possible = rules.can(FactKind.ASSESSMENT_TAKEN_OVER, facts, today, by_id=staff_id)
    return decision.allowed and possible.allowed and assessment.finished_at is None


def given_to(case: Case, assessment: Assessment, facts: Sequence[Fact]) -> str:
    """Who has the case now, where it was given away from its author; otherwise empty."""
    if case.assessor_id is None:
        return ""
    away = given_away(assessment.author_id, case.assessor_id, facts)
    return staff_name(case.assessor_id) if away else ""


def _hand_over(case: Case, by: int) -> None:
    taker = db.session.get_one(Staff, by)
    for task in tasks.open_tasks(case.id, TaskKind.ASSESS, TaskKind.REVISE):
        if task.owner_staff_id != by:
            tasks.hand_over(task, to_principal_id=taker.principal_id, to_staff_id=by, by=by)


def taken_over(facts: Sequence[Fact]) -> TakenOver | None:
    """The last take-over; None where its author began it."""
    fact = last_taken_over(facts)
    former = fact.detail.get("from_id") if fact else None
    if fact is None or not isinstance(former, int):
        return None
    return TakenOver(staff_name(former), fact.recorded_at)


def to_confirm(
    assessment: Assessment, rows: Mapping[Section, AssessmentSection], facts: Sequence[Fact]
) -> tuple[Section, ...]:
    """Sections that its author has still to look through, in page order."""
    fact = last_taken_over(facts)
    if fact is None:
        return ()
    saved = {section: (row.saved_by, row.saved_at) for section, row in rows.items()}
    return unconfirmed(saved, assessment.author_id, fact.recorded_at)
