"""Working days: gov.uk's bank holidays, local changes, and the arithmetic."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.working_days import WorkingCalendar, bank_holidays

ENGLAND = WorkingCalendar()
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
CALENDARS = st.builds(
    lambda closed, opened: WorkingCalendar(closures=closed, openings=opened - closed),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 2, 28)), max_size=12),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 2, 28)), max_size=12),
)
NEARBY = st.dates(date(2025, 12, 15), date(2026, 3, 15))


@pytest.mark.parametrize(
    ("year", "published"),
    [
        # gov.uk/bank-holidays, England and Wales
        (2026, ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]),
        (2027, ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"]),
    ],
)
def test_weekday_bank_holidays_are_those_of_gov_uk(year: int, published: list[str]) -> None:
    on_weekdays = {day for day in bank_holidays(year) if day.weekday() < 5}
    assert on_weekdays == {date.fromisoformat(f"{year}-{day}") for day in published}


def test_one_off_and_scottish_holidays() -> None:
    assert date(2023, 5, 8) in bank_holidays(2023)  # Coronation of King Charles III
    assert not ENGLAND.is_working(date(2022, 9, 19))  # State Funeral of Queen Elizabeth II
    assert ENGLAND.is_working(date(2026, 1, 2))  # a holiday in Scotland only
    assert ENGLAND.is_working(date(2026, 11, 30))  # likewise, St Andrew's Day


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-12-24", 0, "2026-12-24"),
        ("2026-12-24", 1, "2026-12-29"),
        ("2026-12-25", 0, "2026-12-29"),
        ("2026-12-26", 1, "2026-12-29"),
        ("2026-12-24", 5, "2027-01-05"),
        ("2026-04-02", 1, "2026-04-07"),
        ("2026-11-20", 15, "2026-12-11"),
        ("2026-11-21", 0, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
    ],
)
def test_adding_working_days(start: str, days: int, expected: str) -> None:
    assert ENGLAND.add(date.fromisoformat(start), days) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-12-29", 1, "2026-12-24"),
        ("2026-12-28", 0, "2026-12-24"),
        ("2026-12-29", 0, "2026-12-29"),
        ("2026-04-07", 1, "2026-04-02"),
        ("2026-11-22", 1, "2026-11-20"),
    ],
)
def test_subtracting_working_days(start: str, days: int, expected: str) -> None:
    assert ENGLAND.subtract(date.fromisoformat(start), days) == date.fromisoformat(expected)


def test_negative_numbers_of_days_are_refused() -> None:
    for step in (ENGLAND.add, ENGLAND.subtract):
        with pytest.raises(ValueError, match="negative"):
            step(date(2026, 11, 23), -1)


def test_local_changes_work_both_ways() -> None:
    monday, saturday, christmas = date(2026, 11, 23), date(2026, 11, 28), date(2026, 12, 25)
    proclaimed = date(2026, 12, 1)
    local = WorkingCalendar(
        closures=frozenset({monday}),
        extra_holidays=frozenset({proclaimed}),
        openings=frozenset({saturday, christmas}),
    )
    assert not local.is_working(monday)
    assert not local.is_working(proclaimed)
    assert local.is_working(saturday)
    assert local.is_working(christmas)
    assert local.add(date(2026, 11, 20), 1) == date(2026, 11, 24)


def test_a_day_cannot_be_both_open_and_closed() -> None:
    day = frozenset({date(2026, 11, 23)})
    with pytest.raises(ValueError, match="2026-11-23"):
        WorkingCalendar(closures=day, openings=day)
    with pytest.raises(ValueError, match="2026-11-23"):
        WorkingCalendar(extra_holidays=day, openings=day)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-23", "2026-11-23", 0),
        ("2026-11-21", "2026-11-22", 0),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-23", "2026-11-20", -1),
        ("2026-12-24", "2027-01-05", 5),
        ("2026-12-24", "2026-12-28", 0),
    ],
)
def test_working_days_between(start: str, end: str, expected: int) -> None:
    assert ENGLAND.between(date.fromisoformat(start), date.fromisoformat(end)) == expected


@given(CALENDARS, NEARBY, st.integers(0, 20))
def test_add_then_subtract_returns_to_a_working_day(
    calendar: WorkingCalendar, day: date, days: int
) -> None:
    start = calendar.add(day, 0)
    assert calendar.subtract(calendar.add(start, days), days) == start


@given(CALENDARS, NEARBY, st.integers(0, 20))
def test_results_are_working_days_and_between_counts_them(
    calendar: WorkingCalendar, day: date, days: int
) -> None:
    later, earlier = calendar.add(day, days), calendar.subtract(day, days)
    assert calendar.is_working(later) and calendar.is_working(earlier)
    if days:
        assert calendar.between(day, later) == days
        assert calendar.between(day, earlier) == -days


@given(CALENDARS, DAYS, st.integers(0, 3000))
def test_days_between_are_those_that_work_one_by_one(
    calendar: WorkingCalendar, day: date, length: int
) -> None:
    """Years are counted by their weeks: the same as looking at every day."""
    days = [day + timedelta(days=n) for n in range(1, length + 1)]
    end = day + timedelta(days=length)
    assert calendar.between(day, end) == sum(map(calendar.is_working, days))
    extra = replace(calendar, extra_holidays=frozenset(days[:3]) - calendar.openings)
    assert extra.between(day, end) == sum(map(extra.is_working, days))


def test_a_count_over_years_does_not_look_at_every_day(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[date] = []
    monkeypatch.setattr(WorkingCalendar, "is_working", lambda _self, day: looked.append(day))
    assert ENGLAND.between(date(2018, 11, 1), date(2026, 11, 1)) > 2000
    assert looked == []


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_adding_in_two_steps_is_adding_the_sum(day: date, first: int, second: int) -> None:
    start = ENGLAND.add(day, 0)
    assert ENGLAND.add(ENGLAND.add(start, first), second) == ENGLAND.add(start, first + second)


@given(DAYS)
def test_no_weekend_works_without_a_local_opening(day: date) -> None:
    saturday = day + timedelta(days=5 - day.weekday())
    assert not ENGLAND.is_working(saturday)
    assert not ENGLAND.is_working(saturday + timedelta(days=1))
