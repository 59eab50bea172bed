"""How many attended treatment contacts an episode has: appointments, not days."""

from datetime import date, timedelta

import pytest

from outcome_measures.episodes import Held, sessions_of
from outcome_measures.series import ScorePoint
from outcome_measures.time_points import TimePoint

MONDAY = date(2026, 3, 2)
NEXT = MONDAY + timedelta(days=7)


def point(on: date, number: int | None, at: TimePoint = TimePoint.SESSION) -> ScorePoint:
    return ScorePoint(f"{on}-{number}-{at}", "phq9", on, 10, at, number)


@pytest.mark.parametrize(
    ("points", "held", "number"),
    [
        ([], [(MONDAY, 1), (NEXT, 2)], 2),
        ([], [(MONDAY, 1), (MONDAY, 2)], 2),
        ([point(MONDAY, 1)], [(MONDAY, 1), (MONDAY, 2)], 2),
        ([point(MONDAY, 1)], [(MONDAY, 1)], 1),
        ([point(MONDAY, None)], [(MONDAY, 1)], 1),
        ([point(MONDAY, None)], [], 1),
        ([point(MONDAY, 1), point(MONDAY, 2)], [], 2),
        ([point(MONDAY, 1), point(NEXT, None)], [], 2),
        ([point(MONDAY, None, TimePoint.BETWEEN)], [(NEXT, 1)], 1),
        ([point(MONDAY, None, TimePoint.FOLLOW_UP)], [(NEXT, 1)], 1),
    ],
)
def test_each_appointment_is_a_contact(
    points: list[ScorePoint], held: list[Held], number: int
) -> None:
    found = sessions_of(points, held)
    assert found is not None
    assert found.number == number


def test_without_a_treatment_session_there_is_none() -> None:
    assert sessions_of([point(MONDAY, None, TimePoint.PRE_SENTENCE)], []) is None
