"""An assessment allocated to a colleague: whoever starts it takes the case over, or leaves it."""

from datetime import date

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake.giving_case import GIVEN_TO_ANOTHER
from mhtr.intake.taking_case import ELSEWHERE
from mhtr.suitability import assessment_service
from mhtr.suitability.assessment_queries import latest_assessment
from mhtr.suitability.assessment_service import SomebodyElses
from mhtr.suitability.concerned import current_request
from mhtr.tasks.models import TaskKind
from tests.makers import make_staff
from tests.suitability.browsing import as_, refused, send
from tests.suitability.requesting import tasks_of, told
from tests.suitability.test_hearing_moved import Moving
from tests.suitability.test_leave_and_due_date import away


def colleague(moving: Moving, *roles: Role, name: str = "Dr Tudor") -> Staff:
    trust = moving.house.trust
    return make_staff(*(roles or (Role.ASSESSOR,)), organisation=trust, name=name)


def start(moving: Moving, by: Staff, taking_from: Staff | None = None) -> None:
    by_id, from_id = by.id, taking_from.id if taking_from else None
    with writing():
        assessment_service.start(case_id=moving.case_id, by=by_id, taking_from=from_id)


def earliest(moving: Moving) -> date | None:
    """The earliest possible day, where the date cannot be met."""
    db.session.expire_all()
    request = current_request(moving.case_id)
    assert request is not None
    return request.earliest_on


def case_of(moving: Moving) -> Case:
    db.session.expire_all()
    return moving.case


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.CLINICAL_LEAD])
def test_with_a_tick_the_case_and_its_work_become_hers(app: Flask, role: Role) -> None:
    moving = Moving()
    former, taker = moving.house.assessor, colleague(moving, role)
    (due,) = tasks_of(moving.case_id, TaskKind.REPORT_DUE)
    assert due.owner_staff_id == former.id
    client, path = as_(app, taker), f"/cases/{moving.case.ref}/assessment"
    page = client.page(path)
    assert "Ada Assessor has this case: take it over?" in page
    answer = send(client, f"{path}/start", page, takes=str(former.id))
    assert answer.status_code == 303
    case = case_of(moving)
    assessment = latest_assessment(case.id)
    assert assessment is not None
    assert (case.assessor_id, assessment.author_id) == (taker.id, taker.id)
    (due,) = tasks_of(case.id, TaskKind.REPORT_DUE)
    assert due.owner_staff_id == taker.id
    assert GIVEN_TO_ANOTHER in told(former)
    assert "A case was allocated to you" not in told(taker)
    given = [f for f in cases.facts_of(case.id) if f.kind is FactKind.ALLOCATED][-1]
    assert (given.by_id, given.detail) == (taker.id, {"assessor_id": taker.id})
    assert not tasks_of(case.id, TaskKind.ASSESS)


def test_without_it_nothing_is_started(app: Flask) -> None:
    moving = Moving()
    taker = colleague(moving)
    client, path = as_(app, taker), f"/cases/{moving.case.ref}/assessment"
    page = refused(client, f"{path}/start", client.page(path))
    assert "Tick that you take the case over, or leave it to Ada Assessor" in page
    assert latest_assessment(moving.case_id) is None
    assert case_of(moving).assessor_id == moving.house.assessor.id
    assert GIVEN_TO_ANOTHER not in told(moving.house.assessor)


def test_a_tick_for_one_colleague_takes_nothing_from_another(app: Flask) -> None:
    moving = Moving()
    taker, third = colleague(moving), colleague(moving, name="Third")
    client, path = as_(app, taker), f"/cases/{moving.case.ref}/assessment"
    page = client.page(path)
    former = moving.house.assessor.id
    with writing():
        cases.lock(moving.case_id).assessor_id = third.id
    again = refused(client, f"{path}/start", page, takes=str(former))
    assert "Third has this case: take it over?" in again
    assert latest_assessment(moving.case_id) is None


def test_his_own_case_asks_nothing(app: Flask) -> None:
    moving = Moving()
    client, path = as_(app, moving.house.assessor), f"/cases/{moving.case.ref}/assessment"
    page = client.page(path)
    assert "take it over?" not in page
    assert send(client, f"{path}/start", page).status_code == 303


def test_nobody_of_another_trust_takes_it(app: Flask) -> None:
    moving, stranger = Moving(), make_staff(Role.ASSESSOR)
    with pytest.raises(SomebodyElses):
        start(moving, stranger)
    with pytest.raises(Refused, match=ELSEWHERE):
        start(moving, stranger, moving.house.assessor)


def test_from_then_on_her_leave_counts_and_his_does_not(app: Flask) -> None:
    moving = Moving()
    former, taker = moving.house.assessor, colleague(moving)
    start(moving, taker, former)
    first, last = date(2026, 11, 19), date(2026, 12, 17)
    away(former, first, last)
    assert earliest(moving) is None
    assert not tasks_of(moving.case_id, TaskKind.ANSWER_DATE)
    away(taker, first, last)
    assert earliest(moving) is not None
    assert tasks_of(moving.case_id, TaskKind.ANSWER_DATE)


def test_leave_follows_who_writes_where_the_case_stands_in_anothers_name(app: Flask) -> None:
    """Begun by a colleague before taking over was asked for."""
    moving = Moving()
    former, taker = moving.house.assessor, colleague(moving)
    start(moving, taker, former)
    former_id = former.id
    with writing():
        cases.lock(moving.case_id).assessor_id = former_id
    first, last = date(2026, 11, 19), date(2026, 12, 17)
    away(former, first, last)
    assert earliest(moving) is None
    away(taker, first, last)
    assert earliest(moving) is not None
