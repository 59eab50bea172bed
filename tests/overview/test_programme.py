"""The programme's numbers, counted without reading every case."""

from datetime import date, timedelta

import pytest
from flask import Flask

from mhtr.accounts.sessions import viewer_of
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview.programme import GOING_ON, OVER, YEAR, counts_for
from tests.makers import make_case, make_staff

S = CaseState


def _stand(*states: CaseState, since: date) -> None:
    for state in states:
        case_id = make_case().id
        with writing():
            case = db.session.get_one(Case, case_id)
            case.state, case.state_since = state, since


@pytest.mark.parametrize(
    "states",
    [
        (),
        (S.CLOSED,),
        (S.REFERRED, S.REFERRED, S.SENTENCED_WITHOUT_MHTR),
        (S.REFERRED, S.CLOSED, S.CLOSED, S.RELEASED, S.PROPOSED, S.IN_TREATMENT),
    ],
)
def test_each_case_is_counted_once_where_it_stands(
    either_app: Flask, states: tuple[CaseState, ...]
) -> None:
    manager = viewer_of(make_staff(Role.SERVICE_MANAGER))
    _stand(*states, since=clock.today() - YEAR + timedelta(days=1))
    for steps, counts in zip((GOING_ON, OVER), counts_for(manager), strict=True):
        found = {count.label: count.shown for count in counts}
        assert found == {
            label: str(sum(state in step for state in states)) for label, step in steps
        }


def test_what_ended_is_counted_for_a_year_and_what_goes_on_for_ever(app: Flask) -> None:
    manager = viewer_of(make_staff(Role.SERVICE_MANAGER))
    _stand(S.REFERRED, S.CLOSED, S.DISCHARGED, since=clock.today() - YEAR)
    going_on, over = counts_for(manager)
    assert sum(int(count.shown) for count in going_on) == 1
    assert {count.shown for count in over} == {"0"}
