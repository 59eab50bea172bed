"""Triage: accept, allocate by area and load, and what stands in the way."""

from datetime import date

import pytest
from sqlalchemy import select

from mhtr.accounts import service as accounts
from mhtr.accounts.models import Staff
from mhtr.cases.facts import CaseState
from mhtr.core import clock
from mhtr.core.access import Exclusion, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.intake import triage, triage_queries
from mhtr.intake.rules import DeclineReason
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Leave, Task, TaskKind, TaskState
from tests.intake.house import House, accept, live, notices, open_kinds
from tests.makers import make_organisation, make_staff
from tests.overview.things import a_risk


def test_accepted_without_an_assessor_waits_for_one(house: House) -> None:
    case = house.refer()
    accept(house, case)
    assert open_kinds(case) >= {TaskKind.ALLOCATE} and TaskKind.TRIAGE not in open_kinds(case)
    assert "accepted and waits" in notices(house.practitioner)[0]


def test_accepted_and_allocated_at_once(house: House) -> None:
    case = house.refer()
    accept(house, case, house.assessor)
    assert case.assessor_id == house.assessor.id
    assert live(case, house.assessor.principal_id) == {Purpose.CLINICAL}
    task = db.session.scalars(select(Task).where(Task.kind == TaskKind.ASSESS)).one()
    assert task.owner_staff_id == house.assessor.id
    assert notices(house.assessor) == ["A case was allocated to you"]


def test_reallocating_ends_the_former_assessors_grant(house: House) -> None:
    case, other = house.refer(), make_staff(Role.ASSESSOR, organisation=house.trust)
    accept(house, case, house.assessor)
    case_id, version = case.id, case.version
    with writing():
        triage.allocate(case_id=case_id, version=version, assessor_id=other.id, by=house.lead.id)
    assert live(case, house.assessor.principal_id) == set()
    assert live(case, other.principal_id) == {Purpose.CLINICAL}
    assert (
        db.session.scalars(select(Task).where(Task.kind == TaskKind.ASSESS)).one().owner_staff_id
        == other.id
    )


def to_release(case_id: int, owner: Staff) -> Task:
    with writing():
        return tasks.open_task(
            TaskKind.RELEASE,
            key="release",
            title="Release the report",
            owner_principal_id=owner.principal_id,
            owner_staff_id=owner.id,
            due_at=clock.now(),
            by=None,
            case_id=case_id,
        )


@pytest.mark.parametrize("away", [False, True])
def test_reallocating_moves_an_open_sign_of_risk(house: House, away: bool) -> None:
    case, other = house.refer(), make_staff(Role.ASSESSOR, organisation=house.trust)
    accept(house, case, house.assessor)
    case_id, version = case.id, case.version
    task_id = a_risk(house.assessor, case, 1).id
    with writing():
        if away:
            today = clock.today()
            db.session.add(Leave(staff_id=other.id, first_day=today, last_day=today))
    with writing():
        triage.allocate(case_id=case_id, version=version, assessor_id=other.id, by=house.lead.id)
    # While the new assessor is away it is the lead's, who is at work.
    owner = house.lead if away else other
    task = db.session.get_one(Task, task_id)
    assert (task.owner_staff_id, task.owner_principal_id) == (owner.id, owner.principal_id)
    assert live(case, owner.principal_id) >= {Purpose.CLINICAL}


def test_what_a_former_assessor_left_on_the_list_is_the_new_ones(house: House) -> None:
    case, other = house.refer(), make_staff(Role.ASSESSOR, organisation=house.trust)
    accept(house, case, house.assessor)
    case_id, read_before = case.id, case.version
    to_send = to_release(case_id, house.assessor)
    with writing():
        accounts.disable(house.assessor.id, by=None)
    assert case.assessor_id is None
    assess = db.session.scalars(select(Task).where(Task.kind == TaskKind.ASSESS)).one()
    # Whoever assesses him is asked for anew; what is written waits on the list.
    assert assess.state is TaskState.WITHDRAWN and TaskKind.ALLOCATE in open_kinds(case)
    on_the_list = (to_send.state, to_send.owner_staff_id, to_send.owner_principal_id)
    assert on_the_list == (TaskState.OPEN, None, house.trust.principal_id)
    version = case.version
    given = {"case_id": case_id, "assessor_id": other.id, "by": house.lead.id}
    with pytest.raises(Stale), writing():
        triage.allocate(version=read_before, **given)
    with writing():
        triage.allocate(version=version, **given)
    for task in (assess, to_send):
        assert (task.state, task.owner_staff_id) == (TaskState.OPEN, other.id)


def test_nobody_excluded_is_offered_or_allocated(house: House) -> None:
    case = house.refer()
    with writing():
        db.session.add(
            Exclusion(
                case_id=case.id,
                principal_id=house.assessor.principal_id,
                because="family",
                starts_at=clock.now(),
            )
        )
    assert triage_queries.assessors(case) == []
    with pytest.raises(Refused, match="from the list"):
        accept(house, case, house.assessor)
    assert case.state is not CaseState.ASSESSING and TaskKind.TRIAGE in open_kinds(case)


def test_only_an_assessor_is_allocated(house: House) -> None:
    case = house.refer()
    with pytest.raises(Refused, match="from the list"):
        accept(house, case, house.administrator)


def test_the_age_typed_without_a_birth_date_is_used_and_said(house: House) -> None:
    case = house.refer(born="", age="34")
    found = next(c for c in triage_queries.criteria(case.id) if c.name == "age")
    assert found.status == "met"
    assert "stated age of 34" in found.reason


def test_a_criterion_stands_in_the_way(house: House) -> None:
    case = house.refer(willing="not_willing")
    with pytest.raises(Refused, match="does not want the referral"):
        accept(house, case)


def test_two_deciding_at_once_leave_one_decision(house: House) -> None:
    case = house.refer()
    seen = case.version
    accept(house, case)
    with pytest.raises(Stale), writing():
        triage.decline(
            case_id=case.id,
            version=seen,
            reason=DeclineReason.ALREADY_KNOWN,
            words="",
            by=house.lead.id,
        )
    assert case.state is not CaseState.CLOSED


def test_assessors_by_area_then_load_with_leave(house: House) -> None:
    far = make_staff(
        Role.ASSESSOR, organisation=make_organisation(name="Far Trust"), name="Far Away"
    )
    free = make_staff(Role.ASSESSOR, organisation=house.trust, name="Zoe Free")
    with writing():
        db.session.add(
            Leave(staff_id=free.id, first_day=date(2026, 11, 25), last_day=date(2026, 11, 27))
        )
    accept(house, house.refer(), house.assessor)
    found = triage_queries.assessors(house.refer(given_name="Sam"))
    assert [a.id for a in found] == [free.id, house.assessor.id, far.id]
    assert "covers his area, 0 open cases, away 25 Nov to 27 Nov" in found[0].words
    assert "covers his area, 1 open case" in found[1].words
    assert "(Far Trust): works elsewhere, 0 open cases" in found[2].words
