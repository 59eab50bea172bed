"""An episode of treatment: its sessions, and when it is over. One answer for page and report.

Functions of values and dates.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from mhtr.cases.facts import CaseState
from outcome_measures.series import ScorePoint
from outcome_measures.time_points import TimePoint

OPEN = frozenset({CaseState.SENTENCED_WITH_MHTR, CaseState.INDUCTION, CaseState.IN_TREATMENT})
OVER = frozenset({CaseState.ENDED, CaseState.DISCHARGED, CaseState.CLOSED})
"""Until courses are on record, an episode ends when the case ends or is closed after it."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """A man's treatment sessions on record."""

    number: int
    first_on: date
    last_on: date


def sessions_of(points: Iterable[ScorePoint], days: Collection[date]) -> Sessions | None:
    """The treatment sessions of a case, of which there is one on a day; None without any.

    Imported past scores of a treatment session count as a session of that day.

    Args:
        days: those on which a contact was a treatment session.
    """
    every = {point.on for point in points if point.point is TimePoint.SESSION} | set(days)
    return Sessions(len(every), min(every), max(every)) if every else None
