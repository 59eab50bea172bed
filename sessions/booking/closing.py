"""What a move and a cancellation have in common: who asked, why, and what is closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from sessions.booking import listeners, news
from sessions.booking.holding import lock_sessions, release
from sessions.booking.letting_in import keep_access
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.outside import follow_requirement
from sessions.booking.queries import places_in
from sessions.therapies import Side

NO_REASON = "Say why."
LONGEST_REASON = 500


@dataclass(frozen=True)
class Why:
    """Who asked for a change, and the reason. Read by clinicians and administrators."""

    side: Side
    reason: str


def check_why(why: Why) -> None:
    if not why.reason.strip():
        raise Refused(NO_REASON)
    if len(why.reason) > LONGEST_REASON:
        raise Refused(f"The reason can have {LONGEST_REASON} characters at most.")


@dataclass(frozen=True)
class Locked:
    """Sessions that are about to change, everybody who comes to them, and their cases."""

    cases: Mapping[int, Case]
    sessions: Sequence[TreatmentSession]
    """In order of time."""
    places: Sequence[SessionPlace]


def locked_with_cases(versions: Mapping[int, int]) -> Locked:
    """Everybody's case, then the sessions, locked; nobody may have come in between.

    Args:
        versions: as of `holding.lock_sessions`.

    Raises:
        Refused: one is not booked any more, or has begun.
        Stale: one was changed since it was seen, or somebody was given a place meanwhile.
    """
    before = {one.case_id for one in places_in(versions)}
    held = {case_id: cases.lock(case_id) for case_id in sorted(before)}
    sessions = lock_sessions(dict(versions))
    # Only now nobody can come to them any more.
    places = places_in(versions)
    if {one.case_id for one in places} - before:
        raise Stale(versions)
    return Locked(held, sessions, places)


def cancel_rows(
    sessions: Sequence[TreatmentSession],
    places: Sequence[SessionPlace],
    why: Why,
    *,
    by: int | None,
    cases_of: Mapping[int, Case],
) -> None:
    """Cancel locked sessions with everybody's place in them."""
    release([row.id for row in sessions])
    for row in sessions:
        close(row, BookingState.CANCELLED, why, by=by)
        coming = [one for one in places if one.session_id == row.id]
        for one in coming:
            close(one, BookingState.CANCELLED, why, by=by)
            audit.record(
                "booking.cancelled",
                by=by,
                case_id=one.case_id,
                session=row.id,
                place=one.id,
                side=why.side.value,
            )
            place_was_cancelled(one, by=by)
        if not coming:
            audit.record("booking.cancelled", by=by, session=row.id, side=why.side.value)
    news.tell(news.CANCELLED, with_whom(sessions, places, cases_of), by=by)
    db.session.flush()
    follow_change(cases_of, sessions, places, by=by)


def follow_change(
    cases_of: Mapping[int, Case],
    sessions: Sequence[TreatmentSession],
    places: Sequence[SessionPlace],
    *,
    by: int | None,
) -> None:
    """Who may open the record, and what is outside the requirement, follow what is booked now.

    Args:
        sessions: as they were and as they are.
    """
    for case_id in sorted({one.case_id for one in places}):
        keep_access(cases_of[case_id], {row.clinician_id for row in sessions}, by=by)
        follow_requirement(cases_of[case_id], by=by)


def place_was_cancelled(place: SessionPlace, *, by: int | None) -> None:
    """Tell whoever wants to know, once the place is closed."""
    for listener in listeners.place_cancelled:
        listener(place, by)


def close(
    row: TreatmentSession | SessionPlace, state: BookingState, why: Why, *, by: int | None
) -> None:
    row.state, row.closed_at, row.closed_by = state, clock.now(), by
    row.side, row.reason = why.side, why.reason.strip()
    if isinstance(row, TreatmentSession):
        row.version += 1


def with_whom(
    sessions: Sequence[TreatmentSession],
    places: Sequence[SessionPlace],
    held: Mapping[int, Case],
) -> list[tuple[TreatmentSession, Case | None]]:
    """Each session with the case of the man who comes alone; None for a group."""
    coming = {one.session_id: held[one.case_id] for one in places}
    return [(row, None if row.in_group else coming.get(row.id)) for row in sessions]
