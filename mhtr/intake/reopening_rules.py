"""Who reopens a closed case, and the reasons to choose from."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from mhtr.cases.facts import CloseReason, Decision, allow, refuse
from mhtr.core.roles import Role

DECIDERS = frozenset({Role.CLINICAL_LEAD, Role.ADMINISTRATOR})


class WhyReopened(StrEnum):
    """Why a closed case goes on. A code: every side of the wall reads it in the history."""

    COURT_GOES_ON = "court_goes_on"
    BY_MISTAKE = "by_mistake"
    KNOW_MORE = "know_more"
    HE_WANTS_IT = "he_wants_it"


WHY_REOPENED: Mapping[WhyReopened, str] = {
    WhyReopened.COURT_GOES_ON: "The case against him goes on after all",
    WhyReopened.BY_MISTAKE: "It was closed by mistake",
    WhyReopened.KNOW_MORE: "More is known than when it was closed",
    WhyReopened.HE_WANTS_IT: "He wants the treatment now",
}


def may_reopen(
    closed: CloseReason | None, roles: Collection[Role], *, of_the_trust: bool
) -> Decision:
    """Whether somebody may reopen a case closed so.

    What the service declined is its own to take up again: its clinical leads and administrators
    do it. `of_the_trust`: he works for the trust that has the referral.
    """
    if closed is not CloseReason.DECLINED_BY_SERVICE:
        return allow()
    if of_the_trust and DECIDERS.intersection(roles):
        return allow()
    return refuse(
        "The service declined this referral. Only its clinical leads and administrators "
        "reopen it; ask the service to look again."
    )
