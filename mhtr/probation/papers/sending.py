"""Whose work it is to send the papers of a referral, for as long as they are waited for."""

from mhtr.accounts.models import Staff
from mhtr.compliance import listeners
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.orders.cover_queries import concerned
from mhtr.probation.papers.countdown import Stage
from mhtr.probation.papers.queries import Referral, referrals_of
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.rehoming import Named, next_owner_of

PAGE = "probation.papers"
TITLE = "Send the papers of a referral to an enforcement officer"
NOT_NOW = "papers.not_waited_for"


def follow(case_id: int, by: int) -> None:
    """Let the tasks of a case's referrals say what is to be sent; a repeat changes nothing."""
    must_be_writing()
    for referral in referrals_of([case_id]).get(case_id, ()):
        _follow(case_id, referral, by)


def _follow(case_id: int, referral: Referral, by: int) -> None:
    key = f"papers:{referral.ref}"
    waiting, done = tasks.with_key(key), tasks.with_key(key, TaskState.DONE)
    due_at = end_of_day(referral.papers.due_on)
    if referral.papers.stage is Stage.SENT:
        if waiting is not None:
            tasks.finish(waiting, by=by)
    elif not referral.papers.runs:
        if waiting is not None:
            tasks.withdraw(waiting, by=by, because=NOT_NOW)
    elif done is not None:
        tasks.take_up_again(done, due_at=due_at, by=by)
    elif waiting is None:
        principal_id, staff_id = _owner(case_id) or _recorder(by)
        tasks.open_task(
            TaskKind.SEND_PAPERS,
            key=key,
            title=TITLE,
            owner_principal_id=principal_id,
            owner_staff_id=staff_id,
            due_at=due_at,
            by=by,
            case_id=case_id,
            endpoint=PAGE,
            subject_ref=referral.ref,
        )


def _owner(case_id: int) -> Named | None:
    """The named officer, where he signs in here."""
    named = concerned(case_id)
    return (named[0].principal_id, named[0].id) if named else None


def _recorder(by: int) -> Named:
    return db.session.get_one(Staff, by).principal_id, by


def _next(task: Task) -> Named | None:
    return _owner(task.case_id) if task.case_id is not None else None


listeners.steps_changed.append(follow)
next_owner_of[TaskKind.SEND_PAPERS] = _next
