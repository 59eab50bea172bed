"""Keeps a report's due date true: works it out, moves the tasks, tells whoever is concerned."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import audit, clock, policy
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.core.working_days import WorkingCalendar
from mhtr.suitability import news, result_tasks
from mhtr.suitability.asked import Asked, from_json
from mhtr.suitability.concerned import assessing, current_request
from mhtr.suitability.deadlines import Basis, Due, change_of_due, report_due
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.policy import DEADLINE_VALUES, deadline_policy
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Leave, TaskKind

DATED = (TaskKind.COUNTERSIGN, TaskKind.REVISE, TaskKind.RELEASE)
"""What else is due on the day of the report; `countersign_asking.due_moment` opens them so."""


def work_out(case: Case, request: ReportRequest, asked: Asked, calendar: WorkingCalendar) -> Due:
    """The due date by the values in force; the values and the hearing used are kept with it."""
    values = policy.values(*DEADLINE_VALUES)
    hearing_on = case.hearing_on if case.hearing_on else asked.hearing_on
    due = report_due(
        request.requested_at,
        asked.psr_type,
        asked.psr_filed_on,
        hearing_on,
        asked.asked_for_on,
        deadline_policy(values),
        calendar,
        _free_on(case.assessor_id),
    )
    request.due_on, request.due_reasons = due.on, list(due.reasons)
    request.earliest_on = None if due.feasible else due.earliest
    used: dict[str, Any] = {
        "hearing_on": hearing_on.isoformat() if hearing_on else None,
        "court_code": case.court_code or asked.court_code,
        "policy": values,
    }
    request.details = {**request.details, "worked_out": used}
    case.report_due_on = due.on
    return due


def _free_on(assessor_id: int | None) -> date | None:
    """The first day on which the assessor is not away; None where he is here or not known."""
    today = clock.today()
    away = db.session.scalars(
        select(Leave.last_day).where(
            Leave.staff_id == assessor_id, Leave.first_day <= today, Leave.last_day >= today
        )
    ).all()
    return max(away) + timedelta(days=1) if away else None


def keep_tasks(case: Case, request: ReportRequest, due: Due, *, by: int | None) -> None:
    """Open, move or withdraw what follows from the due date."""
    must_be_writing()
    due_at = end_of_day(due.on)
    for task in tasks.open_tasks(case.id, *DATED):
        if task.due_at != due_at:
            tasks.move(task, due_at=due_at, by=by)
    if case.progress is not ReportProgress.RELEASED:
        _keep_due(case, due, by=by)
    _keep_question(case, request, due, by=by)
    result_tasks.keep(case, request, by=by)


def _keep_due(case: Case, due: Due, *, by: int | None) -> None:
    due_at = end_of_day(due.on)
    waiting = tasks.open_tasks(case.id, TaskKind.REPORT_DUE)
    for task in waiting:
        if task.due_at != due_at:
            tasks.move(task, due_at=due_at, by=by)
    if not waiting:
        owner = assessing(case)
        tasks.open_task(
            TaskKind.REPORT_DUE,
            # The version tells a later round, after a new request or a reopening.
            key=f"report_due:{case.id}:{case.version}",
            title="Suitability report due",
            owner_principal_id=owner.principal_id,
            owner_staff_id=owner.staff_id,
            due_at=due_at,
            by=by,
            case_id=case.id,
            endpoint="suitability.assessment",
            subject_ref=case.ref,
        )


def _keep_question(case: Case, request: ReportRequest, due: Due, *, by: int | None) -> None:
    """Where the date cannot be met she is asked at once what she will do."""
    key = f"answer_date:{request.id}:{due.on}:{due.earliest}"
    for task in tasks.open_tasks(case.id, TaskKind.ANSWER_DATE):
        if task.key != key or due.feasible:
            tasks.withdraw(task, by=by, because="suitability.due_changed")
    if due.feasible or request.date_answer:
        return
    author = db.session.get_one(Staff, request.author_id)
    tasks.open_task(
        TaskKind.ANSWER_DATE,
        key=key,
        title="The report date cannot be met: say what you will do",
        owner_principal_id=author.principal_id,
        owner_staff_id=author.id,
        due_at=end_of_day(working_calendar().add(clock.today(), 0)),
        by=by,
        case_id=case.id,
        endpoint=news.PAGE,
        subject_ref=case.ref,
    )
    news.tell(
        author.principal_id,
        case,
        key,
        f"A report you asked for cannot be ready by {_day(due)}. "
        f"The earliest is {due.earliest:%A} {due.earliest.day} {due.earliest:%B %Y}.",
    )


def _day(due: Due) -> str:
    return f"{due.on.day} {due.on:%B %Y}"


def recalculate(case_id: int, by: int | None) -> None:
    """Work the due date out again after the court date changed, and tell everybody concerned."""
    must_be_writing()
    case = cases.lock(case_id)
    request = current_request(case_id)
    if request is None or case.state not in BEFORE_SENTENCE:
        if case.assessor_id is not None:
            result_tasks.keep(case, request, by=by)
        return
    used = request.details.get("worked_out", {})
    now_on = case.hearing_on.isoformat() if case.hearing_on else None
    if (used.get("hearing_on"), used.get("court_code")) == (now_on, case.court_code):
        return
    feasible = request.earliest_on is None
    before = Due(request.due_on, Basis.HEARING, (), feasible, request.earliest_on or request.due_on)
    calendar = working_calendar()
    asked = from_json(request.details)
    due = work_out(case, request, asked, calendar)
    if (due.on, due.earliest) != (before.on, before.earliest):
        request.date_answer, request.date_answered_at = "", None
    keep_tasks(case, request, due, by=by)
    words = change_of_due(before, due, calendar).words
    for principal_id in news.report_people(case, request):
        key = f"hearing:{case.id}:{case.version}"
        news.tell(principal_id, case, key, f"Court date changed. {words}")
    audit.record(
        "suitability.due_recalculated",
        by=by,
        case_id=case.id,
        request=request.id,
        due_on=due.on.isoformat(),
    )


def follow(case_id: int, kind: FactKind, by: int | None) -> None:
    """Put back what is due when a case goes on."""
    if kind in (FactKind.RESUMED, FactKind.REOPENED):
        request = current_request(case_id)
        if request is not None:
            put_back(cases.lock(case_id), request, by=by)


def put_back(case: Case, request: ReportRequest, *, by: int | None) -> None:
    """Open again what is due, once the case is on its way to sentence again."""
    if case.state in BEFORE_SENTENCE:
        due = work_out(case, request, from_json(request.details), working_calendar())
        keep_tasks(case, request, due, by=by)


listeners.hearing_changed.append(recalculate)
listeners.fact_added.append(news.follow)
listeners.fact_added.append(follow)
