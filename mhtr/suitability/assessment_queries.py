"""Reading assessments of cases the caller has found in his viewer's scope."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, select, union

from mhtr.accounts.models import Staff
from mhtr.cases.facts import FactKind
from mhtr.cases.models import CaseFact
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import once_a_page, remembered
from mhtr.suitability import rules
from mhtr.suitability.models import (
    Assessment,
    AssessmentSection,
    CountersignDecision,
    CountersignRequest,
    SectionRevision,
    Verdict,
)
from mhtr.suitability.sections import Answers, Section


@dataclass(frozen=True)
class Saved:
    """One version of a section: its answers, and who saved it when."""

    version: int
    answers: Answers
    by: str
    at: datetime


_OF_CASE = (
    select(Assessment)
    .where(Assessment.case_id == bindparam("wanted"))
    .order_by(Assessment.id.desc())
)
_THESE: BindParameter[int] = bindparam("wanted", expanding=True)
_AUTHORS = Prepared(
    union(
        select(Assessment.id, Assessment.author_id).where(Assessment.id.in_(_THESE)),
        select(AssessmentSection.assessment_id, AssessmentSection.saved_by).where(
            AssessmentSection.assessment_id.in_(_THESE)
        ),
        select(AssessmentSection.assessment_id, SectionRevision.saved_by)
        .join(AssessmentSection, AssessmentSection.id == SectionRevision.section_id)
        .where(AssessmentSection.assessment_id.in_(_THESE)),
        select(CountersignRequest.assessment_id, CountersignRequest.requested_by).where(
            CountersignRequest.assessment_id.in_(_THESE)
        ),
        # Who began it, and who took it over, whether or not he saved anything.
        select(Assessment.id, CaseFact.by_id)
        .join(CaseFact, CaseFact.case_id == Assessment.case_id)
        .where(
            Assessment.id.in_(_THESE),
            CaseFact.by_id.is_not(None),
            CaseFact.kind.in_((FactKind.ASSESSMENT_STARTED, FactKind.ASSESSMENT_TAKEN_OVER)),
        ),
    )
)
_SECTIONS = select(AssessmentSection).where(AssessmentSection.assessment_id == bindparam("wanted"))


def latest_assessment(case_id: int) -> Assessment | None:
    """The assessment of a case, if it was started."""
    wanted = {"wanted": case_id}
    return remembered(case_id, Assessment, lambda: db.session.scalars(_OF_CASE, wanted).first())


def section_rows(assessment_id: int) -> dict[Section, AssessmentSection]:
    """The saved sections."""
    rows = once_a_page(
        ("sections", assessment_id),
        lambda: db.session.scalars(_SECTIONS, {"wanted": assessment_id}).all(),
    )
    return {Section(row.section): row for row in rows}


def read_assessment(assessment_id: int) -> rules.Assessment:
    """All answers, as the rules read them."""
    return as_rules(section_rows(assessment_id))


def as_rules(rows: Mapping[Section, AssessmentSection]) -> rules.Assessment:
    """Saved sections as the rules read them."""
    return rules.Assessment({section: row.answers for section, row in rows.items()})


def versions(row: AssessmentSection) -> tuple[Saved, ...]:
    """Every version of a section, the present one first. The time is when it was replaced,
    that of the present one when it was saved."""
    earlier = db.session.execute(
        select(SectionRevision, Staff.name)
        .join(Staff, Staff.id == SectionRevision.saved_by)
        .where(SectionRevision.section_id == row.id)
        .order_by(SectionRevision.id.desc())
    )
    now = Saved(row.version, row.answers, staff_name(row.saved_by), row.saved_at)
    return (now, *(Saved(r.version, r.answers, name, r.created_at) for r, name in earlier))


def author_ids(assessment_id: int) -> frozenset[int]:
    """Everybody who wrote any of it: none of them may countersign it."""
    return authors_of([assessment_id])[assessment_id]


def authors_of(assessment_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The authors of several assessments, by assessment."""
    authors: dict[int, set[int]] = {each: set() for each in assessment_ids}
    for assessment_id, staff_id in _AUTHORS.all({"wanted": assessment_ids}):
        authors[assessment_id].add(staff_id)
    return {each: frozenset(staff) for each, staff in authors.items()}


def former_writers(assessment: Assessment) -> tuple[str, ...]:
    """Names of those who wrote a section before its present author took it over, by name."""
    wrote = union(
        select(AssessmentSection.saved_by).where(AssessmentSection.assessment_id == assessment.id),
        select(SectionRevision.saved_by)
        .join(AssessmentSection, AssessmentSection.id == SectionRevision.section_id)
        .where(AssessmentSection.assessment_id == assessment.id),
    )
    authors = union(
        *(
            select(CaseFact.by_id).where(
                CaseFact.case_id == assessment.case_id, CaseFact.kind == kind
            )
            for kind in (FactKind.ASSESSMENT_STARTED, FactKind.ASSESSMENT_TAKEN_OVER)
        )
    )
    found = select(Staff.name).where(
        Staff.id.in_(wrote), Staff.id.in_(authors), Staff.id != assessment.author_id
    )
    return tuple(db.session.scalars(found.order_by(Staff.sort_name, Staff.id)))


def written_version(assessment: Assessment) -> int:
    """Rises with every save of any section, so that a page shown before one is known."""
    return assessment.version + sum(row.version for row in section_rows(assessment.id).values())


def staff_name(staff_id: int) -> str:
    """A member of staff's name."""
    return db.session.scalars(select(Staff.name).where(Staff.id == staff_id)).one()


def pending_request(assessment_id: int) -> CountersignRequest | None:
    """What waits for a clinical lead now, report or addendum."""
    return db.session.scalars(
        select(CountersignRequest)
        .outerjoin(CountersignDecision, CountersignDecision.request_id == CountersignRequest.id)
        .where(
            CountersignRequest.assessment_id == assessment_id,
            CountersignRequest.withdrawn_at.is_(None),
            CountersignDecision.id.is_(None),
        )
        .order_by(CountersignRequest.id.desc())
    ).first()


def last_decision(
    assessment_id: int, *, addendum: bool = False
) -> tuple[CountersignRequest, CountersignDecision] | None:
    """The latest decision on the report (or its addenda) with what was decided on.

    One that its author took back after it was signed does not count.
    """
    row = db.session.execute(
        select(CountersignRequest, CountersignDecision)
        .join(CountersignDecision, CountersignDecision.request_id == CountersignRequest.id)
        .where(
            CountersignRequest.assessment_id == assessment_id,
            CountersignRequest.is_addendum == addendum,
            CountersignRequest.withdrawn_at.is_(None),
        )
        .order_by(CountersignDecision.id.desc())
    ).first()
    return None if row is None else (row[0], row[1])


def open_return(assessment: Assessment) -> CountersignDecision | None:
    """The return of the report that is still to be worked on."""
    last = last_decision(assessment.id)
    if last is None or last[1].verdict is not Verdict.RETURNED or assessment.finished_at:
        return None
    return last[1]


def open_comments(assessment: Assessment) -> dict[Section, list[str]]:
    """A lead's comments that are still to be worked on, by section."""
    returned = open_return(assessment)
    found: dict[Section, list[str]] = {}
    for comment in returned.comments if returned else ():
        found.setdefault(Section(comment["section"]), []).append(comment["text"])
    return found
