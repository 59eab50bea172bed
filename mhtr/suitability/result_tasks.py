"""A hearing that has passed with no result is somebody's task on the next working day.

The task is opened as soon as the court date is known, so that nothing is lost where no job
runs; `open_result_tasks` finds what slipped through.
"""

from datetime import date, datetime

from sqlalchemy import select

from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState, FactKind
from mhtr.cases.models import Case
from mhtr.cases.standing import AFTER_RELEASE, BEFORE_SENTENCE
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.suitability.concerned import current_request
from mhtr.suitability.deadlines import result_chased_on
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.result_owner import answers_for, by_rota, still_holds
from mhtr.tasks import rehoming
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState


def keep(case: Case, request: ReportRequest | None, *, by: int | None) -> None:
    """Open the task, move it with the court date, or withdraw it where there is none."""
    must_be_writing()
    waiting = tasks.open_tasks(case.id, TaskKind.RESULT_AWAITED)
    if case.hearing_on is None or case.state not in BEFORE_SENTENCE:
        for task in waiting:
            tasks.withdraw(task, by=by, because="suitability.no_hearing")
        return
    day = result_chased_on(case.hearing_on, working_calendar())
    due_at = end_of_day(day)
    for task in waiting:
        if task.due_at != due_at:
            tasks.move(task, due_at=due_at, by=by)
        _keep_owner(task, case, request, day, by=by)
    if not waiting:
        owner = answers_for(case, request) or by_rota(case, day)
        tasks.open_task(
            TaskKind.RESULT_AWAITED,
            key=f"result:{case.id}:{_earlier(case.id)}",
            title="Record what the court decided",
            owner_principal_id=owner.principal_id,
            owner_staff_id=owner.staff_id,
            due_at=due_at,
            by=by,
            case_id=case.id,
            endpoint="suitability.outcome",
            subject_ref=case.ref,
        )


def _earlier(case_id: int) -> int:
    """How many such tasks the case has had: each hearing without a result may bring another."""
    return len(
        db.session.scalars(
            select(Task.id).where(Task.case_id == case_id, Task.kind == TaskKind.RESULT_AWAITED)
        ).all()
    )


def _keep_owner(
    task: Task, case: Case, request: ReportRequest | None, day: date, *, by: int | None
) -> None:
    """Give it to whose man it is; where he is nobody's, whoever of the trust has it keeps it."""
    owner = answers_for(case, request)
    if owner is None:
        if still_holds(task, case):
            return
        owner = by_rota(case, day)
    if (task.owner_principal_id, task.owner_staff_id) != (owner.principal_id, owner.staff_id):
        tasks.hand_over(task, to_principal_id=owner.principal_id, to_staff_id=owner.staff_id, by=by)


def open_result_tasks(now: datetime) -> int:
    """Open the task of every hearing before today that has none; returns how many were opened.

    Runs inside the caller's write transaction; a second run changes nothing.
    """
    must_be_writing()
    today = now.astimezone(clock.LONDON).date()
    held = select(Task.case_id).where(
        Task.kind == TaskKind.RESULT_AWAITED, Task.finished_at.is_(None), Task.case_id.is_not(None)
    )
    late = db.session.scalars(
        select(Case.id)
        .where(
            Case.hearing_on < today,
            Case.state.in_(sorted(BEFORE_SENTENCE)),
            Case.paused.is_(False),
            Case.id.not_in(held),
        )
        .order_by(Case.id)
    ).all()
    _await_results(today)
    for case_id in [*late, *_unnamed()]:
        keep(cases.lock(case_id), current_request(case_id), by=None)
    return len(late)


def _unnamed() -> list[int]:
    """Cases whose result is on a list only: somebody there is named."""
    query = select(Task.case_id).where(
        Task.kind == TaskKind.RESULT_AWAITED,
        Task.state == TaskState.OPEN,
        Task.owner_staff_id.is_(None),
        Task.case_id.is_not(None),
    )
    return list(db.session.scalars(query.order_by(Task.case_id)))


def follow_allocation(case_id: int, kind: FactKind, by: int | None) -> None:
    """An assessor takes over what somebody else of the trust had until then."""
    if kind is FactKind.ALLOCATED and tasks.open_tasks(case_id, TaskKind.RESULT_AWAITED):
        keep(cases.lock(case_id), current_request(case_id), by=by)


def _await_results(today: date) -> None:
    """Lists and counts repeat the state: it changes with the day, although nobody did anything."""
    passed = select(Case.id).where(
        Case.hearing_on < today,
        Case.state.in_(sorted(AFTER_RELEASE - {CaseState.AWAITING_RESULT})),
        Case.paused.is_(False),
    )
    for case_id in db.session.scalars(passed.order_by(Case.id)).all():
        cases.refresh(cases.lock(case_id))


def _owner_of(task: Task) -> tuple[int, int | None]:
    """Whose task it is now that whoever had it cannot see to it."""
    case = db.session.get_one(Case, task.case_id)
    day = task.due_at.astimezone(clock.LONDON).date()
    owner = answers_for(case, current_request(case.id)) or by_rota(case, day)
    return owner.principal_id, owner.staff_id


listeners.fact_added.append(follow_allocation)
rehoming.next_owner_of[TaskKind.RESULT_AWAITED] = _owner_of
