"""What is booked with the therapist before goes to the new one, where that is possible."""

from collections.abc import Sequence
from dataclasses import replace

from sessions.booking import move_service
from sessions.booking.closing import Why
from sessions.booking.move_service import Move
from sessions.booking.queries import Booked, place_of
from sessions.therapies import Side

MOVED = "He has another therapist."


def move_to(rows: Sequence[Booked], staff_id: int, *, by: int) -> int:
    """Move one man's sessions to another clinician at the same times; returns how many could be.

    The others stay booked as they are. The man's case is locked.

    Raises:
        JustTaken: somebody else took one of the times in the same moment.
    """
    moves = [
        Move(
            one.session.id,
            one.session.version,
            replace(place_of(one.session), clinician_id=staff_id),
        )
        for one in rows
    ]
    able = move_service.those_possible(moves) if moves else []
    if able:
        move_service.move(moves=able, why=Why(Side.SERVICE, MOVED), by=by)
    return len(able)
