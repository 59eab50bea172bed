"""Cancelling what is booked: one session, this and those after it, or all of a series."""

from collections.abc import Sequence

from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from sessions.booking.changes import Which, affected
from sessions.booking.closing import Why, cancel_rows, check_why, locked_with_cases
from sessions.booking.holding import races
from sessions.booking.models import TreatmentSession
from sessions.booking.queries import coming_in_series
from sessions.therapies import Side

NOT_HIS = "No man cancels a group. Who cannot come gives up his place."


@races
def cancel(
    *, session_id: int, which: Which, version: int, why: Why, by: int
) -> list[TreatmentSession]:
    """Cancel a session, with those after it or all of its series where that is asked.

    Raises:
        Refused: no reason; the session is not booked any more or has begun; a group is said to be
            cancelled by one of those who come, which would count against every one of them.
        Stale: it was changed since it was seen.
    """
    must_be_writing()
    check_why(why)
    first = db.session.get_one(TreatmentSession, session_id)
    if first.in_group and why.side is Side.HIM:
        raise Refused(NOT_HIS)
    rows = affected(first, coming_in_series(first), which) or [first]
    versions = {row.id: version if row.id == session_id else -1 for row in rows}
    found = locked_with_cases(versions)
    cancel_rows(found.sessions, found.places, why, by=by, cases_of=found.cases)
    return list(found.sessions)


@races
def cancel_these(*, session_ids: Sequence[int], why: Why, by: int) -> list[TreatmentSession]:
    """Cancel these sessions, all of them or none.

    Raises:
        Refused: no reason; one of them is not booked any more or has begun.
    """
    must_be_writing()
    check_why(why)
    found = locked_with_cases(dict.fromkeys(session_ids, -1))
    cancel_rows(found.sessions, found.places, why, by=by, cases_of=found.cases)
    return list(found.sessions)
