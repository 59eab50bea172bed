"""London wall time: the hour that does not exist is refused, the one that comes twice is chosen."""

from datetime import UTC, date, datetime

import pytest

from mhtr.core import clock, formats
from mhtr.core.clock import NoSuchTime, SetClock


def test_a_winter_and_a_summer_time() -> None:
    assert clock.from_london(datetime(2026, 1, 5, 10, 0)) == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert clock.from_london(datetime(2026, 7, 6, 10, 0)) == datetime(2026, 7, 6, 9, tzinfo=UTC)


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_missing_hour_of_spring_is_refused(minute: int) -> None:
    with pytest.raises(NoSuchTime):
        clock.from_london(datetime(2026, 3, 29, 1, minute))


def test_the_repeated_hour_of_autumn_is_chosen() -> None:
    wall = datetime(2026, 10, 25, 1, 30)
    assert clock.from_london(wall, fold=0) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert clock.from_london(wall, fold=1) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_today_is_londons_day(set_clock: SetClock) -> None:
    set_clock.moment = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)
    assert clock.today() == date(2026, 7, 7)


def test_a_naive_clock_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        SetClock(datetime(2026, 1, 1))


def test_times_are_written_in_london_time() -> None:
    assert formats.moment(datetime(2026, 7, 6, 9, 5, tzinfo=UTC)) == "6 July 2026 at 10:05"
    assert formats.short_day(date(2026, 2, 3)) == "Tue 3 Feb 2026"


def test_a_short_moment_names_another_year(set_clock: SetClock) -> None:
    set_clock.moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    times = [datetime(year, 11, 18, 9, 30, tzinfo=UTC) for year in (2025, 2026, 2027)]
    said = ["18 Nov 2025 09:30", "18 Nov 09:30", "18 Nov 2027 09:30"]
    assert [formats.short_moment(one) for one in times] == said


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2008, 11, 18), date(2026, 11, 17), 17),
        (date(2008, 11, 18), date(2026, 11, 18), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (None, date(2026, 3, 1), None),
    ],
)
def test_age(born: date | None, on: date, age: int | None) -> None:
    assert formats.age_on(born, on) == age
