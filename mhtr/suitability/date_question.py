"""The question to the author of a request whose date cannot be met: what will she do?"""

from mhtr.cases.facts import ReportProgress
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.suitability import filing_question
from mhtr.suitability.deadlines import Due, full_day
from mhtr.suitability.models import ReportRequest
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind

BECAUSE = "suitability.due_changed"


def put(request: ReportRequest, due: Due) -> None:
    """Write the date down. What she said about others counts no more.

    An earliest day that has merely gone by is no other date: what she decided stands.
    """
    was_on, was_earliest = request.due_on, request.earliest_on
    earliest = None if due.feasible else due.earliest
    request.due_on, request.due_reasons, request.earliest_on = due.on, list(due.reasons), earliest
    if (was_on, was_earliest) == (due.on, earliest):
        return
    request.version += 1
    gone_by = was_earliest is not None and was_earliest < clock.today() and earliest is not None
    if was_on != due.on or not gone_by:
        request.date_answer, request.date_answered_at = "", None
    if earliest is None or was_earliest is None or was_on != due.on:
        request.details = {**request.details, "late_since": clock.now().isoformat()}


def keep(case: Case, request: ReportRequest, due: Due, *, by: int | None) -> None:
    """Where the date cannot be met she is asked at once what she will do."""
    dates = f"answer_date:{request.id}:{due.on}:{due.earliest}:"
    waiting = _waiting(case)
    needed = not due.feasible and not request.date_answer and not is_over(case)
    asked = [task for task in waiting if task.key.startswith(dates) and needed]
    for task in waiting:
        if task not in asked:
            tasks.withdraw(task, by=by, because=BECAUSE)
    if not needed or asked:
        return
    # The version tells a question from an earlier one about the same dates.
    key = f"{dates}{case.version}"
    filing_question.ask_author(
        case,
        request,
        key,
        "The report date cannot be met: say what you will do",
        f"A report you asked for cannot be ready by {due.on.day} {due.on:%B %Y}. "
        f"The earliest is {full_day(due.earliest)}.",
        by=by,
    )


def withdraw(case: Case, *, by: int | None) -> None:
    """The question ends without an answer."""
    for task in _waiting(case):
        tasks.withdraw(task, by=by, because=BECAUSE)


def _waiting(case: Case) -> list[Task]:
    found = tasks.open_tasks(case.id, TaskKind.ANSWER_DATE)
    return [task for task in found if not task.key.startswith(filing_question.KEY)]


def is_over(case: Case) -> bool:
    """Whether nothing is to be decided about the date any more: released, or after the hearing."""
    past = case.hearing_on is not None and case.hearing_on < clock.today()
    return past or case.progress is ReportProgress.RELEASED
