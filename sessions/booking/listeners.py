"""What this folder asks of those above it, without knowing them.

Features above add their functions when they are imported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mhtr.cases.models import Case
from mhtr.core.access import Viewer
from sessions.booking.models import SessionPlace, TreatmentSession


@dataclass(frozen=True)
class WithAnother:
    """A session that is booked with somebody who is not his therapist any more."""

    case: Case
    session: TreatmentSession
    therapist_id: int


place_cancelled: list[Callable[[SessionPlace, int | None], None]] = []
"""Called with a place that was cancelled, and who cancelled it (None: the program), inside the
write transaction of the change, with the man's case locked and the place already closed."""

with_another: list[Callable[[Viewer], Sequence[WithAnother]]] = []
"""Gives the sessions of the viewer's men that are booked with the therapist they had before, in
order of time. Asked while the page of what is to be booked is made."""
