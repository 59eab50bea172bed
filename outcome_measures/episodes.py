"""An episode of treatment: its sessions, and when it is over. One answer for page and report.

Functions of values and dates.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mhtr.cases.facts import CaseState
from outcome_measures.series import ScorePoint
from outcome_measures.time_points import TimePoint

OPEN = frozenset({CaseState.SENTENCED_WITH_MHTR, CaseState.INDUCTION, CaseState.IN_TREATMENT})
OVER = frozenset({CaseState.ENDED, CaseState.DISCHARGED, CaseState.CLOSED})
"""An episode ends when the case ends or is closed after it, not with one of his courses."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """A man's treatment sessions on record."""

    number: int
    first_on: date
    last_on: date


Held = tuple[date, int | None]
"""A treatment session: its day, and its number where it has one."""


def sessions_of(points: Iterable[ScorePoint], held: Iterable[Held]) -> Sessions | None:
    """The treatment sessions of a case, each an attended treatment contact; None without any.

    NHS Talking Therapies counts appointments, not days: two sessions of one day are two. A past
    score of a treatment session says that there was one; without a number it is the one of its
    day, where there is one.

    Args:
        held: those recorded as contacts.
    """
    every = {(point.on, point.session_number) for point in points if _at_session(point)} | set(held)
    days = {day for day, _ in every}
    numbered = {(day, number) for day, number in every if number}
    number = len(numbered) + len(days - {day for day, _ in numbered})
    return Sessions(number, min(days), max(days)) if days else None


def _at_session(point: ScorePoint) -> bool:
    return point.point is TimePoint.SESSION
