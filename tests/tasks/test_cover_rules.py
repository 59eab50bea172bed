"""Days with and without a duty clinician."""

from datetime import date, time

import pytest

from mhtr.tasks.cover_rules import (
    Away,
    Calendar,
    Cover,
    HoursRow,
    broken_by,
    there,
    uncovered,
    words,
)

MONDAY = date(2026, 11, 16)
TUESDAY, WEDNESDAY, SATURDAY = date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 21)
CHRISTMAS = date(2026, 12, 25)
NINE, FIVE = time(9), time(17)
WEEK = tuple(HoursRow(day, NINE, FIVE, date(2026, 1, 1)) for day in range(5))


@pytest.mark.parametrize(
    ("calendar", "day", "expected"),
    [
        (Calendar(WEEK), MONDAY, (NINE, FIVE)),
        (Calendar(WEEK), SATURDAY, None),
        (Calendar(WEEK), CHRISTMAS, None),
        (Calendar(WEEK, opened=frozenset({CHRISTMAS})), CHRISTMAS, (NINE, FIVE)),
        (Calendar(WEEK, opened=frozenset({SATURDAY})), SATURDAY, (NINE, FIVE)),
        (Calendar(WEEK, closed=frozenset({MONDAY})), MONDAY, None),
        (Calendar(WEEK), date(2025, 12, 31), None),
        (Calendar((HoursRow(0, NINE, FIVE, MONDAY, MONDAY),)), date(2026, 11, 23), None),
        (Calendar((*WEEK, HoursRow(0, time(8), FIVE, MONDAY))), MONDAY, (time(8), FIVE)),
        (Calendar(), MONDAY, None),
    ],
)
def test_hours_of_a_day(calendar: Calendar, day: date, expected: tuple[time, time] | None) -> None:
    assert calendar.hours(day) == expected


@pytest.mark.parametrize(
    ("assigned", "away", "expected"),
    [
        ((1, 2), (), (1, 2)),
        ((1,), (Away(1, MONDAY, TUESDAY),), ()),
        ((1,), (Away(1, MONDAY, TUESDAY, cover_id=2),), (2,)),
        ((1,), (Away(1, TUESDAY, TUESDAY),), (1,)),
        ((1,), (Away(1, MONDAY, MONDAY, 2), Away(2, MONDAY, MONDAY)), ()),
        ((1, 2), (Away(1, MONDAY, MONDAY, cover_id=2),), (2,)),
    ],
)
def test_who_is_really_there(
    assigned: tuple[int, ...], away: tuple[Away, ...], expected: tuple[int, ...]
) -> None:
    assert there(assigned, away, MONDAY) == expected


def test_only_what_an_edit_breaks_counts_against_it() -> None:
    before = Cover(Calendar(WEEK), {MONDAY: (1,), TUESDAY: (1,)})
    after = Cover(Calendar(WEEK), {MONDAY: (1,), TUESDAY: (1,)}, (Away(1, MONDAY, MONDAY),))
    assert WEDNESDAY in uncovered(before, MONDAY) and MONDAY not in uncovered(before, MONDAY)
    assert broken_by(before, after, MONDAY) == (MONDAY,)
    assert broken_by(before, before, MONDAY) == ()


def test_the_look_ahead_ends_after_four_weeks() -> None:
    days = uncovered(Cover(Calendar(WEEK), {}), MONDAY)
    assert len(days) == 20 and days[-1] == date(2026, 12, 11)


def test_what_breaks_is_said_in_sentences() -> None:
    assert words(()) == ()
    said = words((MONDAY,), 2)
    assert said[0] == "No duty clinician would be there on Mon 16 Nov."
    assert said[1].startswith("2 open risk tasks would go to")
    assert "and 2 more" in words([date(2026, 12, n) for n in range(1, 13)])[0]


def test_an_extra_day_has_the_hours_of_the_first_open_day_of_the_week() -> None:
    short = (HoursRow(3, time(10), time(12), date(2026, 1, 1)), *WEEK[4:])
    extra = frozenset({SATURDAY})
    assert Calendar(short, opened=extra).hours(SATURDAY) == (time(10), time(12))
    assert Calendar((), opened=extra).hours(SATURDAY) == (NINE, FIVE)


def test_hours_hold_through_their_last_day() -> None:
    rows = (HoursRow(0, NINE, FIVE, MONDAY, MONDAY),)
    assert Calendar(rows).hours(MONDAY) == (NINE, FIVE)


def test_ten_days_are_named_and_the_rest_counted() -> None:
    days = [date(2026, 11, 2 + n) for n in range(12)]
    assert words(days[:10]) == (
        "No duty clinician would be there on Mon 2 Nov, Tue 3 Nov, Wed 4 Nov, Thu 5 Nov,"
        " Fri 6 Nov, Sat 7 Nov, Sun 8 Nov, Mon 9 Nov, Tue 10 Nov, Wed 11 Nov.",
    )
    assert words(days)[0].endswith("Wed 11 Nov and 2 more.")
    assert words(days[:11])[0].endswith("Wed 11 Nov and 1 more.")


@pytest.mark.parametrize(("tasks", "many"), [(1, "1 open risk task"), (2, "2 open risk tasks")])
def test_open_risk_tasks_are_counted_in_words(tasks: int, many: str) -> None:
    left = f"{many} would go to whoever is at work then. Hand over first if you can."
    assert words((), tasks) == (left,)
