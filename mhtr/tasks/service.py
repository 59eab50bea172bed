"""The only writer of tasks and notices."""

from datetime import datetime

from sqlalchemy import bindparam, select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing, recalled, remembered
from mhtr.tasks import listeners, risk_access
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState

# Statements of every step, put together once: that takes twice as long as running them.
_BY_KEY = select(Task).where(Task.key == bindparam("wanted"))
_WITH_KEY = _BY_KEY.where(Task.state == bindparam("state"))
_OPEN_OF_CASE = (
    select(Task)
    .where(Task.case_id == bindparam("wanted"), Task.state == TaskState.OPEN)
    .order_by(Task.due_at, Task.id)
)
_TOLD = select(Notice.id).where(
    Notice.principal_id == bindparam("whom"), Notice.key == bindparam("wanted")
)

LONGEST = 300
"""Characters of a notice."""


def open_task(
    kind: TaskKind,
    *,
    key: str,
    title: str,
    owner_principal_id: int,
    due_at: datetime,
    by: int | None,
    case_id: int | None = None,
    owner_staff_id: int | None = None,
    endpoint: str = "",
    subject_ref: object = "",
) -> Task:
    """Open a task once; the same key again returns the task as it stands.

    One that was withdrawn, and is needed after all, is open again for the owner named here.
    Its title holds no personal or clinical detail; `endpoint` and `subject_ref` are its page.
    """
    must_be_writing()
    earlier = db.session.scalars(_BY_KEY, {"wanted": key}).one_or_none()
    if earlier is not None:
        if earlier.state is TaskState.WITHDRAWN:
            reopen(earlier, due_at=due_at, by=by)
            keep_with(earlier, owner_principal_id, owner_staff_id, by=by)
        return earlier
    task = Task(
        kind=kind,
        key=key,
        title=title,
        owner_principal_id=owner_principal_id,
        owner_staff_id=owner_staff_id,
        due_at=due_at,
        case_id=case_id,
        endpoint=endpoint,
        subject_ref=str(subject_ref),
    )
    db.session.add(task)
    return _opened(task, by)


def _opened(task: Task, by: int | None) -> Task:
    db.session.flush()
    _is_open(task)
    kind, case_id = task.kind.value, task.case_id
    audit.record("tasks.opened", by=by, case_id=case_id, kind=kind, task=task.id)
    return task


def keep_with(task: Task, principal_id: int, staff_id: int | None, *, by: int | None) -> None:
    """Let an open task belong to whom it would be opened for today; if it does, nothing changes."""
    if (task.owner_principal_id, task.owner_staff_id) != (principal_id, staff_id):
        hand_over(task, to_principal_id=principal_id, to_staff_id=staff_id, by=by)


def hand_over(task: Task, *, to_principal_id: int, to_staff_id: int | None, by: int | None) -> None:
    """Give an open task to somebody else. On a list it has been passed on to nobody yet."""
    must_be_writing()
    _must_be_open(task)
    task.owner_principal_id, task.owner_staff_id = to_principal_id, to_staff_id
    task.owner_since = clock.now()
    if to_staff_id is None:
        task.escalated = 0
    audit.record("tasks.handed_over", by=by, case_id=task.case_id, task=task.id)


def pass_on(task: Task, *, to_principal_id: int, to_staff_id: int | None, stage: int) -> None:
    """Give on, by the program, an open task that nobody has seen to in time.

    Args:
        stage: how far it has been passed on now (`Task.escalated`).
    """
    hand_over(task, to_principal_id=to_principal_id, to_staff_id=to_staff_id, by=None)
    task.escalated = stage
    audit.record("tasks.escalated", by=None, case_id=task.case_id, task=task.id, to=to_staff_id)


def move(task: Task, *, due_at: datetime, by: int | None) -> None:
    """Change when an open task is due."""
    must_be_writing()
    _must_be_open(task)
    task.due_at = due_at
    audit.record("tasks.moved", by=by, case_id=task.case_id, task=task.id)


def change(
    task: Task,
    *,
    by: int | None,
    title: str = "",
    kind: TaskKind | None = None,
    case_id: int | None = None,
    endpoint: str = "",
    subject_ref: object = "",
) -> None:
    """Let an open task ask for something else, or on another case; what is left out stays."""
    must_be_writing()
    _must_be_open(task)
    before = (task.title, task.kind, task.case_id, task.endpoint, task.subject_ref)
    now = (
        title or task.title,
        kind or task.kind,
        case_id or task.case_id,
        endpoint or task.endpoint,
        str(subject_ref or task.subject_ref),
    )
    if now != before:
        task.title, task.kind, task.case_id, task.endpoint, task.subject_ref = now
        audit.record("tasks.changed", by=by, case_id=task.case_id, task=task.id)


def acknowledge(task: Task, *, by: int) -> None:
    """Note who has seen a task first; a second acknowledgement changes nothing."""
    must_be_writing()
    _must_be_open(task)
    if task.acknowledged_at is None:
        task.acknowledged_at, task.acknowledged_by = clock.now(), by
        audit.record("tasks.acknowledged", by=by, case_id=task.case_id, task=task.id)


