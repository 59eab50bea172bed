"""What features above know about a course of treatment, without this folder knowing them.

Each adds its function when it is imported.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from sqlalchemy import ColumnElement

from outcome_measures.course_parts import CourseHeld
from outcome_measures.episodes import Held, held_in

missed_sessions: list[Callable[[Collection[int]], Mapping[int, Collection[date]]]] = []
"""Called with the ids of cases; answers with the days of the sessions missed, of each."""

treats: list[Callable[[str], ColumnElement[bool]]] = []
"""Called with the name of the place that holds a member of staff's id (`bindparam`); answers with
the condition that he treats the `Case` of a query. Asked once, when a statement is made."""

attended_sessions: list[Callable[[Collection[int]], Mapping[int, str]]] = []
"""Called with the ids of cases; answers with the treatment sessions at which each was seen, as a
text that `episodes.held_in` reads."""

planned_sessions: list[Callable[[Collection[int]], Mapping[int, int]]] = []
"""Called with the ids of cases; answers with how many treatment sessions are planned for each of
which it knows, in the last of his courses. A later function overrules an earlier one."""

several_courses: list[Callable[[Collection[int]], Mapping[int, tuple[CourseHeld, ...]]]] = []
"""Called with the ids of cases; answers with the courses of those that have had more than one."""


def days_missed(case_id: int) -> frozenset[date]:
    """Every day of a missed session of a case that any feature knows of."""
    return days_missed_of([case_id])[case_id]


def days_missed_of(case_ids: Collection[int]) -> dict[int, frozenset[date]]:
    """The same of several cases, with as many questions as for one."""
    known = [listener(case_ids) for listener in missed_sessions]
    return {key: frozenset(day for one in known for day in one.get(key, ())) for key in case_ids}


def attended_texts(case_ids: Collection[int]) -> dict[int, str]:
    """Every treatment session at which any feature knows that each was seen, as `held_in` reads it.

    Numbered as attendance does, in its course: `counting` has the numbers of measures.
    """
    found: dict[int, str] = {}
    for listener in attended_sessions if case_ids else ():
        for key, told in listener(case_ids).items():
            found[key] = f"{found[key]},{told}" if key in found else told
    return found


def attended_of(case_ids: Collection[int]) -> dict[int, tuple[Held, ...]]:
    """The same, read: enough for whoever asks for the days alone."""
    texts = attended_texts(case_ids)
    return {key: held_in(texts.get(key, "")) for key in case_ids}
