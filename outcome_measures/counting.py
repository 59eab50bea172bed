"""Reading the sessions of cases as measures count them: through all courses of an episode.

Whoever asks when a man was seen, how many sessions are planned, or which session is in the middle
of a course asks here, so that every page and report counts alike.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mhtr.core.transaction import once_a_page
from outcome_measures import listeners
from outcome_measures.course_parts import (
    CourseHeld,
    Part,
    counted_through,
    last_planned,
    parts_of,
)
from outcome_measures.episodes import Held, held_in, text_of
from outcome_measures.sessions_on_record import numbered_sessions


@dataclass(frozen=True, slots=True)
class _Several:
    """The courses of a case that has had more than one."""

    courses: tuple[CourseHeld, ...]
    parts: tuple[Part, ...]


def _several(case_ids: Collection[int]) -> Mapping[int, _Several]:
    """Those of these cases that have had more than one course; read once for a page."""
    wanted = tuple(sorted(case_ids))
    return once_a_page(("several courses", wanted), lambda: _read_several(wanted))


def _read_several(case_ids: Collection[int]) -> Mapping[int, _Several]:
    courses: dict[int, tuple[CourseHeld, ...]] = {}
    for listener in listeners.several_courses if case_ids else ():
        courses.update(listener(case_ids))
    recorded = numbered_sessions(courses)
    return {
        key: _Several(ones, parts_of(ones, [(one.day, one.number) for one in recorded[key]]))
        for key, ones in courses.items()
    }


def course_parts(case_ids: Collection[int]) -> dict[int, tuple[Part, ...]]:
    """The courses of each case that has had more than one; the others are absent."""
    return {key: found.parts for key, found in _several(case_ids).items()}


def attended(case_id: int) -> tuple[Held, ...]:
    """Every treatment session at which any feature knows that a man was seen."""
    return attended_of([case_id])[case_id]


def attended_of(case_ids: Collection[int]) -> dict[int, tuple[Held, ...]]:
    """The same of several cases, with as many questions as for one."""
    texts = attended_texts(case_ids)
    return {key: held_in(texts.get(key, "")) for key in case_ids}


def attended_texts(case_ids: Collection[int]) -> dict[int, str]:
    """The same, of each who was seen as a text that `episodes.held_in` reads; read once a page."""
    wanted = tuple(sorted(case_ids))
    return once_a_page(("attended", wanted), lambda: _read_attended(wanted))


def _read_attended(case_ids: Collection[int]) -> dict[int, str]:
    texts = listeners.attended_texts(case_ids)
    for key, his in _several(list(texts)).items():
        texts[key] = text_of(counted_through(held_in(texts[key]), his.courses, his.parts))
    return texts


def planned_of(case_ids: Collection[int]) -> dict[int, int]:
    """The number of the last session planned for each case of which somebody has said so."""
    found: dict[int, int] = {}
    for listener in listeners.planned_sessions:
        found.update(listener(case_ids))
    parts = course_parts(found)
    return {key: last_planned(parts.get(key, ()), number) for key, number in found.items()}
