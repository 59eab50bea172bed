"""A question to the referrer is kept: asked, answered or made needless, and somebody has it."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import amending, court_case, questions, triage
from mhtr.intake.models import Referral
from mhtr.intake.questions import QuestionState
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.intake.rules import DeclineReason
from mhtr.intake.steps import AMENDED, FormStep
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.intake.house import House, accept, notices
from tests.intake.two_trusts import Two
from tests.makers import make_staff
from tests.pages import PageClient
from tests.people.test_pages import submission

ASKED = "Does he need an interpreter?"
TOLD = "The referrer has answered your question about a referral"


def ask(house: House, case: Case) -> None:
    case_id, version = case.id, case.version
    with writing():
        triage.ask_referrer(case_id=case_id, version=version, question=ASKED, by=house.lead.id)
    db.session.expire_all()


def tasks() -> list[Task]:
    db.session.expire_all()
    wanted = select(Task).where(Task.kind == TaskKind.ANSWER_QUESTION).order_by(Task.id)
    return list(db.session.scalars(wanted))


def state(case: Case) -> QuestionState | None:
    found = questions.question_of(case.id)
    return found.state if found else None


def test_the_referring_team_has_it_as_a_task_until_it_answers(either_app: Flask) -> None:
    house = House()
    case = house.refer()
    assert state(case) is None
    ask(house, case)
    (task,) = tasks()
    assert task.owner_principal_id == house.practitioner.organisation.principal_id
    assert state(case) is QuestionState.ASKED
    with writing():
        questions.answer(case_id=case.id, words="Yes, Portuguese", by=house.practitioner.id)
    found = questions.question_of(case.id)
    assert found is not None
    assert (found.state, found.answer) == (QuestionState.ANSWERED, "Yes, Portuguese")
    assert tasks()[0].state is TaskState.DONE
    assert TOLD in notices(house.lead)
    with pytest.raises(Refused, match="Nothing is asked"), writing():
        questions.answer(case_id=case.id, words="Again", by=house.practitioner.id)


@pytest.mark.parametrize("said", [True, False])
def test_an_amendment_answers_it_where_the_referring_team_says_so(
    either_app: Flask, said: bool
) -> None:
    house = House()
    case = house.refer()
    ask(house, case)
    referral = db.session.scalars(select(Referral).where(Referral.case_id == case.id)).one()
    held = {name: str(referral.answers.get(name, "")) for name in AMENDED[FormStep.PERSON]}
    with writing():
        amending.amend(
            case_id=case.id,
            step=FormStep.PERSON,
            answers={**held, "also_known_as": "Tee"},
            version=1,
            reason="You asked",
            answers_question=said,
            by=house.practitioner.id,
        )
    found = questions.question_of(case.id)
    assert found is not None
    if not said:
        assert found.state is QuestionState.ASKED, "another slip was put right"
        assert tasks()[0].state is TaskState.OPEN
        return
    assert found.answer == "The referral was changed: You asked"
    assert tasks()[0].state is TaskState.DONE


def test_the_page_of_an_amendment_asks_whether_it_answers(client: PageClient) -> None:
    house = House()
    case = house.refer()
    client.sign_in(house.practitioner)
    address = f"/cases/{case.ref}/referral/needs"
    assert "answers the service" not in client.page(address)
    ask(house, case)
    assert ASKED in client.page(address)
    client.sign_in(house.lead)
    assert "answers the service" not in client.page(address), "the lead cannot answer himself"


def test_a_decision_makes_it_needless(either_app: Flask) -> None:
    house = House()
    case = house.refer()
    ask(house, case)
    accept(house, case, house.assessor)
    assert state(case) is QuestionState.WITHDRAWN
    assert tasks()[0].state is TaskState.WITHDRAWN, "nobody has done it"


def test_declined_it_is_needless_too_and_asked_anew_the_first_is(either_app: Flask) -> None:
    house = House()
    case = house.refer()
    ask(house, case)
    ask(house, case)
    assert [task.state for task in tasks()] == [TaskState.WITHDRAWN, TaskState.OPEN]
    case_id, version = case.id, case.version
    with writing():
        triage.decline(
            case_id=case_id,
            version=version,
            reason=DeclineReason.ALREADY_KNOWN,
            words="",
            by=house.lead.id,
        )
    assert state(case) is QuestionState.WITHDRAWN
    assert [task.state for task in tasks()] == [TaskState.WITHDRAWN] * 2


def test_it_survives_a_pause(either_app: Flask) -> None:
    house = House()
    case = house.refer()
    ask(house, case)
    case_id, version, by = case.id, case.version, house.practitioner.id
    with writing():
        court_case.end(case_id=case_id, version=version, ending=court_case.Ending.REMANDED, by=by)
    assert db.session.get_one(Case, case_id).paused
    assert tasks()[0].state is TaskState.OPEN and state(case) is QuestionState.ASKED
    with writing():
        questions.answer(case_id=case_id, words="Yes, Portuguese", by=by)
    assert tasks()[0].state is TaskState.DONE and state(case) is QuestionState.ANSWERED


def test_on_a_closed_case_nothing_is_asked_any_more(client: PageClient) -> None:
    house = House()
    case = house.refer()
    ask(house, case)
    client.sign_in(house.practitioner)
    address = f"/cases/{case.ref}/referral"
    key = submission(client.page(address))
    case_id, version, by = case.id, case.version, house.practitioner.id
    with writing():
        court_case.end(
            case_id=case_id, version=version, ending=court_case.Ending.NO_FURTHER_ACTION, by=by
        )
    assert state(case) is QuestionState.WITHDRAWN
    late = client.post(f"{address}/answer", data={"submission_key": key, "answer": "Yes"})
    assert late.status_code == 422
    page = client.page(address)
    assert ASKED in page and "Send the answer" not in page and "No answer yet" not in page
    with writing():
        court_case.go_on(
            case_id=case_id,
            version=db.session.get_one(Case, case_id).version,
            why=WhyReopened.KNOW_MORE,
            by=house.lead.id,
        )
    assert state(case) is QuestionState.WITHDRAWN, "it begins again with triage"
    client.sign_in(house.lead)
    assert "Referrer asked" not in client.page("/triage")


def test_where_nobody_there_has_an_account_the_trust_is_told_to_ask_another_way(
    either_app: Flask,
) -> None:
    house = House()
    case = house.refer()
    with writing():
        house.practitioner.roles.clear()
    with pytest.raises(Refused, match="Ask by telephone or letter"):
        ask(house, case)
    assert tasks() == []


def test_list_pages_and_the_answer_field(client: PageClient) -> None:
    house = House()
    case = house.refer()
    ask(house, case)
    client.sign_in(house.lead)
    assert "Referrer asked" in client.page("/triage")
    assert "No answer yet" in client.page(f"/cases/{case.ref}/triage")
    client.sign_in(house.practitioner)
    assert "Answer a question about a referral" in client.page("/today")
    address = f"/cases/{case.ref}/referral"
    key = submission(client.page(address))
    empty = client.post(f"{address}/answer", data={"submission_key": key})
    assert empty.status_code == 422
    sent = client.post(f"{address}/answer", data={"submission_key": key, "answer": "Yes"})
    assert sent.status_code == 303
    assert "Send the answer" not in client.page(address)
    client.sign_in(house.lead)
    assert "Referrer answered" in client.page("/triage")
    assert "Answered on" in client.page(f"/cases/{case.ref}/triage")
    stranger = make_staff(Role.LD_PRACTITIONER)
    client.sign_in(stranger)
    assert client.post(f"{address}/answer", data={"answer": "Yes"}).status_code in (403, 404)


def test_what_was_asked_stands_with_its_answer_after_the_decision(client: PageClient) -> None:
    house = House()
    case = house.refer()
    ask(house, case)
    with writing():
        questions.answer(case_id=case.id, words="Yes, Portuguese", by=house.practitioner.id)
    db.session.expire_all()
    accept(house, case)
    client.sign_in(house.lead)
    page = client.page(f"/cases/{case.ref}/triage")
    for words in (ASKED, "Yes, Portuguese", "Accepted."):
        assert words in page
    client.sign_in(house.practitioner)
    page = client.page(f"/cases/{case.ref}/referral")
    assert ASKED in page and "Yes, Portuguese" in page and "Send the answer" not in page


def test_the_referrer_reads_that_his_answer_is_not_needed_any_more(client: PageClient) -> None:
    house = House()
    case = house.refer()
    ask(house, case)
    accept(house, case)
    client.sign_in(house.practitioner)
    page = client.page(f"/cases/{case.ref}/referral")
    assert ASKED in page and "not needed any more" in page and "Send the answer" not in page


@pytest.mark.parametrize("gone", ["moved", "left"])
def test_where_who_asked_has_it_no_more_the_trust_that_has_it_is_told(
    either_app: Flask, gone: str
) -> None:
    two = Two()
    case = two.refer()
    ask(two, case)
    if gone == "moved":
        two.move(case)
    else:
        with writing():
            db.session.get_one(Staff, two.lead.id).disabled_at = clock.now()
    case_id, by = case.id, two.practitioner.id
    with writing():
        questions.answer(case_id=case_id, words="Yes, Twi", by=by)
    trust = two.north if gone == "moved" else two.trust
    told = select(Notice.principal_id).where(Notice.text == TOLD)
    assert list(db.session.scalars(told)) == [trust.principal_id]
