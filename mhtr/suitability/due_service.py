"""Keeps a report's due date true: works it out, moves the tasks, tells whoever is concerned."""

from typing import Any

from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.cases import hearings, listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, FactKind, ReportProgress
from mhtr.cases.models import Case, CaseFact
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.cases.wording import day_words
from mhtr.core import audit, clock, policy
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.core.working_days import WorkingCalendar
from mhtr.suitability import dates_used, filing_question, news, result_tasks
from mhtr.suitability.asked import Asked, from_json
from mhtr.suitability.capacity import Writer
from mhtr.suitability.concerned import assessing, current_request, no_report_since
from mhtr.suitability.deadlines import Basis, Due, PsrType, report_due
from mhtr.suitability.due_change import change_of_due
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.policy import DEADLINE_VALUES, deadline_policy
from mhtr.tasks import listeners as leave_listeners
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Leave, TaskKind

UNWRITTEN = frozenset(
    {ReportProgress.NOT_STARTED, ReportProgress.BEING_WRITTEN, ReportProgress.RETURNED}
)
"""While a report stands so, the days its assessor is away count."""
DATED = (TaskKind.COUNTERSIGN, TaskKind.REVISE, TaskKind.RELEASE)
"""What else is due on the day of the report; `countersign_asking.due_moment` opens them so."""


def work_out(case: Case, request: ReportRequest, asked: Asked, calendar: WorkingCalendar) -> Due:
    """The due date by the values in force; the values and the hearing used are kept with it."""
    values = policy.values(*DEADLINE_VALUES)
    hearing_on = case.hearing_on if case.hearing_on else asked.hearing_on
    from_dates = dates_used.of(request, hearing_on)
    changed_on = dates_used.changed_on(request, from_dates)
    due = report_due(
        request.requested_at,
        PsrType(request.psr_type),
        request.psr_filed_on,
        hearing_on,
        asked.asked_for_on,
        deadline_policy(values),
        calendar,
        _writer(case),
        changed_on,
    )
    asked_about = request.due_on, request.earliest_on
    request.due_on, request.due_reasons = due.on, list(due.reasons)
    request.earliest_on = None if due.feasible else due.earliest
    if asked_about != (request.due_on, request.earliest_on):
        request.date_answer, request.date_answered_at = "", None
    used: dict[str, Any] = {
        **from_dates,
        "changed_on": changed_on.isoformat() if changed_on else None,
        "court_code": case.court_code or asked.court_code,
        "policy": values,
    }
    request.details = {**request.details, "worked_out": used}
    case.report_due_on = None if no_report_since(case.id) else due.on
    return due


def _writer(case: Case) -> Writer | None:
    """Who is writing the report; None where nobody has it yet, or nothing is left to write."""
    if case.assessor_id is None or case.progress not in UNWRITTEN:
        return None
    _hold(case.assessor_id)
    given = db.session.scalar(
        select(func.max(CaseFact.happened_at)).where(
            CaseFact.case_id == case.id, CaseFact.kind == FactKind.ALLOCATED
        )
    )
    since = (given or case.opened_at).astimezone(clock.LONDON).date()
    away = db.session.execute(
        select(Leave.first_day, Leave.last_day).where(
            Leave.staff_id == case.assessor_id, Leave.last_day >= since
        )
    )
    return Writer(since, clock.today(), tuple((first, last) for first, last in away))


def _hold(staff_id: int) -> None:
    """Leave of his and cases of his wait for each other: neither misses the other's change."""
    # Rows that only refer to him (audit, facts) are not kept waiting.
    db.session.execute(select(Staff.id).where(Staff.id == staff_id).with_for_update(key_share=True))


def keep_tasks(case: Case, request: ReportRequest, due: Due, *, by: int | None) -> None:
    """Open, move or withdraw what follows from the due date."""
    must_be_writing()
    result_tasks.keep(case, request, by=by)
    if case.paused or no_report_since(case.id) or case.stage not in AFTER_PLEA_OR_FINDING:
        return
    due_at = end_of_day(due.on)
    for task in tasks.open_tasks(case.id, *DATED):
        if task.due_at != due_at:
            tasks.move(task, due_at=due_at, by=by)
    if case.progress is not ReportProgress.RELEASED:
        _keep_due(case, due, by=by)
    _keep_question(case, request, due, by=by)
    filing_question.keep(case, request, by=by)


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
    dates = f"answer_date:{request.id}:{due.on}:{due.earliest}:"
    waiting = [
        task
        for task in tasks.open_tasks(case.id, TaskKind.ANSWER_DATE)
        if not task.key.startswith(filing_question.KEY)
    ]
    asked = [task for task in waiting if task.key.startswith(dates) and not due.feasible]
    for task in waiting:
        if task not in asked:
            tasks.withdraw(task, by=by, because="suitability.due_changed")
    released = case.progress is ReportProgress.RELEASED
    if due.feasible or request.date_answer or asked or released:
        return
    # The version tells a question from an earlier one about the same dates.
    key = f"{dates}{case.version}"
    filing_question.ask_author(
        case,
        request,
        key,
        "The report date cannot be met: say what you will do",
        f"A report you asked for cannot be ready by {_day(due)}. "
        f"The earliest is {due.earliest:%A} {due.earliest.day} {due.earliest:%B %Y}.",
        by=by,
    )


def _day(due: Due) -> str:
    return f"{due.on.day} {due.on:%B %Y}"


