"""The clinical leads of a trust: whom a restricted record, a sign of risk or a case goes to."""

from collections.abc import Sequence

from sqlalchemy import select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.core.access import Role
from mhtr.core.database import db


def leads_of(organisation_id: int | None) -> Sequence[tuple[int, int]]:
    """Id and principal of each clinical lead of a trust whose account is live, the oldest first."""
    found = db.session.execute(
        select(Staff.id, Staff.principal_id)
        .where(
            Staff.organisation_id == organisation_id,
            Staff.disabled_at.is_(None),
            Staff.roles.any(StaffRole.role == Role.CLINICAL_LEAD),
        )
        .order_by(Staff.id)
    )
    return [(staff_id, principal_id) for staff_id, principal_id in found]


def lead_ids(organisation_id: int | None) -> tuple[int, ...]:
    """The ids of `leads_of`."""
    return tuple(staff_id for staff_id, _ in leads_of(organisation_id))
