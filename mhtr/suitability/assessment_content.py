"""Builds the report from an assessment: only what `ReportContent` has a field for.

Clinical answers are never read here: each answer taken is marked `released` in the sections, or
is one of the few closed answers (yes, no, a choice) that the report states.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.facts import Recommendation
from mhtr.cases.models import Case
from mhtr.cases.service import facts_of
from mhtr.cases.wording import day_words
from mhtr.core import clock
from mhtr.core.access import ROLE_LABELS, Role
from mhtr.core.codes.lists import load
from mhtr.core.database import db
from mhtr.people.models import ConsentEvent, Person
from mhtr.people.queries import crn_of
from mhtr.suitability import rules, said_earlier
from mhtr.suitability.assessment_queries import former_writers, read_assessment
from mhtr.suitability.concerned import current_request, no_request_words
from mhtr.suitability.consent_asked import standing_consent
from mhtr.suitability.directing import number_on_file
from mhtr.suitability.meetings import read
from mhtr.suitability.models import Assessment, ReportRequest
from mhtr.suitability.pronouns import pronoun_of
from mhtr.suitability.report_content import (
    ConditionAnswer,
    ConditionStatement,
    HisAnswer,
    Meeting,
    ReportContent,
    ReportKind,
)
from mhtr.suitability.sections import Pathway, Section
from mhtr.suitability.taking_over_rules import last_taken_over

_CONDITIONS = ("need", "arrangements", "willingness")


@dataclass(frozen=True)
class Built:
    """The report, or what it still lacks before there can be one."""

    content: ReportContent | None
    lacks: tuple[str, ...]


def build_report(case: Case, assessment: Assessment) -> Built:
    """The report as the assessment has it now, unsigned."""
    answers = read_assessment(assessment.id)
    lacks = _lacks(assessment, answers)
    if lacks:
        return Built(None, lacks)
    try:
        return Built(_content(case, assessment, answers), ())
    except ValueError as fault:
        return Built(None, (str(fault),))


def _lacks(assessment: Assessment, answers: rules.Assessment) -> tuple[str, ...]:
    found = []
    if not assessment.meetings:
        found.append("How and on which day he was assessed.")
    found += [
        f"Who met him on {day_words(met.on)}."
        for met in read(assessment.meetings)
        if met.by_id is None
    ]
    for key in _CONDITIONS:
        if not answers.get(Section.CONDITIONS, key):
            found.append(f"Whether the condition of {key} is met.")
        if not _text(answers, Section.CONDITIONS, f"{key}_released"):
            found.append(f"Wording for the report on {key}.")
    if not answers.get(Section.RECOMMENDATION, "recommendation"):
        found.append("The recommendation.")
    elif not _text(answers, Section.RECOMMENDATION, "recommendation_released"):
        found.append("Why, for the report.")
    return tuple(found)


def _content(case: Case, assessment: Assessment, answers: rules.Assessment) -> ReportContent:
    author = db.session.get_one(Staff, assessment.author_id)
    person: Person = case.person
    recommendation = Recommendation(str(answers.get(Section.RECOMMENDATION, "recommendation")))
    proposes = recommendation in (Recommendation.SUITABLE, Recommendation.SUITABLE_NOT_READY)
    finished = assessment.finished_at or clock.now()
    agreed = standing_consent(case) if answers.get(*_REPORT_CONSENT) is True else None
    ready = recommendation is Recommendation.SUITABLE_NOT_READY
    return ReportContent(
        kind=ReportKind.REPORT,
        reference=reference_of(assessment),
        service_name=author.organisation.name,
        written_on=finished.astimezone(clock.LONDON).date(),
        person_name=person.name,
        pronoun=pronoun_of(person.pronouns),
        person_born_on=person.born,
        **asked_for(case),
        assessed_on=(),
        how_assessed=None,
        meetings=_meetings(assessment, author),
        interpreter_language=_interpreter(person, answers),
        **_told(answers),
        **_condition_statements(answers),
        recommendation=recommendation,
        recommendation_wording=_text(answers, Section.RECOMMENDATION, "recommendation_released")
        or "",
        when_ready=_text(answers, Section.RECOMMENDATION, "when_ready") if ready else None,
        **(_proposal(answers, author) if proposes else _NO_PROPOSAL),
        practical_arrangements=_text(answers, Section.PRACTICAL, "practical_released"),
        **his_answer(assessment),
        **consent_stated(agreed),
        author_name=author.name,
        author_title=title_of(author),
        begun_by=_begun_by(assessment),
        **_UNSIGNED,
    )


def _meetings(assessment: Assessment, author: Staff) -> tuple[Meeting, ...]:
    meetings, staff = read(assessment.meetings), [author]
    others = {met.by_id for met in meetings} - {author.id, None}
    if others:
        staff += db.session.scalars(select(Staff).where(Staff.id.in_(others)))
    named = {one.id: f"{one.name}, {title_of(one)}" for one in staff}
    return tuple(Meeting(met.on, met.how, named[met.by_id]) for met in meetings if met.by_id)


def _begun_by(assessment: Assessment) -> str | None:
    taken_over = last_taken_over(facts_of(assessment.case_id)) is not None
    names = former_writers(assessment) if taken_over else ()
    return " and ".join(names) or None


def as_of_then(built: ReportContent, signed: ReportContent) -> ReportContent:
    """A report built now, in the form of one signed before each meeting named who met him.

    Only where its author met him every time and alone wrote it: otherwise the one signed does
    not say the truth, and the two differ.
    """
    own = f"{built.author_name}, {built.author_title}"
    meetings = built.meetings or ()
    days, hows = tuple(sorted({met.on for met in meetings})), {met.how for met in meetings}
    same = days == signed.assessed_on and hows == {signed.how_assessed}
    if signed.meetings is not None or built.begun_by or {met.by for met in meetings} != {own}:
        return built
    if not same:
        return built
    return replace(
        built, assessed_on=signed.assessed_on, how_assessed=signed.how_assessed, meetings=None
    )


def _told(answers: rules.Assessment) -> dict[str, Any]:
    """Whether he was told who reads it and that it may be quoted; "no" is not "not recorded"."""
    said = [answers.get(Section.TOLD, key) for key in ("readers", "quoted")]
    readers, quoted = (one if isinstance(one, bool) else None for one in said)
    if readers and quoted:
        return {"told_beforehand": True}
    return {"told_beforehand": False, "told_readers": readers, "told_quoted": quoted}


_UNSIGNED: dict[str, Any] = {
    "addendum_to": None,
    "addendum_wording": None,
    "countersigned_by": None,
    "countersigner_hcpc": None,
    "countersigned_on": None,
}
_NO_PROPOSAL: dict[str, Any] = {
    "pathways": (),
    "sessions": None,
    "requirement_months": None,
    "institution": None,
    "directing_psychologist": None,
    "directing_hcpc": None,
}


def _proposal(answers: rules.Assessment, author: Staff) -> dict[str, Any]:
    directing = _text(answers, Section.PATHWAY, "directing_psychologist")
    number = directing and _text(answers, Section.PATHWAY, "directing_hcpc")
    if directing and not number:
        number = number_on_file(directing, author.organisation_id)
    return {
        "pathways": _pathways(answers),
        "sessions": _number(answers, "sessions"),
        "requirement_months": _number(answers, "requirement_months"),
        "institution": _text(answers, Section.PATHWAY, "institution"),
        "directing_psychologist": directing,
        "directing_hcpc": number or None,
    }


def asked_for(case: Case) -> dict[str, Any]:
    """Whose report, who asked for it, and for which hearing: as the record has it today."""
    request = current_request(case.id)
    court = load("courts").get(case.court_code) if case.court_code else None
    return {
        "crn": crn_of(case.person) or None,
        "court_name": court.label if court else "Court not known",
        "hearing_on": case.hearing_on,
        "requested_by": requester(request) if request else no_request_words(case.id),
        "requested_on": _day(request),
    }


_REPORT_CONSENT = (Section.WILLINGNESS_CONSENT, "consent_report")


def reference_of(assessment: Assessment) -> str:
    """What a report is called in letters and in court: year and eight characters of chance."""
    return f"SR-{assessment.created_at.year}-{assessment.ref.hex[:8].upper()}"


def requester(request: ReportRequest) -> str:
    """The PSR author with her job title."""
    staff = db.session.get_one(Staff, request.author_id)
    return f"{staff.name}, {title_of(staff)}"


def title_of(staff: Staff) -> str:
    """The job title, or the first role in words."""
    held = {row.role for row in staff.roles}
    return staff.job_title or next((ROLE_LABELS[role] for role in Role if role in held), "Staff")


def _day(request: ReportRequest | None) -> date | None:
    return None if request is None else request.requested_at.astimezone(clock.LONDON).date()


def _text(answers: rules.Assessment, section: Section, key: str) -> str | None:
    answer = answers.get(section, key)
    return answer.strip() or None if isinstance(answer, str) else None


def _number(answers: rules.Assessment, key: str) -> int | None:
    answer = answers.get(Section.PATHWAY, key)
    return answer if isinstance(answer, int) else None


def _pathways(answers: rules.Assessment) -> tuple[Pathway, ...]:
    answer = answers.get(Section.PATHWAY, "pathways")
    return tuple(Pathway(key) for key in answer) if isinstance(answer, (list, tuple)) else ()


def _condition(answers: rules.Assessment, key: str) -> ConditionStatement:
    return ConditionStatement(
        ConditionAnswer(str(answers.get(Section.CONDITIONS, key))),
        _text(answers, Section.CONDITIONS, f"{key}_released") or "",
    )


def _condition_statements(answers: rules.Assessment) -> dict[str, Any]:
    return {key: _condition(answers, key) for key in _CONDITIONS}


def _interpreter(person: Person, answers: rules.Assessment) -> str | None:
    if answers.get(Section.PRACTICAL, "interpreter_used") is not True:
        return None
    language = load("languages").get(person.language) if person.language else None
    return language.label if language else "language not recorded"


def consent_stated(agreed: ConsentEvent | None) -> dict[str, Any]:
    """The day on which he agreed, and the version of the text read to him."""
    if agreed is None:
        return {"consent_given_on": None, "consent_version": None}
    return {
        "consent_given_on": agreed.at.astimezone(clock.LONDON).date(),
        "consent_version": agreed.wording_version,
    }


def his_answer(assessment: Assessment) -> dict[str, Any]:
    """What he says of the report as it is now; and earlier, where he has not heard that."""
    said = HisAnswer(assessment.his_answer or HisAnswer.NOT_YET.value)
    if assessment.heard_at is not None:
        return {"his_answer": said, "his_words": assessment.his_words}
    kept = said_earlier.earlier(said, assessment.his_words)
    words = said_earlier.together(HisAnswer.NOT_YET, "", kept)
    return {"his_answer": HisAnswer.NOT_YET, "his_words": words}
