"""Whether the planned sessions of a course are finished, and whether more is to be asked.

Says nothing of the requirement: that sessions are finished is not that it was complied with.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class How(StrEnum):
    """How the planned sessions came to be finished."""

    HELD = "held"
    CLOSED = "closed"
    """The course was closed as finished, though not each session is recorded as held."""


class Why(StrEnum):
    """Why they are finished no longer, after it was said that they were."""

    PUT_RIGHT = "put_right"
    """What was recorded of a session, or of the end of the course, was wrong."""
    MORE_PLANNED = "more_planned"


HOW_WORDS: Mapping[How, str] = {
    How.HELD: "Every session of the requirement that was still planned is recorded as held, or was "
    "caught up on",
    How.CLOSED: "The course was closed as finished",
}
WHY_WORDS: Mapping[Why, str] = {
    Why.PUT_RIGHT: "That they were finished was a mistake: the record was put right",
    Why.MORE_PLANNED: "Further sessions are planned",
}


@dataclass(frozen=True)
class Planned:
    """A session of a course that was not skipped. `held_on`: the day on which he was seen."""

    key: int
    required: bool
    held_on: date | None = None
    repeats: int | None = None
    """The session that it catches up on."""


@dataclass(frozen=True)
class Finished:
    """The planned sessions are finished, since which day."""

    on: date
    how: How


def finished(sessions: Sequence[Planned], *, closed_on: date | None = None) -> Finished | None:
    """Whether nothing that was planned is left to hold; None while something is.

    Voluntary sessions are no part of it. A session that he missed is done once its catch-up is
    held.

    Args:
        closed_on: the day on which the course was closed as finished.
    """
    required = [one for one in sessions if one.required]
    done = _done(sessions)
    if required and all(one.key in done for one in required):
        return Finished(max(one.held_on for one in required if one.held_on), How.HELD)
    return Finished(closed_on, How.CLOSED) if closed_on is not None else None


def _done(sessions: Iterable[Planned]) -> Collection[int]:
    """Those that were held, and those that were caught up on by one that was."""
    known = {one.key: one for one in sessions}
    found: set[int] = set()
    for one in known.values():
        key = one.key if one.held_on is not None else None
        while key is not None and key not in found:
            found.add(key)
            key = known[key].repeats if key in known else None
    return found


def still_runs(last_days: Collection[date], today: date) -> bool:
    """Whether the treatment requirement of an order that stands goes on today.

    Args:
        last_days: the last day of the requirement of each order that stands.
    """
    return any(today <= last for last in last_days)


class FurtherAnswer(StrEnum):
    """What whoever directs his treatment says to whether he requires more of it."""

    NEEDED = "needed"
    NOT_NEEDED = "not_needed"
    REPORTED = "reported"
    """No more is required, and the report was given to probation outside the program."""


FURTHER_WORDS: Mapping[FurtherAnswer, str] = {
    FurtherAnswer.NEEDED: "Yes: further sessions are to be planned",
    FurtherAnswer.NOT_NEEDED: "No: I report to the responsible officer in writing",
    FurtherAnswer.REPORTED: "No, and I have given the written report already, not from here",
}


@dataclass(frozen=True)
class Further:
    """An answer, with why, and when the report was given where it was not given from here."""

    answer: FurtherAnswer
    why: str = ""
    reported_on: date | None = None


def further_objections(said: Further, *, today: date) -> tuple[tuple[str, str], ...]:
    """What is wrong with an answer: the field and words for it."""
    if said.answer is FurtherAnswer.NEEDED and not said.why.strip():
        return (("why", "Say why further treatment is required"),)
    if said.answer is not FurtherAnswer.REPORTED:
        return ()
    if said.reported_on is None:
        return (("reported_on", "Enter the day on which the report was given"),)
    if said.reported_on > today:
        return (("reported_on", "The day cannot be in the future"),)
    return ()
