"""What happened at booked sessions: each man's is recorded by `compliance`, which owns it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mhtr.compliance import service as compliance
from mhtr.compliance.attendance import Happened, ReasonGiven, Told
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import latest
from mhtr.compliance.service import is_clinician
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks
from sessions.booking import listeners
from sessions.booking.models import BookingState, SessionPlace
from sessions.register.queries import placed_of, session_of
from sessions.therapies import Side

NOT_BOOKED = "This session was cancelled or moved: nothing is recorded of it."


@dataclass(frozen=True)
class Entry:
    """What one man's row of a register tells, and the number of the record it was read with."""

    told: Told
    seen: int = 0


def record(*, place_id: int, entry: Entry, by: int, why: str = "") -> Attendance:
    """Record what happened at one man's session, or put it right.

    Raises:
        Refused, Stale: see `compliance.service.record_attendance`; the session is not booked.
    """
    must_be_writing()
    place = db.session.get_one(SessionPlace, place_id)
    if place.state is not BookingState.BOOKED and latest(place.ref) is None:
        raise Refused(NOT_BOOKED)
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
    return row


def record_group(*, entries: Mapping[int, Entry], by: int) -> Sequence[Attendance]:
    """Record what happened for each man of a register, all of it or nothing.

    Args:
        entries: by place.

    Raises:
        Refused, Stale: as for one man.
    """
    must_be_writing()
    places = [db.session.get_one(SessionPlace, place_id) for place_id in entries]
    # Cases are locked in one order, so that two registers never wait for each other.
    places.sort(key=lambda one: (one.case_id, one.id))
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
