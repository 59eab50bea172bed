"""Who needs a free time most: by the priority his clinician gave him, then by his order's time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sessions.courses.kinds import Priority

_FIRST = (Priority.URGENT, Priority.SOON, Priority.ROUTINE)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A man with no next appointment."""

    case_id: int
    priority: Priority
    slack_weeks: int | None
    """Whole weeks that his next session can still wait; None where his order tells no end."""
    in_time: bool
    """Whether his sessions can still be held inside the requirement."""
    since: date
    """Since when he has had no next appointment."""


def needs_most(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Those who wait, the one who needs a time most first.

    A clinician's priority goes before everything. Among equals the order with the least time to
    spare, one that can no longer be finished in time before all; then who has waited longest.
    """
    return sorted(waiting, key=_need)


def _need(one: Waiting) -> tuple[int, bool, bool, int, date, int]:
    return (
        _FIRST.index(one.priority),
        one.in_time,
        one.slack_weeks is None,
        one.slack_weeks or 0,
        one.since,
        one.case_id,
    )
