"""What is booked: of a man, of a group, of a series."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Uuid, and_, bindparam, func, select

from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.compliance.queries import recorded_of
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import once_a_page
from sessions.availability.shapes import Span
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.shapes import Place


@dataclass(frozen=True)
class Booked:
    """One man's place in one session, as both stand."""

    place: SessionPlace
    session: TreatmentSession


class Coming(NamedTuple):
    """A place in a session that has not begun, in short."""

    case_id: int
    course_session_id: int | None
    session_id: int
    in_group: bool
    clinician_id: int
    starts_at: datetime


_EVER = (
    select(SessionPlace, TreatmentSession)
    .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
    .where(SessionPlace.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(TreatmentSession.starts_at, SessionPlace.id)
)
_BOOKED = _EVER.where(SessionPlace.state == BookingState.BOOKED)
_COMING = _BOOKED.where(TreatmentSession.starts_at > bindparam("now"))
_COMING_TIMES = Prepared(
    select(
        SessionPlace.case_id,
        SessionPlace.course_session_id,
        TreatmentSession.id.label("session_id"),
        TreatmentSession.in_group,
        TreatmentSession.clinician_id,
        TreatmentSession.starts_at,
    )
    .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
    .where(
        SessionPlace.case_id.in_(bindparam("cases", expanding=True)),
        SessionPlace.state == BookingState.BOOKED,
        TreatmentSession.starts_at > bindparam("now"),
    )
    .order_by(TreatmentSession.starts_at, SessionPlace.id)
)
_NEXT = Prepared(
    select(SessionPlace.case_id, func.min(TreatmentSession.starts_at))
    .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
    .where(
        SessionPlace.case_id.in_(bindparam("cases", expanding=True)),
        SessionPlace.state == BookingState.BOOKED,
        SessionPlace.required,
        TreatmentSession.starts_at > bindparam("now"),
    )
    .group_by(SessionPlace.case_id)
)
_SESSION = select(TreatmentSession).where(TreatmentSession.ref == bindparam("ref", type_=Uuid()))
_SERIES = (
    select(TreatmentSession)
    .where(
        TreatmentSession.series == bindparam("series"),
        TreatmentSession.state == BookingState.BOOKED,
        TreatmentSession.starts_at > bindparam("now"),
    )
    .order_by(TreatmentSession.starts_at, TreatmentSession.id)
)
_OF_SESSIONS = and_(
    SessionPlace.session_id.in_(bindparam("sessions", expanding=True)),
    SessionPlace.state == BookingState.BOOKED,
)
_PLACES = select(SessionPlace).where(_OF_SESSIONS).order_by(SessionPlace.id)
_COUNTS = Prepared(
    select(SessionPlace.session_id, func.count(SessionPlace.id))
    .where(_OF_SESSIONS)
    .group_by(SessionPlace.session_id)
)


def all_of(case_id: int) -> list[Booked]:
    """Everything that was ever booked for a case, in order of time; moved and cancelled too."""
    rows = once_a_page(
        ("ever booked", case_id), lambda: db.session.execute(_EVER, {"cases": [case_id]}).all()
    )
    return [Booked(place, session) for place, session in rows]


def booked_of(case_id: int) -> list[Booked]:
    """What is booked for a case, past sessions too, in order of time."""
    return list(once_a_page(("booked", case_id), lambda: booked_of_each([case_id])[case_id]))


def booked_of_each(case_ids: Collection[int]) -> dict[int, list[Booked]]:
    """The same of several cases, with one question; a case with nothing booked has none."""
    found: dict[int, list[Booked]] = {case_id: [] for case_id in case_ids}
    for place, session in db.session.execute(_BOOKED, {"cases": case_ids}) if case_ids else ():
        found[place.case_id].append(Booked(place, session))
    return found


def coming_of(case_ids: Collection[int]) -> list[Booked]:
    """What is booked for these cases and has not begun, in order of time."""
    rows = db.session.execute(_COMING, {"cases": case_ids, "now": clock.now()})
    return [Booked(place, session) for place, session in rows]


def coming_times(case_ids: Collection[int]) -> list[Coming]:
    """When they come, where a list needs no more of it, in order of time."""
    return _COMING_TIMES.all({"cases": case_ids, "now": clock.now()}) if case_ids else []


def next_required(case_ids: Collection[int]) -> dict[int, datetime]:
    """When the next session of each case is that is part of its requirement."""
    return dict(_NEXT.all({"cases": case_ids, "now": clock.now()})) if case_ids else {}


def places_in(session_ids: Collection[int]) -> list[SessionPlace]:
    """Who has a place in these sessions."""
    return list(db.session.scalars(_PLACES, {"sessions": session_ids}))


def counts_in(session_ids: Collection[int]) -> dict[int, int]:
    """How many have a place in each of these sessions, with one question."""
    known = dict(_COUNTS.all({"sessions": session_ids}))
    return {session_id: known.get(session_id, 0) for session_id in session_ids}


def session_with(ref: uuid.UUID) -> TreatmentSession | None:
    """The session of an address."""
    return once_a_page(
        ("session", ref), lambda: db.session.scalars(_SESSION, {"ref": ref}).one_or_none()
    )


def coming_in_series(session: TreatmentSession) -> list[TreatmentSession]:
    """Sessions booked in one step with this one that have not begun, itself too, in order."""
    if session.series is None:
        return [session]
    given = {"series": session.series, "now": clock.now()}
    return list(db.session.scalars(_SERIES, given))


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
    happened = recorded_of(begun)
    return [ref for ref in begun if ref not in happened or happened[ref].happened in TOOK_PLACE]
