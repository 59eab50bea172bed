"""Whether anybody can have been there to see him: leave, and closed days of the place or trust."""

from sqlalchemy import or_, select

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.tasks.models import LocalClosure
from mhtr.tasks.queries import on_leave
from sessions.availability.models import PlaceClosure
from sessions.booking.models import TreatmentSession

ON_LEAVE = "The clinician was on leave that day."
PLACE_CLOSED = "The place was closed that day."
TRUST_CLOSED = "The service was closed that day."


def nobody_there(session: TreatmentSession) -> str:
    """Why nobody was to be there at a booked session; empty where nothing says so."""
    day = session.starts_at.astimezone(clock.LONDON).date()
    if session.clinician_id in on_leave(day):
        return ON_LEAVE
    place = select(PlaceClosure.id).where(
        PlaceClosure.site_id == session.site_id,
        or_(PlaceClosure.room_id.is_(None), PlaceClosure.room_id == session.room_id),
        PlaceClosure.first_day <= day,
        PlaceClosure.last_day >= day,
    )
    if session.site_id is not None and db.session.scalars(place).first() is not None:
        return PLACE_CLOSED
    trust = select(LocalClosure.id).where(
        LocalClosure.organisation_id == session.organisation_id,
        LocalClosure.day == day,
        LocalClosure.is_open.is_(False),
    )
    return TRUST_CLOSED if db.session.scalars(trust).first() is not None else ""
