"""A date of death closes his cases and stops what would be sent; taken back, they go on."""

from collections.abc import Mapping
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import death
from mhtr.cases.facts import CaseState, CloseReason
from mhtr.cases.models import Case
from mhtr.cases.rules import fold
from mhtr.cases.service import facts_of
from mhtr.core import clock
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import writing
from mhtr.people.identifiers import NhsNumberRange
from mhtr.people.models import Person
from mhtr.people.rules import Accepts
from mhtr.people.sections import Section, Value
from mhtr.people.values import mark, values_of
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.intake.house import House, accept, open_kinds
from tests.overview.things import a_risk, an_answer, give

SETTINGS = Accepts(NhsNumberRange.TEST, fictional=True)


def record(case: Case, by: int, died_on: date | None, reason: str = "Told by his GP") -> None:
    person_id = case.person_id
    with writing():
        person = db.session.get_one(Person, person_id)
        before: Mapping[str, Value] = values_of(person, Section.BIRTH)
        death.change_section(
            person_id=person_id,
            section=Section.BIRTH,
            values={**before, "died_on": died_on},
            seen=mark(before),
            settings=SETTINGS,
            by=by,
            reason=reason,
        )


@pytest.fixture
def house(either_app: Flask) -> House:
    return House()


def allocated(house: House) -> Case:
    case = house.refer()
    accept(house, case, house.assessor)
    return case


def again(case_id: int) -> Case:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def test_it_closes_the_case_visibly_and_tells_assessor_and_lead(house: House) -> None:
    case = allocated(house)
    case_id = case.id
    give(case_id, Purpose.CLINICAL, house.assessor)
    risk = a_risk(house.assessor, case, an_answer(case, house.assessor, 2, on=clock.today())).id
    with writing():
        message = OutboxMessage(
            key="x", channel="sms", template="t", payload={}, case_id=case_id, due_at=clock.now()
        )
        db.session.add(message)
    assert TaskKind.ASSESS in open_kinds(case)
    record(case, house.administrator.id, clock.today())
    case = again(case_id)
    standing = fold(facts_of(case_id), clock.today())
    assert (case.state, standing.closed_reason) == (CaseState.CLOSED, CloseReason.DIED)
    assert any("he has died" in reason for reason in standing.reasons)
    assert open_kinds(case) == {TaskKind.RISK_REVIEW}
    assert db.session.get_one(Task, risk).state is TaskState.OPEN
    assert db.session.scalars(select(OutboxMessage.state)).all() == [OutboxState.WITHDRAWN]
    for staff in (house.assessor, house.lead):
        texts = db.session.scalars(
            select(Notice.text).where(Notice.principal_id == staff.principal_id)
        ).all()
        assert "A case is closed. Its page says why" in texts
        assert not any("die" in text.lower() or "death" in text.lower() for text in texts)


def test_a_repeat_changes_nothing(house: House) -> None:
    case = allocated(house)
    case_id, person_id, by = case.id, case.person_id, house.administrator.id
    record(case, by, clock.today())
    before = len(facts_of(case_id))
    with writing():
        death.follow(person_id, by=by)
    assert len(facts_of(case_id)) == before


def test_taken_back_the_case_goes_on_where_it_was(house: House) -> None:
    case = allocated(house)
    case_id, state, by = case.id, case.state, house.administrator.id
    record(case, by, clock.today())
    record(again(case_id), by, None, reason="Another man of that name")
    case = again(case_id)
    assert case.state is state
    assert TaskKind.ASSESS in open_kinds(case)
    texts = db.session.scalars(
        select(Notice.text).where(Notice.principal_id == house.lead.principal_id)
    ).all()
    assert "A case goes on again. Its page says why" in texts
