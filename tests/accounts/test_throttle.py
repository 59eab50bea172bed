"""Waiting after failed tries: longer each time, up to a limit, never for ever."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.accounts.throttle import Limits, in_minutes, wait
from tests.conftest import NOON

LIMITS = Limits(free=5, longest=timedelta(minutes=15), window=timedelta(hours=1))


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (500, 900)],
)
def test_the_wait_doubles_up_to_its_limit(failures: int, seconds: int) -> None:
    assert wait([NOON] * failures, NOON, LIMITS) == timedelta(seconds=seconds)


def test_the_wait_runs_from_the_last_failure() -> None:
    failures = [NOON - timedelta(minutes=5)] * 4 + [NOON - timedelta(seconds=20)]
    assert wait(failures, NOON, LIMITS) == timedelta(seconds=10)
    assert wait(failures, NOON + timedelta(seconds=10), LIMITS) == timedelta(0)


def test_failures_before_the_window_do_not_count() -> None:
    assert wait([NOON - timedelta(hours=1)] * 50, NOON, LIMITS) == timedelta(0)


@given(st.lists(st.integers(-7200, 7200), max_size=60))
def test_nobody_ever_waits_longer_than_the_limit(ages: list[int]) -> None:
    failures = [NOON - timedelta(seconds=age) for age in ages]
    left = wait(failures, NOON, LIMITS)
    assert timedelta(0) <= left <= LIMITS.longest
    assert wait(failures, NOON + LIMITS.longest + timedelta(hours=3), LIMITS) == timedelta(0)


@pytest.mark.parametrize(("seconds", "minutes"), [(1, 1), (30, 1), (60, 1), (61, 2), (900, 15)])
def test_minutes_are_rounded_up(seconds: int, minutes: int) -> None:
    assert in_minutes(timedelta(seconds=seconds)) == minutes
