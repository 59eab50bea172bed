"""Words of triage: why a referral was declined, and what the criteria are called."""

from collections.abc import Mapping
from types import MappingProxyType

from mhtr.intake.eligibility import CriterionName, CriterionStatus
from mhtr.intake.rules import DeclineReason

DECLINED: Mapping[DeclineReason, str] = MappingProxyType(
    {
        DeclineReason.UNDER_AGE: "He is too young for this service",
        DeclineReason.NOT_FOR_THIS_SERVICE: "This service is not for him",
        DeclineReason.COURT_NOT_COVERED: "The service does not cover the court",
        DeclineReason.HE_IS_NOT_WILLING: "He does not want the referral",
        DeclineReason.SECONDARY_CARE_NEED: "His need is for secondary mental health care",
        DeclineReason.PROSECUTION_ENDED: "The prosecution has ended",
        DeclineReason.ALREADY_KNOWN: "The service has a referral for him already",
        DeclineReason.OTHER: "Another reason",
    }
)
DECLINED_NEUTRAL: Mapping[DeclineReason, str] = MappingProxyType(
    {
        DeclineReason.SECONDARY_CARE_NEED: "Another service fits better",
        DeclineReason.HE_IS_NOT_WILLING: "Another service fits better",
        DeclineReason.OTHER: "Another service fits better",
    }
)
"""What probation reads in place of a reason that tells of his health or of what he said."""

CRITERIA: Mapping[CriterionName, str] = MappingProxyType(
    {
        CriterionName.AGE: "Age",
        CriterionName.MENS_SERVICE: "Men’s service",
        CriterionName.COURT_COVERED: "Court covered",
        CriterionName.WILLING: "Willing",
        CriterionName.PLEA_OR_FINDING: "Plea or finding",
        CriterionName.SENTENCE_RANGE: "Community or suspended sentence possible",
        CriterionName.GP: "GP",
    }
)
STATUS: Mapping[CriterionStatus, tuple[str, str]] = MappingProxyType(
    {
        CriterionStatus.MET: ("Met", "green"),
        CriterionStatus.NOT_MET: ("Not met", "orange"),
        CriterionStatus.UNKNOWN: ("Not known", "grey"),
        CriterionStatus.NOT_FOR_YOU: ("Not yours to decide", "blue"),
    }
)
"""Words and colour of each status."""
