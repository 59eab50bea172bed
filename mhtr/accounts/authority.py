"""Who may change accounts: system administrators, an organisation's own service manager within
limits, and the program itself when it is set up."""

from collections.abc import Collection

from sqlalchemy import select

from mhtr.accounts.models import RoleRequest, Staff, StaffRole
from mhtr.accounts.rules import RAISED_ROLES
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing

OWN = "You cannot change your own account here. Ask another administrator."


def must_be_administrator(by: int | None, *, of: int = 0) -> None:
    """Refuse whoever is no live system administrator, or is about to change his own account.

    Args:
        by: staff id of who asks; None is the program itself (command line, demonstration).
        of: staff id of the account to be changed, where it is one.

    Raises:
        Refused: with the reason.
    """
    must_be_writing()
    if by is None:
        return
    holds = select(Staff.id).where(
        Staff.id == by,
        Staff.disabled_at.is_(None),
        Staff.roles.any(StaffRole.role == Role.SYSTEM_ADMINISTRATOR),
    )
    if db.session.scalars(holds).first() is None:
        raise Refused("Only a system administrator can change accounts.")
    if by == of:
        raise Refused(OWN)


def must_manage(
    by: int | None, *, of: int = 0, organisation_id: int = 0, roles: Collection[Role] = ()
) -> None:
    """Refuse whoever may not manage this account of this organisation with these roles.

    A service manager manages the staff of his own organisation, but neither gives nor touches
    the roles in `RAISED_ROLES`. Nobody manages himself.

    Args:
        by: staff id of who asks; None is the program itself.
        of: staff id of the account to be changed, where it exists already.
        organisation_id: where the account is to be, where that is part of the change.
        roles: the roles it is to have, where they are part of the change.

    Raises:
        Refused: with the reason.
    """
    must_be_writing()
    asker = None if by is None else db.session.get(Staff, by)
    held = set() if asker is None else {row.role for row in asker.roles}
    if by is None or asker is None or Role.SERVICE_MANAGER not in held:
        return must_be_administrator(by, of=of)
    if Role.SYSTEM_ADMINISTRATOR in held or asker.disabled_at is not None:
        return must_be_administrator(by, of=of)
    if by == of:
        raise Refused(OWN)
    account = db.session.get(Staff, of) if of else None
    places = {organisation_id} - {0} | ({account.organisation_id} if account else set())
    if places != {asker.organisation_id}:
        raise Refused("You can manage the staff of your own organisation only.")
    touched = set(roles) | (held_or_awaited(account) if account else set())
    if touched & RAISED_ROLES:
        raise Refused(
            "Only a system administrator can manage a system administrator or a privacy officer."
        )
    return None


def awaited(staff_id: int) -> list[RoleRequest]:
    """Roles somebody was given that wait for a second person, the oldest first."""
    waiting = select(RoleRequest).where(
        RoleRequest.staff_id == staff_id, RoleRequest.settled_at.is_(None)
    )
    return list(db.session.scalars(waiting.order_by(RoleRequest.id)))


def held_or_awaited(staff: Staff) -> set[Role]:
    """Every role somebody has or was given."""
    return {row.role for row in staff.roles} | {row.role for row in awaited(staff.id)}


def lock(staff_id: int) -> Staff:
    """The account, locked until commit.

    Raises:
        NotFound: there is no such account.
    """
    staff = db.session.scalars(
        select(Staff).where(Staff.id == staff_id).with_for_update(of=Staff)
    ).one_or_none()
    if staff is None:
        raise NotFound
    return staff


def must_leave_an_administrator(staff_id: int) -> None:
    """Refuse to take away the last live system administrator.

    Raises:
        Refused: there would be none left.
    """
    # Locked, so that two administrators who remove each other at once do not both succeed.
    live = db.session.scalars(
        select(Staff.id)
        .where(
            Staff.disabled_at.is_(None),
            Staff.roles.any(StaffRole.role == Role.SYSTEM_ADMINISTRATOR),
        )
        .order_by(Staff.id)
        .with_for_update(of=Staff)
    ).all()
    if not set(live) - {staff_id}:
        raise Refused("There must be another system administrator first.")
