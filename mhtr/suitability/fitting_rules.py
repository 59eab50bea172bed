"""Answers of an assessment that do not fit together. Shown beside their section; never a stop."""

from collections.abc import Callable
from datetime import date

from mhtr.cases.facts import Recommendation
from mhtr.suitability import first_asked
from mhtr.suitability.rules import (
    NO_COURSE,
    ORDER_WORDS,
    Assessment,
    Finding,
    OrderKind,
    PathwayPolicy,
    legal_limit,
)
from mhtr.suitability.sections import Answer, Section

_POSITIVE = (Recommendation.SUITABLE.value, Recommendation.SUITABLE_NOT_READY.value)
_CONDITIONS = ("need", "arrangements", "willingness")


def inconsistencies(
    assessment: Assessment,
    policy: PathwayPolicy,
    today: date,
    language_asked: str = "",
    risk_answered: str = "",
) -> tuple[Finding, ...]:
    """Answers that do not fit together, in words. `today` picks the legal limits.

    Args:
        language_asked: the language for which probation says he needs an interpreter, in words;
            empty where it asks for none.
        risk_answered: what he answered above zero to a question about risk, in words.
    """
    recommended = assessment.get(Section.RECOMMENDATION, "recommendation")
    found: list[Finding] = []
    if recommended in _POSITIVE:
        found += _against_suitable(assessment, str(recommended))
    elif recommended == Recommendation.UNSUITABLE.value:
        found += _against_unsuitable(assessment)
    elif recommended == Recommendation.DECLINED.value:
        if assessment.get(Section.WILLINGNESS_CONSENT, "willing") == "yes":
            found.append(_of_recommendation("“He declined”, but he is recorded as willing."))
        found += _without_capacity(assessment)
    found += _within(assessment)
    if language_asked and assessment.get(Section.PRACTICAL, "interpreter") is False:
        words = f"Probation asks for an interpreter ({language_asked}), and none is needed here."
        found.append(Finding(Section.PRACTICAL, words))
    if risk_answered and assessment.get(Section.EXCLUSIONS, "crisis") == "no":
        words = f"{risk_answered}, and risk at crisis level is answered “no”."
        found.append(Finding(Section.EXCLUSIONS, words))
    if recommended not in NO_COURSE:
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


def _without_capacity(assessment: Assessment) -> list[Finding]:
    """Whoever cannot decide has not declined either."""
    words = {
        "no": "“He declined”, but he is recorded as without capacity for this decision.",
        "unsure": "“He declined”, but his capacity for this decision is in doubt.",
    }
    found = words.get(str(assessment.get(Section.CAPACITY, "capacity")))
    return [_of_recommendation(found)] if found else []


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
    recommended = get(Section.RECOMMENDATION, "recommendation")
    refuses = first_asked.refuses(assessment.answers.get(Section.TOLD, {}))
    if refuses and recommended not in (None, "", Recommendation.DECLINED.value):
        found.append(_of_recommendation(first_asked.ALL_THE_SAME))
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
                    f"{months} months is longer than the law allows for {ORDER_WORDS[order]}: "
                    f"{limit.months} months ({limit.source})."
                )
        if months < 1:
            found.append("The requirement needs a length of at least one month.")
        # Four sessions a month is a weekly course with no week lost.
        elif isinstance(sessions, int) and sessions > months * 4:
            found.append(f"{sessions} sessions do not fit weekly into {months} months.")
    return [Finding(Section.PATHWAY, words) for words in found]
