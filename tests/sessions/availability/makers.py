"""Places, rooms and clinicians with hours, for tests of what is booked with them."""

from collections.abc import Iterable
from datetime import date, time

from mhtr.accounts.models import Organisation, Staff
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.availability.kinds import HoursUse, SiteKind
from sessions.availability.models import (
    Clinician,
    DatedHours,
    Qualification,
    Room,
    Site,
    SiteHours,
    WeeklyHours,
)
from sessions.therapies import Gender, Therapy
from tests.makers import make_staff

SINCE = date(2026, 1, 5)
"""A Monday."""


def make_site(
    organisation: Organisation, name: str = "Elm Road Clinic", *, step_free: bool = True
) -> Site:
    """A clinic, open on weekdays from nine to six."""
    organisation_id = organisation.id
    with writing():
        made = Site(
            organisation_id=organisation_id,
            name=name,
            kind=SiteKind.CLINIC,
            address="1 Elm Road, London",
            step_free=step_free,
        )
        db.session.add(made)
        db.session.flush()
        db.session.add_all(
            SiteHours(
                site_id=made.id, weekday=day, opens=time(9), closes=time(18), valid_from=SINCE
            )
            for day in range(5)
        )
    return made


def make_room(site: Site, name: str = "Room 1", capacity: int = 3) -> Room:
    """A step-free room of a site."""
    site_id = site.id
    with writing():
        made = Room(site_id=site_id, name=name, capacity=capacity, step_free=True)
        db.session.add(made)
    return made


def make_clinician(
    organisation: Organisation,
    site: Site | None = None,
    *,
    name: str = "",
    therapies: Iterable[Therapy] = Therapy,
    gender: Gender = Gender.NOT_SAID,
) -> Staff:
    """An assessor who can be booked, on weekdays from nine to five at a site where one is given."""
    staff = make_staff(Role.ASSESSOR, organisation=organisation, name=name)
    staff_id, site_id = staff.id, site.id if site else None
    with writing():
        db.session.add(Clinician(staff_id=staff_id, gender=gender, video=True))
        db.session.add_all(Qualification(staff_id=staff_id, therapy=one) for one in therapies)
        if site_id is not None:
            db.session.add_all(
                WeeklyHours(
                    staff_id=staff_id,
                    weekday=day,
                    starts=time(9),
                    ends=time(17),
                    site_id=site_id,
                    valid_from=SINCE,
                )
                for day in range(5)
            )
    return staff


def one_off(staff: Staff, day: date, starts: int, ends: int, use: HoursUse) -> DatedHours:
    """A one-off change on a day, elsewhere."""
    staff_id = staff.id
    with writing():
        made = DatedHours(staff_id=staff_id, day=day, starts=time(starts), ends=time(ends), use=use)
        db.session.add(made)
    return made
