"""Who of probation reads what it is told of risk, by when, and who hears where nobody does."""

from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance import misses
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import must_be_writing
from mhtr.messages.kinds import MessageKind, NotWanted, register
from mhtr.messages.mail import Mail
from mhtr.orders import telling
from mhtr.orders.cover_queries import concerned
from mhtr.orders.officer_queries import officers_in
from mhtr.orders.unit_mail import unit_mail, unit_of
from mhtr.probation.risk_models import RiskStatement
from mhtr.probation.risk_queries import Told, told_of
from mhtr.probation.risk_rules import URGENT_WITHIN, State, StepKind, is_late
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.queries import excluded_staff, on_leave
from mhtr.tasks.rehoming import Named, next_owner_of

KIND = "probation.risk_told"
PAGE = "probation.risks_told"
INSIDE = "probation.risks"
TITLE = "The service tells you of a risk: acknowledge it"
BY_HAND = "Tell probation of a risk by telephone: nobody of it has acknowledged it"
SAID = "The service that treats a man whom your unit supervises tells you of a risk."
PASSED_ON = "A risk that the service told, and that nobody of your unit acknowledged, is now yours."
ACKNOWLEDGED = "Probation has acknowledged the risk that you told."
APPROVED = "It is on record that you approved telling probation of a risk without his agreement."
CHANGED = "What the service told you of a risk was taken back or said anew. Read it again."
NO_LONGER_AGREES = (
    "He took back that probation may be told of a risk, before it had it: must it be told all the "
    "same?"
)


def open_for(case: Case, row: RiskStatement, *, by: int) -> None:
    """A task with somebody of probation by name; where there is nobody, a mail, or a call to make.

    A clinician is asked to telephone wherever nobody of probation can read it here.
    """
    owner = reader_of(case)
    if owner is not None:
        tasks.open_task(
            TaskKind.RISK_TOLD,
            key=_key(row),
            title=TITLE,
            owner_principal_id=owner.principal_id,
            owner_staff_id=owner.id,
            due_at=_due(urgent=row.urgent),
            by=by,
            case_id=case.id,
            endpoint=PAGE,
            subject_ref=case.ref,
        )
        telling.tell_officers(case, key=_key(row), text=TITLE, endpoint=PAGE)
        return
    payload = {"statement": row.id}
    telling.write_to_unit(case, key=f"{_key(row)}:mail", template=KIND, payload=payload, by=by)
    _by_hand(case, row)


def reader_of(case: Case) -> Staff | None:
    """Who of probation reads it first: the officer or his cover at work, else a senior."""
    away = on_leave(clock.today())
    there = [one for one in concerned(case.id) if one.id not in away]
    return there[0] if there else senior_of(case)


def senior_of(case: Case) -> Staff | None:
    """A senior of his unit who may see him, one who is at work before one who is not."""
    unit = unit_of(case.id)
    if unit is None or case.restricted:
        return None
    shut_out, away = excluded_staff(case.id, clock.now()), on_leave(clock.today())
    seniors = [
        one
        for one in officers_in(unit.id)
        if one.id not in shut_out and Role.SENIOR_PROBATION in {row.role for row in one.roles}
    ]
    return min(seniors, key=lambda one: (one.id in away, one.sort_name, one.id), default=None)


def acknowledged(case: Case, row: RiskStatement, *, by: int) -> None:
    """Somebody of probation has it: nobody is asked any more, and who told it hears."""
    _end(row, by=by, done=True)
    writer = db.session.get_one(Staff, row.by_id)
    _tell(case, writer, f"{_key(row)}:acknowledged", ACKNOWLEDGED, INSIDE)


def over(case: Case, told: Told, *, by: int) -> None:
    """It holds no more: nobody has to acknowledge it, and whoever has read it hears."""
    _end(told.row, by=by, done=False)
    step = told.last(StepKind.ACKNOWLEDGED)
    key = f"{_key(told.row)}:changed"
    telling.tell_officers(case, key=key, text=CHANGED, endpoint=PAGE)
    if step is not None:
        _tell(case, db.session.get_one(Staff, step.row.by_id), key, CHANGED, PAGE)