def recalculate(case_id: int, by: int | None) -> None:
    """Work the due date out again after the court date, or what the court has asked for, changed.

    The kind of pre-sentence report recorded with the hearing becomes that of the request.
    """
    must_be_writing()
    case = cases.lock(case_id)
    request = current_request(case_id)
    if request is None or case.state not in BEFORE_SENTENCE:
        if case.assessor_id is not None:
            result_tasks.keep(case, request, by=by)
        return
    used = request.details.get("worked_out", {})
    now_on = case.hearing_on.isoformat() if case.hearing_on else None
    moved = (used.get("hearing_on"), used.get("court_code")) != (now_on, case.court_code)
    hearing = hearings.current(case_id)
    kind = (hearing.psr_kind if hearing else "") or request.psr_type
    if moved or kind != request.psr_type:
        request.psr_type = kind
        why = _moved(case) if moved else "The kind of pre-sentence report is recorded."
        if moved and hearing is not None:
            why += filing_question.take_from(request, hearing, by=by)
        if case.progress is ReportProgress.RELEASED:
            _after_release(case, request, why, by=by)
        else:
            _again(case, request, why, by=by, always=True)


def _moved(case: Case) -> str:
    if case.hearing_on is None:
        return "Court date changed: no new date is fixed."
    return f"Court date changed: now {case.hearing_on:%A} {day_words(case.hearing_on)}."


def _after_release(case: Case, request: ReportRequest, why: str, *, by: int | None) -> None:
    """Nothing is due any more: only the day on which the result is awaited moves."""
    on = case.hearing_on.isoformat() if case.hearing_on else None
    used = {**request.details.get("worked_out", {}), "hearing_on": on}
    request.details = {**request.details, "worked_out": {**used, "court_code": case.court_code}}
    case.version += 1
    for task in tasks.open_tasks(case.id, TaskKind.ANSWER_DATE):
        tasks.withdraw(task, by=by, because="suitability.released")
    result_tasks.keep(case, request, by=by)
    for principal_id in news.report_people(case, request):
        key = f"due:{case.id}:{case.version}"
        news.tell(principal_id, case, key, f"{why} The report is released.")


def _again(
    case: Case, request: ReportRequest, why: str, *, by: int | None, always: bool = False
) -> None:
    """Work it out again; whom it concerns is told `always`, or where the dates changed by it."""
    feasible = request.earliest_on is None
    before = Due(request.due_on, Basis.HEARING, (), feasible, request.earliest_on or request.due_on)
    calendar = working_calendar()
    due = work_out(case, request, from_json(request.details), calendar)
    changed = (due.on, due.earliest) != (before.on, before.earliest)
    if not (changed or always):
        return
    case.version += 1
    keep_tasks(case, request, due, by=by)
    words = change_of_due(before, due, calendar).words
    # Where no report will follow nobody is told of a date for one.
    for principal_id in news.report_people(case, request) if case.report_due_on else ():
        news.tell(principal_id, case, f"due:{case.id}:{case.version}", f"{why} {words}")
    audit.record(
        "suitability.due_recalculated",
        by=by,
        case_id=case.id,
        request=request.id,
        due_on=due.on.isoformat(),
    )


def work_out_again(case: Case, request: ReportRequest, why: str, *, by: int) -> None:
    """After something else that bears on the date was told: `why`, a sentence."""
    _again(case, request, why, by=by, always=True)


def follow(case_id: int, kind: FactKind, by: int | None) -> None:
    """Put back what is due when a case goes on; weigh the time of whoever is given it."""
    if kind not in (FactKind.RESUMED, FactKind.REOPENED, FactKind.ALLOCATED):
        return
    case, request = cases.lock(case_id), current_request(case_id)
    if request is None:
        return
    if kind is not FactKind.ALLOCATED:
        put_back(case, request, by=by)
    elif _to_come(case):
        _again(case, request, "The report was given to an assessor.", by=by)


def follow_leave(staff_id: int, by: int | None) -> None:
    """His leave changed: work out again each report he has still to write."""
    must_be_writing()
    # Cases before the person, as everywhere; then those he was given in between.
    locked = {case_id: cases.lock(case_id) for case_id in _cases_of(staff_id)}
    _hold(staff_id)
    for case_id in _cases_of(staff_id):
        case, request = locked.get(case_id) or cases.lock(case_id), current_request(case_id)
        if request is not None and _to_come(case):
            _again(case, request, "The assessor’s leave changed.", by=by)


def _cases_of(staff_id: int) -> list[int]:
    query = select(Case.id).where(
        Case.assessor_id == staff_id,
        Case.state.in_(sorted(BEFORE_SENTENCE)),
        Case.progress.in_(sorted(UNWRITTEN)),
    )
    return list(db.session.scalars(query.order_by(Case.id)))


def _to_come(case: Case) -> bool:
    return case.state in BEFORE_SENTENCE and case.progress in UNWRITTEN


def put_back(case: Case, request: ReportRequest, *, by: int | None) -> None:
    """Open again what is due, once the case is on its way to sentence again."""
    if case.state in BEFORE_SENTENCE:
        due = work_out(case, request, from_json(request.details), working_calendar())
        keep_tasks(case, request, due, by=by)


listeners.hearing_changed.append(recalculate)
listeners.fact_added.append(news.follow)
listeners.fact_added.append(follow)
leave_listeners.leave_changed.append(follow_leave)
