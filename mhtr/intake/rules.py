"""What may be recorded at intake, what comes of a referral, and what must be asked first."""

from dataclasses import dataclass
from enum import StrEnum

from mhtr.cases.facts import Decision, StageOfCase, allow, refuse
from mhtr.intake.eligibility import (
    AgeMeasuredOn,
    CoveragePeriod,
    Criterion,
    CriterionName,
    CriterionStatus,
    EligibilityFacts,
    EligibilityPolicy,
    Gender,
    GpStatus,
    LocalAnswer,
    Willingness,
    eligibility,
)

__all__ = [
    "AgeMeasuredOn",
    "CoveragePeriod",
    "Criterion",
    "CriterionName",
    "CriterionStatus",
    "DeclineReason",
    "EligibilityFacts",
    "EligibilityPolicy",
    "Gender",
    "GpStatus",
    "LDStage",
    "LocalAnswer",
    "ReferralSource",
    "SafetyAnswer",
    "SafetyPrompt",
    "StageOfCase",
    "TriageOutcome",
    "Willingness",
    "eligibility",
    "safety_prompt",
    "triage_decision",
]


class ReferralSource(StrEnum):
    LIAISON_AND_DIVERSION = "liaison_and_diversion"
    COURT_PROBATION = "court_probation"
    PROBATION_PRACTITIONER = "probation_practitioner"
    JUDICIARY = "judiciary"
    DEFENCE = "defence"
    SELF = "self"

    @property
    def sees_outcome(self) -> bool:
        """Whether the referrer is told what became of it; the others get a receipt only."""
        return self in (
            ReferralSource.LIAISON_AND_DIVERSION,
            ReferralSource.COURT_PROBATION,
            ReferralSource.PROBATION_PRACTITIONER,
        )


class LDStage(StrEnum):
    """The stages of liaison and diversion work, in order."""

    IDENTIFICATION = "identification"
    SCREENING = "screening"
    ASSESSMENT = "assessment"
    REFERRAL = "referral"


class TriageOutcome(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    ASK_REFERRER = "ask_referrer"
    ANSWERED = "answered"
    """The referrer's answer to what he was asked."""
    LOOK_AGAIN = "look_again"
    """Not of triage: the referrer asks the service to look again at what it declined."""
    STAYS_CLOSED = "stays_closed"
    """The service's answer to that."""


AT_TRIAGE = frozenset({TriageOutcome.ACCEPT, TriageOutcome.DECLINE, TriageOutcome.ASK_REFERRER})


class DeclineReason(StrEnum):
    UNDER_AGE = "under_age"
    NOT_FOR_THIS_SERVICE = "not_for_this_service"
    COURT_NOT_COVERED = "court_not_covered"
    HE_IS_NOT_WILLING = "he_is_not_willing"
    SECONDARY_CARE_NEED = "secondary_care_need"
    PROSECUTION_ENDED = "prosecution_ended"
    ALREADY_KNOWN = "already_known"
    OTHER = "other"


def triage_decision(
    outcome: TriageOutcome,
    criteria: tuple[Criterion, ...],
    reason: DeclineReason | None = None,
    words: str = "",
) -> Decision:
    """Whether the person triaging may record this outcome, and what she should know.

    Accepting is refused while a criterion blocks. Declining needs a reason, and words for
    `OTHER`. Asking the referrer needs the question. What is still unknown is told, not refused.
    """
    if outcome is TriageOutcome.ACCEPT:
        blocking = tuple(c.reason for c in criteria if c.blocks)
        open_questions = tuple(c.reason for c in criteria if c.status is CriterionStatus.UNKNOWN)
        return Decision(not blocking, blocking or open_questions)
    if outcome is TriageOutcome.ASK_REFERRER:
        return allow() if words.strip() else refuse("Write the question for the referrer.")
    if reason is None:
        return refuse("Choose why the referral is declined.")
    if reason is DeclineReason.OTHER and not words.strip():
        return refuse("Say in words why the referral is declined.")
    return allow("Offer another service where one fits, and record it as an onward referral.")


class SafetyAnswer(StrEnum):
    """The answer to “Is he safe now?”."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


@dataclass(frozen=True)
class SafetyPrompt:
    """What the form shows after the safety question.

    `urgent`: show it before anything else. `record_handover`: the form asks who was told and
    when; the referral itself is never held back for it.
    """

    urgent: bool
    heading: str
    words: tuple[str, ...]
    record_handover: bool


NOT_AN_EMERGENCY_ROUTE = (
    "This form is no emergency route. Nobody reads it at once, and nobody will come because of it."
)


IN_CUSTODY = "Tell custody healthcare and the custody sergeant now."
ELSEWHERE = "Call 999 if his life is in danger. Otherwise call the local crisis line or NHS 111."


def safety_prompt(answer: SafetyAnswer, *, in_custody: bool | None = None) -> SafetyPrompt:
    """What to do first. Anything but a plain yes is treated as urgent.

    `in_custody`: None while nobody has said where he is, so that both are said.
    """
    if answer is SafetyAnswer.YES:
        return SafetyPrompt(False, "Safe now", (NOT_AN_EMERGENCY_ROUTE,), False)
    first = {
        True: (IN_CUSTODY,),
        False: (ELSEWHERE,),
        None: (f"In custody: {IN_CUSTODY}", f"Anywhere else: {ELSEWHERE}"),
    }[in_custody]
    words = (*first, NOT_AN_EMERGENCY_ROUTE, "Then record who you told and when, and carry on.")
    heading = "Get help first" if answer is SafetyAnswer.NO else "Not sure: get help first"
    return SafetyPrompt(True, heading, words, True)
