"""What is booked: of a man, of a group, of a series."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.compliance.queries import latest_of
from mhtr.core import clock
from mhtr.core.database import db
from sessions.availability.shapes import Span
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.shapes import Place


@dataclass(frozen=True)
class Booked:
    """One man's place in one session, as both stand."""

    place: SessionPlace
    session: TreatmentSession


def _pairs() -> Select[SessionPlace, TreatmentSession]:
    return (
        select(SessionPlace, TreatmentSession)
        .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
        .order_by(TreatmentSession.starts_at, SessionPlace.id)
    )


def all_of(case_id: int) -> list[Booked]:
    """Everything that was ever booked for a case, in order of time; moved and cancelled too."""
    query = _pairs().where(SessionPlace.case_id == case_id)
    return [Booked(place, session) for place, session in db.session.execute(query)]


def booked_of(case_id: int) -> list[Booked]:
    """What is booked for a case, past sessions too, in order of time."""
    query = _pairs().where(
        SessionPlace.case_id == case_id, SessionPlace.state == BookingState.BOOKED
    )
    return [Booked(place, session) for place, session in db.session.execute(query)]


def booked_of_each(case_ids: Collection[int]) -> dict[int, list[Booked]]:
    """The same of several cases, with one question; a case with nothing booked has none."""
    query = _pairs().where(
        SessionPlace.case_id.in_(case_ids), SessionPlace.state == BookingState.BOOKED
    )
    found: dict[int, list[Booked]] = {case_id: [] for case_id in case_ids}
    for place, session in db.session.execute(query):
        found[place.case_id].append(Booked(place, session))
    return found


def coming_of(case_ids: Collection[int]) -> list[Booked]:
    """What is booked for these cases and has not begun, in order of time."""
    query = _pairs().where(
        SessionPlace.case_id.in_(case_ids),
        SessionPlace.state == BookingState.BOOKED,
        TreatmentSession.starts_at > clock.now(),
    )
    return [Booked(place, session) for place, session in db.session.execute(query)]


def places_in(session_ids: Collection[int]) -> list[SessionPlace]:
    """Who has a place in these sessions."""
    query = (
        select(SessionPlace)
        .where(SessionPlace.session_id.in_(session_ids), SessionPlace.state == BookingState.BOOKED)
        .order_by(SessionPlace.id)
    )
    return list(db.session.scalars(query))


def counts_in(session_ids: Collection[int]) -> dict[int, int]:
    """How many have a place in each of these sessions, with one question."""
    query = (
        select(SessionPlace.session_id, func.count(SessionPlace.id))
        .where(SessionPlace.session_id.in_(session_ids), SessionPlace.state == BookingState.BOOKED)
        .group_by(SessionPlace.session_id)
    )
    known = {key: count for key, count in db.session.execute(query)}
    return {session_id: known.get(session_id, 0) for session_id in session_ids}


def session_with(ref: uuid.UUID) -> TreatmentSession | None:
    """The session of an address."""
    return db.session.scalars(
        select(TreatmentSession).where(TreatmentSession.ref == ref)
    ).one_or_none()


def coming_in_series(session: TreatmentSession) -> list[TreatmentSession]:
    """Sessions booked in one step with this one that have not begun, itself too, in order."""
    if session.series is None:
        return [session]
    query = (
        select(TreatmentSession)
        .where(
            TreatmentSession.series == session.series,
            TreatmentSession.state == BookingState.BOOKED,
            TreatmentSession.starts_at > clock.now(),
        )
        .order_by(TreatmentSession.starts_at, TreatmentSession.id)
    )
    return list(db.session.scalars(query))


def place_of(session: TreatmentSession) -> Place:
    """Who sees him, how, where and when, as a value."""
    return Place(
        session.clinician_id,
        session.mode,
        Span(session.starts_at, session.ends_at),
        session.site_id,
        session.room_id,
    )


def may_have_been(begun: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Of the places whose session has begun: those at which he was seen, so far as is recorded.

    One of which nobody has recorded what happened counts: it may have taken place.
    """
    happened = latest_of(begun)
    return [ref for ref in begun if ref not in happened or happened[ref].happened in TOOK_PLACE]
