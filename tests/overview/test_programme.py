"""The programme's numbers, counted without reading every case."""

import pytest
from flask import Flask

from mhtr.accounts.sessions import viewer_of
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview.programme import STEPS, counts_for
from tests.makers import make_case, make_staff

S = CaseState


def _stand(*states: CaseState) -> None:
    for state in states:
        case_id = make_case().id
        with writing():
            db.session.get_one(Case, case_id).state = state


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
    _stand(*states)
    found = {count.label: count.shown for count in counts_for(manager)}
    assert found == {label: str(sum(state in step for state in states)) for label, step in STEPS}
