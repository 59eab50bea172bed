"""Who knows that a session of a course is booked or was held, without this folder knowing them.

Features above add their functions when they are imported. Each is asked inside the write
transaction of a change, and again while a page is made.
"""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sessions.courses.kinds import CourseChangeKind
from sessions.courses.models import Course


@dataclass(frozen=True)
class ChangeSaid:
    """A change of the therapist that was proposed, as the page of the course shows it."""

    ref: uuid.UUID
    at: datetime
    what: str
    """`From Ada Mensah to Ben Ferreira`."""
    state: str
    colour: str
    waits: str
    """`his therapist, the clinical lead and him`; empty where it is not open."""

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor over."""
        return bool(self.waits)


in_use: list[Callable[[Collection[int]], Mapping[int, str]]] = []
"""Given ids of course sessions; gives those that are booked or were held, each with words such as
“booked for 3 March at 10am” or “held on 3 March”."""

held: list[Callable[[Collection[int]], Collection[int]]] = []
"""Given ids of course sessions; gives those whose time has come: he was seen, or he was absent.
They stay as they are for good. A session that is in use and not among these is booked."""

took_place: list[Callable[[Collection[int]], Collection[int]]] = []
"""Given ids of course sessions; gives those at which he was seen, and those whose time has come
and of which nobody has recorded what happened."""

ended: list[Callable[[Course, int | None], None]] = []
"""Called with a course that has just ended, its case locked, and who ended it (None: the
program)."""

changed: list[Callable[[Course, CourseChangeKind, int | None], None]] = []
"""Called with a course of which anything was changed, once it is, its case locked, what was done
to it, and who did it (None: the program)."""

changes_of_therapist: list[Callable[[int], Sequence[ChangeSaid]]] = []
"""Given the id of a course; gives the changes of its therapist that were proposed, the newest
first."""
reviews: list[Callable[[int], Sequence[str]]] = []
"""Given the id of a case; gives what is said of the reviews of its newest course, one line each."""
therapist_changed: list[Callable[[int, int, int | None], None]] = []
"""Called with a locked case, a clinician who is its therapist from now on or is not any more, and
who changed it (None: the program)."""


def words_of(ids: Collection[int]) -> dict[int, str]:
    """What is said of each of these sessions that is booked or was held."""
    found: dict[int, str] = {}
    for ask in in_use:
        for key, words in ask(ids).items():
            found[key] = f"{found[key]}, {words}" if key in found else words
    return found


def held_of(ids: Collection[int]) -> frozenset[int]:
    """Those of these sessions whose time has come."""
    return frozenset(key for ask in held for key in ask(ids))


def booked_of(ids: Collection[int]) -> dict[int, str]:
    """Those of these sessions that are booked and to come, with words that say so."""
    gone = held_of(ids)
    return {key: words for key, words in words_of(ids).items() if key not in gone}


def took_place_of(ids: Collection[int]) -> frozenset[int]:
    """Those of these sessions that took place, so far as anybody has recorded it."""
    return frozenset(key for ask in took_place for key in ask(ids))


def therapist_changes(course_id: int) -> list[ChangeSaid]:
    """Every change of the therapist of a course that was proposed, the newest first."""
    return [one for ask in changes_of_therapist for one in ask(course_id)]


def reviews_of(case_id: int) -> list[str]:
    """What is said of each review of the newest course of a case."""
    return [one for ask in reviews for one in ask(case_id)]


def tell_of_therapist(case_id: int, staff_ids: Collection[int | None], by: int | None) -> None:
    """Tell whoever wants to know that one of these is his therapist now, or is not any more."""
    for staff_id in sorted({one for one in staff_ids if one is not None}):
        for listener in therapist_changed:
            listener(case_id, staff_id, by)
