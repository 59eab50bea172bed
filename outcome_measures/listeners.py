"""What features above know about a course of treatment, without this folder knowing them.

Each adds its function when it is imported.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

missed_sessions: list[Callable[[int], Sequence[date]]] = []
"""Called with a case's id; answers with the days of the sessions he missed."""

planned_sessions: list[Callable[[Collection[int]], Mapping[int, int]]] = []
"""Called with the ids of cases; answers with how many treatment sessions are planned for each of
which it knows. A later function overrules an earlier one."""


def days_missed(case_id: int) -> frozenset[date]:
    """Every day of a missed session of a case that any feature knows of."""
    return frozenset(day for listener in missed_sessions for day in listener(case_id))
