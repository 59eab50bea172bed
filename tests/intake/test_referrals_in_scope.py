"""The list of an organisation's referrals shows nobody a record that is closed to him."""

from collections.abc import Callable

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.intake.referral_queries import sent_referrals
from tests.intake.house import House
from tests.intake.test_leaving import restrict, shut_out
from tests.makers import make_staff


def shown(staff: Staff, sort: str = "-sent") -> set[int]:
    lines, _ = sent_referrals(viewer_of(staff), only_mine=False, sort=sort, page=1)
    return {line.case.id for line in lines}


def restricted(_staff: Staff, case: Case, by: Staff) -> None:
    restrict(case, by, by=by)


@pytest.mark.parametrize("close", [restricted, shut_out])
@pytest.mark.parametrize("sort", ["-sent", "name"])
def test_a_record_closed_to_a_colleague_is_not_in_his_list_and_the_others_are(
    either_app: Flask, close: Callable[[Staff, Case, Staff], None], sort: str
) -> None:
    house = House()
    colleague = make_staff(Role.LD_PRACTITIONER, organisation=house.practitioner.organisation)
    closed, other = house.refer(given_name="Closed", born=""), house.refer(given_name="Open")
    assert shown(colleague, sort) == {closed.id, other.id}
    close(colleague, closed, house.lead)
    assert shown(colleague, sort) == {other.id}
    assert other.id in shown(house.practitioner, sort)
