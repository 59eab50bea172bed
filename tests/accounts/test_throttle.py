"""Waiting after failed tries: longer each time, up to a limit, never for ever."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from mhtr.accounts import throttle_service
from mhtr.accounts.arrival import address
from mhtr.accounts.models import SignInAttempt
from mhtr.accounts.throttle import Limits, in_minutes, wait
from mhtr.cases import break_glass_service
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.conftest import NOON
from tests.makers import make_staff

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


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", "unknown"),
    ],
)
def test_one_who_has_a_network_has_no_more_tries(app: Flask, remote: str, counted: str) -> None:
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": remote}):
        assert address() == counted


def test_a_short_window_does_not_forget_searches_for_emergency_access(
    app: Flask, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = make_staff(Role.ASSESSOR).id
    with writing():
        break_glass_service.note_miss(by=by)
    short = {
        "throttle_minutes": 15,
        "tries_per_account": 5,
        "tries_per_address": 30,
        "longest_wait_minutes": 15,
    }
    monkeypatch.setattr(throttle_service, "values", lambda *_: short)
    for minutes, left in ((50, 1), (11, 0)):
        set_clock.advance(minutes=minutes)
        with writing():
            throttle_service.start("password", "somebody", address="198.51.100.7")
        kept = select(SignInAttempt.id).where(SignInAttempt.key == f"break-glass:{by}")
        assert len(db.session.scalars(kept).all()) == left
