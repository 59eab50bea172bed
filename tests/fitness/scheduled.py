"""What there is to schedule with at a trust: a place, and hours of each clinician."""

import uuid
from collections.abc import Mapping
from datetime import date, time

from mhtr.accounts.models import Organisation, Staff
from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.availability.kinds import HoursUse, SiteKind
from sessions.availability.models import (
    Clinician,
    DatedHours,
    PlaceClosure,
    Qualification,
    Room,
    Site,
    SiteHours,
    WeeklyHours,
)
from sessions.therapies import Therapy

SINCE = date(2026, 1, 5)
AHEAD = date(2026, 12, 14)


def scheduled(trust: Organisation, staff: Mapping[Role, Staff]) -> dict[Role, dict[str, str]]:
    """By role, references of a place and of hours that its pages may be asked for.

    A clinician's are his own, anybody else's those of the assessor.
    """
    made: dict[Role, dict[str, str]] = {}
    with writing():
        by = staff[Role.ADMINISTRATOR].id
        place = _place(trust.id, by)
        for role in CLINICAL_ROLES:
            made[role] = {**place, **_hours(staff[role])}
    return {role: made.get(role, made[Role.ASSESSOR]) for role in Role}


def _place(organisation_id: int, by: int) -> dict[str, str]:
    site = Site(
        organisation_id=organisation_id,
        name=f"Clinic {uuid.uuid4()}",
        kind=SiteKind.CLINIC,
        address="2 Fictional Road",
    )
    db.session.add(site)
    db.session.flush()
    room = Room(site_id=site.id, name="Room 1", capacity=3)
    closure = PlaceClosure(
        site_id=site.id, first_day=AHEAD, last_day=AHEAD, label="Painting", made_by=by
    )
    hours = SiteHours(site_id=site.id, weekday=0, opens=time(9), closes=time(17), valid_from=SINCE)
    db.session.add_all([room, closure, hours])
    db.session.flush()
    return {
        "site_ref": str(site.ref),
        "room_ref": str(room.ref),
        "closure_ref": str(closure.ref),
    }


def _hours(staff: Staff) -> dict[str, str]:
    weekly = WeeklyHours(
        staff_id=staff.id, weekday=0, starts=time(9), ends=time(17), valid_from=SINCE
    )
    dated = DatedHours(
        staff_id=staff.id, day=AHEAD, starts=time(9), ends=time(10), use=HoursUse.AWAY
    )
    db.session.add_all(
        [
            Clinician(staff_id=staff.id),
            Qualification(staff_id=staff.id, therapy=Therapy.CBT),
            weekly,
            dated,
        ]
    )
    db.session.flush()
    return {
        "clinician_ref": str(staff.ref),
        "hours_ref": str(weekly.ref),
        "one_off_ref": str(dated.ref),
    }
