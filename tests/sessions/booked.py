"""Booked sessions put on record as bookings leave them, for what only reads them."""

from datetime import datetime, timedelta
from typing import Any

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.availability.kinds import SiteKind
from sessions.availability.models import Room, Site
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.therapies import SessionMode, Side

LENGTH = timedelta(minutes=50)


def a_room(organisation_id: int, name: str = "Room 1") -> Room:
    """A room at a clinic of a trust."""
    with writing():
        site = Site(
            organisation_id=organisation_id,
            name=f"Clinic of {name}",
            kind=SiteKind.CLINIC,
            address="12 Fictional Street\nLondon",
            postcode="N1 9ZZ",
        )
        db.session.add(site)
        db.session.flush()
        room = Room(site_id=site.id, name=name, capacity=6)
        db.session.add(room)
        db.session.flush()
    return room


def a_session(staff: Staff, starts_at: datetime, *case_ids: int, **said: Any) -> TreatmentSession:
    """A booked session with a place for each case."""
    mode = SessionMode.IN_PERSON if said.get("site_id") else SessionMode.TELEPHONE
    with writing():
        row = TreatmentSession(
            **{"mode": mode, "capacity": max(len(case_ids), 1), "in_group": len(case_ids) > 1}
            | said,
            organisation_id=staff.organisation_id,
            clinician_id=said.get("clinician_id", staff.id),
            starts_at=starts_at,
            ends_at=starts_at + LENGTH,
            by_id=staff.id,
        )
        db.session.add(row)
        db.session.flush()
        for case_id in case_ids:
            db.session.add(SessionPlace(session_id=row.id, case_id=case_id, by_id=staff.id))
    return row


def moved(row: TreatmentSession, starts_at: datetime, by: Staff) -> TreatmentSession:
    """The session that supersedes one, at another time or with another clinician."""
    with writing():
        later = TreatmentSession(
            uid=row.uid,
            sequence=row.sequence + 1,
            supersedes_id=row.id,
            organisation_id=row.organisation_id,
            clinician_id=by.id,
            mode=row.mode,
            site_id=row.site_id,
            room_id=row.room_id,
            starts_at=starts_at,
            ends_at=starts_at + LENGTH,
            by_id=by.id,
        )
        db.session.add(later)
        db.session.flush()
        _close(row, BookingState.MOVED, by.id)
        for place in places(row.id):
            _close(place, BookingState.MOVED, by.id)
            db.session.add(
                SessionPlace(
                    uid=place.uid,
                    sequence=place.sequence + 1,
                    supersedes_id=place.id,
                    session_id=later.id,
                    case_id=place.case_id,
                    by_id=by.id,
                )
            )
    return later


def cancelled(row: TreatmentSession, by: Staff) -> None:
    """A session and its places cancelled by the service."""
    with writing():
        _close(row, BookingState.CANCELLED, by.id)
        for place in places(row.id):
            _close(place, BookingState.CANCELLED, by.id)


def places(session_id: int) -> list[SessionPlace]:
    """Places of a session that are booked."""
    return list(
        db.session.query(SessionPlace).filter_by(session_id=session_id, state=BookingState.BOOKED)
    )


def _close(row: TreatmentSession | SessionPlace, state: BookingState, by: int) -> None:
    row.state, row.side = state, Side.SERVICE
    row.closed_at, row.closed_by = clock.now(), by
