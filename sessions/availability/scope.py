"""Finding places and clinicians: those of the viewer's own treating trust, and no others."""

import uuid

from sqlalchemy import select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.accounts.own_trust import trust_of
from mhtr.core.access import CLINICAL_ROLES, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from sessions.availability.keeping import KEEPERS
from sessions.availability.models import (
    Clinician,
    DatedHours,
    PlaceClosure,
    Room,
    Site,
    WeeklyHours,
)


def sites_of(organisation_id: int) -> list[Site]:
    """A trust's places, by name; closed ones too."""
    query = select(Site).where(Site.organisation_id == organisation_id)
    return list(db.session.scalars(query.order_by(Site.name, Site.id)))


def find_site(viewer: Viewer, ref: uuid.UUID) -> Site:
    """A place of the viewer's trust.

    Raises:
        NotFound: no such place, or another trust's.
    """
    query = select(Site).where(Site.ref == ref, Site.organisation_id == trust_of(viewer))
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_room(site: Site, ref: uuid.UUID) -> Room:
    """A room of a place."""
    query = select(Room).where(Room.ref == ref, Room.site_id == site.id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_closure(site: Site, ref: uuid.UUID) -> PlaceClosure:
    """A closure of a place."""
    query = select(PlaceClosure).where(PlaceClosure.ref == ref, PlaceClosure.site_id == site.id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_clinician(viewer: Viewer, ref: uuid.UUID) -> Staff:
    """A clinician of the viewer's trust: himself, or anybody for whoever keeps the hours.

    Raises:
        NotFound: no such clinician, another trust's, or somebody else's page.
    """
    query = select(Staff).where(
        Staff.ref == ref,
        Staff.organisation_id == trust_of(viewer),
        Staff.disabled_at.is_(None),
        Staff.roles.any(StaffRole.role.in_(sorted(CLINICAL_ROLES))),
    )
    found = db.session.scalars(query).one_or_none()
    if found is None or not (found.id == viewer.staff_id or viewer.has(*KEEPERS)):
        raise NotFound
    return found


def find_hours(staff: Staff, ref: uuid.UUID) -> WeeklyHours:
    """Weekly hours of a clinician."""
    query = select(WeeklyHours).where(WeeklyHours.ref == ref, WeeklyHours.staff_id == staff.id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_one_off(staff: Staff, ref: uuid.UUID) -> DatedHours:
    """A one-off change of a clinician's hours."""
    query = select(DatedHours).where(DatedHours.ref == ref, DatedHours.staff_id == staff.id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def profile_of(staff_id: int) -> Clinician | None:
    """How a clinician can be booked; None where nobody has said."""
    return db.session.scalars(select(Clinician).where(Clinician.staff_id == staff_id)).one_or_none()
