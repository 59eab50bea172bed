"""Whether a contact with measures may be recorded, case by case."""

from dataclasses import replace
from datetime import date

import pytest

from mhtr.cases.facts import CaseState
from outcome_measures.contact_rules import (
    CASE,
    DAY,
    MOST_SESSIONS,
    NUMBER,
    POINT,
    Course,
    Planned,
    may_record,
    next_session,
    problems,
    to_ask,
)
from outcome_measures.time_points import TimePoint

TODAY, SENTENCED = date(2026, 11, 18), date(2026, 10, 12)
SESSION, BETWEEN, FOLLOW_UP = TimePoint.SESSION, TimePoint.BETWEEN, TimePoint.FOLLOW_UP
HELD = ((1, date(2026, 11, 2)), (3, date(2026, 11, 16)))


def course(state: CaseState = CaseState.IN_TREATMENT) -> Course:
    return Course(state, SENTENCED, HELD)


def found(
    point: TimePoint = SESSION,
    number: int | None = 4,
    on: date = TODAY,
    state: CaseState = CaseState.IN_TREATMENT,
) -> dict[str, str]:
    return dict(problems(Planned(on, point, number), course(state), TODAY))


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (CaseState.SENTENCED_WITH_MHTR, True),
        (CaseState.INDUCTION, True),
        (CaseState.IN_TREATMENT, True),
        (CaseState.ENDED, True),
        (CaseState.DISCHARGED, True),
        (CaseState.CLOSED, False),
        (CaseState.SENTENCED_WITHOUT_MHTR, False),
        (CaseState.ASSESSING, False),
        (CaseState.REFERRED, False),
        (CaseState.AWAITING_RESULT, False),
    ],
)
def test_only_on_a_case_whose_treatment_was_ordered(state: CaseState, allowed: bool) -> None:
    assert (may_record(course(state)) == ()) is allowed
    assert (set(found(state=state)) == {CASE}) is not allowed


def test_why_not_is_said_in_words() -> None:
    assert may_record(course(CaseState.CLOSED)) == ("The case is closed.",)
    assert "no treatment requirement" in may_record(course(CaseState.SENTENCED_WITHOUT_MHTR))[0]
    assert "belong to the assessment" in may_record(course(CaseState.SCREENED))[0]


@pytest.mark.parametrize(
    ("on", "refused"),
    [
        (TODAY, False),
        (date(2026, 11, 19), True),
        (date(2026, 11, 17), False),
        (SENTENCED, False),
        (date(2026, 10, 11), True),
    ],
)
def test_not_in_the_future_and_not_before_sentence(on: date, refused: bool) -> None:
    assert (DAY in found(BETWEEN, None, on)) is refused


def test_without_a_day_of_sentence_any_past_day_stands() -> None:
    planned = Planned(date(2020, 1, 1), BETWEEN)
    assert problems(planned, Course(CaseState.INDUCTION, None), TODAY) == {}


@pytest.mark.parametrize(
    ("point", "state", "refused"),
    [
        (SESSION, CaseState.SENTENCED_WITH_MHTR, False),
        (BETWEEN, CaseState.ENDED, False),
        (FOLLOW_UP, CaseState.ENDED, False),
        (FOLLOW_UP, CaseState.DISCHARGED, False),
        (FOLLOW_UP, CaseState.IN_TREATMENT, True),
        (BETWEEN, CaseState.DISCHARGED, True),
        (SESSION, CaseState.DISCHARGED, True),
        (TimePoint.PRE_SENTENCE, CaseState.IN_TREATMENT, True),
    ],
)
def test_each_contact_has_its_place(point: TimePoint, state: CaseState, refused: bool) -> None:
    number = 4 if point is SESSION else None
    assert (POINT in found(point, number, state=state)) is refused


@pytest.mark.parametrize(
    ("number", "on", "words"),
    [
        (4, TODAY, ""),
        (2, date(2026, 11, 9), ""),
        (2, date(2026, 11, 2), ""),
        (2, date(2026, 11, 16), ""),
        (None, TODAY, "Enter the number"),
        (0, TODAY, "between 1"),
        (MOST_SESSIONS + 1, TODAY, "between 1"),
        (MOST_SESSIONS, TODAY, ""),
        (3, TODAY, "Session 3 is on record already, on 16 November 2026"),
        (2, date(2026, 11, 1), "Session 1 was on 2 November 2026"),
        (2, date(2026, 11, 17), "Session 3 was on 16 November 2026"),
        (4, date(2026, 11, 15), "Session 3 was on 16 November 2026"),
    ],
)
def test_the_number_and_the_day_go_together(number: int | None, on: date, words: str) -> None:
    problem = found(SESSION, number, on).get(NUMBER, "")
    assert problem.startswith(words) or words in problem
    assert bool(problem) is bool(words)


def test_only_a_session_has_a_number() -> None:
    assert found(BETWEEN, 4)[NUMBER] == "Only a treatment session has a number"
    assert NUMBER not in found(BETWEEN, None)


def test_the_next_session_follows_the_highest_number() -> None:
    assert next_session(course(), TODAY) == 4
    assert next_session(Course(CaseState.INDUCTION, None), TODAY) == 1


@pytest.mark.parametrize(
    ("attended", "number"),
    [
        ([(5, TODAY)], 5),  # he missed the fourth
        ([(5, TODAY), (2, date(2026, 11, 9))], 5),
        ([(2, date(2026, 11, 9))], 4),
        ([(3, date(2026, 11, 16))], 4),
        ([(6, date(2026, 11, 16))], 7),  # the third on record is the sixth of his course
        ([(None, TODAY)], 4),
        ([(5, date(2026, 11, 17))], 6),  # of the day before: today is another
        ([(6, TODAY), (5, TODAY)], 5),
    ],
)
def test_the_session_he_was_seen_at_is_the_one_to_record(
    attended: list[tuple[int | None, date]], number: int
) -> None:
    assert next_session(replace(course(), attended=attended), TODAY) == number


def test_a_number_that_attendance_gives_that_day_leaves_nothing_out() -> None:
    seen = replace(course(), attended=[(6, TODAY)])
    assert to_ask(Planned(TODAY, SESSION, 6), course(), None)
    assert not to_ask(Planned(TODAY, SESSION, 6), seen, None)
    assert to_ask(Planned(TODAY, SESSION, 7), seen, None)
    assert to_ask(Planned(TODAY, SESSION, 6), seen, 5) == ("5 sessions are planned",)
