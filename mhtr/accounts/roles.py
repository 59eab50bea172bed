"""Which roles one person may hold, where. Functions of values only."""

from collections.abc import Collection

from mhtr.accounts.models import OrganisationKind
from mhtr.core.access import PROBATION_ROLES, ROLE_LABELS, Role, across_the_wall

PROBATION_KINDS = frozenset({OrganisationKind.PROBATION_UNIT, OrganisationKind.COURT_TEAM})
CARE_KINDS = frozenset(
    {OrganisationKind.TREATING_TRUST, OrganisationKind.LD_TEAM, OrganisationKind.LINK_WORKERS}
)
CARE_ROLES = frozenset(
    {
        Role.LD_PRACTITIONER,
        Role.ASSESSOR,
        Role.CLINICAL_LEAD,
        Role.DUTY_CLINICIAN,
        Role.ADMINISTRATOR,
        Role.LINK_WORKER,
    }
)


def why_not(roles: Collection[Role], kind: OrganisationKind) -> tuple[str, ...]:
    """Why a person of this kind of organisation may not hold these roles; empty when he may.

    The disclosure wall is kept by person and by employer: care roles belong to those who care,
    probation roles to probation, and a commissioner sees no named person.
    """
    held = set(roles)
    reasons = []
    if not held:
        reasons.append("Choose at least one role.")
    if across_the_wall(held):
        reasons.append(
            "One person cannot hold a care role and a probation role: "
            "they are on two sides of the disclosure wall."
        )
    if Role.COMMISSIONER in held and len(held) > 1:
        reasons.append("A commissioner sees counts only, so this role goes with no other.")
    for role in Role:
        if role in held and not _fits(role, kind):
            reasons.append(f"{ROLE_LABELS[role]} is not a role of this kind of organisation.")
    return tuple(reasons)


def _fits(role: Role, kind: OrganisationKind) -> bool:
    if role in PROBATION_ROLES:
        return kind in PROBATION_KINDS
    if role in CARE_ROLES:
        return kind in CARE_KINDS
    if role is Role.COMMISSIONER:
        return kind is OrganisationKind.COMMISSIONER
    return kind is not OrganisationKind.COMMISSIONER
