"""The grid of a calendar: what stands where, also when clocks change and over midnight."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.availability.open_rules import monday_of
from sessions.availability.shapes import Span
from sessions.calendar.grid_rules import (
    Block,
    BlockKind,
    day_of,
    grid_of,
    week_days,
    within_day,
)

MONDAY = date(2027, 3, 22)
HOUR = timedelta(hours=1)


def block(starts: datetime, length: timedelta = HOUR) -> Block:
    return Block(BlockKind.SESSION, Span(starts, starts + length))


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=UTC)


def test_a_week_without_anything_is_nine_to_five_from_monday_to_friday() -> None:
    days = week_days(MONDAY, [])
    grid = grid_of([("", day, "", []) for day in days], date(2027, 3, 24))
    assert days == tuple(MONDAY + timedelta(days=n) for n in range(5))
    assert (grid.first_hour, grid.last_hour, grid.quarters) == (9, 17, 32)
    assert [column.today for column in grid.columns] == [False, False, True, False, False]
    assert grid.hours[0] == "09:00"
    assert grid.hours[-1] == "16:00"


def test_a_day_of_the_weekend_is_shown_where_something_is() -> None:
    assert week_days(MONDAY, [block(utc(27, 10))])[-1] == date(2027, 3, 27)
    assert len(week_days(MONDAY, [block(utc(27, 10))])) == 6


@pytest.mark.parametrize(
    ("starts", "length", "at", "lasts"),
    [
        (utc(22, 9), HOUR, 1, 4),
        (utc(22, 9), timedelta(minutes=50), 1, 4),
        (utc(22, 9, 10), timedelta(minutes=20), 1, 2),
        (utc(22, 9, 15), timedelta(minutes=15), 2, 1),
        (utc(22, 16, 45), timedelta(minutes=15), 32, 1),
    ],
)
def test_a_block_stands_in_its_quarters(
    starts: datetime, length: timedelta, at: int, lasts: int
) -> None:
    grid = grid_of([("", MONDAY, "", [block(starts, length)])], MONDAY)
    (one,) = grid.columns[0].placed
    assert (one.at, one.lasts) == (at, lasts)


def test_the_scale_reaches_as_far_as_anything_does() -> None:
    grid = grid_of([("", MONDAY, "", [block(utc(22, 7, 30)), block(utc(22, 18, 30))])], MONDAY)
    assert (grid.first_hour, grid.last_hour) == (7, 20)


def test_ten_o_clock_stays_ten_o_clock_when_the_clocks_change() -> None:
    """They go forward on 28 March 2027: the same wall time is another moment."""
    before, after = block(utc(26, 10)), block(utc(29, 9))
    columns = [("", day, "", [before, after]) for day in (date(2027, 3, 26), date(2027, 3, 29))]
    grid = grid_of(columns, MONDAY)
    assert [column.placed[0].at for column in grid.columns] == [5, 5]


def test_what_goes_on_past_midnight_is_on_both_days() -> None:
    late = block(utc(22, 23), 2 * HOUR)
    grid = grid_of([("", MONDAY, "", [late]), ("", date(2027, 3, 23), "", [late])], MONDAY)
    evening, night = (column.placed[0] for column in grid.columns)
    assert (grid.first_hour, grid.last_hour) == (0, 24)
    assert (evening.at, evening.lasts) == (93, 4)
    assert (night.at, night.lasts) == (1, 4)


@given(
    starts=st.datetimes(datetime(2026, 10, 20), datetime(2027, 4, 5)),  # noqa: DTZ001 (made UTC)
    minutes=st.integers(1, 600),
)
def test_every_minute_of_a_block_is_on_just_one_day(starts: datetime, minutes: int) -> None:
    span = Span(starts.replace(tzinfo=UTC), starts.replace(tzinfo=UTC) + timedelta(minutes=minutes))
    first = day_of(span)
    parts = [within_day(span, first + timedelta(days=n)) for n in range(-1, 3)]
    lengths = [part.ends_at - part.starts_at for part in parts if part]
    assert sum(lengths, timedelta()) == timedelta(minutes=minutes)
    assert parts[0] is None
    assert monday_of(first) <= first


def test_two_blocks_never_stand_in_one_row() -> None:
    blocks = [
        block(utc(22, 9), timedelta(minutes=50)),
        block(utc(22, 9, 50), timedelta(minutes=50)),
        Block(BlockKind.FREE, Span(utc(22, 10, 40), utc(22, 12))),
    ]
    (column,) = grid_of([("", MONDAY, "", blocks)], MONDAY).columns
    assert [(one.at, one.lasts) for one in column.placed] == [(1, 4), (5, 3), (8, 5)]


def test_what_is_free_for_less_than_a_row_is_left_out() -> None:
    blocks = [
        block(utc(22, 9), timedelta(minutes=50)),
        Block(BlockKind.FREE, Span(utc(22, 9, 50), utc(22, 10))),
        block(utc(22, 10)),
    ]
    (column,) = grid_of([("", MONDAY, "", blocks)], MONDAY).columns
    assert [one.block.kind for one in column.placed] == [BlockKind.SESSION] * 2
