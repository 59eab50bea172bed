"""Open risk reviews in words, for a clinician who writes, signs, releases or closes.

They decide nothing. Only pages of clinicians show them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.core import clock, formats
from mhtr.core.prepared import Prepared
from mhtr.tasks.models import Task, TaskKind, TaskState

_OPEN = Prepared(
    select(Task.created_at, Task.due_at, Staff.name.label("owner"))
    .outerjoin(Staff, Staff.id == Task.owner_staff_id)
    .where(
        Task.case_id == bindparam("case"),
        Task.kind == TaskKind.RISK_REVIEW,
        Task.state == TaskState.OPEN,
    )
    .order_by(Task.due_at, Task.id)
)


def open_reviews(case_id: int) -> tuple[str, ...]:
    """Every risk review of a case that is open: with whom, and since when."""
    now = clock.now()
    return tuple(_said(line, now) for line in _OPEN.all({"case": case_id}))


def _said(line: Any, now: datetime) -> str:
    age = formats.ago(line.created_at, now)
    raised = age if age == "just now" else f"{age} ago"
    late = ", overdue" if line.due_at < now else ""
    return f"A risk review is open, with {line.owner or 'nobody by name'}, raised {raised}{late}."
