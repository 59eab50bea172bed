"""The courses of one episode, and the numbers of their sessions. Functions of values and dates.

An episode of treatment is that of NHS Talking Therapies: all of a case from its first treatment
session until the case ends. A man may have a second course in it, and attendance counts the
sessions of each course from 1. Measures count through: where the first course had six sessions, the
first of the second is session 7. So one number is one session, and baseline, first and last score
are those of the episode, whatever courses it is made of. When something is asked (start, middle,
end) and what is near the end, on the other hand, are places in a course.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from outcome_measures.episodes import Held


@dataclass(frozen=True, slots=True)
class CourseHeld:
    """One of several courses of a case, as whoever plans and holds them knows it.

    Args:
        made_on: the day on which it was made.
        planned: how many sessions it has.
        seen: its sessions at which he was seen: the day, and the number in this course.
    """

    made_on: date
    planned: int
    seen: tuple[Held, ...] = ()

    @property
    def begins(self) -> date:
        """The day of its first session; until there is one, the day on which it was made."""
        return min((day for day, _ in self.seen), default=self.made_on)


@dataclass(frozen=True, slots=True)
class Part:
    """A course as a part of an episode.

    Args:
        after: the number of the last session before it.
        shares_day: on the day it begins he was seen for the course before it, too.
    """

    begins: date
    after: int
    planned: int
    shares_day: bool = False

    def holds(self, on: date, number: int | None) -> bool:
        """Whether a session is not of an earlier course. On a day of both, its number tells."""
        if on == self.begins and self.shares_day:
            return (number or 0) > self.after
        return on >= self.begins


@dataclass(frozen=True, slots=True)
class InCourse:
    """The place of a session in its course.

    Args:
        number: counted from 1; None where it is not known.
        planned: how many sessions the course has; None where nobody has said.
        is_first: no course came before this one.
        is_last: no course has followed it.
    """

    number: int | None
    planned: int | None
    is_first: bool = True
    is_last: bool = True


Parts = Sequence[Part]
"""The courses of a case in their order; empty where he had no more than one."""


def parts_of(courses: Sequence[CourseHeld], recorded: Iterable[Held]) -> tuple[Part, ...]:
    """How the sessions of several courses are counted through.

    Args:
        courses: in their order.
        recorded: sessions with measures, past ones too, by the numbers of the episode.
    """
    known, found, seen, after = list(recorded), list[Part](), set[date](), 0
    for course in courses:
        before = (number or 0 for day, number in known if day < course.begins)
        after = max([after, *before]) if found else 0
        found.append(Part(course.begins, after, course.planned, course.begins in seen))
        after += max((number or 0 for _, number in course.seen), default=0)
        seen |= {day for day, _ in course.seen}
    return tuple(found)


def counted_through(
    attended: Iterable[Held], courses: Sequence[CourseHeld], parts: Parts
) -> tuple[Held, ...]:
    """The sessions at which he was seen, by the numbers of the episode. One without stays so."""
    found = set[Held]()
    for day, number in attended:
        of = [part for part, one in zip(parts, courses, strict=True) if (day, number) in one.seen]
        found |= {(day, part.after + number if number else None) for part in of} or {(day, number)}
    return tuple(sorted(found, key=lambda one: (one[0], one[1] or 0)))


def in_course(number: int | None, on: date, parts: Parts, planned: int | None) -> InCourse:
    """Where in his course a session of the episode lies.

    Args:
        planned: the number of the last session that is planned; of one course how many it has.
    """
    if not parts:
        return InCourse(number, planned)
    at = max(place for place, part in enumerate(parts) if not place or part.holds(on, number))
    part = parts[at]
    place = number - part.after if number and number > part.after else None
    return InCourse(place, part.planned, at == 0, at == len(parts) - 1)


def last_planned(parts: Parts, planned: int) -> int:
    """The number, in the episode, of the last session of a course that has so many."""
    return (parts[-1].after if parts else 0) + planned
