"""What one person alone cannot do to an account, as pure rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mhtr.accounts.rules import (
    CONFIRMED_BY_TWO,
    Confirmer,
    Given,
    WayIn,
    did_the_other_step,
    may_settle,
    opens_records,
    takes_two,
    why_not_confirm,
)
from mhtr.core.roles import ROLE_PURPOSES, Role

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
HOLDER, GIVER, SECOND = 1, 2, 3
HERE, ELSEWHERE = 10, 20
LEAD = Given(Role.CLINICAL_LEAD, HOLDER, HERE, GIVER)


def second(role: Role, *, at: int = HERE, staff_id: int = SECOND) -> Confirmer:
    return Confirmer(staff_id, at, frozenset({role}))


def test_every_role_that_opens_records_or_manages_those_who_have_one_takes_two() -> None:
    managing = {Role.SYSTEM_ADMINISTRATOR, Role.SERVICE_MANAGER, Role.PRIVACY_OFFICER}
    assert ROLE_PURPOSES.keys() | managing == CONFIRMED_BY_TWO
    assert takes_two(Role.ASSESSOR, GIVER)
    assert not takes_two(Role.COMMISSIONER, GIVER)
    assert not takes_two(Role.ASSESSOR, None), "the program is its operator"
    assert opens_records([Role.COMMISSIONER, Role.ASSESSOR])
    assert not opens_records([Role.COMMISSIONER]) and not opens_records([])


MANAGER, ADMIN = Role.SERVICE_MANAGER, Role.SYSTEM_ADMINISTRATOR


@pytest.mark.parametrize(
    ("by", "role", "others", "at", "can"),
    [
        (ADMIN, Role.PRIVACY_OFFICER, set(), ELSEWHERE, True),
        (ADMIN, Role.SYSTEM_ADMINISTRATOR, set(), HERE, True),
        (MANAGER, Role.CLINICAL_LEAD, set(), HERE, True),
        (MANAGER, Role.CLINICAL_LEAD, set(), ELSEWHERE, False),
        (MANAGER, Role.SERVICE_MANAGER, set(), HERE, True),
        (MANAGER, Role.PRIVACY_OFFICER, set(), HERE, False),
        (MANAGER, Role.SYSTEM_ADMINISTRATOR, set(), HERE, False),
        (MANAGER, Role.ASSESSOR, {Role.PRIVACY_OFFICER}, HERE, False),
        (Role.CLINICAL_LEAD, Role.CLINICAL_LEAD, set(), HERE, True),
        (Role.CLINICAL_LEAD, Role.ASSESSOR, set(), HERE, True),
        (Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN, set(), HERE, True),
        (Role.CLINICAL_LEAD, Role.ASSESSOR, set(), ELSEWHERE, False),
        (Role.CLINICAL_LEAD, Role.ADMINISTRATOR, set(), HERE, False),
        (Role.CLINICAL_LEAD, Role.PRIVACY_OFFICER, set(), HERE, False),
        (Role.ASSESSOR, Role.ASSESSOR, set(), HERE, False),
        (Role.PRIVACY_OFFICER, Role.ASSESSOR, set(), HERE, False),
    ],
)
def test_who_confirms_which_role(
    by: Role, role: Role, others: set[Role], at: int, can: bool
) -> None:
    given = replace(LEAD, role=role, others=frozenset(others))
    assert may_settle(given, second(by, at=at)) is can
    assert (why_not_confirm(given, second(by, at=at)) == ()) is can


@pytest.mark.parametrize("role", [ADMIN, MANAGER, Role.CLINICAL_LEAD])
def test_neither_the_holder_nor_the_giver_nor_who_let_in_confirms(role: Role) -> None:
    assert why_not_confirm(LEAD, second(role)) == ()
    assert "of his own" in why_not_confirm(LEAD, second(role, staff_id=HOLDER))[0]
    assert "Somebody else" in why_not_confirm(LEAD, second(role, staff_id=GIVER))[0]
    let_in = replace(LEAD, let_in_by=frozenset({SECOND}))
    assert "made a link" in why_not_confirm(let_in, second(role))[0]
    assert why_not_confirm(replace(LEAD, let_in_by=frozenset({GIVER})), second(role)) == ()
    gone = replace(second(role), disabled=True)
    assert not may_settle(LEAD, gone) and why_not_confirm(LEAD, gone)


def test_before_the_sign_in_is_set_up_there_is_nobody_to_vouch_for() -> None:
    (reason,) = why_not_confirm(replace(LEAD, can_sign_in=False), second(ADMIN))
    assert "not set up yet" in reason


@pytest.mark.parametrize(
    ("by", "step", "did"),
    [
        (GIVER, WayIn(GIVER, NOON), True),
        (GIVER, WayIn(GIVER, NOON - timedelta(days=7) + timedelta(seconds=1)), True),
        (GIVER, WayIn(GIVER, NOON - timedelta(days=7)), False),
        (GIVER, WayIn(GIVER, NOON - timedelta(days=70), open=True), True),
        (GIVER, WayIn(SECOND, NOON, open=True), False),
        (GIVER, WayIn(None, NOON, open=True), False),
        (None, WayIn(None, NOON, open=True), False),
    ],
)
def test_two_steps_take_two_people(by: int | None, step: WayIn, did: bool) -> None:
    assert did_the_other_step(by, [step], now=NOON, days=7) is did
    assert did_the_other_step(by, [], now=NOON, days=7) is False
