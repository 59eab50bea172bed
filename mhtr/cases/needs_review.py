"""The day on which his communication and access needs are looked at again is somebody's task.

The Accessible Information Standard asks for that review; nobody opens the page by chance.
"""

from datetime import date, datetime, time

from sqlalchemy import select

from mhtr.cases import listeners
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE, UNDER_ORDER
from mhtr.cases.who_has import who_asks
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people.models import Person
from mhtr.people.queries import live_id, record_ids
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState

_KEY = "needs:"
TITLE = "Ask him again about his communication and access needs"
_HOUR = time(9)
_OTHERS_TURN = frozenset(
    {
        FactKind.ALLOCATED,
        FactKind.ASSESSMENT_STARTED,
        FactKind.ASSESSMENT_TAKEN_OVER,
        FactKind.CLOSED,
        FactKind.DECLINED_BY_SERVICE,
        FactKind.REOPENED,
        FactKind.CORRECTED,
        FactKind.SENTENCED_WITHOUT_MHTR,
        FactKind.TREATMENT_ENDED,
        FactKind.ORDER_REVOKED,
        FactKind.DISCHARGED,
    }
)
"""Who works on a case, or whether anybody does, changes with these."""


def follow(person_id: int, *, by: int | None) -> None:
    """Open the task for the day on record, for whoever works on his newest live case.

    One for another day is closed. None waits while no case of his is live.
    """
    must_be_writing()
    db.session.flush()
    person = db.session.get_one(Person, live_id(person_id))
    ids = record_ids(person.id)
    key = f"{_KEY}{person.id}:{person.needs_review_on}"
    for task in _waiting(ids):
        if task.key != key:
            tasks.finish(task, by=by)
    case = _case(ids)
    asks = who_asks(case) if case is not None else None
    if case is None or asks is None:
        for task in _waiting(ids):
            tasks.withdraw(task, by=by, because="people.needs_nobody")
    elif person.needs_review_on is not None:
        _open(key, person.needs_review_on, case, asks, by)


def _open(key: str, day: date, case: Case, asks: tuple[int | None, int], by: int | None) -> None:
    """Open it, also where the same day was on record before, and as the case's that is live now."""
    (staff_id, principal_id), due_at = asks, clock.from_london(datetime.combine(day, _HOUR))
    task = tasks.open_task(
        TaskKind.FLAG_REVIEW,
        key=key,
        title=TITLE,
        owner_principal_id=principal_id,
        owner_staff_id=staff_id,
        due_at=due_at,
        by=by,
        case_id=case.id,
        endpoint="people.details",
        subject_ref=case.ref,
    )
    if task.state is TaskState.DONE:
        tasks.take_up_again(task, due_at=due_at, by=by)
    tasks.change(task, case_id=case.id, subject_ref=case.ref, by=by)
    if task.owner_principal_id != principal_id:
        tasks.hand_over(task, to_principal_id=principal_id, to_staff_id=staff_id, by=by)


def _waiting(person_ids: list[int]) -> list[Task]:
    whose = select(Case.id).where(Case.person_id.in_(person_ids))
    query = select(Task).where(
        Task.case_id.in_(whose),
        Task.key.startswith(_KEY),
        Task.state == TaskState.OPEN,
    )
    return list(db.session.scalars(query.order_by(Task.id)))


def _case(person_ids: list[int]) -> Case | None:
    query = select(Case).where(
        Case.person_id.in_(person_ids), Case.state.in_(BEFORE_SENTENCE | UNDER_ORDER)
    )
    return db.session.scalars(query.order_by(Case.id.desc())).first()


def _moved(case_id: int, by: int | None) -> None:
    follow(db.session.get_one(Case, case_id).person_id, by=by)


def _fact_added(case_id: int, kind: FactKind, by: int | None) -> None:
    """Somebody else has the case, or it is live no more, or again."""
    if kind not in _OTHERS_TURN:
        return
    person = db.session.get_one(Person, live_id(db.session.get_one(Case, case_id).person_id))
    if person.needs_review_on is not None:
        follow(person.id, by=by)


listeners.case_moved.append(_moved)
listeners.fact_added.append(_fact_added)
