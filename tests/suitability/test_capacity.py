"""From which day a report can be written, given who is away."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.working_days import WorkingCalendar
from mhtr.suitability.capacity import Writer, ready_on

CALENDAR = WorkingCalendar()
MONDAY = date(2026, 11, 23)
NEXT_MONDAY = date(2026, 11, 30)


def day(number: int) -> date:
    """A day of that November, from the 31st on of December."""
    return date(2026, 11, 1) + timedelta(days=number - 1)


@pytest.mark.parametrize(
    ("due", "least", "since", "today", "away", "ready"),
    [
        # Due the same day: he is there, or not.
        (23, 0, 23, 23, (), 23),
        (23, 0, 23, 23, ((23, 23),), 24),
        (23, 1, 23, 23, (), 24),
        # Away from tomorrow until the due date: the rest of today is not enough.
        (27, 0, 23, 23, ((24, 27),), 30),
        (27, 0, 23, 23, ((24, 26),), 27),
        (27, 0, 23, 23, ((25, 30),), 24),
        # Whole days he is there count, others do not.
        (27, 3, 23, 23, (), 26),
        (27, 3, 23, 23, ((25, 26),), 30),
        (27, 4, 23, 23, ((24, 24),), 30),
        # Days since he was given it, not since the request.
        (27, 3, 26, 26, (), 31),
        # He had days enough, but none is left.
        (27, 2, 23, 25, ((26, 27),), 30),
        (27, 2, 23, 25, ((26, 26),), 27),
        # Overdue: the next day on which he is there.
        (27, 0, 23, 30, ((28, 40),), 41),
        (27, 0, 23, 30, (), 31),
    ],
)
def test_the_first_day_on_which_it_can_be_ready(
    due: int,
    least: int,
    since: int,
    today: int,
    away: tuple[tuple[int, int], ...],
    ready: int,
) -> None:
    writer = Writer(day(since), day(today), tuple((day(a), day(b)) for a, b in away))
    assert ready_on(MONDAY, day(due), least, writer, CALENDAR) == day(ready)


spans = st.tuples(st.integers(20, 40), st.integers(0, 8)).map(lambda s: (day(s[0]), day(sum(s))))


@given(
    st.integers(23, 40), st.integers(0, 6), st.integers(20, 40), st.lists(spans, max_size=3), spans
)
def test_more_leave_never_makes_it_earlier(
    due: int, least: int, today: int, away: list[tuple[date, date]], more: tuple[date, date]
) -> None:
    fewer = Writer(MONDAY, day(today), tuple(away))
    further = Writer(MONDAY, day(today), (*away, more))
    first = ready_on(MONDAY, day(due), least, fewer, CALENDAR)
    assert first <= ready_on(MONDAY, day(due), least, further, CALENDAR)
    if day(due) >= max(MONDAY, day(today)):
        assert fewer.is_there(first, CALENDAR)
