"""How many attended treatment contacts an episode has: appointments, not days."""

from datetime import date, timedelta

import pytest

from outcome_measures.episodes import (
    ASKED_WITHIN,
    Held,
    held_besides,
    held_in,
    sessions_known,
    sessions_of,
)
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


THURSDAY = MONDAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("attended", "known", "besides"),
    [
        ([], [(MONDAY, 1)], []),
        ([(MONDAY, 1)], [], [(MONDAY, 1)]),
        ([(MONDAY, 1)], [(MONDAY, 1)], []),
        ([(MONDAY, 3)], [(MONDAY, 2)], []),  # one session, counted otherwise
        ([(MONDAY, None)], [(MONDAY, 2)], []),
        ([(MONDAY, 1), (MONDAY, 2)], [(MONDAY, 1)], [(MONDAY, 2)]),
        ([(MONDAY, 1), (MONDAY, 2)], [(MONDAY, 1), (MONDAY, 2)], []),
        ([(MONDAY, 1)], [(MONDAY, 1), (MONDAY, 2)], []),
        ([(MONDAY, 1), (NEXT, 2)], [(MONDAY, 1)], [(NEXT, 2)]),
        ([(MONDAY, 1)], [(THURSDAY, 1)], []),  # asked some days later, of that session
        ([(MONDAY, 1)], [(THURSDAY, None)], [(MONDAY, 1)]),
        ([(MONDAY, 1)], [(MONDAY + ASKED_WITHIN, 1)], []),
        ([(MONDAY, 1)], [(MONDAY + ASKED_WITHIN + timedelta(days=1), 1)], [(MONDAY, 1)]),
        ([(THURSDAY, 1)], [(MONDAY, 1)], [(THURSDAY, 1)]),  # of an earlier course, or imported
        ([(MONDAY, None)], [(THURSDAY, None)], [(MONDAY, None)]),
        ([(MONDAY, 1), (NEXT, 2)], [(NEXT, 1)], [(MONDAY, 1)]),  # that day has a session
        ([(MONDAY, 1), (MONDAY, 1)], [], [(MONDAY, 1)]),
    ],
)
def test_sessions_that_attendance_alone_tells_of(
    attended: list[Held], known: list[Held], besides: list[Held]
) -> None:
    assert list(held_besides(attended, known)) == besides
    found = sessions_of([], [*known, *besides])
    assert (found.number if found else 0) == len(known) + len(besides)


def test_sessions_are_read_from_a_text_and_known_from_past_scores() -> None:
    assert held_in("2026-03-02=1,2026-03-09=0") == ((MONDAY, 1), (NEXT, None))
    assert held_in("") == ()
    points = [point(MONDAY, 1), point(NEXT, None, TimePoint.BETWEEN)]
    assert sessions_known(points, [(NEXT, 2)]) == {(MONDAY, 1), (NEXT, 2)}
