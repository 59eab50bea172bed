"""The day on which his communication and access needs are looked at again is somebody's task.

The Accessible Information Standard asks for that review; nobody opens the page by chance.
"""

from datetime import datetime, time

from sqlalchemy import select

from mhtr.cases import listeners
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

TITLE = "Ask him again about his communication and access needs"
_HOUR = time(9)


def follow(person_id: int, *, by: int | None) -> None:
    """Open the task for the day on record, for whoever works on his newest live case.

    One for another day, or for somebody who has the man no more, is closed.
    """
    must_be_writing()
    db.session.flush()
    person = db.session.get_one(Person, live_id(person_id))
    ids = record_ids(person.id)
    key = f"needs:{person.id}:{person.needs_review_on}"
    for task in _waiting(ids):
        if task.key != key:
            tasks.finish(task, by=by)
    case = _case(ids)
    asks = who_asks(case) if case is not None else None
    if person.needs_review_on is None or case is None or asks is None:
        return
    staff_id, principal_id = asks
    task = tasks.open_task(
        TaskKind.FLAG_REVIEW,
        key=key,
        title=TITLE,
        owner_principal_id=principal_id,
        owner_staff_id=staff_id,
        due_at=clock.from_london(datetime.combine(person.needs_review_on, _HOUR)),
        by=by,
        case_id=case.id,
        endpoint="people.details",
        subject_ref=case.ref,
    )
    if task.state is TaskState.OPEN and task.owner_principal_id != principal_id:
        task.case_id, task.subject_ref = case.id, str(case.ref)
        tasks.hand_over(task, to_principal_id=principal_id, to_staff_id=staff_id, by=by)


def _waiting(person_ids: list[int]) -> list[Task]:
    whose = select(Case.id).where(Case.person_id.in_(person_ids))
    query = select(Task).where(
        Task.case_id.in_(whose),
        Task.kind == TaskKind.FLAG_REVIEW,
        Task.title == TITLE,
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


listeners.case_moved.append(_moved)
