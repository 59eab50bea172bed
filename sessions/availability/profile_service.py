"""The only writer of how a clinician can be booked, and of what he may deliver."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from sessions.availability.breaking import weighed
from sessions.availability.hours_keeping import row_of, touched
from sessions.availability.keeping import clinician_of
from sessions.availability.models import Clinician, Qualification
from sessions.therapies import Gender, Therapy


@dataclass(frozen=True)
class Profile:
    """How a clinician can be booked."""

    gender: Gender = Gender.NOT_SAID
    daily_most: int = 5
    buffer_minutes: int = 10
    telephone: bool = True
    video: bool = False
    delivers: Mapping[Therapy, bool] | None = None
    """What he may deliver, and whether he may lead groups of it."""


def keep_profile(
    *,
    staff_id: int,
    said: Profile,
    version: int,
    by: int,
    accepted: Collection[uuid.UUID] = (),
) -> Clinician:
    """Say how a clinician can be booked.

    Args:
        version: of the profile that was read; 0 where there was none.

    Raises:
        Refused: not a keeper, or the numbers do not fit.
        Stale: somebody changed it meanwhile.
        WouldBreak: booked sessions do not fit it.
    """
    staff = clinician_of(staff_id, by)
    if not 1 <= said.daily_most <= 12 or not 0 <= said.buffer_minutes <= 60:
        raise Refused("He sees 1 to 12 people a day, with 0 to 60 minutes kept free after each.")
    row = row_of(staff_id)
    if (row.version if row else 0) != version:
        raise Stale(row)
    with weighed(touched(staff), accepted):
        if row is None:
            row = Clinician(staff_id=staff_id, version=0)
            db.session.add(row)
        row.gender, row.daily_most = said.gender, said.daily_most
        row.buffer_minutes = said.buffer_minutes
        row.telephone, row.video = said.telephone, said.video
        row.version += 1
        _qualify(staff_id, said.delivers or {})
    audit.record("hours.profile_kept", by=by, staff=staff_id)
    return row


def _qualify(staff_id: int, delivers: Mapping[Therapy, bool]) -> None:
    held = {
        row.therapy: row
        for row in db.session.scalars(
            select(Qualification).where(Qualification.staff_id == staff_id)
        )
    }
    for therapy, row in held.items():
        if therapy not in delivers:
            db.session.delete(row)
    for therapy, groups in delivers.items():
        if therapy in held:
            held[therapy].groups = groups
        else:
            db.session.add(Qualification(staff_id=staff_id, therapy=therapy, groups=groups))
