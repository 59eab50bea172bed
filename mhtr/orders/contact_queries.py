"""Who can be named as a probation contact, and what a page says of who is."""

from dataclasses import dataclass

from sqlalchemy import select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff, StaffRole
from mhtr.core.access import SUPERVISES
from mhtr.core.database import db
from mhtr.orders.models import ProbationContact

UNITS = (OrganisationKind.PROBATION_UNIT, OrganisationKind.COURT_TEAM)


@dataclass(frozen=True)
class Contact:
    """A contact as a page shows him: who, of which unit, how to reach him, and its mailbox."""

    name: str
    unit: str
    email: str
    phone: str
    mailbox: str
    gone: bool
    """His account was closed: nobody is named any more."""


def units() -> list[Organisation]:
    """Probation units that are open, by name."""
    return list(
        db.session.scalars(
            select(Organisation)
            .where(Organisation.kind.in_(UNITS), Organisation.closed_on.is_(None))
            .order_by(Organisation.sort_name, Organisation.id)
        )
    )


def officers() -> list[Staff]:
    """Probation practitioners who can sign in, by name."""
    return list(
        db.session.scalars(
            select(Staff)
            .where(
                Staff.disabled_at.is_(None),
                Staff.id.in_(select(StaffRole.staff_id).where(StaffRole.role.in_(SUPERVISES))),
            )
            .order_by(Staff.sort_name, Staff.id)
        )
    )


def shown(row: ProbationContact) -> Contact:
    """A contact in words."""
    unit = db.session.get(Organisation, row.unit_id) if row.unit_id is not None else None
    staff = db.session.get(Staff, row.staff_id) if row.staff_id is not None else None
    return Contact(
        name=staff.name if staff else row.name or "",
        unit=unit.name if unit else "",
        email=staff.username if staff else row.email or "",
        phone=row.phone or "",
        mailbox=unit.mailbox if unit else "",
        gone=staff is not None and staff.disabled_at is not None,
    )
