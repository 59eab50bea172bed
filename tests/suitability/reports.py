"""What tests of signing and release ask about a report."""

from sqlalchemy import select

from mhtr.core.database import db
from mhtr.suitability.models import Assessment
from mhtr.suitability.release_content import prepare
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.suitability.journey import People


def open_task(kind: TaskKind) -> Task:
    query = select(Task).where(Task.kind == kind, Task.state == TaskState.OPEN)
    return db.session.scalars(query).one()


def against(people: People, assessment: Assessment) -> tuple[str, ...]:
    db.session.rollback()
    return prepare(people.case, assessment, by=people.assessor.id).against
