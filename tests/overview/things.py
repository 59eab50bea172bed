"""What the overview's tests are about: cases in somebody's scope, tasks, answers."""

import re
from datetime import date, timedelta
from itertools import count

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind
from outcome_measures.definitions import AnswerState
from outcome_measures.models import (
    MeasureAnswer,
    MeasureMode,
    MeasureOccasion,
    OccasionState,
)
from tests.makers import make_case, make_person

_number = count(1)
CANARY = "Zebedee"
"""A name that must not appear where its case is not in scope."""


def give(case_id: int, purpose: Purpose, *staff: Staff) -> None:
    """Let these people see a case."""
    with writing():
        for one in staff:
            access.grant(case_id, purpose, one.principal_id, because="test", by=None)


def a_case(
    staff: Staff | None = None, purpose: Purpose = Purpose.CLINICAL, *, name: str = "Tunde"
) -> Case:
    """A case, in this person's scope where one is given."""
    made = make_case(make_person(name))
    if staff is not None:
        give(made.id, purpose, staff)
    return made


def a_task(
    kind: TaskKind,
    owner: Staff,
    case: Case | None,
    *,
    due_in: timedelta = timedelta(days=1),
    key: str = "",
    principal_id: int | None = None,
) -> Task:
    """An open task of this person, or of a principal."""
    with writing():
        made = tasks.open_task(
            kind,
            key=key or f"{kind}:{case.id if case else 0}:{next(_number)}",
            title=f"Neutral title of {kind.value}",
            owner_principal_id=principal_id or owner.principal_id,
            owner_staff_id=None if principal_id else owner.id,
            due_at=clock.now() + due_in,
            by=None,
            case_id=case.id if case else None,
        )
    return made


def an_answer(case: Case, by: Staff, value: int, *, on: date, context: str = "a") -> int:
    """A submitted PHQ-9 whose ninth answer is this; returns the occasion's id."""
    with writing():
        made = MeasureOccasion(
            case_id=case.id,
            context=context,
            instrument="phq9",
            instrument_version="1",
            asked_on=on,
            mode=MeasureMode.TELEPHONE,
            state=OccasionState.SUBMITTED,
            entered_by=by.id,
            submitted_at=clock.now(),
            answers=[
                MeasureAnswer(item=n, state=AnswerState.ANSWERED, value=value if n == 9 else 1)
                for n in range(1, 10)
            ],
        )
        db.session.add(made)
        db.session.flush()
        made_id = made.id
    return made_id


def a_risk(owner: Staff, case: Case, occasion_id: int) -> Task:
    """An open risk review of an answer to question 9."""
    key = f"risk:occasion:{occasion_id}:item:9"
    return a_task(TaskKind.RISK_REVIEW, owner, case, key=key)


def hearing(case: Case, on: date) -> None:
    """A court date."""
    case_id = case.id
    with writing():
        locked = cases.lock(case_id)
        hearings.record_hearing(locked, court_code="B01KR", on=on, by=None)


def assign(case: Case, assessor: Staff) -> None:
    """Make somebody the assessor of a case."""
    case_id, staff_id = case.id, assessor.id
    with writing():
        cases.lock(case_id).assessor_id = staff_id


def task_again(task_id: int) -> Task:
    """The task as it is in the database now."""
    db.session.expire_all()
    return db.session.scalars(select(Task).where(Task.id == task_id)).one()


def headings(page: str) -> list[str]:
    """The blocks of a page, in order."""
    return re.findall(r'<h2 class="nhsuk-heading-m" id="block-[a-z_]+">([^<]+)</h2>', page)
