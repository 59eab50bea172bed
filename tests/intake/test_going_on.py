"""A case that paused and then closed goes on again; work given anew has its new owner's name."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState, FactKind, StageOfCase
from mhtr.cases.models import Case
from mhtr.cases.wording import CONCERN_HIM
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import closing, court_case, triage, triage_queries
from mhtr.intake.court_case import Ending
from mhtr.suitability import outcome_service
from mhtr.suitability.court_result import Correction
from mhtr.suitability.outcome_service import Outcome, Result
from mhtr.suitability.sentence_rules import WhyThatDay
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake.house import House, accept, notices, open_kinds
from tests.intake.posting import post
from tests.intake.test_court_case import end, go_on
from tests.intake.two_trusts import Two
from tests.pages import PageClient


@pytest.mark.parametrize(
    "ending", [one for one in Ending if not one.pauses and one.value not in CONCERN_HIM]
)
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


def sentence(house: House, case: Case, result: Result) -> None:
    case_id = case.id
    with writing():
        outcome_service.record_outcome(
            case_id=case_id,
            outcome=Outcome(
                proposed=None,
                result=result,
                sentenced_on=clock.today(),
                why_that_day=WhyThatDay.EARLIER_HEARING,
            ),
            by=house.administrator.id,
        )


def closed_for_another_reason(case: Case) -> None:
    case_id = case.id
    with writing():
        locked = cases.lock(case_id)
        cases.add_fact(locked, FactKind.CLOSED, by=None, detail={"reason": "completed"})
        closing.withdraw_tasks(case_id, by=None)


def test_reopened_under_an_order_somebody_is_found_for_him_and_nobody_triages(app: Flask) -> None:
    house = House()
    case = house.refer()
    sentence(house, case, Result.CO_MHTR)
    assert TaskKind.ALLOCATE in open_kinds(case)
    closed_for_another_reason(case)
    assert open_kinds(case) == set()
    go_on(house, case)
    assert case.state is CaseState.SENTENCED_WITH_MHTR
    assert TaskKind.ALLOCATE in open_kinds(case)
    assert TaskKind.TRIAGE not in open_kinds(case)


def test_reopened_after_another_sentence_nothing_is_asked_that_nobody_can_do(app: Flask) -> None:
    house = House()
    case = house.refer()
    sentence(house, case, Result.CUSTODY)
    closed_for_another_reason(case)
    go_on(house, case)
    assert open_kinds(case) == set()


def test_taken_back_after_a_closing_the_referral_waits_again(app: Flask) -> None:
    house = House()
    case = house.refer()
    sentence(house, case, Result.CUSTODY)
    closed_for_another_reason(case)
    go_on(house, case)
    case_id = case.id
    with writing():
        taken_back = Outcome(None, Result.ADJOURNED, correction=Correction.WRONG_ANSWER)
        outcome_service.record_outcome(
            case_id=case_id, outcome=taken_back, by=house.administrator.id
        )
    assert TaskKind.TRIAGE in open_kinds(case)


def test_after_sentence_no_form_of_the_court_case_is_offered(client: PageClient) -> None:
    house = House()
    case = house.refer()
    sentence(house, case, Result.CO_MHTR)
    client.sign_in(house.practitioner)
    path = f"/cases/{case.ref}/hearing"
    page = client.page(path)
    assert "take the result back first" in page
    for what in ("date", "stage", "ending"):
        assert f"{path}/{what}" not in page
        shown = client.page(f"{path}/{what}")
        assert "take the result back first" in shown and "Record it" not in shown
    sent = {"ending": "acquitted", "version": str(case.version)}
    assert post(client, f"{path}/ending", **sent).status_code == 409
    assert db.session.get_one(Case, case.id).state is CaseState.SENTENCED_WITH_MHTR


def test_one_overdue_has_one_unit(client: PageClient, set_clock: SetClock) -> None:
    house = House()
    house.refer()
    set_clock.advance(days=13)
    client.sign_in(house.administrator)
    found = [
        set(re.findall(r"\d+ [a-z ]*days? overdue", client.page(page)))
        for page in ("/triage", "/worklists/tasks")
    ]
    assert found[0] <= found[1] and len(found[0]) == 1
    assert "working day" in found[0].pop()


def test_who_came_of_age_lately_has_his_day_of_conviction_asked_for(client: PageClient) -> None:
    house = House()
    young, older = house.refer(born="2007-01-05"), house.refer(born="1990-02-03", nhs_number="")
    client.sign_in(house.lead)
    words = "Record the day of the plea or the finding"
    assert words in client.page(f"/cases/{young.ref}/triage")
    assert words not in client.page(f"/cases/{older.ref}/triage")
