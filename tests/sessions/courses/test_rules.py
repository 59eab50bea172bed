"""What a session may say and how a course fits an order: cases, and what always holds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.working_days import WorkingCalendar
from sessions.courses.history import change_words
from sessions.courses.kinds import ReviewPoint
from sessions.courses.rules import (
    Planned,
    Requirement,
    contradictions,
    fit,
    least_days,
    notices,
    whole,
    why_fixed,
)
from tests.sessions.courses.makers import planned, twelve

CALENDAR = WorkingCalendar()
MONDAY = date(2027, 6, 7)
"""No bank holiday falls on the eleven Mondays after it."""


def requirement(left: int, last: date, first: date = MONDAY) -> Requirement:
    return Requirement(left, ((first, last),))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Enter a name"),
        ({"name": "x" * 121}, "120 characters"),
        ({"purpose": ""}, "words he can read"),
        ({"minutes": 10}, "between 15 and 240"),
        ({"minutes": 241}, "between 15 and 240"),
        ({"least_gap": 0}, "1 day or more"),
        ({"ideal_gap": 6}, "between the least and the most"),
        ({"most_gap": 6}, "between the least and the most"),
        ({"most_gap": 181}, "180 or fewer"),
    ],
)
def test_a_session_that_cannot_be_used(wrong: dict[str, object], words: str) -> None:
    (said,) = contradictions(replace(planned(), **wrong))  # type: ignore[arg-type]
    assert words in said


def test_a_session_that_can_be_used() -> None:
    assert contradictions(planned()) == ()


def test_a_set_is_whole_when_each_session_is_and_one_is_required() -> None:
    assert whole(twelve()) == ()
    assert whole([]) == ("There must be at least one required session.",)
    assert "required" in whole([planned(required=False)])[0]
    assert whole([planned(), planned("Two", minutes=1)])[0].startswith("Session 2, Two: ")
    assert "at most 60" in whole([planned()] * 61)[0]


@pytest.mark.parametrize(
    ("reviews", "said"),
    [
        ((ReviewPoint.MIDDLE, ReviewPoint.END), []),
        ((ReviewPoint.NONE, ReviewPoint.END), ["no review at the middle"]),
        ((ReviewPoint.MIDDLE, ReviewPoint.NONE), ["no review at the end"]),
        ((ReviewPoint.END, ReviewPoint.MIDDLE), ["follow after the review at the end"]),
    ],
)
def test_reviews_that_are_missing(reviews: tuple[ReviewPoint, ...], said: list[str]) -> None:
    found = notices([planned(review=one) for one in reviews])
    assert len(found) == len(said)
    assert all(words in line for words, line in zip(said, found, strict=True))


@pytest.mark.parametrize(
    ("sessions", "last", "last_on", "warns"),
    [
        # Twelve weekly sessions from a Monday: eleven weeks later.
        (twelve(), date(2027, 10, 31), date(2027, 8, 23), []),
        # The last day of the requirement can be the day of the last session.
        (twelve(), date(2027, 8, 23), date(2027, 8, 23), []),
        (twelve(), date(2027, 8, 22), None, ["They do not fit"]),
        (twelve()[:10], date(2027, 10, 31), date(2027, 8, 9), ["They are fewer than the 12"]),
        ([planned(ideal_gap=14)] * 12, date(2027, 9, 30), date(2027, 8, 23), ["sooner than"]),
        (twelve()[:11], date(2027, 6, 30), None, ["fewer than the 12", "They do not fit"]),
    ],
)
def test_how_a_course_fits(
    sessions: list[Planned], last: date, last_on: date | None, warns: list[str]
) -> None:
    found = fit(sessions, requirement(12, last), MONDAY, CALENDAR)
    assert (found.last_on, found.in_time) == (last_on, last_on is not None)
    assert len(found.warnings) == len(warns)
    assert all(words in said for words, said in zip(warns, found.warnings, strict=True))


def test_a_bank_holiday_moves_what_follows() -> None:
    first = date(2027, 3, 1)
    found = fit(twelve()[:6], requirement(6, date(2027, 7, 1), first), first, CALENDAR)
    assert found.last_on == date(2027, 4, 6), "29 March 2027 is Easter Monday"


def test_the_first_waits_for_the_last_held_and_for_the_requirement() -> None:
    one = [planned()]
    starts_later = fit(one, requirement(1, date(2027, 9, 1), date(2027, 7, 5)), MONDAY, CALENDAR)
    assert starts_later.last_on == date(2027, 7, 5)
    held = MONDAY - timedelta(days=2)
    after = fit(one, requirement(1, date(2027, 9, 1)), MONDAY, CALENDAR, last_held=held)
    assert after.last_on == date(2027, 6, 14), "seven days after a Saturday is one; Monday follows"


def test_voluntary_sessions_are_not_counted() -> None:
    found = fit([planned(required=False)], requirement(0, MONDAY), MONDAY, CALENDAR)
    assert (found.in_time, found.words, found.warnings) == (
        True,
        "No required session is to come.",
        (),
    )


def test_a_gap_between_two_periods_is_passed_over() -> None:
    two = Requirement(2, ((MONDAY, MONDAY), (date(2027, 8, 2), date(2027, 9, 1))))
    assert fit([planned()] * 2, two, MONDAY, CALENDAR).last_on == date(2027, 8, 2)


GAPS = st.tuples(st.integers(1, 20), st.integers(0, 20), st.integers(0, 20))
SESSIONS = st.lists(
    st.builds(
        lambda gaps, required: planned(
            least_gap=gaps[0],
            ideal_gap=gaps[0] + gaps[1],
            most_gap=gaps[0] + gaps[1] + gaps[2],
            required=required,
        ),
        GAPS,
        st.booleans(),
    ),
    max_size=15,
)


@given(SESSIONS, st.integers(0, 400), st.integers(0, 20))
def test_what_always_holds_of_a_fit(sessions: list[Planned], days: int, left: int) -> None:
    found = fit(sessions, requirement(left, MONDAY + timedelta(days=days)), MONDAY, CALENDAR)
    required = [one for one in sessions if one.required]
    assert found.in_time == (not required or found.last_on is not None)
    if found.last_on is not None:
        assert MONDAY + timedelta(days=least_days(required)) <= found.last_on
        assert found.last_on <= MONDAY + timedelta(days=days)
    if found.last_on is not None and found.ideal_last_on is not None:
        assert found.last_on <= found.ideal_last_on
    assert found.in_time or any("do not fit" in one for one in found.warnings)
    assert (len(required) < left) == any("still expects" in one for one in found.warnings)


@given(SESSIONS, st.integers(0, 300))
def test_more_time_never_fits_less(sessions: list[Planned], days: int) -> None:
    def at(more: int) -> bool:
        last = MONDAY + timedelta(days=days + more)
        return fit(sessions, requirement(0, last), MONDAY, CALENDAR).in_time

    assert not at(0) or at(30)


def test_why_a_session_is_fixed() -> None:
    assert "can be repeated" in why_fixed("held on 3 March", held=True)
    assert "Cancel the booking first" in why_fixed("booked for 3 March", held=False)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ({"therapy": "cbt"}, "part of: Cognitive behavioural therapy (CBT)"),
        ({"required": False}, "part of the order: no, his choice"),
        ({"review": "end", "minutes": 50}, "review: Review at the end; minutes: 50"),
        ({"therapist_id": None}, "therapist: nobody"),
        ({"therapist_id": 3}, "therapist: Sam Adeyemi"),
        ({"priority": "soon"}, "priority: Soon"),
        ({"replaced": [1, 2]}, "sessions replaced: 2"),
        ({"position": 4, "other": 9}, "place: 4"),
        ({}, ""),
    ],
)
def test_what_it_was_before_in_words(before: dict[str, object], words: str) -> None:
    named = {"therapist_id": "Sam Adeyemi"} if before.get("therapist_id") else {}
    assert change_words(before, named) == words
