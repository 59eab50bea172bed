"""What happened at booked sessions: each man's is recorded by `compliance`, which owns it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mhtr.cases import service as cases
from mhtr.compliance import service as compliance
from mhtr.compliance.attendance import (
    BEFOREHAND,
    HAPPENED_WORDS,
    MISSED,
    Happened,
    ReasonGiven,
    Told,
)
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import latest
from mhtr.compliance.service import is_clinician
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks
from sessions.booking import cancel_service, listeners, seat_service
from sessions.booking.changes import Which
from sessions.booking.closing import Why
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.register.presence import nobody_there
from sessions.register.queries import NOT_HIS, placed_of, session_of
from sessions.therapies import Side

CALLED_OFF = "The service or probation cancelled this session: he cannot have missed it."
WHO_WAS_THERE = (
    "Say that somebody else was there to see him, or record that we could not hold the session."
)
SIDES: Mapping[Happened, Side] = {
    Happened.HE_CANCELLED: Side.HIM,
    Happened.WE_CANCELLED: Side.SERVICE,
    Happened.OTHERS_CANCELLED: Side.PROBATION,
}
NOT_BOOKED = "This session was cancelled or moved: nothing is recorded of it."


@dataclass(frozen=True)
class Entry:
    """What one man's row of a register tells, and the number of the record it was read with."""

    told: Told
    seen: int = 0
    somebody_there: bool = False
    """Though the clinician was on leave or the place closed, somebody was there to see him."""


def record(*, place_id: int, entry: Entry, by: int, why: str = "") -> Attendance:
    """Record what happened at one man's session, or put it right.

    A cancellation that is recorded before the session begins gives up the booking as well, so
    that nobody else cancels afterwards what is on record as his doing.

    Raises:
        Refused, Stale: see `compliance.service.record_attendance`; the session is not booked, the
            service or probation cancelled it, or nobody was there to see him.
    """
    must_be_writing()
    place = db.session.get_one(SessionPlace, place_id)
    cases.lock(place.case_id)
    db.session.refresh(place)
    if place.state is not BookingState.BOOKED and latest(place.ref) is None:
        raise Refused(NOT_BOOKED)
    _check_it_was_held(place, entry)
    row = compliance.record_attendance(
        case_id=place.case_id,
        session=session_of(placed_of(place)),
        told=entry.told,
        seen=entry.seen,
        why=why,
        by=by,
    )
    waiting = tasks.with_key(outcome_key(place))
    if waiting is not None:
        tasks.finish(waiting, by=by)
    if place.state is BookingState.BOOKED:
        _give_up(place, entry.told.happened, by)
    return row


def _check_it_was_held(place: SessionPlace, entry: Entry) -> None:
    """He can miss only what was held."""
    if entry.told.happened not in MISSED:
        return
    if place.state is BookingState.CANCELLED and place.side in NOT_HIS:
        raise Refused(CALLED_OFF)
    if entry.told.happened in BEFOREHAND or entry.somebody_there:
        return
    session = db.session.get_one(TreatmentSession, place.session_id)
    if why := nobody_there(session):
        raise CannotBe(("somebody_there", f"{why} {WHO_WAS_THERE}"))


def _give_up(place: SessionPlace, happened: Happened, by: int) -> None:
    """What was cancelled before it began is booked no more."""
    session = db.session.get_one(TreatmentSession, place.session_id)
    if session.starts_at <= clock.now():
        return
    why = Why(SIDES[happened], HAPPENED_WORDS[happened])
    if session.in_group:
        seat_service.leave_group(place_id=place.id, why=why, by=by)
    else:
        cancel_service.cancel(
            session_id=session.id, which=Which.ONE, version=session.version, why=why, by=by
        )


def record_group(*, entries: Mapping[int, Entry], by: int) -> Sequence[Attendance]:
    """Record what happened for each man of a register, all of it or nothing.

    Args:
        entries: by place.

    Raises:
        Refused, Stale: as for one man.
    """
    must_be_writing()
    places = [db.session.get_one(SessionPlace, place_id) for place_id in entries]
    places.sort(key=lambda one: (one.case_id, one.id))
    # Everybody's case in one order, and before any session: nobody waits for each other.
    for place in places:
        cases.lock(place.case_id)
    return [record(place_id=one.id, entry=entries[one.id], by=by) for one in places]


def cancelled(place: SessionPlace, by: int | None) -> None:
    """He cancelled beforehand: that is recorded as fact in the transaction of the cancellation.

    What anybody else cancels is no fact about him, and is never stored.
    """
    must_be_writing()
    if place.side is not Side.HIM or by is None or latest(place.ref) is not None:
        return
    # What he gave stays with the booking too, where administrators read it.
    detail = place.reason or "" if is_clinician(by) else ""
    compliance.record_attendance(
        case_id=place.case_id,
        session=session_of(placed_of(place)),
        told=Told(Happened.HE_CANCELLED, reason=ReasonGiven.OTHER, reason_detail=detail),
        by=by,
    )


def outcome_key(place: SessionPlace) -> str:
    """Which task asks what happened."""
    return f"outcome:{place.ref}"


listeners.place_cancelled.append(cancelled)
