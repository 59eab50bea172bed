"""Edits that take time or a place away are asked what they would break before they are saved.

What is booked lies above this folder, so it registers itself: a function in `what_breaks`.
"""

import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing


@dataclass(frozen=True)
class Touched:
    """Whose sessions an edit may make impossible, by key."""

    staff_ids: frozenset[int] = frozenset()
    site_ids: frozenset[int] = frozenset()
    case_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Broken:
    """One booked session ahead that does not fit what is on record."""

    ref: uuid.UUID
    starts_at: datetime
    clinician: str
    where: str
    """The place, or how he is seen."""
    case_ids: tuple[int, ...]
    """Of those who come: a page names them to viewers of their cases only."""
    why: str
    """Why it does not fit, in a few words without a name or a reason of his."""


what_breaks: list[Callable[[Touched], tuple[Broken, ...]]] = []
"""Each gives the sessions ahead, of those touched, that do not fit what is on record *now*.

It is asked inside the write transaction, before the edit and after it: what is new is what the
edit would break. So it reads the tables and need not know what kind of edit it is.
"""


class WouldBreak(Refused):
    """The edit is possible, but booked sessions no longer fit; it may be accepted knowingly."""

    def __init__(self, broken: Collection[Broken]) -> None:
        number = len(broken)
        words = "1 booked session no longer fits" if number == 1 else ""
        super().__init__(words or f"{number} booked sessions no longer fit")
        self.broken = tuple(sorted(broken, key=lambda one: (one.starts_at, one.ref)))


def misfits(touched: Touched) -> tuple[Broken, ...]:
    """Every booked session ahead that does not fit what is on record now."""
    return tuple(one for ask in what_breaks for one in ask(touched))


@contextmanager
def weighed(touched: Touched, accepted: Collection[uuid.UUID]) -> Iterator[None]:
    """Make an edit inside the block; it is undone where it breaks what nobody has accepted.

    Args:
        accepted: references of the sessions that the person asking was shown and accepted.

    Raises:
        WouldBreak: with every session that fitted before the edit and does not after it.
    """
    must_be_writing()
    before = {one.ref for one in misfits(touched)}
    yield
    db.session.flush()
    broken = [one for one in misfits(touched) if one.ref not in before]
    if not {one.ref for one in broken} <= set(accepted):
        raise WouldBreak(broken)
