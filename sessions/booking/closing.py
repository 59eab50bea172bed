"""What a move and a cancellation have in common: who asked, why, and what is closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from sessions.booking import listeners
from sessions.booking.holding import release, tell_clinician
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.queries import places_in
from sessions.therapies import Side

NO_REASON = "Say why."
LONGEST_REASON = 500
CANCELLED = "A session with a man of yours was cancelled."
GROUP_CANCELLED = "A group session of yours was cancelled."


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


def locked_with_cases(
    session_ids: Sequence[int],
) -> tuple[dict[int, Case], list[SessionPlace]]:
    """Everybody's case, locked before the sessions are; nobody may have come in between."""
    before = {one.case_id for one in places_in(session_ids)}
    held = {case_id: cases.lock(case_id) for case_id in sorted(before)}
    places = places_in(session_ids)
    if {one.case_id for one in places} - before:
        raise Stale(session_ids)
    return held, places


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
        tell(row, cases_of, coming, CANCELLED, GROUP_CANCELLED, verb="cancelled", by=by)
    db.session.flush()


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


def tell(
    row: TreatmentSession,
    held: Mapping[int, Case],
    coming: Sequence[SessionPlace],
    text: str,
    of_group: str,
    *,
    verb: str,
    by: int | None,
) -> None:
    alone = not row.in_group and coming
    case = held[coming[0].case_id] if alone else None
    tell_clinician(row, text if alone else of_group, verb=verb, by=by, case=case)
