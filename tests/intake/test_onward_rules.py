"""The steps of an onward referral."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from mhtr.intake.onward_rules import (
    NEXT,
    ONWARD_WORDS,
    Appointment,
    OnwardState,
    ended,
    why_not,
)

S = OnwardState
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


def at(moment: datetime | None) -> Appointment:
    return Appointment(moment, NOW - timedelta(days=3), NOW)


@pytest.mark.parametrize("state", list(S))
def test_endings(state: OnwardState) -> None:
    assert ended(state) is (state in (S.ATTENDED, S.REFUSED, S.HE_DECLINED, S.HE_DIED))


@pytest.mark.parametrize(("before", "after"), list(product(S, S)))
def test_what_may_follow_what(before: OnwardState, after: OnwardState) -> None:
    why = why_not(before, after, at(NOW))
    cannot = f"“{ONWARD_WORDS[after]}” cannot follow “{ONWARD_WORDS[before]}”."
    assert why == ("" if after in NEXT[before] else cannot)


def test_a_booked_appointment_needs_its_time() -> None:
    booked = S.FIRST_APPOINTMENT_BOOKED
    missing = "Enter the date and time of the first appointment."
    assert why_not(S.SENT, booked, at(None)) == missing
    assert why_not(S.SENT, S.ACCEPTED, at(None)) == ""
