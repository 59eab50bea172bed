"""Every time a referral comes to say that he may not be safe, a clinician is asked anew."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.intake.referral_values import Safety
from mhtr.intake.referred_again import MAY_BE
from mhtr.intake.steps import FormStep
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake.house import House, accept, amend
from tests.intake.test_referred_again import NHS, again
from tests.intake.two_trusts import Two

TOLD = {"safety": "healthcare_told", "told_whom": "Nurse Bell", "told_at": "2026-11-18T09:00"}


def signs(case: Case) -> list[Task]:
    db.session.rollback()
    query = select(Task).where(
        Task.case_id == case.id,
        Task.kind == TaskKind.RISK_REVIEW,
        Task.state == TaskState.OPEN,
    )
    return list(db.session.scalars(query))


def looked_at(case: Case, by: int) -> None:
    """A clinician closes the one sign there is."""
    (task,) = signs(case)
    with writing():
        found = db.session.get_one(Task, task.id)
        tasks.finish(found, by=by, outcome="Spoke to him", plan="Seen tomorrow")


@pytest.mark.parametrize("later", [TOLD, {"safety": "safe"}])
def test_on_his_own_case(either_app: Flask, later: dict[str, str]) -> None:
    house = House()
    case = house.refer()
    accept(house, case, house.assessor)
    amend(house, case, FormStep.SAFETY, safety="not_known")
    looked_at(case, house.assessor.id)
    amend(house, case, FormStep.SAFETY, **later)
    if later["safety"] == "safe":
        assert not signs(case)
        amend(house, case, FormStep.SAFETY, safety="not_known")
    assert len(signs(case)) == 1
    assert db.session.get_one(Case, case.id).urgent


def test_with_whoever_has_him_elsewhere(either_app: Flask) -> None:
    two = Two()
    case = two.refer(nhs_number=NHS)
    accept(two, case, two.assessor)
    second = again(two, safety="not_known", first=case)
    looked_at(case, two.assessor.id)
    amend(two, second, FormStep.SAFETY, **TOLD)
    # The new referral has a record of its own, and nobody has answered yet whether it is his.
    assert [task.title for task in signs(case)] == [MAY_BE[Safety.HEALTHCARE_TOLD]]


HARM = {"vulnerabilities": "anxiety;self-harm", "risk": "high"}


def again_at(case: Case, house: House, step: FormStep, **changes: str) -> None:
    amend(house, case, step, **changes)
    db.session.expire_all()


def test_saying_less_asks_nobody_again(either_app: Flask) -> None:
    house = House()
    case = house.refer(None, safety="not_known", urgency="urgent", **HARM)
    looked_at(case, house.lead.id)
    for step, changes in (
        (FormStep.NEEDS, {"urgency": "routine"}),
        (FormStep.SAFETY, {"safety": "safe"}),
        (FormStep.NEEDS, {"risk": "low"}),
    ):
        again_at(case, house, step, **changes)
        assert not signs(case), changes
        assert not db.session.get_one(Case, case.id).urgent, changes


def test_to_be_seen_today_is_urgent_when_the_rest_is_taken_back(either_app: Flask) -> None:
    house = House()
    case = house.refer(safety="not_known", urgency="urgent")
    looked_at(case, house.lead.id)
    again_at(case, house, FormStep.SAFETY, safety="safe")
    assert not signs(case)
    assert db.session.get_one(Case, case.id).urgent


def test_what_nobody_has_looked_into_keeps_it_urgent(either_app: Flask) -> None:
    house = House()
    case = house.refer(safety="not_known")
    again_at(case, house, FormStep.SAFETY, safety="safe")
    assert len(signs(case)) == 1 and db.session.get_one(Case, case.id).urgent


def test_only_to_be_seen_today_asks_no_clinician_what_one_has_found(either_app: Flask) -> None:
    house = House()
    case = house.refer(safety="not_known")
    looked_at(case, house.lead.id)
    again_at(case, house, FormStep.NEEDS, urgency="urgent")
    assert not signs(case)
    assert db.session.get_one(Case, case.id).urgent


def test_harm_said_later_reaches_whoever_has_him_elsewhere(either_app: Flask) -> None:
    two = Two()
    case = two.refer(nhs_number=NHS)
    accept(two, case, two.assessor)
    second = again(two, safety="safe", first=case)
    assert not signs(case)
    amend(two, second, FormStep.NEEDS, **HARM)
    assert [task.title for task in signs(case)] == [MAY_BE[Safety.SAFE]]
    looked_at(case, two.assessor.id)
    amend(two, second, FormStep.NEEDS, risk="medium")
    assert not signs(case)


def test_a_risk_that_is_called_high_now_asks_a_clinician_again(either_app: Flask) -> None:
    house = House()
    said = {"vulnerabilities": "anxiety;suicide-risk", "risk": "low", "urgency": "urgent"}
    case = house.refer(None, safety="safe", **said)
    looked_at(case, house.lead.id)
    again_at(case, house, FormStep.NEEDS, risk="medium")
    assert not signs(case)
    again_at(case, house, FormStep.NEEDS, risk="high")
    assert len(signs(case)) == 1


def test_healthcare_that_is_told_again_later_asks_a_clinician_again(either_app: Flask) -> None:
    house = House()
    case = house.refer(None, **TOLD)
    looked_at(case, house.lead.id)
    again_at(case, house, FormStep.SAFETY, told_whom="Nurse Bella")
    again_at(case, house, FormStep.SAFETY, told_at="2026-11-18T08:30")
    assert not signs(case), "a slip of the pen put right"
    again_at(case, house, FormStep.SAFETY, told_at="2026-11-18T09:30")
    assert len(signs(case)) == 1


@pytest.mark.parametrize(
    ("step", "said"), [(FormStep.SAFETY, {"safety": "not_known"}), (FormStep.NEEDS, HARM)]
)
def test_on_a_case_that_is_closed_meanwhile(
    either_app: Flask, step: FormStep, said: dict[str, str]
) -> None:
    house = House()
    case = house.refer()
    case_id, version, by = case.id, case.version, house.practitioner.id
    with writing():
        ending = court_case.Ending.NO_FURTHER_ACTION
        court_case.end(case_id=case_id, version=version, ending=ending, by=by)
    with pytest.raises(Refused, match="closed"):
        again_at(case, house, FormStep.NEEDS, urgency="urgent")
    again_at(case, house, step, **said)
    assert len(signs(case)) == 1
    assert db.session.get_one(Case, case_id).state is CaseState.CLOSED
    with pytest.raises(Refused, match="closed"):
        again_at(case, house, FormStep.SAFETY, safety="safe")
