"""Whoever owns a sign of risk may see the case, by name, for as long as it is open.

The grant stands beside any other he has, so that ending or limiting that one takes nothing away
here. Once the review closes or goes to somebody else, it runs out some days later.
"""

from datetime import timedelta

from sqlalchemy import or_, select

from mhtr.core import access, audit, clock
from mhtr.core.access import Grant, Purpose
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.policy import GRANT_DAYS

BECAUSE = "tasks.risk_review"
EARLIER = ("tasks.escalated", "tasks.handed_over")
"""What such grants were called before; they run out as they were given."""


def let_see(case_id: int | None, principal_id: int, *, by: int | None) -> None:
    """Let the owner of an open review see its case without an end; a repeat changes nothing."""
    must_be_writing()
    if case_id is not None:
        access.grant(
            case_id, Purpose.CLINICAL, principal_id, because=BECAUSE, by=by, beside_others=True
        )


def run_out(task: Task, principal_id: int, *, by: int | None) -> None:
    """The review is closed or somebody else's: the grant runs out, unless he owns another one.

    Called after the task was changed.
    """
    must_be_writing()
    db.session.flush()
    another = select(Task.id).where(
        Task.kind == TaskKind.RISK_REVIEW,
        Task.state == TaskState.OPEN,
        Task.case_id == task.case_id,
        Task.owner_principal_id == principal_id,
    )
    if task.case_id is None or db.session.scalars(another).first() is not None:
        return
    until = clock.now() + timedelta(days=GRANT_DAYS)
    for live in db.session.scalars(
        select(Grant).where(
            Grant.case_id == task.case_id,
            Grant.principal_id == principal_id,
            Grant.because.in_((BECAUSE, *EARLIER)),
            or_(Grant.ends_at.is_(None), Grant.ends_at > until),
        )
    ):
        live.ends_at = until
        audit.record(
            "access.limited",
            by=by,
            case_id=task.case_id,
            purpose=live.purpose.value,
            principal=principal_id,
            because=BECAUSE,
        )
