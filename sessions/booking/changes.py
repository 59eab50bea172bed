"""Which sessions of a series a change is about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar


class Which(StrEnum):
    """How far a change reaches."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


WHICH_WORDS: Mapping[Which, str] = {
    Which.ONE: "Only this session",
    Which.FOLLOWING: "This session and all that follow it",
    Which.ALL: "All sessions that are still to come",
}


class _Timed(Protocol):
    @property
    def id(self) -> int: ...

    @property
    def starts_at(self) -> datetime: ...


S = TypeVar("S", bound=_Timed)


def affected(session: S, coming: Sequence[S], which: Which) -> list[S]:
    """The sessions still to come of its series that a change of this one is about."""
    if which is Which.ONE:
        return [one for one in coming if one.id == session.id]
    if which is Which.ALL:
        return list(coming)
    return [one for one in coming if (one.starts_at, one.id) >= (session.starts_at, session.id)]
