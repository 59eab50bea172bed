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
    assert said[1].startswith("2 open risk tasks would be left")
    assert "and 2 more" in words([date(2026, 12, n) for n in range(1, 13)])[0]
