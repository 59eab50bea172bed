"""What one person alone cannot do to an account. Functions of values and moments."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mhtr.core.roles import CLINICAL_ROLES, Role

CONFIRMED_BY_TWO = frozenset(Role) - {Role.COMMISSIONER}
"""Roles that open records of men, or that manage those who have them: otherwise somebody could
invent the second person. A commissioner sees counts only."""
RAISED_ROLES = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.PRIVACY_OFFICER})
"""Roles that only a system administrator gives or takes, and whose holders only he manages."""


@dataclass(frozen=True)
class Given:
    """A role that one person gave, and the account it is for."""

    role: Role
    holder_id: int
    organisation_id: int
    given_by: int
    others: frozenset[Role] = frozenset()
    """Everything else that the account has or waits for."""
    can_sign_in: bool = True
    """Password and authenticator are set up, and the account is not disabled."""
    let_in_by: frozenset[int] = frozenset()
    """Who lately made a link for the account, or reset its authenticator."""


@dataclass(frozen=True)
class Confirmer:
    """Who wants to confirm."""

    staff_id: int
    organisation_id: int
    roles: frozenset[Role]
    disabled: bool = False


def takes_two(role: Role, by: int | None) -> bool:
    """Whether a role waits for a second person. The program itself (None) is its operator."""
    return by is not None and role in CONFIRMED_BY_TWO


def may_settle(given: Given, by: Confirmer) -> bool:
    """Whether somebody is one of those who confirm or turn down such a role, but for himself.

    System administrators do; service managers for the staff they manage; clinical leads for
    clinical roles in their own organisation.
    """
    if by.disabled:
        return False
    if Role.SYSTEM_ADMINISTRATOR in by.roles:
        return True
    if by.organisation_id != given.organisation_id:
        return False
    if Role.CLINICAL_LEAD in by.roles and given.role in CLINICAL_ROLES:
        return True
    raised = ({given.role} | given.others) & RAISED_ROLES
    return Role.SERVICE_MANAGER in by.roles and not raised


def why_not_confirm(given: Given, by: Confirmer) -> tuple[str, ...]:
    """Why somebody cannot confirm a role; empty when he can."""
    reasons = []
    if by.staff_id == given.holder_id:
        reasons.append("Nobody confirms a role of his own.")
    elif by.staff_id == given.given_by:
        reasons.append("You gave this role. Somebody else must confirm it.")
    elif not may_settle(given, by):
        reasons.append(
            "A system administrator, a service manager of the same organisation or, for a "
            "clinical role, one of its clinical leads confirms this."
        )
    elif by.staff_id in given.let_in_by:
        reasons.append(
            "You made a link or reset the authenticator of this account. "
            "Somebody else must confirm the role."
        )
    if not given.can_sign_in:
        reasons.append(
            "Password and authenticator are not set up yet. "
            "Confirm the role when the person has done so."
        )
    return tuple(reasons)


@dataclass(frozen=True)
class WayIn:
    """A link that was made, or an authenticator that was reset."""

    by: int | None
    at: datetime
    """The last moment it was of use: a link made, used or still good; a reset made."""
    open: bool = False
    """It still lets somebody in: no authenticator has been set up since the reset."""


def did_the_other_step(
    by: int | None, other_steps: Iterable[WayIn], *, now: datetime, days: int
) -> bool:
    """Whether this person has lately done the other of two steps that together give an account.

    Making a link sets a new password, resetting forgets the authenticator: whoever does both is
    its holder. The program itself (None) is its operator, who has the database anyway.
    """
    return by is not None and any(
        step.by == by and (step.open or now - step.at < timedelta(days=days))
        for step in other_steps
    )


def opens_records(roles: Collection[Role]) -> bool:
    """Whether a privacy officer is told of what is done to an account with these roles."""
    return not CONFIRMED_BY_TWO.isdisjoint(roles)
