"""A referral that becomes urgent after it was sent is triaged today, as if it always had been."""

import pytest
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.intake import queries
from mhtr.intake.steps import FormStep
from mhtr.tasks.models import Notice, Task, TaskKind
from tests.intake.house import House, amend

URGENT = [
    (FormStep.NEEDS, {"urgency": "urgent"}),
    (FormStep.SAFETY, {"safety": "not_known"}),
]


def triage_of(case: Case) -> Task:
    db.session.rollback()
    found = select(Task).where(Task.case_id == case.id, Task.kind == TaskKind.TRIAGE)
    return db.session.scalars(found).one()


@pytest.mark.parametrize(("step", "changes"), URGENT)
def test_a_referral_amended_to_urgent_is_triaged_today(
    house: House, step: FormStep, changes: dict[str, str]
) -> None:
    case = house.refer()
    assert triage_of(case).due_at.astimezone(clock.LONDON).date() > clock.today()
    amend(house, case, step, **changes)
    assert triage_of(case).due_at == queries.due_in(0)
    assert triage_of(case).due_at.astimezone(clock.LONDON).date() == clock.today()
    assert db.session.get_one(Case, case.id).urgent
    assert "A referral is now marked urgent" in db.session.scalars(select(Notice.text)).all()


def test_what_is_overdue_already_is_put_off_by_no_amendment(
    house: House, set_clock: SetClock
) -> None:
    case = house.refer()
    due = triage_of(case).due_at
    set_clock.advance(days=5)
    amend(house, case, URGENT[0][0], **URGENT[0][1])
    assert triage_of(case).due_at == due


def test_an_amendment_that_makes_nothing_urgent_moves_nothing(house: House) -> None:
    case = house.refer()
    due = triage_of(case).due_at
    amend(house, case, FormStep.NEEDS, urgency="soon")
    assert triage_of(case).due_at == due
    assert not db.session.get_one(Case, case.id).urgent
