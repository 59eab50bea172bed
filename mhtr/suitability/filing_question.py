"""The day on which the pre-sentence report is filed, asked for again once it cannot be right.

A hearing brought forward can leave it after the hearing: then it counts no more.
"""

from datetime import date

from mhtr.cases.facts import ReportProgress
from mhtr.cases.models import Case, Hearing
from mhtr.cases.wording import day_words
from mhtr.core import clock
from mhtr.suitability import news
from mhtr.suitability.change_of_dates import filed_too_late
from mhtr.suitability.concerned import asker_of
from mhtr.suitability.models import ReportRequest
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import TaskKind

KEY = "filing_date:"
UNKNOWN = "filing_unknown"
NOT_KNOWN = "It is not known when you file: say when you file now"
NOT_KNOWN_SAID = (
    "Somebody recorded with the court date that it is not known when you file your report now. Say "
    "when you file."
)


def is_asked(case: Case, request: ReportRequest) -> bool:
    """Whether she is to say anew when she files: a report is to come, and her day is too late."""
    to_come = case.progress is not ReportProgress.RELEASED and case.report_due_on is not None
    late = filed_too_late(request.psr_filed_on, case.hearing_on)
    return to_come and (late or is_unknown(request))


def is_unknown(request: ReportRequest) -> bool:
    """Whether somebody else said with a new court date that her filing date is not known yet."""
    return request.psr_filed_on is None and request.details.get(UNKNOWN) is True


def take_from(request: ReportRequest, hearing: Hearing, *, by: int | None) -> str:
    """What was said of the filing with a new court date counts from now on.

    Returns it in words for those concerned, after a space; empty where nothing was said.
    """
    if not hearing.filing_said:
        return ""
    replace_date(request, hearing.psr_filed_on, by=by)
    unknown = hearing.psr_filed_on is None
    request.details = {**request.details, UNKNOWN: unknown and by != request.author_id}
    if hearing.psr_filed_on is None:
        return " When the pre-sentence report is filed is not known yet."
    return f" The pre-sentence report is filed on {day_words(hearing.psr_filed_on)}."


def replace_date(request: ReportRequest, filed_on: date | None, *, by: int | None) -> None:
    """Another filing date; the one before is kept with the request."""
    before = request.psr_filed_on.isoformat() if request.psr_filed_on else None
    said = {"was": before, "at": clock.now().isoformat(), "by": by}
    request.psr_filed_on = filed_on
    request.details = {
        **request.details,
        "psr_filed_on": filed_on.isoformat() if filed_on else None,
        "filed_before": [*request.details.get("filed_before", []), said],
    }
    request.version += 1


def keep(case: Case, request: ReportRequest, *, by: int | None) -> None:
    """Ask the author once for each hearing; the question ends when a day fits."""
    asked = is_asked(case, request)
    key = f"{KEY}{request.id}:{case.hearing_on}"
    for task in tasks.open_tasks(case.id, TaskKind.ANSWER_DATE):
        if task.key.startswith(KEY) and not (asked and task.key == key):
            tasks.withdraw(task, by=by, because="suitability.due_changed")
    if asked and is_unknown(request):
        ask_author(case, request, key, NOT_KNOWN, NOT_KNOWN_SAID, by=by)
    if not asked or case.hearing_on is None or is_unknown(request):
        return
    ask_author(
        case,
        request,
        key,
        "The hearing is before your filing date: say when you file now",
        f"The hearing is now on {day_words(case.hearing_on)}, before the day on which you file "
        "your report. Say when you file now.",
        by=by,
    )


def ask_author(
    case: Case, request: ReportRequest, key: str, title: str, said: str, *, by: int | None
) -> None:
    """Put a question about dates to the author: hers to answer today, and told as news."""
    asker = asker_of(request)
    tasks.open_task(
        TaskKind.ANSWER_DATE,
        key=key,
        title=title,
        owner_principal_id=asker.principal_id,
        owner_staff_id=asker.staff_id,
        due_at=end_of_day(working_calendar().add(clock.today(), 0)),
        by=by,
        case_id=case.id,
        endpoint=news.PAGE,
        subject_ref=case.ref,
    )
    news.tell(asker.principal_id, case, key, said)
