"""A hearing that has passed without a result is always a named person's task."""

from datetime import date

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Exclusion, Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.jobs.table import JOBS, run
from mhtr.tasks import rehoming
from mhtr.tasks.models import DutyShift, Task, TaskKind
from tests.intake.house import House, accept
from tests.makers import make_hours, make_staff
from tests.suitability.browsing import as_
from tests.suitability.requesting import tasks_of

RESULTS = next(job for job in JOBS if job.name == "results")
HEARING, NEXT = date(2026, 12, 2), date(2026, 12, 3)


def passed(house: House, set_clock: SetClock, screened_on: str = "2026-11-18") -> int:
    """A man with a court date and no assessor, on the day after it; the job has run."""
    case_id = house.refer(screened_on=screened_on).id
    set_clock.advance(days=15)
    assert clock.today() == NEXT
    run(RESULTS)
    return case_id


def task_of(case_id: int) -> Task:
    (task,) = tasks_of(case_id, TaskKind.RESULT_AWAITED)
    return task


def duty(house: House, staff: Staff) -> None:
    with writing():
        shift = DutyShift(
            organisation_id=house.trust.id, day=NEXT, staff_id=staff.id, made_by=house.lead.id
        )
        db.session.add(shift)


@pytest.mark.parametrize(
    ("screened_on", "state"), [("2026-11-18", CaseState.SCREENED), ("", CaseState.REFERRED)]
)
def test_the_duty_clinician_has_it_by_the_next_working_day(
    either_app: Flask, set_clock: SetClock, screened_on: str, state: CaseState
) -> None:
    house = House()
    make_hours(house.trust.id)
    clinician = make_staff(Role.DUTY_CLINICIAN, organisation=house.trust, name="Dora Duty")
    duty(house, clinician)
    case_id = passed(house, set_clock, screened_on)
    assert db.session.get_one(Case, case_id).state is state
    task = task_of(case_id)
    assert task.owner_staff_id == clinician.id
    assert task.due_at.astimezone(clock.LONDON).date() == NEXT
    client = as_(either_app, db.session.get_one(Staff, clinician.id))
    ref = db.session.get_one(Case, case_id).ref
    assert f"/cases/{ref}/outcome" in client.page("/today")
    client.page(f"/cases/{ref}/outcome")


def test_without_a_rota_the_lead_and_who_must_not_see_him_never(
    app: Flask, set_clock: SetClock
) -> None:
    house = House()
    case_id = passed(house, set_clock)
    assert task_of(case_id).owner_staff_id == house.lead.id
    other = make_staff(Role.CLINICAL_LEAD, organisation=house.trust)
    with writing():
        kept_out = Exclusion(
            case_id=case_id,
            principal_id=house.lead.principal_id,
            because="family",
            starts_at=clock.now(),
        )
        db.session.add(kept_out)
        db.session.flush()
        rehoming.rehome(house.lead.id, by=None, case_id=case_id)
    assert task_of(case_id).owner_staff_id == other.id


def test_where_no_clinician_is_left_an_administrator(app: Flask, set_clock: SetClock) -> None:
    house = House()
    with writing():
        for staff in (house.lead, house.assessor):
            db.session.get_one(Staff, staff.id).disabled_at = clock.now()
    case_id = passed(house, set_clock)
    assert task_of(case_id).owner_staff_id == house.administrator.id


def test_a_task_on_a_list_is_given_to_somebody(app: Flask, set_clock: SetClock) -> None:
    house = House()
    case_id = passed(house, set_clock)
    with writing():
        task = task_of(case_id)
        task.owner_principal_id, task.owner_staff_id = house.trust.principal_id, None
    run(RESULTS)
    assert task_of(case_id).owner_staff_id == house.lead.id


def test_who_has_it_keeps_it_until_an_assessor_is_named(app: Flask, set_clock: SetClock) -> None:
    house = House()
    case_id = passed(house, set_clock)
    duty(house, make_staff(Role.DUTY_CLINICIAN, organisation=house.trust))
    run(RESULTS)
    assert task_of(case_id).owner_staff_id == house.lead.id
    accept(house, db.session.get_one(Case, case_id), house.assessor)
    assert task_of(case_id).owner_staff_id == house.assessor.id


def test_who_leaves_passes_it_to_somebody_by_name(app: Flask, set_clock: SetClock) -> None:
    house = House()
    case_id = passed(house, set_clock)
    with writing():
        db.session.get_one(Staff, house.lead.id).disabled_at = clock.now()
        rehoming.rehome(house.lead.id, by=None)
    assert task_of(case_id).owner_staff_id == house.assessor.id


def test_of_a_restricted_case_only_who_may_see_it_by_name(app: Flask, set_clock: SetClock) -> None:
    house = House()
    named = make_staff(Role.DUTY_CLINICIAN, organisation=house.trust)
    case_id = house.refer().id
    with writing():
        cases.lock(case_id).restricted = True
        access.grant(case_id, Purpose.CLINICAL, named.principal_id, because="test", by=None)
    set_clock.advance(days=15)
    run(RESULTS)
    assert task_of(case_id).owner_staff_id == named.id


def test_whoever_opened_a_restricted_case_in_an_emergency_is_not_given_its_result(
    app: Flask, set_clock: SetClock
) -> None:
    house = House()
    passing = make_staff(Role.DUTY_CLINICIAN, organisation=house.trust)
    principal_id = passing.principal_id
    case_id = house.refer().id
    with writing():
        cases.lock(case_id).restricted = True
        access.grant(case_id, Purpose.CLINICAL, principal_id, because=access.EMERGENCY, by=None)
    set_clock.advance(days=15)
    run(RESULTS)
    assert task_of(case_id).owner_staff_id != passing.id


def test_of_a_restricted_case_no_clinician_may_see_the_administrator_named(
    app: Flask, set_clock: SetClock
) -> None:
    house = House()
    case_id = house.refer().id
    with writing():
        cases.lock(case_id).restricted = True
        access.grant(
            case_id,
            Purpose.ADMINISTRATION,
            house.administrator.principal_id,
            because="test",
            by=None,
        )
    set_clock.advance(days=15)
    run(RESULTS)
    assert task_of(case_id).owner_staff_id == house.administrator.id
