"""The order's clock: hand-counted cases, and a brute-force reading of the same question."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.working_days import WorkingCalendar
from mhtr.orders.terms import Period, Treatment
from mhtr.orders.treatment_clock import Course, Gap, clock_of

CALENDAR = WorkingCalendar()
START, END = date(2026, 6, 1), date(2026, 11, 30)  # Monday to Monday, 183 days


def period(starts: date = START, ends: date = END) -> Period:
    return Period(starts, ends, Treatment.INSTITUTION, "Northside Clinic")


@pytest.mark.parametrize(
    ("today", "used", "left"),
    [
        (date(2026, 5, 1), 0, 183),
        (START, 0, 183),
        (date(2026, 6, 2), 1, 182),
        (END, 182, 1),
        (date(2026, 12, 1), 183, 0),
        (date(2027, 1, 1), 183, 0),
    ],
)
def test_days_used_and_left(today: date, used: int, left: int) -> None:
    clock = clock_of([period()], Course(12), today, CALENDAR)
    assert (clock.days_used, clock.days_left) == (used, left)


def test_latest_dates_count_back_from_the_end() -> None:
    clock = clock_of([period()], Course(3), START, CALENDAR)
    assert clock.latest == (date(2026, 11, 16), date(2026, 11, 23), END)
    assert clock.slack_weeks == 24
    assert clock.in_time
    assert clock.reasons == (
        "The requirement ends on 30 November 2026: 3 sessions can be held in time, "
        "with 24 weeks to spare.",
    )


def test_a_latest_date_is_a_working_day() -> None:
    """The end is Boxing Day's substitute: the last day before it, and a week before that."""
    clock = clock_of([period(START, date(2026, 12, 28))], Course(2), START, CALENDAR)
    assert clock.latest == (date(2026, 12, 17), date(2026, 12, 24))


@pytest.mark.parametrize(
    ("today", "in_time", "slack"),
    [
        (date(2026, 9, 14), True, 0),  # twelve Mondays, the last on the last day
        (date(2026, 9, 15), False, None),
        (date(2026, 9, 7), True, 1),
        (date(2026, 9, 8), True, 0),
    ],
)
def test_it_says_at_once_that_the_sessions_no_longer_fit(
    today: date, in_time: bool, slack: int | None
) -> None:
    clock = clock_of([period()], Course(12), today, CALENDAR)
    assert (clock.in_time, clock.slack_weeks) == (in_time, slack)
    if not in_time:
        assert clock.latest == ()
        assert "12 sessions cannot now be held in time" in clock.reasons[0]


def test_the_next_session_waits_for_the_gap_after_the_last() -> None:
    held = (date(2026, 11, 16),)
    fits = clock_of([period()], Course(3, held), date(2026, 11, 17), CALENDAR)
    assert (fits.in_time, fits.slack_weeks, fits.latest) == (True, 0, (date(2026, 11, 23), END))
    late = clock_of([period()], Course(3, (date(2026, 11, 17),)), date(2026, 11, 17), CALENDAR)
    assert not late.in_time
    assert (late.sessions_held, late.sessions_left) == (1, 2)


def test_nothing_left_to_hold_is_in_time_whatever_the_day() -> None:
    held = tuple(START + timedelta(weeks=week) for week in range(12))
    clock = clock_of([period()], Course(12, held), date(2027, 5, 1), CALENDAR)
    assert (clock.sessions_left, clock.in_time, clock.slack_weeks) == (0, True, None)
    assert clock.reasons == ("All 12 sessions are held. The requirement ends on 30 November 2026.",)


def test_a_session_after_today_is_not_held_yet() -> None:
    clock = clock_of([period()], Course(2, (date(2026, 6, 9),)), date(2026, 6, 8), CALENDAR)
    assert clock.sessions_held == 0


def test_after_the_end_it_says_what_was_not_held() -> None:
    clock = clock_of([period()], Course(12), date(2026, 12, 1), CALENDAR)
    assert not clock.in_time
    assert clock.reasons == (
        "The requirement ended on 30 November 2026 with 12 sessions not held.",
    )


def test_an_order_that_ended_early_ends_the_requirement() -> None:
    clock = clock_of([period()], Course(1), START, CALENDAR, over_on=date(2026, 7, 3))
    assert clock.latest == (date(2026, 7, 3),)
    assert clock.days_left == 33


def test_no_day_between_two_periods_counts() -> None:
    two = [period(START, date(2026, 6, 5)), period(date(2026, 9, 7), date(2026, 9, 11))]
    clock = clock_of(two, Course(2), START, CALENDAR)
    assert clock.latest == (date(2026, 6, 5), date(2026, 9, 11))
    assert clock.days_left == 10
    assert clock_of(two, Course(2), date(2026, 6, 8), CALENDAR).in_time is False


@given(
    length=st.integers(0, 40),
    second=st.integers(0, 20),
    apart=st.integers(1, 20),
    sessions=st.integers(0, 5),
    gap=st.integers(1, 9),
    waited=st.integers(0, 50),
)
def test_it_agrees_with_trying_every_day(
    length: int, second: int, apart: int, sessions: int, gap: int, waited: int
) -> None:
    """Taking the first possible day each time fits in the most sessions: so it must agree."""
    first = period(START, START + timedelta(days=length))
    begins = first.ends_on + timedelta(days=apart)
    periods = [first, period(begins, begins + timedelta(days=second))]
    today = START + timedelta(days=waited)
    clock = clock_of(periods, Course(sessions, least_gap=gap), today, CALENDAR)
    days = [
        day
        for one in periods
        for day in (one.starts_on + timedelta(days=n) for n in range(one.days))
        if day >= today and CALENDAR.is_working(day)
    ]
    assert clock.in_time is (_most(days, gap) >= sessions)
    if clock.latest:
        held = clock.latest
        assert all(day in days for day in held)
        assert all((after - one).days >= gap for one, after in zip(held, held[1:], strict=False))
        later = [day for day in days if day > held[0]]
        assert _most(later, gap) < sessions


def _most(days: list[date], gap: int) -> int:
    count, last = 0, None
    for day in days:
        if last is None or (day - last).days >= gap:
            count, last = count + 1, day
    return count


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (
            Gap(date(2026, 6, 3), date(2026, 6, 9)),
            "He could not attend from 3 June 2026 to 9 June 2026 (7 days), and the requirement "
            "ran on.",
        ),
        (
            Gap(date(2026, 6, 3), date(2026, 6, 3)),
            "He could not attend from 3 June 2026 to 3 June 2026 (1 day), and the requirement "
            "ran on.",
        ),
        (Gap(date(2026, 6, 3)), "He cannot attend since 3 June 2026, and the requirement runs on."),
        (Gap(date(2026, 5, 1), date(2026, 5, 31)), ""),
        (Gap(date(2026, 12, 1)), ""),
    ],
)
def test_a_gap_is_said_and_moves_no_day(gap: Gap, words: str) -> None:
    today = date(2026, 6, 10)
    without = clock_of([period()], Course(12), today, CALENDAR)
    clock = clock_of([period()], Course(12), today, CALENDAR, gaps=[gap])
    assert clock.reasons == (*without.reasons, *([words] if words else []))
    assert replace(clock, reasons=without.reasons) == without
