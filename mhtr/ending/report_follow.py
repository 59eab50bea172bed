"""Tasks around reports on treatment: to write and sign one, and to have an application made.

Both follow what is on record: nothing of them is decided by the program.
"""

from datetime import datetime

from sqlalchemy import func, select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.ending import queries, report_queries
from mhtr.ending.finish_rules import FurtherAnswer
from mhtr.ending.practitioners import author_of, requirement_runs, standing_orders
from mhtr.ending.report_build import order_of
from mhtr.ending.report_models import ReportVersion, TreatmentReport
from mhtr.orders import listeners as orders
from mhtr.orders.cover_queries import concerned
from mhtr.suitability.concerned import Owner
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.rehoming import Named, next_owner_of

PAGE = "ending.treatment_end"
THERE = "probation.treatment_end"
SIGN = "Write and sign the report on his treatment to probation"
APPLY = "Have an application made to the court: a report on treatment is here"
NOT_WANTED = "ending.report_not_wanted"
SIGN_WITHIN, APPLY_WITHIN = 10, 10
"""Working days; no legal limit was found."""
_KINDS = (TaskKind.TREATMENT_REPORT, TaskKind.APPLY_TO_COURT)


def follow(case: Case, *, by: int | None) -> None:
    """Open, keep or settle the tasks of a locked case by what is on record of its reports."""
    must_be_writing()
    _follow_signing(case, by)
    sent = report_queries.versions_of(case.id)
    for report in report_queries.reports_of(case.id):
        own = [one for one in sent if one.report_id == report.id]
        if own:
            _follow_application(case, report, own, by)


def ask_no_longer(_now: datetime) -> int:
    """Close the tasks of reports on men whose requirement has run out; returns how many.

    Runs inside the caller's write transaction; a second run changes nothing.
    """
    must_be_writing()
    query = select(Task.case_id).where(Task.kind.in_(_KINDS), Task.state == TaskState.OPEN)
    closed = 0
    for case_id in sorted({one for one in db.session.scalars(query) if one is not None}):
        case = cases.lock(case_id)
        waiting = tasks.open_tasks(case_id, *_KINDS)
        follow(case, by=None)
        closed += sum(task.state is not TaskState.OPEN for task in waiting)
    return closed


def _follow_signing(case: Case, by: int | None) -> None:
    """Somebody signs while one is being written, or is still to be after a “no”."""
    reports, sent = report_queries.reports_of(case.id), report_queries.versions_of(case.id)
    drafts = [one for one in reports if one.drafted_at is not None]
    row = queries.last_finished(case.id)
    said = queries.answer_on(row) if row is not None else None
    promised = said is not None and said.answer is FurtherAnswer.NOT_NEEDED
    if promised and said is not None:
        promised = all(one.created_at < said.created_at for one in sent)
    standing = standing_orders(case.id)
    wanted = bool(standing) and (bool(drafts) or promised)
    waiting = tasks.open_tasks(case.id, TaskKind.TREATMENT_REPORT)
    if not wanted:
        for task in waiting:
            if sent and not drafts and not promised:
                tasks.finish(task, by=by)
            else:
                tasks.withdraw(task, by=by, because=NOT_WANTED)
        return
    owner = author_of(case, standing)
    for task in waiting:
        tasks.keep_with(task, owner.principal_id, owner.staff_id, by=by)
    if not waiting:
        key = f"{TaskKind.TREATMENT_REPORT.value}:{case.id}:{len(sent)}:{_made(case.id)}"
        _open(case, TaskKind.TREATMENT_REPORT, key, SIGN, owner, PAGE, SIGN_WITHIN, by)


def _made(case_id: int) -> int:
    """How many such tasks the case has had: one that was done is not opened again."""
    query = select(func.count()).where(
        Task.case_id == case_id,
        Task.kind == TaskKind.TREATMENT_REPORT,
        Task.state == TaskState.DONE,
    )
    return db.session.scalars(query).one()


def _follow_application(
    case: Case, report: TreatmentReport, sent: list[ReportVersion], by: int | None
) -> None:
    """The officer has an application made, until one is recorded or the requirement is over."""
    key = f"{TaskKind.APPLY_TO_COURT.value}:{report.id}"
    applied = bool(report_queries.counting_steps(report))
    over = not requirement_runs(order_of(report))
    waiting, done = tasks.with_key(key), tasks.with_key(key, TaskState.DONE)
    if applied or over:
        if waiting is not None and applied:
            tasks.finish(waiting, by=by)
        elif waiting is not None:
            tasks.withdraw(waiting, by=by, because=NOT_WANTED)
        return
    due_at = end_of_day(working_calendar().add(clock.today(), APPLY_WITHIN))
    if done is not None:
        tasks.take_up_again(done, due_at=due_at, by=by)
        return
    owner = _officer(case)
    if waiting is None and owner is not None:
        _open(case, TaskKind.APPLY_TO_COURT, key, APPLY, owner, THERE, APPLY_WITHIN, by)


def _open(
    case: Case,
    kind: TaskKind,
    key: str,
    title: str,
    owner: Owner,
    page: str,
    within: int,
    by: int | None,
) -> None:
    tasks.open_task(
        kind,
        key=key,
        title=title,
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=end_of_day(working_calendar().add(clock.today(), within)),
        by=by,
        case_id=case.id,
        endpoint=page,
        subject_ref=case.ref,
    )


def _officer(case: Case) -> Owner | None:
    """Who supervises him and signs in here; None where nobody does: then his unit was told."""
    named = concerned(case.id)
    return Owner(named[0].principal_id, named[0].id) if named else None


def _next(task: Task) -> Named | None:
    if task.case_id is None:
        return None
    owner = _officer(cases.lock(task.case_id))
    return (owner.principal_id, owner.staff_id) if owner is not None else None


def _orders_changed(case_id: int, by: int | None) -> None:
    if report_queries.reports_of(case_id) or queries.last_finished(case_id) is not None:
        follow(cases.lock(case_id), by=by)


next_owner_of[TaskKind.APPLY_TO_COURT] = _next
orders.orders_changed.append(_orders_changed)
