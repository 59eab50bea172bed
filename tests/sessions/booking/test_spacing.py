"""Several sessions at once: spaced by their gaps, kept at one wall time, around what is closed."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.availability.shapes import Open, Span
from sessions.booking.finding import possible, why_not
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.needs import Waiting, needs_most
from sessions.booking.shapes import LONDON, Diary, london_day
from sessions.booking.spacing import Gaps, Held, Next, following, moved_along, on_the_wall
from sessions.courses.kinds import Priority
from tests.counts import count
from tests.sessions.booking.diaries import (
    ADA,
    HERE,
    HIS_KEY,
    MONDAY,
    SMALL,
    at,
    clinician,
    diary,
    hour,
    man,
    place,
    room,
    span,
    wanted,
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WEEKLY = Gaps(4, 7, 14)


def weeks(first: date, number: int, shut: frozenset[date] = frozenset()) -> Diary:
    """Ada and one room on weekdays of so many weeks."""
    days = [first + n * DAY for n in range(7 * number)]
    opened = tuple(
        Open(span(day, 9, 17), HERE) for day in days if day.weekday() < 5 and day not in shut
    )
    return diary(
        clinicians={ADA: clinician(open=opened)},
        rooms={SMALL: room(open=tuple(one.span for one in opened))},
        men=(man(within=((date(2026, 1, 1), date(2028, 1, 1)),)),),
    )


def course(held: Diary, first: date, sessions: int = 5) -> list[tuple[date, int, bool]]:
    """Day, London hour and lateness of each session that follows one at ten on the first day."""
    asked = wanted(now=at(first, 8))
    start = next(s for s in possible(asked, held) if s.starts_at == at(first, 10))
    steps = following(start, [Next(n, asked, WEEKLY) for n in range(sessions)], held)
    return [
        (london_day(s.slot.starts_at), s.slot.starts_at.astimezone(LONDON).hour, s.late)
        for s in steps
        if s.slot
    ]


@pytest.mark.parametrize("first", [date(2027, 3, 15), date(2026, 10, 12)])
def test_ten_stays_ten_when_the_clocks_change(first: date) -> None:
    found = course(weeks(first, 8), first)
    assert found == [(first + n * WEEK, 10, False) for n in range(1, 6)]


def test_a_closed_day_is_gone_around_and_then_weekly_again() -> None:
    shut = frozenset({MONDAY + 2 * WEEK})
    found = course(weeks(MONDAY, 8, shut), MONDAY)
    assert found[0] == (MONDAY + WEEK, 10, False)
    assert found[1] == (MONDAY + 2 * WEEK + DAY, 10, False)
    assert found[2] == (MONDAY + 3 * WEEK + DAY, 10, False)


def test_a_long_closure_makes_a_session_late_and_says_so() -> None:
    shut = frozenset(MONDAY + (4 + n) * DAY for n in range(24))
    found = course(weeks(MONDAY, 8, shut), MONDAY, 2)
    assert found[0] == (MONDAY + 4 * WEEK, 10, True)
    assert found[1] == (MONDAY + 5 * WEEK, 10, False)


def test_where_no_time_is_found_nothing_follows_out_of_order() -> None:
    held = weeks(MONDAY, 3)
    asked = wanted(now=at(MONDAY, 8))
    start = possible(asked, held)[0]
    steps = following(start, [Next(n, asked, WEEKLY) for n in range(6)], held)
    assert [one.slot is not None for one in steps] == [True] * 3 + [False] * 3


@settings(max_examples=count(15, 100))
@given(
    taken=st.lists(st.tuples(st.integers(0, 40), st.integers(9, 15)), max_size=30),
    minutes=st.sampled_from([45, 60, 90]),
)
def test_every_session_that_follows_is_possible_beside_the_others(
    taken: list[tuple[int, int]], minutes: int
) -> None:
    busy = {MONDAY + n * DAY: h for n, h in taken if n}
    spans = tuple(sorted(hour(day, h) for day, h in busy.items()))
    held = replace(weeks(MONDAY, 9), taken={lane_of(Lane.CLINICIAN, ADA): spans})
    asked = wanted(now=at(MONDAY, 8), minutes=minutes)
    start = possible(asked, held)[0]
    before = start
    for step in following(start, [Next(n, asked, WEEKLY) for n in range(5)], held):
        assert step.slot is not None
        gap = (london_day(step.slot.starts_at) - london_day(before.starts_at)).days
        assert WEEKLY.least <= gap <= WEEKLY.most or step.late
        assert why_not(asked, held, step.slot.place) == ()
        before = step.slot


def test_those_that_move_along_keep_their_distance_and_the_new_time() -> None:
    held = weeks(MONDAY, 6)
    was, now = Held(0, place(hour(MONDAY, 10)), wanted()), place(hour(MONDAY + DAY, 14))
    rest = [Held(n, place(hour(MONDAY + n * WEEK, 10)), wanted()) for n in (1, 2)]
    steps = moved_along(was, now, rest, held)
    starts = [one.slot.starts_at for one in steps if one.slot]
    assert starts == [at(MONDAY + DAY + n * WEEK, 14) for n in (1, 2)]
    busy = {lane_of(Lane.MAN, HIS_KEY): (hour(MONDAY + DAY + WEEK, 14),)}
    steps = moved_along(was, now, rest, replace(held, taken=busy))
    assert steps[0].slot is not None
    assert london_day(steps[0].slot.starts_at) == MONDAY + DAY + WEEK
    assert steps[0].slot.starts_at != at(MONDAY + DAY + WEEK, 14)


@pytest.mark.parametrize(
    ("busy", "found"),
    [
        # The hour after, which the ten minutes kept free leave: the same day comes first.
        (hour(MONDAY + WEEK + DAY, 11), at(MONDAY + WEEK + DAY, 12)),
        # The day beside it, at the new time of day.
        (span(MONDAY + WEEK + DAY, 9, 17), at(MONDAY + WEEK, 11)),
    ],
)
def test_what_cannot_move_along_goes_as_near_as_can_be(busy: Span, found: datetime) -> None:
    held = replace(weeks(MONDAY, 6), taken={lane_of(Lane.CLINICIAN, ADA): (busy,)})
    was = Held(0, place(hour(MONDAY, 10)), wanted())
    rest = [Held(n, place(hour(MONDAY + n * WEEK, 10)), wanted(), least=4) for n in (1, 2)]
    now = place(hour(MONDAY + DAY, 11))
    first, second = moved_along(was, now, rest, held)
    assert first.slot is not None and second.slot is not None
    assert (first.key, first.slot.starts_at) == (1, found)
    slot = second.slot
    assert (second.key, slot.starts_at) == (2, at(MONDAY + 2 * WEEK + DAY, 11))
    assert (slot.clinician, slot.room, slot.site) == ("Ada", "Room 21", "The Clinic")
    assert slot.place == place(hour(MONDAY + 2 * WEEK + DAY, 11))


def test_in_a_week_without_hours_a_session_finds_no_time_and_the_next_goes_on() -> None:
    shut = frozenset(MONDAY + WEEK + n * DAY for n in range(5))
    was = Held(0, place(hour(MONDAY, 10)), wanted())
    rest = [Held(n, place(hour(MONDAY + n * WEEK, 10)), wanted(), least=4) for n in (1, 2)]
    steps = moved_along(was, place(hour(MONDAY + DAY, 11)), rest, weeks(MONDAY, 6, shut))
    assert [one.slot and one.slot.starts_at for one in steps] == [
        None,
        at(MONDAY + 2 * WEEK + DAY, 11),
    ]


def test_a_time_that_the_clocks_skip_is_none() -> None:
    assert on_the_wall(date(2027, 3, 28), 90) is None
    assert on_the_wall(date(2027, 3, 28), 120) == at(date(2027, 3, 28), 2)


def waiting(
    key: int, priority: Priority, slack: int | None, *, in_time: bool = True, days: int = 0
) -> Waiting:
    return Waiting(key, priority, slack, in_time, MONDAY - days * DAY)


def test_priority_first_then_the_order_then_who_waited_longest() -> None:
    order = [
        waiting(8, Priority.URGENT, 20),
        waiting(7, Priority.SOON, 0, in_time=False),
        waiting(6, Priority.SOON, 1),
        waiting(5, Priority.SOON, None),
        waiting(4, Priority.ROUTINE, None, in_time=False),
        waiting(3, Priority.ROUTINE, 3, days=9),
        waiting(2, Priority.ROUTINE, 3, days=2),
        waiting(1, Priority.ROUTINE, 8),
    ]
    assert needs_most(reversed(order)) == order
