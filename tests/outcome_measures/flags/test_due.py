"""What is due: at the start, at each session or the local time points, at the end; once a day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.course_parts import InCourse
from outcome_measures.flags.due import (
    Asked,
    Contact,
    Due,
    DueState,
    Place,
    Schedule,
    Urgency,
    asked_at,
    due,
)
from outcome_measures.policy import WHEN_CHOICES
from outcome_measures.time_points import TimePoint
from tests.outcome_measures.flags.cases import TODAY, met, on

EACH = {"phq9": Schedule.EACH_SESSION, "gad7": Schedule.EACH_SESSION}


def asked(session: int, instrument: str = "phq9", *, finished: bool = True) -> Asked:
    return Asked(instrument, on(session), TimePoint.SESSION, finished, finished)


def named(found: tuple[Due, ...]) -> list[tuple[str, Place, Urgency]]:
    return [(one.instrument, one.place, one.urgency) for one in found]


def test_the_schedules_are_the_choices_of_the_policy() -> None:
    assert tuple(schedule.value for schedule in Schedule) == WHEN_CHOICES


@pytest.mark.parametrize(
    ("schedule", "planned", "sessions"),
    [
        (Schedule.NEVER, 12, set()),
        (Schedule.EACH_SESSION, None, set(range(1, 15))),
        (Schedule.START_AND_END, 12, {1, 12, 13, 14}),
        (Schedule.START_AND_END, None, {1}),
        (Schedule.START_MIDDLE_END, 12, {1, 6, 12, 13, 14}),
        (Schedule.START_MIDDLE_END, 7, {1, 4, *range(7, 15)}),
        (Schedule.START_MIDDLE_END, None, {1}),
    ],
)
def test_when_an_instrument_is_asked(
    schedule: Schedule, planned: int | None, sessions: set[int]
) -> None:
    assert {n for n in range(1, 15) if asked_at(schedule, InCourse(n, planned))} == sessions


def test_a_session_without_a_number_is_asked_only_what_each_session_is() -> None:
    assert [s for s in Schedule if asked_at(s, InCourse(None, 12))] == [Schedule.EACH_SESSION]


@pytest.mark.parametrize(
    ("closed", "days", "urgency"),
    [
        (False, 0, Urgency.DUE),
        (False, 1, Urgency.OVERDUE),
        (True, 0, Urgency.MISSING),
        (True, 1, Urgency.MISSING),
    ],
)
def test_due_on_the_day_overdue_after_it_missing_once_closed(
    closed: bool, days: int, urgency: Urgency
) -> None:
    state = DueState({"phq9": Schedule.EACH_SESSION}, [met(2, closed=closed)], [])
    found = due(state, on(2) + timedelta(days=days))
    assert named(found) == [("phq9", Place.SESSION, urgency)]
    assert found[0].contact_ref == "contact-2"


def test_a_measure_is_asked_once_on_one_day_wherever_it_was() -> None:
    elsewhere = replace(asked(1), point=TimePoint.PRE_SENTENCE)
    state = DueState(EACH, [met(1, closed=False)], [elsewhere])
    assert [one.instrument for one in due(state, on(1))] == ["gad7"]


def test_one_that_was_asked_and_left_incomplete_is_not_asked_again_that_day() -> None:
    state = DueState(EACH, [met(1)], [replace(asked(1), complete=False), asked(1, "gad7")])
    assert due(state, TODAY) == ()


def test_a_half_finished_form_is_still_due_and_says_so() -> None:
    state = DueState(EACH, [met(1, closed=False)], [asked(1, finished=False), asked(1, "gad7")])
    (found,) = due(state, on(1))
    assert found.begun


def test_the_first_session_is_the_baseline_and_the_last_planned_the_end() -> None:
    state = DueState({"phq9": Schedule.EACH_SESSION}, [met(1), met(2), met(12)], [], 12)
    places = [(one.session_number, one.place) for one in due(state, TODAY)]
    assert places == [(12, Place.END), (2, Place.SESSION), (1, Place.BASELINE)]


def test_before_the_first_session_a_baseline_is_due() -> None:
    state = DueState(EACH, [], [], awaits_treatment=True)
    assert named(due(state, TODAY)) == [
        ("phq9", Place.BASELINE, Urgency.DUE),
        ("gad7", Place.BASELINE, Urgency.DUE),
    ]
    taken = Asked("phq9", on(1), TimePoint.BETWEEN, complete=True)
    assert [d.instrument for d in due(replace(state, asked=[taken]), TODAY)] == ["gad7"]
    before = replace(taken, point=TimePoint.PRE_SENTENCE)
    assert len(due(replace(state, asked=[before]), TODAY)) == 2
    assert due(replace(state, awaits_treatment=False), TODAY) == ()
    imported = replace(state, asked=[asked(1), asked(2)])
    assert due(imported, TODAY) == (), "sessions known from the past only: treatment has begun"


def test_after_treatment_a_missing_end_is_said_once() -> None:
    state = DueState({"phq9": Schedule.START_AND_END}, [met(1), met(5)], [asked(1)], 12, ended=True)
    assert named(due(state, TODAY)) == [("phq9", Place.END, Urgency.MISSING)]
    assert due(replace(state, asked=[asked(1), asked(5)]), TODAY) == ()
    each = replace(state, schedules={"phq9": Schedule.EACH_SESSION})
    assert len(due(each, TODAY)) == 1


def test_contacts_that_are_no_sessions_ask_nothing() -> None:
    call = Contact("call", on(1), TimePoint.BETWEEN)
    assert due(DueState(EACH, [call], []), TODAY) == ()


@given(
    st.permutations(range(1, 7)),
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["phq9", "gad7"])), max_size=12),
)
def test_what_was_asked_is_not_due_and_the_order_never_matters(
    order: list[int], taken: list[tuple[int, str]]
) -> None:
    answers = [asked(session, instrument) for session, instrument in taken]
    state = DueState(EACH, [met(n, closed=False) for n in order], answers, 6)
    found = due(state, TODAY)
    plain = due(replace(state, contacts=[met(n, closed=False) for n in range(1, 7)]), TODAY)
    assert found == plain
    pairs = {(one.session_number, one.instrument) for one in found}
    assert pairs == {(n, i) for n in range(1, 7) for i in EACH} - set(taken)