def no_longer_agrees(case: Case, row: RiskStatement, *, by: int) -> None:
    """A clinician decides at once whether what he stopped is told without his agreement."""
    telling.ask_to_tell(
        case,
        misses.therapist(case, row.by_id),
        key=f"{_key(row)}:agreement",
        title=NO_LONGER_AGREES,
        due_at=_due(urgent=row.urgent),
        endpoint=INSIDE,
        subject_ref=case.ref,
        by=by,
    )


def approved(case: Case, row: RiskStatement) -> None:
    """Who is said to have approved it hears that this is on record."""
    if row.approver_id is not None:
        lead = db.session.get_one(Staff, row.approver_id)
        _tell(case, lead, f"{_key(row)}:approved", APPROVED, INSIDE)


def escalate(now: datetime) -> int:
    """Pass on what nobody of probation acknowledged in time; returns how many.

    First to a senior of the unit; then a clinician is asked to telephone. A second run changes
    nothing.
    """
    must_be_writing()
    query = select(Task).where(Task.kind == TaskKind.RISK_TOLD, Task.state == TaskState.OPEN)
    late = query.order_by(Task.due_at, Task.id).with_for_update(of=Task, skip_locked=True)
    return sum(_pass_on(task, now) for task in db.session.scalars(late).all())


def _pass_on(task: Task, now: datetime) -> bool:
    passed = task.owner_since if task.escalated else None
    if task.case_id is None or not is_late(task.due_at, passed, now):
        return False
    case = db.session.get_one(Case, task.case_id)
    row = db.session.get_one(RiskStatement, int(task.key.rpartition(":")[2]))
    senior = senior_of(case)
    if task.escalated or senior is None or senior.id == task.owner_staff_id:
        return _by_hand(case, row)
    tasks.pass_on(task, to_principal_id=senior.principal_id, to_staff_id=senior.id, stage=1)
    _tell(case, senior, f"{_key(row)}:passed_on", PASSED_ON, PAGE)
    return True


def _by_hand(case: Case, row: RiskStatement) -> bool:
    key = f"{_key(row)}:hand"
    if tasks.with_key(key) is not None or tasks.with_key(key, TaskState.DONE) is not None:
        return False
    telling.ask_to_tell(
        case,
        misses.therapist(case, row.by_id),
        key=key,
        title=BY_HAND,
        due_at=_due(urgent=True),
        endpoint=INSIDE,
        subject_ref=case.ref,
        by=None,
    )
    return True


def _end(row: RiskStatement, *, by: int, done: bool) -> None:
    for key in (_key(row), f"{_key(row)}:hand"):
        task = tasks.with_key(key)
        if task is None:
            continue
        if done and key == _key(row):
            tasks.finish(task, by=by)
        else:
            tasks.withdraw(task, by=by, because="risk_told.settled")


def _tell(case: Case, staff: Staff, key: str, text: str, endpoint: str) -> None:
    tasks.tell(
        staff.principal_id,
        key=key,
        text=text,
        case_id=case.id,
        endpoint=endpoint,
        subject_ref=case.ref,
    )


def _due(*, urgent: bool) -> datetime:
    if urgent:
        return clock.now() + URGENT_WITHIN
    return end_of_day(working_calendar().add(clock.today(), 1))


def _key(row: RiskStatement) -> str:
    return f"risk_told:{row.id}"


def _composed(row: OutboxMessage) -> Mail:
    """The mail to the unit, unless it was taken back or acknowledged meanwhile."""
    if row.case_id is None:
        raise NotWanted
    waits = {one.row.id for one in told_of(row.case_id) if one.state is State.WAITS}
    if row.payload["statement"] not in waits:
        raise NotWanted
    case = db.session.get_one(Case, row.case_id)
    return unit_mail(row, case, title="A risk to acknowledge", said=SAID, endpoint=PAGE)


def _failed(_row: OutboxMessage) -> None:
    """Somebody of the service is asked to telephone already."""


def _next(task: Task) -> Named | None:
    if task.case_id is None:
        return None
    reader = reader_of(db.session.get_one(Case, task.case_id))
    return (reader.principal_id, reader.id) if reader is not None else None


register(MessageKind(KIND, _composed, _failed))
next_owner_of[TaskKind.RISK_TOLD] = _next
