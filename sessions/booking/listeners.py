"""What this folder asks of those above it, without knowing them.

Features above add their functions when they are imported.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mhtr.core.access import Viewer
from sessions.booking.models import SessionPlace
from sessions.booking.shapes import Place


@dataclass(frozen=True)
class WithAnother:
    """A session that is booked with somebody who is not his therapist any more."""

    case_id: int
    case_ref: uuid.UUID
    name: str
    """The man's."""
    session_id: int
    session_ref: uuid.UUID
    place: Place
    therapist_id: int


place_cancelled: list[Callable[[SessionPlace, int | None], None]] = []
"""Called with a place that was cancelled, and who cancelled it (None: the program), inside the
write transaction of the change, with the man's case locked and the place already closed."""

with_another: list[Callable[[Viewer], Sequence[WithAnother]]] = []
"""Gives the sessions of the viewer's men that are booked with the therapist they had before, in
order of time. Asked while the page of what is to be booked is made."""
