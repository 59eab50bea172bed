"""Every time a referral comes to say that he may not be safe, a clinician is asked anew."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import writing
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
