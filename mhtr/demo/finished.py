"""Men whose treatment ended within the last year: copies of those who were played to the end.

Each copy is another man, some weeks further back, with scores of his own. Whatever the services
wrote for the original is in it, so a test can hold a copy against the rules: state, scores, flags.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.demo import bulk
from mhtr.demo.acts.course import adding_up
from mhtr.demo.bulk import Row
from mhtr.demo.men import Men
from mhtr.demo.stories import treated
from mhtr.demo.stories.treated import SESSIONS
from outcome_measures.flags import service as flag_service

SEED = treated.SEED
NUMBERS_BEFORE = 500
"""Of the same range as those who were played, none given out before or by the weekly files."""
COPIES = 15
"""Of each man who was played."""
WEEKS_APART = 3
GROUPS = ("A", "A", "C", "H", "M", "M", "N", None)
"""Ethnic groups in turn; None: he was asked and would not say."""


@dataclass(frozen=True)
class Course:
    """How a man's scores went: PHQ-9 and GAD-7 at the first and the last session he had."""

    first: tuple[int, int]
    last: tuple[int, int]
    sessions: int = SESSIONS
    measured: int = SESSIONS
    """At how many sessions measures were taken; he came to more where it is fewer."""


COURSES = (
    Course((18, 15), (6, 5)),
    Course((21, 17), (13, 11)),
    Course((14, 12), (12, 11)),
    Course((16, 13), (7, 6), sessions=6),
    Course((12, 9), (19, 13)),
    Course((20, 16), (18, 15), sessions=7, measured=1),
    Course((8, 6), (5, 4)),
    Course((17, 14), (8, 7)),
    Course((15, 4), (8, 9), sessions=6),
    Course((23, 18), (15, 12), measured=5),
)


def add(case_ids: Sequence[int], today: date) -> int:
    """Add the copies, inside a write transaction; returns how many."""
    made = 0
    chance = Random(SEED)  # noqa: S311  (fiction needs no secrecy)
    men = Men(SEED, today)
    for _ in range(NUMBERS_BEFORE):
        men.next()
    for case_id in case_ids:
        person_id = db.session.get_one(Case, case_id).person_id
        originals = bulk.of_one_man(person_id)
        for _ in range(COPIES):
            made += 1
            course = COURSES[made % len(COURSES)]
            change = _Change(course, GROUPS[made % len(GROUPS)], chance.randrange(-2, 3))
            bulk.add_copy(originals, made, men, timedelta(weeks=WEEKS_APART * made // 2), change)
            stride = next(each.stride for each in originals if each.table.name == "cases")
            flag_service.look_again(case_id=case_id + made * stride, by=None)
    return made


class _Change:
    """What makes a copy's course his own: fewer sessions, other answers, another group."""

    def __init__(self, course: Course, group: str | None, shift: int) -> None:
        self.course, self.group, self.shift = course, group, shift
        self._answers: dict[int, dict[int, int]] = {}

    def __call__(self, name: str, rows: list[Row]) -> list[Row]:
        """The rows of a table as this man has them."""
        if name == "measure_flags":
            return []  # worked out anew from his own scores
        if name == "measure_contacts":
            return [row for row in rows if (row["session_number"] or 0) <= self.course.sessions]
        if name == "measure_occasions":
            return [row for row in rows if self._is_measured(row)]
        if name == "measure_answers":
            return [self._answered(row) for row in rows if self._was_asked(row)]
        if name == "demographics":
            return [row | self._said() for row in rows]
        return rows

    def _is_measured(self, row: Row) -> bool:
        number = row["session_number"]
        if number is None:
            self._answers[row["id"]] = {}
            return True
        if number > min(self.course.sessions, self.course.measured):
            return False
        self._answers[row["id"]] = adding_up(row["instrument"], self._total(row))
        return True

    def _total(self, row: Row) -> int:
        place = ("phq9", "gad7").index(row["instrument"])
        first, last = self.course.first[place], self.course.last[place]
        steps = max(1, min(self.course.sessions, self.course.measured) - 1)
        gone: float = (row["session_number"] - 1) / steps
        highest = (24, 21)[place]
        wanted: int = round(first + (last - first) * gone) + self.shift
        return max(1, min(highest, wanted))

    def _was_asked(self, row: Row) -> bool:
        return row["occasion_id"] in self._answers

    def _answered(self, row: Row) -> Row:
        values = self._answers[row["occasion_id"]]
        return row | {"value": values[row["item"]]} if values else row

    def _said(self) -> dict[str, Any]:
        answered = "given" if self.group else "declined"
        return {"answered": answered, "code": self.group}
