"""Changing a setting from a day on: the page's checks around `core.policy.set_value`."""

from datetime import date

from sqlalchemy import select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.core import policy
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.policy import PolicySetting, Value
from mhtr.core.transaction import must_be_writing


def change(key: str, value: Value, *, valid_from: date, reason: str, seen: int, by: int) -> None:
    """Set a value from a day on.

    Args:
        seen: id of the setting's newest row when the page was read; 0 where it had none.

    Raises:
        Refused: not a system administrator, or what `core.policy.set_value` refuses.
        Stale: somebody else changed the setting since the page was read.
    """
    must_be_writing()
    allowed = select(Staff.id).where(
        Staff.id == by,
        Staff.disabled_at.is_(None),
        Staff.roles.any(StaffRole.role == Role.SYSTEM_ADMINISTRATOR),
    )
    if db.session.scalars(allowed).first() is None:
        raise Refused("Only a system administrator changes settings.")
    if newest_id(key) != seen:
        raise Stale(key)
    policy.set_value(key, value, valid_from=valid_from, reason=reason, by=by)


def newest_id(key: str) -> int:
    """Id of the newest row of a setting; 0 where it never changed."""
    query = select(PolicySetting.id).where(PolicySetting.key == key)
    return db.session.scalars(query.order_by(PolicySetting.id.desc())).first() or 0
