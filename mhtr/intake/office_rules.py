"""What the office may decide of a referral, and read of it, without a clinician."""

from dataclasses import replace

from mhtr.cases.facts import Decision, allow, refuse
from mhtr.intake.eligibility import Criterion, CriterionName, CriterionStatus
from mhtr.intake.rules import DeclineReason

CLINICIANS_ONLY = frozenset({DeclineReason.SECONDARY_CARE_NEED, DeclineReason.NOT_FOR_THIS_SERVICE})
"""Reasons that judge his health."""
FIRST = (
    "A clinician is asked to find out whether he is safe. Until what was found is recorded, the "
    "referral can be declined by a clinical lead only."
)
NOT_YOURS = "This reason is a clinician’s to give. Leave the decision to the clinical lead."
ANSWERED = "A clinician accepted him."
FOR_THE_LEAD = "For the clinical lead: what is recorded of his gender is not shown to the office."


def may_decline(reason: DeclineReason | None, *, to_be_looked_into: bool) -> Decision:
    """Whether somebody who is no clinician may decline a referral for this reason.

    Args:
        to_be_looked_into: a sign of risk about him is open.
    """
    if to_be_looked_into:
        return refuse(FIRST)
    return refuse(NOT_YOURS) if reason in CLINICIANS_ONLY else allow()


def as_read_by_the_office(found: tuple[Criterion, ...], *, answered: bool) -> tuple[Criterion, ...]:
    """The criteria without what rests on his gender: the row says the same of everybody.

    Args:
        answered: a clinician has accepted him.
    """
    status = CriterionStatus.MET if answered else CriterionStatus.NOT_FOR_YOU
    reason = ANSWERED if answered else FOR_THE_LEAD
    return tuple(
        replace(one, status=status, reason=reason, blocks=False)
        if one.name is CriterionName.MENS_SERVICE
        else one
        for one in found
    )


def questions_for_the_lead(found: tuple[Criterion, ...]) -> bool:
    """Whether his gender, as recorded, leaves open whether the service is for him."""
    settled = (CriterionStatus.MET, CriterionStatus.UNKNOWN)
    return any(
        one.name is CriterionName.MENS_SERVICE and one.status not in settled for one in found
    )
