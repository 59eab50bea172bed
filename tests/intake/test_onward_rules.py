"""The steps of an onward referral."""

from itertools import product

import pytest

from mhtr.intake.onward_rules import NEXT, ONWARD_WORDS, OnwardState, ended, why_not

S = OnwardState


@pytest.mark.parametrize("state", list(S))
def test_endings(state: OnwardState) -> None:
    assert ended(state) is (state in (S.ATTENDED, S.REFUSED, S.HE_DECLINED))


@pytest.mark.parametrize(("before", "after"), list(product(S, S)))
def test_what_may_follow_what(before: OnwardState, after: OnwardState) -> None:
    why = why_not(before, after, appointment_given=True)
    cannot = f"“{ONWARD_WORDS[after]}” cannot follow “{ONWARD_WORDS[before]}”."
    assert why == ("" if after in NEXT[before] else cannot)


def test_a_booked_appointment_needs_its_time() -> None:
    booked = S.FIRST_APPOINTMENT_BOOKED
    missing = "Enter the date and time of the first appointment."
    assert why_not(S.SENT, booked, appointment_given=False) == missing
    assert why_not(S.SENT, S.ACCEPTED, appointment_given=False) == ""