def finish(task: Task, *, by: int | None, outcome: str = "", plan: str = "") -> None:
    """Close a task as done. A risk review needs what was done and the plan.

    Raises:
        Refused: a risk review without outcome and plan, or a task that is not open.
    """
    must_be_writing()
    _must_be_open(task)
    if task.kind is TaskKind.RISK_REVIEW and not (outcome.strip() and plan.strip() and by):
        raise Refused("Say what was done and what the plan is.")
    task.state, task.finished_at, task.finished_by = TaskState.DONE, clock.now(), by
    task.outcome, task.plan = outcome.strip() or None, plan.strip() or None
    if task.kind is TaskKind.RISK_REVIEW:
        risk_access.run_out(task, task.owner_principal_id, by=by)
        for listener in listeners.risk_closed:
            listener(task, by)
    audit.record("tasks.done", by=by, case_id=task.case_id, task=task.id)


def withdraw(task: Task, *, by: int | None, because: str) -> None:
    """Close a task that is no longer needed.

    Raises:
        Refused: it is a risk review: only a clinician's recorded outcome closes one.
    """
    must_be_writing()
    if task.kind is TaskKind.RISK_REVIEW:
        raise Refused("A risk review closes only with a clinician's outcome.")
    if task.state is not TaskState.OPEN:
        return
    task.state, task.finished_at, task.finished_by = TaskState.WITHDRAWN, clock.now(), by
    audit.record("tasks.withdrawn", by=by, case_id=task.case_id, task=task.id, because=because)


def reopen(task: Task, *, due_at: datetime, by: int | None) -> None:
    """Open a withdrawn task again: what it asks for is needed after all.

    Raises:
        Refused: the task was done, or is open.
    """
    must_be_writing()
    if task.state is not TaskState.WITHDRAWN:
        raise Refused("Only a task that was withdrawn can be opened again.")
    _open_again(task, due_at, by)


def take_up_again(task: Task, *, due_at: datetime, by: int | None) -> None:
    """Open a task again that was done: what had done it was taken back.

    Raises:
        Refused: it was not done, or is a risk review, whose outcome stands.
    """
    must_be_writing()
    if task.state is not TaskState.DONE or task.kind is TaskKind.RISK_REVIEW:
        raise Refused("Only a task that was done can be taken up again, and no risk review.")
    _open_again(task, due_at, by)


def _open_again(task: Task, due_at: datetime, by: int | None) -> None:
    task.state, task.finished_at, task.finished_by = TaskState.OPEN, None, None
    task.due_at, task.escalated = due_at, 0
    _is_open(task)
    audit.record("tasks.reopened", by=by, case_id=task.case_id, task=task.id)


def with_key(key: str, state: TaskState = TaskState.OPEN, *, locked: bool = False) -> Task | None:
    """The task of a key, where it stands so; locked until commit where asked for."""
    query = _WITH_KEY.with_for_update(of=Task) if locked else _WITH_KEY
    return db.session.scalars(query, {"wanted": key, "state": state}).one_or_none()


def open_tasks(case_id: int, *kinds: TaskKind) -> list[Task]:
    """Open tasks of a case, of some kinds or all."""
    found = [task for task in _read(case_id) if task.state is TaskState.OPEN]
    found.sort(key=lambda task: (task.due_at, task.id))
    return [task for task in found if not kinds or task.kind in kinds]


class _OpenOf:
    """What a case's open tasks are remembered under: the rows themselves, new ones among them."""


def _read(case_id: int) -> list[Task]:
    wanted = {"wanted": case_id}
    return remembered(
        case_id, _OpenOf, lambda: list(db.session.scalars(_OPEN_OF_CASE, wanted).all())
    )


def _is_open(task: Task) -> None:
    """One that was opened, or opened again, is among the open tasks that were read before."""
    known = recalled(task.case_id, _OpenOf)
    if known is not None and task not in known:
        known.append(task)


def settle(case_id: int, *kinds: TaskKind, by: int | None) -> None:
    """Mark the open tasks of these kinds on a case as done (the thing itself was done)."""
    for task in open_tasks(case_id, *kinds):
        if task.kind is not TaskKind.RISK_REVIEW:
            finish(task, by=by)


def tell(
    principal_id: int,
    *,
    key: str,
    text: str,
    case_id: int | None = None,
    endpoint: str = "",
    subject_ref: object = "",
) -> bool:
    """Put a notice on the Today page of a member of staff or a team, once per key.

    Returns whether it is new there.
    """
    must_be_writing()
    new = db.session.scalars(_TOLD, {"whom": principal_id, "wanted": key}).first() is None
    if new:
        db.session.add(
            Notice(
                principal_id=principal_id,
                key=key,
                text=text[:LONGEST],  # names of people and teams can be long
                case_id=case_id,
                endpoint=endpoint,
                subject_ref=str(subject_ref),
            )
        )
    return new


def mark_read(notice: Notice, *, by: int) -> None:
    """Note that somebody has read a notice; a team's notice is then read for all of it."""
    must_be_writing()
    if notice.read_at is None:
        notice.read_at, notice.read_by = clock.now(), by
        audit.record("tasks.notice_read", by=by, case_id=notice.case_id, notice=notice.id)


def _must_be_open(task: Task) -> None:
    if task.state is not TaskState.OPEN:
        raise Refused("This task is already closed.")
