"""What an assessment still lacks, what does not fit together, and who may countersign.

The recommendation is the assessor's. Nothing here decides it or stops it: `missing` returns words
beside the section they belong to. What does not fit together: `mhtr.suitability.fitting_rules`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from mhtr.cases.facts import Recommendation
from mhtr.suitability import named_in_order
from mhtr.suitability.countersigning import CountersignPolicy, Lead, may_countersign
from mhtr.suitability.sections import (
    SECTIONS,
    Answer,
    Answers,
    Pathway,
    Question,
    QuestionKind,
    Section,
    SectionSpec,
)

__all__ = [
    "Assessment",
    "CountersignPolicy",
    "Finding",
    "Lead",
    "LegalLimit",
    "OrderKind",
    "PathwayPolicy",
    "Pathway",
    "Recommendation",
    "Section",
    "legal_limit",
    "may_countersign",
    "missing",
    "section_complete",
]


@dataclass(frozen=True)
class Assessment:
    """All answers, by section and question key (see `mhtr.suitability.sections`)."""

    answers: Mapping[Section, Answers]

    def get(self, section: Section, key: str) -> Answer:
        """The answer to one question, None where there is none yet."""
        return self.answers.get(section, {}).get(key)


@dataclass(frozen=True)
class Finding:
    """Something to look at: the section it belongs to, and plain words."""

    section: Section
    words: str


class OrderKind(StrEnum):
    COMMUNITY_ORDER = "co"
    SUSPENDED_SENTENCE_ORDER = "sso"


ORDER_WORDS: Mapping[OrderKind, str] = MappingProxyType(
    {
        OrderKind.COMMUNITY_ORDER: "a community order",
        OrderKind.SUSPENDED_SENTENCE_ORDER: "a suspended sentence order",
    }
)


@dataclass(frozen=True)
class LegalLimit:
    """The longest a requirement can last in an order made between two days; None: open.

    A legal limit is dated data with its source, never a setting.
    """

    order_kind: OrderKind
    months: int
    made_from: date | None
    made_until: date | None
    source: str


# Read in full: the Sentencing Act 2020. The Sentencing Act 2026 left both limits as they are.
LEGAL_LIMITS = (
    LegalLimit(
        OrderKind.COMMUNITY_ORDER,
        36,
        None,
        None,
        "Sentencing Act 2020 s.209(2): the order ends at most 3 years after it is made",
    ),
    LegalLimit(
        OrderKind.SUSPENDED_SENTENCE_ORDER,
        24,
        None,
        None,
        "Sentencing Act 2020 s.288(4): the supervision period is at most 2 years",
    ),
)


def legal_limit(order_kind: OrderKind, made_on: date) -> LegalLimit:
    """The limit for an order made on a day. Raises LookupError where no data covers the day."""
    for limit in LEGAL_LIMITS:
        begun = limit.made_from is None or limit.made_from <= made_on
        over = limit.made_until is not None and limit.made_until < made_on
        if limit.order_kind is order_kind and begun and not over:
            return limit
    raise LookupError(f"No legal limit is on file for {order_kind} on {made_on.isoformat()}")


@dataclass(frozen=True)
class PathwayPolicy:
    """Sessions of a course: usually 10 to 12; `most_sessions` is the service's own maximum."""

    fewest_sessions: int = 10
    usual_most_sessions: int = 12
    most_sessions: int = 20


def _answered(answer: Answer, question: Question) -> bool:
    if question.kind is QuestionKind.YES_NO:
        return isinstance(answer, bool)
    if isinstance(answer, str):
        return bool(answer.strip())
    if isinstance(answer, (list, tuple)):
        return bool(answer)
    return answer is not None


def _needed(question: Question, answers: Answers) -> bool:
    if question.needed_if is None:
        return question.required
    other, values = question.needed_if
    return other in answers and answers[other] in values


# A man who declines, or is not suitable, needs no course: only what bears on the recommendation.
NO_COURSE = frozenset({Recommendation.UNSUITABLE.value, Recommendation.DECLINED.value})


def _missing_in(spec: SectionSpec, assessment: Assessment) -> tuple[Finding, ...]:
    answers = assessment.answers.get(spec.section, {})
    questions = (q for q in spec.questions if q.key not in named_in_order.KEYS)
    found = [
        question.label
        for question in questions
        if _needed(question, answers) and not _answered(answers.get(question.key), question)
    ]
    if spec.section is Section.PATHWAY:
        found += named_in_order.lacks(answers)
    return tuple(Finding(spec.section, label) for label in found)


def missing(assessment: Assessment) -> tuple[Finding, ...]:
    """Every needed question without an answer, in page order."""
    recommended = assessment.get(Section.RECOMMENDATION, "recommendation")
    skipped = {Section.PATHWAY} if recommended in NO_COURSE else set()
    if recommended == Recommendation.DECLINED.value:
        skipped |= {Section.MEASURES, Section.PREPARATION, Section.HISTORY}
    found: list[Finding] = []
    for spec in SECTIONS:
        if spec.section not in skipped:
            found.extend(_missing_in(spec, assessment))
    return tuple(found)


def section_complete(section: Section, assessment: Assessment) -> bool:
    """Whether one section of the task list has all it needs."""
    spec = next(spec for spec in SECTIONS if spec.section is section)
    return not _missing_in(spec, assessment)
