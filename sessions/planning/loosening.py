"""The smallest changes that would make a whole course possible, where there is none.

What keeps him or others safe is never among them: places he may not go to, people he must not meet,
a way without steps, an interpreter's time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import time, timedelta
from itertools import combinations

from sessions.availability.shapes import Cannot
from sessions.booking.shapes import LONDON, Diary
from sessions.planning.one_man import CourseAsked, WholeCourse, best_course
from sessions.therapies import Gender, SessionMode

_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_WEEKS = (1, 2, 4)
_Asked = tuple[CourseAsked, Diary]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would be different."""

    words: str
    """As "he could come on Tuesdays from 17:00 to 19:00": follows "if"."""
    _make: Callable[[CourseAsked, Diary], _Asked]
    family: str = ""
    """Of changes that are more and more of one thing; empty: there is only one of it."""


@dataclass(frozen=True, slots=True)
class Way:
    """What together would make a course possible, and the course."""

    changes: tuple[str, ...]
    course: WholeCourse


def ways_out(asked: CourseAsked, diary: Diary, most: int = 4) -> list[Way]:
    """Single changes that suffice, the best course first; pairs where no single one does."""
    changes = list(_changes(asked, diary))
    for size in (1, 2):
        found: list[tuple[tuple[Change, ...], WholeCourse]] = []
        for chosen in combinations(changes, size):
            families = [change.family for change in chosen if change.family]
            if len(set(families)) < len(families) or _more_of(chosen, found):
                continue
            loosened = asked, diary
            for change in chosen:
                loosened = change._make(*loosened)
            course = best_course(*loosened)
            if isinstance(course, WholeCourse):
                found.append((chosen, course))
        if found:
            ways = [Way(tuple(each.words for each in chosen), course) for chosen, course in found]
            return sorted(ways, key=lambda way: way.course.cost)[:most]
    return []


def _more_of(
    chosen: tuple[Change, ...], found: list[tuple[tuple[Change, ...], WholeCourse]]
) -> bool:
    """Whether less of the same was enough already."""
    return any(
        all(
            a is b or (a.family and a.family == b.family)
            for a, b in zip(chosen, known, strict=True)
        )
        for known, _ in found
    )


def _changes(asked: CourseAsked, diary: Diary) -> Iterator[Change]:
    man = diary.men[0]
    for words in dict.fromkeys(_when(one) for one in man.cannot):
        yield Change(f"he could come {words}", _coming(words))
    for mode, words in ((SessionMode.TELEPHONE, "telephone"), (SessionMode.VIDEO, "video")):
        if mode not in man.modes:
            yield Change(f"he could be seen by {words}", _seen_by(mode))
    if SessionMode.IN_PERSON not in man.modes:
        yield Change("he could be seen in person", _seen_by(SessionMode.IN_PERSON))
    if man.therapist_gender is not Gender.NOT_SAID:
        yield Change("he could be seen by a woman or a man", _any_gender)
    if asked.therapist_only:
        yield Change(
            "he, his therapist and the clinical lead agreed to another therapist", _any_therapist
        )
    yield Change("a week more were allowed between two sessions", _wider_gaps)
    yield Change("every clinician had one more session a day", _fuller_days)
    if man.within:
        for weeks in _WEEKS:
            some = "a week" if weeks == 1 else f"{weeks} weeks"
            yield Change(
                f"the requirement ran {some} longer, which only the court can order",
                _longer(weeks),
                "requirement",
            )


def _when(one: Cannot) -> str:
    """A stretch in words: its weekday and times, or its day where it is longer than one."""
    starts, ends = one.span.starts_at.astimezone(LONDON), one.span.ends_at.astimezone(LONDON)
    if (ends - starts) >= timedelta(hours=23):
        return f"on {starts.day} {starts:%B %Y}"
    until = "midnight" if ends.time() == time() else f"{ends:%H:%M}"
    return f"on {_DAYS[starts.weekday()]} from {starts:%H:%M} to {until}"


def _coming(words: str) -> Callable[[CourseAsked, Diary], _Asked]:
    def make(asked: CourseAsked, diary: Diary) -> _Asked:
        (man,) = diary.men
        left = tuple(one for one in man.cannot if _when(one) != words)
        return asked, replace(diary, men=(replace(man, cannot=left),))

    return make


def _seen_by(mode: SessionMode) -> Callable[[CourseAsked, Diary], _Asked]:
    def make(asked: CourseAsked, diary: Diary) -> _Asked:
        (man,) = diary.men
        return asked, replace(diary, men=(replace(man, modes=man.modes | {mode}),))

    return make


def _any_gender(asked: CourseAsked, diary: Diary) -> _Asked:
    (man,) = diary.men
    return asked, replace(diary, men=(replace(man, therapist_gender=Gender.NOT_SAID),))


def _any_therapist(asked: CourseAsked, diary: Diary) -> _Asked:
    return replace(asked, therapist_only=False), diary


def _wider_gaps(asked: CourseAsked, diary: Diary) -> _Asked:
    sessions = tuple(
        replace(one, gaps=replace(one.gaps, most=one.gaps.most + 7)) for one in asked.sessions
    )
    return replace(asked, sessions=sessions), diary


def _fuller_days(asked: CourseAsked, diary: Diary) -> _Asked:
    fuller = {
        key: replace(one, daily_most=one.daily_most + 1) for key, one in diary.clinicians.items()
    }
    return asked, replace(diary, clinicians=fuller)


def _longer(weeks: int) -> Callable[[CourseAsked, Diary], _Asked]:
    def make(asked: CourseAsked, diary: Diary) -> _Asked:
        (man,) = diary.men
        *others, (first, last) = sorted(man.within)
        within = (*others, (first, last + timedelta(weeks=weeks)))
        return asked, replace(diary, men=(replace(man, within=within),))

    return make
