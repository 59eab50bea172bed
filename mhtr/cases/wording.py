"""Plain words for what happened to a case, as the pages show them."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from mhtr.cases.facts import Away, CaseState, CloseReason, Fact, FactKind, PauseReason

FACT_WORDS: Mapping[FactKind, str] = MappingProxyType(
    {
        FactKind.REFERRED: "Referred",
        FactKind.STAGE_RECORDED: "Stage of the criminal case recorded",
        FactKind.SCREENED: "Screened",
        FactKind.ACCEPTED: "Accepted for assessment",
        FactKind.DECLINED_BY_SERVICE: "Declined by the service",
        FactKind.ALLOCATED: "Allocated to an assessor",
        FactKind.SUITABILITY_REQUESTED: "Suitability report requested",
        FactKind.ASSESSMENT_STARTED: "Assessment started",
        FactKind.ASSESSMENT_FINISHED: "Assessment finished",
        FactKind.ASSESSMENT_REOPENED: "Assessment reopened",
        FactKind.ASSESSMENT_TAKEN_OVER: "Assessment taken over",
        FactKind.COUNTERSIGN_REQUESTED: "Countersignature requested",
        FactKind.RETURNED: "Returned to the assessor with comments",
        FactKind.COUNTERSIGNED: "Report countersigned",
        FactKind.REPORT_HEARD: "What he says of the report recorded",
        FactKind.RELEASED: "Report released",
        FactKind.ADDENDUM_WRITTEN: "Addendum written",
        FactKind.ADDENDUM_COUNTERSIGNED: "Addendum countersigned",
        FactKind.ADDENDUM_RELEASED: "Addendum released",
        FactKind.PROPOSED: "Proposed in the pre-sentence report",
        FactKind.NOT_PROPOSED: "Not proposed in the pre-sentence report",
        FactKind.HEARING_SET: "Hearing set",
        FactKind.HEARING_ADJOURNED: "Hearing adjourned",
        FactKind.HEARING_ADVANCED: "Hearing brought forward",
        FactKind.HEARING_TRANSFERRED: "Hearing moved to another court",
        FactKind.HEARING_PAST: "Hearing took place",
        FactKind.SENTENCED_WITH_MHTR: "Sentenced with a mental health treatment requirement",
        FactKind.SENTENCED_WITHOUT_MHTR: "Sentenced without a mental health treatment requirement",
        FactKind.ROUTED_ON: "Routed on to another service",
        FactKind.CONSENT_WITHDRAWN: "He withdrew his consent",
        FactKind.CONSENT_GIVEN: "He gave his consent",
        FactKind.PAUSED: "Paused",
        FactKind.RESUMED: "Resumed",
        FactKind.CLOSED: "Closed",
        FactKind.REOPENED: "Reopened",
        FactKind.CORRECTED: "An earlier record corrected",
        FactKind.INDUCTION_STARTED: "Induction started",
        FactKind.TREATMENT_STARTED: "Treatment started",
        FactKind.TREATMENT_ENDED: "Treatment ended",
        FactKind.DISCHARGED: "Discharged",
        FactKind.ORDER_REVOKED: "Order revoked by the court",
        FactKind.AWAY: "He cannot attend",
        FactKind.BACK: "He can attend again",
    }
)

STATE_WORDS: Mapping[CaseState, str] = MappingProxyType(
    {
        CaseState.REFERRED: "referred",
        CaseState.SCREENED: "screened",
        CaseState.ASSESSING: "being assessed",
        CaseState.SUITABLE: "assessed as suitable",
        CaseState.SUITABLE_NOT_READY: "assessed as suitable but not ready",
        CaseState.UNSUITABLE: "assessed as unsuitable",
        CaseState.DECLINED: "assessed, and he declined",
        CaseState.COUNTERSIGNED: "countersigned",
        CaseState.RELEASED: "released to probation",
        CaseState.PROPOSED: "proposed to the court",
        CaseState.NOT_PROPOSED: "not proposed to the court",
        CaseState.AWAITING_RESULT: "awaiting the court's result",
        CaseState.SENTENCED_WITH_MHTR: "sentenced with the requirement",
        CaseState.SENTENCED_WITHOUT_MHTR: "sentenced without the requirement",
        CaseState.INDUCTION: "in induction",
        CaseState.IN_TREATMENT: "in treatment",
        CaseState.ENDED: "at the end of treatment",
        CaseState.DISCHARGED: "discharged",
        CaseState.CLOSED: "closed",
    }
)

PAUSE_WORDS: Mapping[PauseReason, str] = MappingProxyType(
    {
        PauseReason.REMANDED: "he is remanded in custody",
        PauseReason.FAILED_TO_APPEAR: "he did not come to court",
        PauseReason.RELEASED_UNDER_INVESTIGATION: "he is released under investigation",
    }
)

AWAY_WORDS: Mapping[Away, str] = MappingProxyType(
    {Away.HOSPITAL: "in hospital", Away.CUSTODY: "in custody"}
)

RESTS_WORDS = (
    "No guilty plea or finding is recorded any more. Work on the report rests until one is."
)

CLOSE_WORDS: Mapping[CloseReason, str] = MappingProxyType(
    {
        CloseReason.NO_FURTHER_ACTION: "no further action by the police",
        CloseReason.DISCONTINUED: "the prosecution was discontinued",
        CloseReason.ACQUITTED: "he was acquitted",
        CloseReason.DIED: "he has died",
        CloseReason.MERGED: "merged with another record of the same case",
        CloseReason.REFERRAL_WITHDRAWN: "the referral was withdrawn",
        CloseReason.HE_DECLINED: "he declined the assessment",
        CloseReason.HE_WITHDREW: "he withdrew",
        CloseReason.DECLINED_BY_SERVICE: "declined by the service",
        CloseReason.NOT_SUITABLE: "not suitable for this service",
        CloseReason.SENTENCED_WITHOUT_MHTR: "sentenced without the requirement",
        CloseReason.TRANSFERRED: "transferred to another service",
        CloseReason.COMPLETED: "completed",
    }
)


CONCERN_HIM = frozenset(
    {CloseReason.HE_DECLINED, CloseReason.HE_WITHDREW, CloseReason.NOT_SUITABLE}
)
"""Reasons that say something of him: outside the clinical record a case is only closed."""


def fact_words(fact: Fact) -> str:
    """What happened, in words: whoever had never agreed declined, and withdrew nothing."""
    if fact.kind is FactKind.CONSENT_WITHDRAWN and fact.detail.get("refused") is True:
        return "He declined"
    return FACT_WORDS[fact.kind]


def day_words(day: date) -> str:
    """A date as a person writes it, e.g. `3 March 2026`."""
    return f"{day.day} {day:%B %Y}"
