"""Who may change accounts: system administrators, and the program itself when it is set up."""

from sqlalchemy import select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing


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
        raise Refused("You cannot change your own account here. Ask another administrator.")


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
