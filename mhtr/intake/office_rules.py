"""What the office may decide of a referral, and read of it, without a clinician."""

from mhtr.cases.facts import Decision, allow, refuse
from mhtr.intake.rules import DeclineReason

CLINICIANS_ONLY = frozenset({DeclineReason.SECONDARY_CARE_NEED, DeclineReason.NOT_FOR_THIS_SERVICE})
"""Reasons that judge his health."""
FIRST = (
    "A clinician is asked to find out whether he is safe. Until what was found is recorded, the "
    "referral can be declined by a clinical lead only."
)
NOT_YOURS = "This reason is a clinician’s to give. Leave the decision to the clinical lead."


def may_decline(reason: DeclineReason | None, *, to_be_looked_into: bool) -> Decision:
    """Whether somebody who is no clinician may decline a referral for this reason.

    Args:
        to_be_looked_into: a sign of risk about him is open.
    """
    if to_be_looked_into:
        return refuse(FIRST)
    return refuse(NOT_YOURS) if reason in CLINICIANS_ONLY else allow()
