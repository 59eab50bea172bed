"""By when the papers of a referral are sent: working days of England, by either reading."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.working_days import WorkingCalendar
from mhtr.probation.papers.countdown import Counting, CountsFrom, Stage, countdown, due_on

CALENDAR = WorkingCalendar()
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("referred", "starts", "due"),
    [
        (date(2026, 11, 18), CountsFrom.DAY_AFTER, date(2026, 12, 2)),  # a Wednesday
        (date(2026, 11, 18), CountsFrom.SAME_DAY, date(2026, 12, 1)),
        (date(2026, 11, 21), CountsFrom.DAY_AFTER, date(2026, 12, 4)),  # a Saturday
        (date(2026, 11, 21), CountsFrom.SAME_DAY, date(2026, 12, 4)),
        # Christmas Day, the day given for Boxing Day (a Saturday), New Year's Day
        (date(2026, 12, 21), CountsFrom.DAY_AFTER, date(2027, 1, 7)),
        (date(2026, 12, 24), CountsFrom.SAME_DAY, date(2027, 1, 11)),
        (date(2027, 3, 25), CountsFrom.DAY_AFTER, date(2027, 4, 12)),  # before Good Friday
    ],
)
def test_the_last_day(referred: date, starts: CountsFrom, due: date) -> None:
    assert due_on(referred, Counting(10, starts), CALENDAR) == due


@given(DAYS, st.integers(1, 40))
def test_it_is_a_working_day_and_the_default_is_never_the_earlier(on: date, days: int) -> None:
    after, same = (due_on(on, Counting(days, one), CALENDAR) for one in CountsFrom)
    assert CALENDAR.is_working(after) and CALENDAR.is_working(same)
    assert same <= after and CALENDAR.between(on, after) == days


DUE = date(2026, 12, 2)


@pytest.mark.parametrize(
    ("today", "stage", "words"),
    [
        (date(2026, 11, 18), Stage.TO_SEND, "Papers due by 2 December 2026: 10 working days left"),
        (date(2026, 11, 26), Stage.TO_SEND, "Papers due by 2 December 2026: 4 working days left"),
        (date(2026, 11, 27), Stage.SOON, "Papers due by 2 December 2026: 3 working days left"),
        (date(2026, 12, 1), Stage.SOON, "Papers due by 2 December 2026: 1 working day left"),
        (date(2026, 12, 2), Stage.SOON, "Papers due today"),
        (date(2026, 12, 3), Stage.LATE, "Papers late by 1 working day: due on 2 December 2026"),
        (date(2026, 12, 7), Stage.LATE, "Papers late by 3 working days: due on 2 December 2026"),
    ],
)
def test_where_it_stands_on_a_day(today: date, stage: Stage, words: str) -> None:
    found = countdown(DUE, today, CALENDAR, sent_on=None)
    assert (found.stage, found.words, found.runs) == (stage, words, True)


def test_it_stops_when_they_are_sent() -> None:
    in_time = countdown(DUE, DUE + timedelta(days=30), CALENDAR, sent_on=DUE)
    assert (in_time.stage, in_time.words) == (Stage.SENT, "Papers sent on 2 December 2026")
    late = countdown(DUE, DUE + timedelta(days=30), CALENDAR, sent_on=DUE + timedelta(days=1))
    assert late.words.endswith("after the last day for them") and not late.runs


def test_it_stops_when_nobody_waits_for_them() -> None:
    found = countdown(DUE, DUE + timedelta(days=30), CALENDAR, sent_on=None, needed=False)
    assert found.stage is Stage.NOT_NEEDED and not found.runs
