"""Open risk reviews in words, for a clinician who writes, signs, releases or closes.

They decide nothing. Only pages of clinicians show them.
"""

from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import clock, formats
from mhtr.core.database import db
from mhtr.tasks.models import Task, TaskKind, TaskState


def open_reviews(case_id: int) -> tuple[str, ...]:
    """Every risk review of a case that is open: with whom, and since when."""
    rows = db.session.execute(
        select(Task, Staff.name)
        .outerjoin(Staff, Staff.id == Task.owner_staff_id)
        .where(
            Task.case_id == case_id,
            Task.kind == TaskKind.RISK_REVIEW,
            Task.state == TaskState.OPEN,
        )
        .order_by(Task.due_at, Task.id)
    )
    now = clock.now()
    return tuple(_said(task, owner, now) for task, owner in rows)


def _said(task: Task, owner: str | None, now: datetime) -> str:
    age = formats.ago(task.created_at, now)
    raised = age if age == "just now" else f"{age} ago"
    late = ", overdue" if task.due_at < now else ""
    return f"A risk review is open, with {owner or 'nobody by name'}, raised {raised}{late}."
