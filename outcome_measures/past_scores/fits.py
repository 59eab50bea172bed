"""Whether a past score fits what is on record of the man: the rules of contacts, for a day gone by.

Functions of values and dates. What does not fit is refused, never put somewhere by guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mhtr.cases.facts import CaseState, Fact, FactKind, effective_facts
from mhtr.cases.wording import day_words
from outcome_measures.contact_rules import (
    CASE,
    DAY,
    NUMBER,
    POINT,
    Course,
    Planned,
    problems,
    state_on,
)
from outcome_measures.past_scores.rows import PastScore
from outcome_measures.time_points import TimePoint

COLUMNS = {CASE: "date", DAY: "date", POINT: "point", NUMBER: "session_number"}
"""Where in a file each part of a contact stands."""
_NO_CASE = frozenset({CaseState.CLOSED, CaseState.SENTENCED_WITHOUT_MHTR})


@dataclass(frozen=True, slots=True)
class PastCourse:
    """What is on record of a case: when it was opened, what happened, which sessions there were."""

    opened_on: date
    facts: Sequence[Fact]
    sessions: Sequence[tuple[int, date]] = ()

    @property
    def begun_on(self) -> date:
        """The first day of the case; one opened late may have facts from before that."""
        return min((fact.day for fact in self.facts), default=self.opened_on)


def misfit(
    row: PastScore, born: date | None, course: PastCourse, today: date
) -> tuple[str, str] | None:
    """The column at fault and why the row cannot stand; None where it fits.

    Args:
        born: as his record says.
        course: sessions of the other rows of the file among it.
    """
    if born is not None and row.on <= born:
        return "date", "This is not after his birth"
    begun = min(course.opened_on, course.begun_on)
    if row.on < begun:
        return "date", f"His case began on {day_words(begun)}: this day lies before it"
    if row.point is TimePoint.PRE_SENTENCE:
        return _before_sentence(row.on, course, today)
    sentenced_on = _sentenced_on(course, today)
    if sentenced_on is None:
        return "point", "He has no treatment requirement: only pre_sentence scores can be taken"
    if row.on < sentenced_on:
        return "point", f"He was sentenced on {day_words(sentenced_on)}: before it is pre_sentence"
    return _in_treatment(row, sentenced_on, course, today)


def _before_sentence(on: date, course: PastCourse, today: date) -> tuple[str, str] | None:
    sentenced_on = _sentenced_on(course, today)
    if sentenced_on is not None and on > sentenced_on:
        return "point", f"He was sentenced on {day_words(sentenced_on)}: this day is after it"
    if state_on(course.facts, on) in _NO_CASE:
        return "date", "His case was closed by this day"
    return None


def _in_treatment(
    row: PastScore, sentenced_on: date, course: PastCourse, today: date
) -> tuple[str, str] | None:
    others = [one for one in course.sessions if one != (row.session_number, row.on)]
    then = Course(state_on(course.facts, row.on), sentenced_on, others)
    found = problems(Planned(row.on, row.point, row.session_number), then, today)
    for field, words in found.items():
        return COLUMNS[field], words
    return None


def _sentenced_on(course: PastCourse, today: date) -> date | None:
    made = [
        fact.day
        for fact in effective_facts(tuple(course.facts), today)
        if fact.kind is FactKind.SENTENCED_WITH_MHTR
    ]
    return made[-1] if made else None
