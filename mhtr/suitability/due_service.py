"""Keeps a report's due date true: works it out, moves the tasks, tells whoever is concerned."""

from datetime import date
from typing import Any

from sqlalchemy import or_, select

from mhtr.cases import hearings, listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, FactKind, ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.cases.wording import day_words
from mhtr.core import audit, clock, policy
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.core.working_days import WorkingCalendar
from mhtr.suitability import (
    date_question,
    dates_used,
    filing_question,
    late_report,
    news,
    ready_from,
    result_tasks,
    who_writes,
)
from mhtr.suitability.asked import Asked, from_json
from mhtr.suitability.change_of_dates import counts_anew
from mhtr.suitability.concerned import assessing, current_request, no_report_since
from mhtr.suitability.deadlines import Basis, Due, PsrType, report_due
from mhtr.suitability.due_change import change_of_due
from mhtr.suitability.models import Assessment, ReportRequest
from mhtr.suitability.policy import DEADLINE_VALUES, deadline_policy
from mhtr.tasks import listeners as leave_listeners
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import TaskKind

AGAIN = (FactKind.RESUMED, FactKind.REOPENED)
GOES_ON = "The work on the report goes on."
MOVES_ON = {
    FactKind.ALLOCATED: "The report was given to an assessor.",
    FactKind.ASSESSMENT_STARTED: GOES_ON,
    FactKind.ASSESSMENT_FINISHED: GOES_ON,
    FactKind.ASSESSMENT_REOPENED: GOES_ON,
    FactKind.RETURNED: GOES_ON,
}
"""After these the same date may be met or not; told in words that tell probation no more."""
OVERDUE = "The report is overdue."
NO_TIME_LEFT = "There is not time enough left for the report."
FROM_THE_DATE = (TaskKind.REPORT_DUE, TaskKind.REPORT_LATE, TaskKind.ANSWER_DATE)
"""What begins anew with the next request."""
DATED = (TaskKind.COUNTERSIGN, TaskKind.REVISE, TaskKind.RELEASE)
"""What else is due on the day of the report; `countersign_asking.due_moment` opens them so."""


def work_out(case: Case, request: ReportRequest, asked: Asked, calendar: WorkingCalendar) -> Due:
    """The due date by the values in force; the values and the hearing used are kept with it."""
    values = policy.values(*DEADLINE_VALUES)
    from_dates = dates_used.of(request, case.hearing_on)
    changed_on = dates_used.changed_on(request, from_dates)

    def due_with(anew: date | None, named: date | None) -> Due:
        return report_due(
            request.requested_at,
            PsrType(request.psr_type),
            request.psr_filed_on,
            case.hearing_on,  # not the one she named, which may be off the list
            asked.asked_for_on,
            deadline_policy(values),
            calendar,
            who_writes.writer(case, request, named),
            changed_on,
            anew,
        )

    anew = dates_used.anew(request)
    named = dates_used.named(request) if anew else None
    due = due_with(anew, named)
    if dates_used.changed_now(request, from_dates) and _counts_anew(request, from_dates, due):
        anew, named = changed_on, ready_from.standing_day(case.id)
        due = due_with(anew, named)
    date_question.put(request, due)
    used: dict[str, Any] = {
        **from_dates,
        "changed_on": changed_on.isoformat() if changed_on else None,
        "anew": anew.isoformat() if anew else None,
        "named": named.isoformat() if named else None,
        "court_code": case.court_code or asked.court_code,
        "policy": values,
    }
    request.details = {**request.details, "worked_out": used}
    case.report_due_on = None if no_report_since(case.id) else due.on
    return due


def _counts_anew(request: ReportRequest, now: dict[str, str | None], due: Due) -> bool:
    # On the very day late from the hour at which its task is overdue.
    late = request.earliest_on is not None or clock.now() > end_of_day(request.due_on)
    was, able = dates_used.before(request), due.feasible and clock.now() <= end_of_day(due.on)
    return counts_anew(was, dates_used.dates(now), late, due.lost, able)


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
    date_question.keep(case, request, due, by=by)
    filing_question.keep(case, request, by=by)
    late_report.keep(case, request, by=by)


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
        _work_out(case, request, why, by=by)


