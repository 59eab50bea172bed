"""What an assessment still lacks, what does not fit together, and who may countersign.

The recommendation is the assessor's. Nothing here decides it or stops it: `missing` and
`inconsistencies` return words beside the section they belong to.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from mhtr.cases.facts import Recommendation
from mhtr.suitability import first_asked, named_in_order
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
    "inconsistencies",
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


_ORDER_WORDS: Mapping[OrderKind, str] = MappingProxyType(
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
_NO_COURSE = frozenset({Recommendation.UNSUITABLE.value, Recommendation.DECLINED.value})


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
    skipped = {Section.PATHWAY} if recommended in _NO_COURSE else set()
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


_POSITIVE = (Recommendation.SUITABLE.value, Recommendation.SUITABLE_NOT_READY.value)
_CONDITIONS = ("need", "arrangements", "willingness")


def inconsistencies(
    assessment: Assessment, policy: PathwayPolicy, today: date
) -> tuple[Finding, ...]:
    """Answers that do not fit together, in words. `today` picks the legal limits."""
    recommended = assessment.get(Section.RECOMMENDATION, "recommendation")
    found: list[Finding] = []
    if recommended in _POSITIVE:
        found += _against_suitable(assessment, str(recommended))
    elif recommended == Recommendation.UNSUITABLE.value:
        found += _against_unsuitable(assessment)
    elif recommended == Recommendation.DECLINED.value:
        if assessment.get(Section.WILLINGNESS_CONSENT, "willing") == "yes":
            found.append(_of_recommendation("“He declined”, but he is recorded as willing."))
    found += _within(assessment)
    if recommended not in _NO_COURSE:
        found += _course(assessment, policy, today)
    return tuple(found)


def _of_recommendation(words: str) -> Finding:
    return Finding(Section.RECOMMENDATION, words)


def _against_suitable(assessment: Assessment, recommended: str) -> list[Finding]:
    get, found = assessment.get, []
    if get(Section.WILLINGNESS_CONSENT, "willing") == "no":
        found.append("Recommends suitable, but he is recorded as not willing.")
    for key in _CONDITIONS:
        answer = get(Section.CONDITIONS, key)
        if answer == "not_met":
            found.append(f"Recommends suitable, but the condition of {key} is answered as not met.")
        elif answer == "unclear" and recommended == Recommendation.SUITABLE.value:
            found.append(f"Recommends suitable, but the condition of {key} is not clear yet.")
    if get(Section.CAPACITY, "capacity") in ("no", "unsure"):
        found.append("Recommends suitable, but his capacity for this decision is in doubt.")
    prompts = {
        "psychosis": "signs of active psychosis",
        "crisis": "risk at crisis level",
        "secondary_care": "a need for secondary care",
    }
    for key, words in prompts.items():
        if get(Section.EXCLUSIONS, key) == "yes":
            found.append(f"Recommends suitable, but {words} is recorded.")
    for key, words in (("consent_treatment", "treatment"), ("consent_report", "the report")):
        if get(Section.WILLINGNESS_CONSENT, key) is False:
            found.append(f"Recommends suitable, but he did not consent to {words}.")
    return [_of_recommendation(words) for words in found]


def _against_unsuitable(assessment: Assessment) -> list[Finding]:
    met = all(assessment.get(Section.CONDITIONS, key) == "met" for key in _CONDITIONS)
    prompts = ("psychosis", "crisis", "secondary_care")
    clear = all(assessment.get(Section.EXCLUSIONS, key) != "yes" for key in prompts)
    if met and clear:
        words = "Recommends unsuitable, but all three conditions are answered as met."
        return [_of_recommendation(words)]
    return []


def _within(assessment: Assessment) -> list[Finding]:
    """What does not fit whatever the recommendation says."""
    get: Callable[[Section, str], Answer] = assessment.get
    found: list[Finding] = []
    told = first_asked.does_not_fit(assessment.answers.get(Section.TOLD, {}))
    found += [Finding(Section.TOLD, words) for words in told]
    willing = get(Section.WILLINGNESS_CONSENT, "willing")
    condition = get(Section.CONDITIONS, "willingness")
    if (willing, condition) in (("no", "met"), ("yes", "not_met"), ("unsure", "met")):
        words = "The condition of willingness and his own answer do not agree."
        found.append(Finding(Section.CONDITIONS, words))
    if get(Section.PRACTICAL, "interpreter_used") is False:
        words = "He needs an interpreter, and none was used for the assessment."
        found.append(Finding(Section.PRACTICAL, words))
    if get(Section.EXCLUSIONS, "crisis") == "yes" and get(Section.RISK_NOW, "safety_plan") is False:
        words = "Risk at crisis level is recorded, and no safety plan."
        found.append(Finding(Section.RISK_NOW, words))
    if get(Section.MEASURES, "gad7_complete") is False and not get(
        Section.MEASURES, "measures_missing_reason"
    ):
        found.append(Finding(Section.MEASURES, "GAD-7 is not answered. Say why."))
    return found


def _course(assessment: Assessment, policy: PathwayPolicy, today: date) -> list[Finding]:
    found: list[str] = []
    sessions = assessment.get(Section.PATHWAY, "sessions")
    months = assessment.get(Section.PATHWAY, "requirement_months")
    kind = assessment.get(Section.PATHWAY, "order_kind")
    if isinstance(sessions, int):
        if sessions > policy.most_sessions:
            found.append(
                f"{sessions} sessions: this service offers {policy.most_sessions} at most."
            )
        elif not policy.fewest_sessions <= sessions <= policy.usual_most_sessions:
            usual = f"{policy.fewest_sessions} to {policy.usual_most_sessions}"
            found.append(f"{sessions} sessions: usually {usual}.")
    if isinstance(months, int):
        kinds = (OrderKind(kind),) if isinstance(kind, str) and kind else tuple(OrderKind)
        for order in kinds:
            limit = legal_limit(order, today)
            if months > limit.months:
                found.append(
                    f"{months} months is longer than the law allows for {_ORDER_WORDS[order]}: "
                    f"{limit.months} months ({limit.source})."
                )
        if months < 1:
            found.append("The requirement needs a length of at least one month.")
        # Four sessions a month is a weekly course with no week lost.
        elif isinstance(sessions, int) and sessions > months * 4:
            found.append(f"{sessions} sessions do not fit weekly into {months} months.")
    return [Finding(Section.PATHWAY, words) for words in found]
