"""Referrals from before a sign of risk opened with them: a clinician is asked about them once."""

import pytest
from sqlalchemy import delete

from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Grant
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import queries, unasked, urgency
from mhtr.intake.steps import FormStep
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind
from tests.intake.house import House, accept, amend
from tests.intake.test_seen_by_a_clinician import CALM, UNSAFE, decline, signs


def never_asked(case: Case) -> None:
    """As such a referral was kept then: no sign of risk, no access for its owner."""
    with writing():
        db.session.get_one(Case, case.id).urgent = False
        of_sign = Grant.because.startswith("risk")
        db.session.execute(delete(Grant).where(Grant.case_id == case.id, of_sign))
        risk = Task.kind == TaskKind.RISK_REVIEW
        db.session.execute(delete(Task).where(Task.case_id == case.id, risk))


def asked() -> int:
    with writing():
        return unasked.ask(clock.now())


@pytest.mark.parametrize("said", UNSAFE)
def test_one_is_opened_once_and_he_is_urgent(house: House, said: dict[str, str]) -> None:
    case = house.refer(None, **said)
    never_asked(case)
    assert asked() == 1
    (sign,) = signs(case)
    assert (sign.owner_staff_id, sign.title) == (house.lead.id, urgency.TITLE)
    assert db.session.get_one(Case, case.id).urgent
    (triage,) = tasks.open_tasks(case.id, TaskKind.TRIAGE)
    assert triage.due_at == queries.due_in(0)
    assert asked() == 0 and len(signs(case)) == 1
    with writing():
        found = db.session.get_one(Task, sign.id)
        tasks.finish(found, by=house.lead.id, outcome="Spoke to him: safe", plan="None")
    assert asked() == 0 and signs(case) == []


def test_one_that_was_accepted_and_waits_is_found_too(house: House) -> None:
    case = house.refer(safety="not_known")
    accept(house, case, house.assessor)
    never_asked(case)
    assert asked() == 1
    assert signs(case)[0].owner_staff_id == house.assessor.id


@pytest.mark.parametrize("said", CALM)
def test_nobody_is_asked_without_cause(house: House, said: dict[str, str]) -> None:
    house.refer(None, **said)
    assert asked() == 0


def test_nor_where_he_is_said_to_be_safe_by_now_or_it_is_over(house: House) -> None:
    safe, over = house.refer(safety="not_known"), house.refer(safety="not_known", phone="")
    never_asked(safe)
    amend(house, safe, FormStep.SAFETY, safety="safe")
    never_asked(over)
    decline(db.session.get_one(Case, over.id), house.lead)
    assert asked() == 0
