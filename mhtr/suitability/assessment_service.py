"""The only writer of assessments: starting, saving section by section, finishing, reopening."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.cases import consent_service
from mhtr.cases import rules as case_rules
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import must_be_writing, remembered
from mhtr.intake import taking_case
from mhtr.suitability import consent_asked, directing, handover_times, rules, taking_over_rules
from mhtr.suitability.assessment_queries import (
    latest_assessment,
    written_version,
)
from mhtr.suitability.assessment_steps import closed_sections, finished_words
from mhtr.suitability.finishing import finish_detail, recommended
from mhtr.suitability.models import Assessment, AssessmentSection, SectionRevision
from mhtr.suitability.sections import Answer, Section
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from outcome_measures.recording import service as measures

_SECTION = select(AssessmentSection).where(
    AssessmentSection.assessment_id == bindparam("of"),
    AssessmentSection.section == bindparam("wanted"),
)


class SomebodyElses(Refused):
    """The case is allocated to a colleague: to be taken over first."""


def start(*, case_id: int, by: int, taking_from: int | None = None) -> Assessment:
    """Start the assessment of a case; who starts it is its author, and the case is hers.

    Args:
        taking_from: the colleague from whom she said that she takes the case over.

    Raises:
        SomebodyElses: it is allocated to a colleague, and she did not say so of this one.
        Refused: there is one already, or the rules do not allow it now.
    """
    must_be_writing()
    case = cases.lock(case_id)
    if latest_assessment(case.id) is not None:
        raise Refused("The assessment of this case was started already.")
    cases.require(case, FactKind.ASSESSMENT_STARTED, by=by)
    if case.assessor_id not in (None, by):
        if taking_from != case.assessor_id:
            raise SomebodyElses("A colleague has this case. Take it over first, or leave it.")
        taking_case.take(case, by=by)
    made = Assessment(case_id=case.id, author_id=by)
    db.session.add(made)
    db.session.flush()
    if case.assessor_id is None:
        case.assessor_id = by
    cases.add_fact(case, FactKind.ASSESSMENT_STARTED, by=by)
    if tasks.open_tasks(case.id, TaskKind.REPORT_DUE):
        # It asked him to begin in time, and he has: from now on the report's own date counts.
        tasks.settle(case.id, TaskKind.ASSESS, by=by)
    return made


def save_section(
    assessment: Assessment,
    section: Section,
    answers: Mapping[str, Answer],
    *,
    version: int,
    by: int,
) -> AssessmentSection:
    """Save one section, complete or not. What it said before is kept as a revision.

    `version` is that of the page; 0 where nothing was saved yet. What he says about consent is
    recorded with it, item by item (`mhtr.suitability.consent_asked`).

    Raises:
        Refused: finished already, the section is closed for now, his consent cannot be dated,
            or an HCPC number is none.
        WrongTime: an urgent handover was received before he was referred, or is still to come.
        Stale: carries the section as saved meanwhile; nothing was saved.
    """
    if section in consent_asked.ITEMS:
        consent_service.lock_cases(assessment.case_id)
    case = _open_for(assessment, section, by)
    if section is Section.EXCLUSIONS:
        handover_times.check(case, answers)
    row = _section(assessment.id, section)
    if (row.version if row else 0) != version:
        raise Stale(row)
    if section is Section.PATHWAY:
        answers = _with_number(assessment, answers)
    if section in consent_asked.ITEMS:
        _record_consent(case, assessment, row, section, answers, by)
    if row is not None and row.answers == dict(answers) and not _confirms(case, row, by):
        return row
    _note_saved(assessment, section, answers, by)
    return _write(row, assessment.id, section, dict(answers), by)


def _note_saved(
    assessment: Assessment, section: Section, answers: Mapping[str, Answer], by: int
) -> None:
    audit.record(
        "suitability.section_saved",
        by=by,
        case_id=assessment.case_id,
        assessment=assessment.id,
        section=section.value,
        fields=sorted(answers),
    )


def _confirms(case: Case, row: AssessmentSection, by: int) -> bool:
    """Whoever took the assessment over saves as it stands what somebody else wrote before."""
    taken = taking_over_rules.last_taken_over(cases.facts_of(case.id))
    return taken is not None and taken.by_id == by != row.saved_by


def _record_consent(
    case: Case,
    assessment: Assessment,
    row: AssessmentSection | None,
    section: Section,
    answers: Mapping[str, Answer],
    by: int,
) -> None:
    before = row.answers if row else {}
    consent_asked.record_answers(case, assessment, section, before, answers, by=by)


def _with_number(assessment: Assessment, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    author = db.session.get_one(Staff, assessment.author_id)
    return directing.with_number(answers, author.organisation_id)


def _write(
    row: AssessmentSection | None,
    assessment_id: int,
    section: Section,
    given: dict[str, Answer],
    by: int,
) -> AssessmentSection:
    if row is None:
        row = AssessmentSection(assessment_id=assessment_id, section=section.value, version=0)
        db.session.add(row)
    else:
        db.session.add(_revision(row))
    row.answers, row.version = given, row.version + 1
    row.saved_at, row.saved_by = clock.now(), by
    row.complete = rules.section_complete(section, rules.Assessment({section: given}))
    db.session.flush()
    return row


def set_derived(
    assessment: Assessment, section: Section, answers: Mapping[str, Answer], *, by: int
) -> None:
    """Put answers that follow from elsewhere (a submitted measure) into their section.

    On a closed case too, where nobody writes any more: a measure is put right there all the same.
    """
    row = _section(assessment.id, section)
    before = dict(row.answers) if row else {}
    after = {**before, **answers}
    if after == before:
        return
    if _closed(cases.lock(assessment.case_id)):
        _note_saved(assessment, section, after, by)
        _write(row, assessment.id, section, after, by)
    else:
        save_section(assessment, section, after, version=row.version if row else 0, by=by)


def finish(*, assessment: Assessment, version: int, by: int) -> None:
    """Finish the assessment with its author's recommendation. Gaps do not stop it.

    `version` is the `written_version` of the page: what he saw when he decided.

    Raises:
        Refused: no recommendation, somebody else's assessment, or against the rules.
        Stale: changed meanwhile.
    """
    case = must_be_open(assessment, by)
    if written_version(assessment) != version:
        raise Stale(assessment)
    if assessment.author_id != by:
        raise Refused("The recommendation is its author's. Ask the author to finish it.")
    recommendation = recommended(assessment, cases.facts_of(case.id))
    detail = finish_detail(case, assessment, recommendation)
    cases.require(case, FactKind.ASSESSMENT_FINISHED, by=by, detail=detail)
    assessment.finished_at, assessment.recommendation = clock.now(), recommendation.value
    assessment.version += 1
    cases.add_fact(case, FactKind.ASSESSMENT_FINISHED, by=by, detail=detail)
    measures.look_at_unfinished(case_id=case.id, by=by)
    tasks.settle(case.id, TaskKind.ASSESS, TaskKind.REVISE, by=by)


def reopen(*, assessment: Assessment, version: int, by: int) -> None:
    """Open a finished assessment for changes. What was signed or read to him counts no more.

    Raises:
        Refused: it is open, or the rules do not allow it (a released report takes an addendum).
        Stale: changed meanwhile.
    """
    must_be_writing()
    case = cases.lock(assessment.case_id)
    db.session.refresh(assessment)
    if assessment.version != version:
        raise Stale(assessment)
    if assessment.finished_at is None:
        raise Refused("The assessment is open already.")
    cases.require(case, FactKind.ASSESSMENT_REOPENED, by=by)
    cases.add_fact(case, FactKind.ASSESSMENT_REOPENED, by=by)
    open_again(assessment)
    for task in tasks.open_tasks(case.id, TaskKind.RELEASE, TaskKind.COUNTERSIGN):
        tasks.withdraw(task, by=by, because="suitability.reopened")


def open_again(assessment: Assessment) -> None:
    """Take back "finished" and whether he heard the report: its words are about to change.

    What he said of them stays, as said earlier, until he has read or heard the new ones.
    """
    assessment.finished_at, assessment.recommendation = None, ""
    assessment.heard_at, assessment.heard_how = None, ""
    assessment.version += 1


class _Locked:
    """What is remembered under it was read under the lock of its case."""


def must_be_open(assessment: Assessment, by: int) -> Case:
    """Its case, locked, where one may still write.

    Raises:
        Refused: the assessment is finished, the case closed, or given from its author to another.
    """
    must_be_writing()
    case = cases.lock(assessment.case_id)
    # Whoever changes it locks its case first: once read under the lock, it stays as it is.
    remembered(("read", assessment.id), _Locked, lambda: db.session.refresh(assessment))
    if assessment.finished_at is not None:
        raise Refused(finished_words(case.progress))
    if _closed(case):
        raise Refused("The case is closed. Reopen it first.")
    facts, author_id = cases.facts_of(case.id), assessment.author_id
    if by == author_id and taking_over_rules.given_away(author_id, case.assessor_id, facts):
        raise Refused(taking_over_rules.GIVEN_AWAY)
    return case


def _closed(case: Case) -> bool:
    return case_rules.fold(cases.facts_of(case.id), clock.today()).closed_reason is not None


def _open_for(assessment: Assessment, section: Section, by: int) -> Case:
    case = must_be_open(assessment, by)
    closed = closed_sections(cases.facts_of(case.id), clock.today())
    if section in closed:
        raise Refused(closed[section])
    return case


def _section(assessment_id: int, section: Section) -> AssessmentSection | None:
    wanted = {"of": assessment_id, "wanted": section.value}
    return db.session.scalars(_SECTION, wanted).one_or_none()


def _revision(row: AssessmentSection) -> SectionRevision:
    return SectionRevision(
        section_id=row.id, version=row.version, answers=row.answers, saved_by=row.saved_by
    )
