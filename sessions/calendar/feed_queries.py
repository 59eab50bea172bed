"""What a calendar feed tells: the newest state of each booking of one clinician or one man."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from mhtr.core import clock
from mhtr.core.database import db
from sessions.availability.models import Site
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.calendar.ics import Appointment
from sessions.therapies import SessionMode

KEPT_BEFORE = timedelta(days=31)
"""How long a feed still tells what is past."""
MOST = 2000
_WHERE = {SessionMode.TELEPHONE: "By telephone", SessionMode.VIDEO: "By video"}


def of_clinician(staff_id: int) -> list[Appointment]:
    """Sessions of one clinician, moved ones where they are now, cancelled ones as such."""
    rows = db.session.execute(
        select(TreatmentSession, Site)
        .outerjoin(Site, Site.id == TreatmentSession.site_id)
        .where(
            TreatmentSession.clinician_id == staff_id,
            TreatmentSession.state != BookingState.MOVED,
            _lately(),
        )
        .order_by(*_ORDER)
        .limit(MOST)
    ).all()
    return [_appointment(row, row, site) for row, site in rows] + _handed_over(staff_id)


def _handed_over(staff_id: int) -> list[Appointment]:
    """Sessions that moved to somebody else: cancelled as far as this calendar goes."""
    later, newest = aliased(TreatmentSession), aliased(TreatmentSession)
    still_his = select(newest.uid).where(
        newest.clinician_id == staff_id, newest.state != BookingState.MOVED
    )
    rows = db.session.execute(
        select(TreatmentSession, Site)
        .join(later, later.supersedes_id == TreatmentSession.id)
        .outerjoin(Site, Site.id == TreatmentSession.site_id)
        .where(
            TreatmentSession.clinician_id == staff_id,
            later.clinician_id != staff_id,
            TreatmentSession.uid.not_in(still_his),
            _lately(),
        )
        .order_by(TreatmentSession.sequence)
        .limit(MOST)
    ).all()
    last = {row.uid: (row, site) for row, site in rows}
    return [_appointment(row, row, site, gone=True) for row, site in last.values()]


def of_man(case_id: int) -> list[Appointment]:
    """Sessions of one man's case. Where, but never what for or with whom."""
    rows = db.session.execute(
        select(SessionPlace, TreatmentSession, Site)
        .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
        .outerjoin(Site, Site.id == TreatmentSession.site_id)
        .where(SessionPlace.case_id == case_id, SessionPlace.state != BookingState.MOVED, _lately())
        .order_by(*_ORDER)
        .limit(MOST)
    ).all()
    return [_appointment(place, row, site) for place, row, site in rows]


_ORDER = (TreatmentSession.starts_at, TreatmentSession.id)


def _lately() -> ColumnElement[bool]:
    return TreatmentSession.starts_at > clock.now() - KEPT_BEFORE


def _appointment(
    booking: TreatmentSession | SessionPlace,
    held: TreatmentSession,
    site: Site | None,
    *,
    gone: bool = False,
) -> Appointment:
    cancelled = gone or booking.state is BookingState.CANCELLED
    return Appointment(
        uid=str(booking.uid),
        sequence=booking.sequence + int(cancelled),
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        where=_place(site) if site else _WHERE.get(held.mode, ""),
        cancelled=cancelled,
        changed_at=booking.closed_at or booking.created_at,
    )


def _place(site: Site) -> str:
    parts: Iterable[str] = (site.address.replace("\r", ""), site.postcode)
    return ", ".join(" ".join(part.split()) for part in parts if part.strip())