def take_filing(case_id: int, by: int | None) -> None:
    """Work it out again once it is said when she files for a court date that stays."""
    case, request = cases.lock(case_id), current_request(case_id)
    hearing = hearings.current(case_id)
    if request is not None and hearing is not None and case.state in BEFORE_SENTENCE:
        why = filing_question.take_from(request, hearing, by=by)
        _work_out(case, request, why.strip(), by=by)


def _work_out(case: Case, request: ReportRequest, why: str, *, by: int | None) -> None:
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
) -> bool:
    """Work it out again; whom it concerns is told `always`, or where the dates changed by it."""
    feasible = request.earliest_on is None
    before = Due(request.due_on, Basis.HEARING, (), feasible, request.earliest_on or request.due_on)
    calendar = working_calendar()
    due = work_out(case, request, from_json(request.details), calendar)
    changed = (due.on, due.earliest) != (before.on, before.earliest)
    if not (changed or always):
        return False
    case.version += 1
    keep_tasks(case, request, due, by=by)
    words = change_of_due(before, due, calendar).words  # told where one will follow
    for principal_id in news.report_people(case, request) if case.report_due_on else ():
        news.tell(principal_id, case, f"due:{case.id}:{case.version}", f"{why} {words}")
    audit.record(
        "suitability.due_recalculated",
        by=by,
        case_id=case.id,
        request=request.id,
        due_on=due.on.isoformat(),
    )
    return True


def work_out_again(case: Case, request: ReportRequest, why: str, *, by: int) -> None:
    """After something else that bears on the date was told: `why`, a sentence."""
    _again(case, request, why, by=by, always=True)


def follow(case_id: int, kind: FactKind, by: int | None) -> None:
    """Put back what is due when a case goes on; weigh the time of whoever is given it."""
    if kind not in AGAIN and kind not in MOVES_ON:
        return
    case, request = cases.lock(case_id), current_request(case_id)
    if request is None:
        return
    if kind in AGAIN:
        put_back(case, request, by=by)
    elif to_come(case):
        _again(case, request, MOVES_ON[kind], by=by)


def by_time(case: Case, request: ReportRequest) -> bool:
    """Whether the day alone has changed what can be met; then whom it concerns is told."""
    if date_question.is_over(case):
        waiting = len(tasks.open_tasks(case.id, TaskKind.REPORT_LATE, TaskKind.ANSWER_DATE))
        late_report.keep(case, request, by=None)
        date_question.withdraw(case, by=None)
        return waiting > len(tasks.open_tasks(case.id, TaskKind.REPORT_LATE, TaskKind.ANSWER_DATE))
    overdue = request.due_on < clock.today()
    return _again(case, request, OVERDUE if overdue else NO_TIME_LEFT, by=None)


def follow_leave(staff_id: int, by: int | None) -> None:
    """His leave changed: work out again each report he has still to write."""
    must_be_writing()
    # Cases before the person, as everywhere; then those he was given in between.
    locked = {case_id: cases.lock(case_id) for case_id in _cases_of(staff_id)}
    who_writes.hold(staff_id)
    for case_id in _cases_of(staff_id):
        case, request = locked.get(case_id) or cases.lock(case_id), current_request(case_id)
        if request is not None and to_come(case):
            _again(case, request, "The assessor’s leave changed.", by=by)


def _cases_of(staff_id: int) -> list[int]:
    writing = select(Assessment.case_id).where(Assessment.author_id == staff_id)
    query = select(Case.id).where(
        or_(Case.assessor_id == staff_id, Case.id.in_(writing)),
        Case.state.in_(sorted(BEFORE_SENTENCE)),
        Case.progress.in_(sorted(who_writes.UNWRITTEN)),
    )
    return list(db.session.scalars(query.order_by(Case.id)))


def to_come(case: Case) -> bool:
    """Whether a report is still to be released before the court decides, and no work rests."""
    open_ = case.state in BEFORE_SENTENCE and case.progress is not ReportProgress.RELEASED
    return open_ and case.stage in AFTER_PLEA_OR_FINDING


def put_back(case: Case, request: ReportRequest, *, by: int | None) -> None:
    """Open again what is due, once the case is on its way to sentence again."""
    if case.state in BEFORE_SENTENCE:
        due = work_out(case, request, from_json(request.details), working_calendar())
        keep_tasks(case, request, due, by=by)


listeners.hearing_changed.append(recalculate)
listeners.filing_said.append(take_filing)
listeners.fact_added.append(news.follow)
listeners.fact_added.append(follow)
leave_listeners.leave_changed.append(follow_leave)
