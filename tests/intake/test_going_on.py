"""A case that paused and then closed goes on again; work given anew has its new owner's name."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.facts import CaseState, StageOfCase
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import court_case, triage, triage_queries
from mhtr.intake.court_case import Ending
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake.house import House, accept, notices, open_kinds
from tests.intake.test_court_case import end, go_on
from tests.intake.two_trusts import Two


@pytest.mark.parametrize("ending", [one for one in Ending if not one.pauses])
def test_closed_after_a_pause_it_can_be_reopened(app: Flask, ending: Ending) -> None:
    house = House()
    case = house.refer()
    accept(house, case, house.assessor)
    end(house, case, Ending.REMANDED)
    end(house, case, ending)
    assert open_kinds(case) == set()
    go_on(house, case)
    assert (case.state, case.paused) == (CaseState.SCREENED, False)
    assert TaskKind.ASSESS in open_kinds(case)


def test_given_to_an_assessor_of_the_new_trust_the_assessment_is_his_by_name(
    either_app: Flask,
) -> None:
    two = Two()
    case = two.refer()
    accept(two, case, two.assessor)
    two.move(case)
    with writing():
        triage.allocate(
            case_id=case.id,
            version=case.version,
            assessor_id=two.north_assessor.id,
            by=two.north_lead.id,
        )
    (task,) = db.session.scalars(
        select(Task).where(Task.kind == TaskKind.ASSESS, Task.state == TaskState.OPEN)
    ).all()
    assert task.owner_staff_id == two.north_assessor.id
    assert task.owner_principal_id == two.north_assessor.principal_id


@pytest.mark.parametrize(("convicted_on", "told"), [("2026-11-16", True), ("2026-11-18", False)])
def test_convicted_before_he_was_of_age_those_who_have_him_hear_of_it(
    app: Flask, convicted_on: str, told: bool
) -> None:
    house = House()
    case = house.refer(stage="charged", born="2008-11-17")
    accept(house, case, house.assessor)
    with writing():
        court_case.record_stage(
            case_id=case.id,
            version=case.version,
            stage=StageOfCase.GUILTY_PLEA,
            convicted_on=date.fromisoformat(convicted_on),
            by=house.practitioner.id,
        )
    words = "A man you have taken on is too young for the service"
    assert (words in notices(house.assessor)) is told
    assert (words in notices(house.lead)) is told
    assert bool(triage_queries.under_age(case.id)) is told
