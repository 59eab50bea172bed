"""Who keeps places and clinicians' hours: administrators and clinical leads of the own trust."""

from sqlalchemy import select

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from sessions.availability.models import Site

KEEPERS = (Role.ADMINISTRATOR, Role.CLINICAL_LEAD)
NOT_YOURS = "Only an administrator or a clinical lead of the trust changes this."


def must_keep(organisation_id: int, by: int) -> None:
    """Refuse whoever does not keep the places and hours of this trust.

    Raises:
        Refused: neither administrator nor clinical lead of this treating trust.
    """
    must_be_writing()
    if not keeps(organisation_id, by):
        raise Refused(NOT_YOURS)


def keeps(organisation_id: int, by: int) -> bool:
    """Whether he keeps the places and hours of this trust."""
    staff = db.session.get(Staff, by)
    return (
        staff is not None
        and staff.disabled_at is None
        and staff.organisation_id == organisation_id
        and staff.organisation.kind is OrganisationKind.TREATING_TRUST
        and not {row.role for row in staff.roles}.isdisjoint(KEEPERS)
    )


def clinician_of(staff_id: int, by: int, *, own: bool = False) -> Staff:
    """A clinician whose hours this person may change.

    Args:
        own: whether the clinician himself may do it too.

    Raises:
        NotFound: no such member of staff.
        Refused: whoever asks does not keep his hours, or he is no clinician.
    """
    must_be_writing()
    staff = db.session.get(Staff, staff_id)
    if staff is None:
        raise NotFound
    if not (own and staff_id == by):
        must_keep(staff.organisation_id, by)
    if not {row.role for row in staff.roles} & CLINICAL_ROLES or staff.disabled_at is not None:
        raise Refused("Only clinicians who can sign in are booked.")
    return staff


def lock_site(site_id: int, by: int) -> Site:
    """The place, locked for a change.

    Raises:
        NotFound: there is none.
        Refused: its hours are not this member of staff's to keep.
    """
    must_be_writing()
    row = db.session.scalars(select(Site).where(Site.id == site_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    must_keep(row.organisation_id, by)
    return row
