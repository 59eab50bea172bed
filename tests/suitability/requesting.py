"""Asking for a report, and what it opens and tells."""

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability import request_service
from mhtr.suitability.asked import Asked
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.suitability.makers import ASKED
from tests.worlds import world


@world
def ask(case_id: int, by: int, asked: Asked = ASKED) -> ReportRequest:
    with writing():
        made = request_service.ask(case_id=case_id, asked=asked, by=by)
        made_id = made.id
    return db.session.get_one(ReportRequest, made_id)


def tasks_of(case_id: int, kind: TaskKind, *, is_open: bool = True) -> list[Task]:
    query = select(Task).where(Task.case_id == case_id, Task.kind == kind).order_by(Task.id)
    return [t for t in db.session.scalars(query) if not is_open or t.state is TaskState.OPEN]


def sees(staff_id: int, case_id: int) -> bool:
    viewer = viewer_of(db.session.get_one(Staff, staff_id))
    query = select(Case.id).where(Case.id == case_id, in_scope(viewer, Purpose.PRE_SENTENCE))
    return db.session.scalars(query).first() is not None


def told(staff: Staff) -> list[str]:
    query = select(Notice.text).where(Notice.principal_id == staff.principal_id)
    return list(db.session.scalars(query.order_by(Notice.id)))
