"""What every change of a clinician's hours begins with: who may, and that nobody else did."""

from dataclasses import dataclass
from datetime import time, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from sessions.availability.breaking import Touched
from sessions.availability.keeping import clinician_of
from sessions.availability.kinds import HoursUse
from sessions.availability.models import Clinician, Site

NO_PROFILE = "Say first how this clinician can be booked."
PAST = "Hours cannot change in the past: choose today or a later day."
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """A stretch of a clinician's time on a day."""

    starts: time
    ends: time
    use: HoursUse = HoursUse.SESSIONS
    site_id: int | None = None


def row_of(staff_id: int) -> Clinician | None:
    """A clinician's profile, locked until commit; None where none is kept."""
    return db.session.scalars(
        select(Clinician).where(Clinician.staff_id == staff_id).with_for_update()
    ).one_or_none()


def locked(staff_id: int, version: int, by: int, *, own: bool = False) -> tuple[Staff, Clinician]:
    """A clinician whose hours change now, and his profile; `own`: he may do it himself.

    Raises:
        Refused: not a keeper of his hours, or no profile is kept yet.
        Stale: somebody changed his hours meanwhile.
    """
    staff = clinician_of(staff_id, by, own=own)
    row = row_of(staff_id)
    if row is None:
        raise Refused(NO_PROFILE)
    if row.version != version:
        raise Stale(row)
    return staff, row


def check(staff: Staff, stretch: Stretch) -> None:
    """Refuse a stretch that ends before it starts, or at another trust's place."""
    if stretch.starts >= stretch.ends:
        raise Refused("It must start before it ends.")
    if stretch.site_id is None or stretch.use is not HoursUse.SESSIONS:
        return
    site = db.session.get(Site, stretch.site_id)
    if site is None or site.organisation_id != staff.organisation_id:
        raise Refused("Select a place of the trust.")


def place_of(stretch: Stretch) -> int | None:
    """Where he is then: only hours for sessions are at a place."""
    return stretch.site_id if stretch.use is HoursUse.SESSIONS else None


def touched(staff: Staff) -> Touched:
    """Whose sessions a change of these hours may make impossible."""
    return Touched(staff_ids=frozenset({staff.id}))
