"""The free note beside the court's result stays on the side of the wall it was written on."""

import uuid
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.core import access
from mhtr.core.access import CLINICAL_ROLES, PROBATION_ROLES, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability import outcome_service
from mhtr.suitability.models import CourtOutcome
from mhtr.suitability.outcome_rules import Side, note_is_shown, side_of
from mhtr.suitability.outcome_service import Outcome
from tests.makers import make_case, make_staff
from tests.pages import PageClient

WORDS = "zqwallqz said at court"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_one_side_or_none(role: Role) -> None:
    expected = Side.CLINICAL if role in CLINICAL_ROLES else None
    expected = Side.PROBATION if role in PROBATION_ROLES else expected
    assert side_of({role}) is expected


def test_roles_of_both_sides_have_none() -> None:
    assert side_of({Role.ASSESSOR, Role.PROBATION}) is None
    assert side_of(set()) is None


@pytest.mark.parametrize(("written_on", "reader"), list(product([*Side, None], Role)))
def test_a_note_is_shown_on_its_own_side_only(written_on: Side | None, reader: Role) -> None:
    readers = {Side.CLINICAL: CLINICAL_ROLES, Side.PROBATION: PROBATION_ROLES}
    shown = written_on is not None and reader in readers[written_on]
    assert note_is_shown(written_on, {reader}) is shown


def test_a_note_without_a_side_is_refused(app: Flask) -> None:
    case_id, by = make_case().id, make_staff(Role.ADMINISTRATOR).id
    with pytest.raises(Refused, match="without a note"), writing():
        said = Outcome(proposed=True, note=WORDS)
        outcome_service.record_outcome(case_id=case_id, outcome=said, by=by)
    assert db.session.scalars(select(CourtOutcome)).all() == []


SEES = {
    Role.ASSESSOR: (Purpose.CLINICAL, Side.CLINICAL),
    Role.CLINICAL_LEAD: (Purpose.CLINICAL, Side.CLINICAL),
    Role.COURT_PROBATION: (Purpose.PRE_SENTENCE, Side.PROBATION),
    Role.ADMINISTRATOR: (Purpose.ADMINISTRATION, None),
}


@pytest.mark.parametrize("writer", [Role.ASSESSOR, Role.COURT_PROBATION, Role.ADMINISTRATOR])
def test_only_his_own_side_reads_what_somebody_wrote(client: PageClient, writer: Role) -> None:
    case = make_case()
    case_id, page = case.id, f"/cases/{case.ref}/outcome"
    staff = {role: make_staff(role) for role in SEES}
    principals = {role: one.principal_id for role, one in staff.items()}
    with writing():
        for role, (purpose, _) in SEES.items():
            access.grant(case_id, purpose, principals[role], because="test", by=None)
        cases.lock(case_id)
    sent = {"submission_key": str(uuid.uuid4()), "version": "0", "proposed": "no", "note": WORDS}
    client.sign_in(staff[writer])
    assert client.post(page, data=sent).status_code == 303
    assert ('name="note"' in client.page(page)) is (SEES[writer][1] is not None)
    for role, (_, side) in SEES.items():
        shown = "zqwallqz" in client.sign_in(staff[role]).page(page)
        assert shown is (side is not None and side is SEES[writer][1]), role
