"""What a PSR author says about a date that cannot be met, or that she needs no report."""

from datetime import date, timedelta

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.facts import ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.core import access, audit, clock
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.suitability import (
    due_service,
    filing_question,
    late_report,
    news,
    other_team,
    report_work,
    result_tasks,
)
from mhtr.suitability.asked import ANSWER_TOLD, DateAnswer
from mhtr.suitability.change_of_dates import filed_too_late
from mhtr.suitability.concerned import assessing, current_request
from mhtr.suitability.deadlines import full_day
from mhtr.suitability.models import DateAnswered, ReportRequest
from mhtr.suitability.policy import ACCESS_AFTER_WITHDRAWAL
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind


def answer_date(
    *,
    request_id: int,
    answer: DateAnswer,
    by: int,
    version: int | None = None,
    adjourn_to: date | None = None,
) -> ReportRequest:
    """Record what she does about a date that cannot be met, or that she withdraws; again and again.

    Args:
        version: of the request as her page showed it; None where nothing was read before.
        adjourn_to: the day to which she asks the court to put the hearing off, if she knows it.

    Raises:
        Refused: the request is replaced or withdrawn, nothing to answer, or too early a day.
        Stale: the dates changed meanwhile, or somebody answered.
    """
    request, case = standing_request(request_id)
    if version is not None and request.version != version:
        raise Stale(request)
    _must_fit(request, answer, adjourn_to)
    request.date_answer, request.date_answered_at = answer.value, clock.now()
    request.version += 1
    _keep(request, adjourn_to, by=by)
    for task in tasks.open_tasks(case.id, TaskKind.ANSWER_DATE):
        if answer is DateAnswer.WITHDRAWS or not task.key.startswith(filing_question.KEY):
            tasks.finish(task, by=by)
    if answer is DateAnswer.WITHDRAWS:
        _no_report(case, request, by=by)
    else:
        key = f"answer:{request.id}:{request.version}"
        news.tell(assessing(case).principal_id, case, key, _told(answer, adjourn_to))
        late_report.keep(case, request, by=by)
    said = answer.value
    audit.record(
        "suitability.date_answered", by=by, case_id=case.id, request=request.id, answer=said
    )
    return request


def _keep(request: ReportRequest, adjourn_to: date | None, *, by: int) -> None:
    db.session.add(
        DateAnswered(
            request_id=request.id,
            answer=request.date_answer,
            at=request.date_answered_at,
            by_id=by,
            due_on=request.due_on,
            earliest_on=request.earliest_on,
            adjourn_to=adjourn_to,
        )
    )
    db.session.flush()


def _must_fit(request: ReportRequest, answer: DateAnswer, adjourn_to: date | None) -> None:
    earliest = request.earliest_on
    if earliest is None and answer is not DateAnswer.WITHDRAWS:
        raise Refused("The date can be met: there is nothing to answer.")
    if adjourn_to is not None and earliest is not None and adjourn_to < earliest:
        raise Refused(f"The report cannot be ready before {full_day(earliest)}. Give a later day.")


def _told(answer: DateAnswer, adjourn_to: date | None) -> str:
    words = ANSWER_TOLD[answer]
    return f"{words} It names {full_day(adjourn_to)}." if adjourn_to else words


def give_filing_date(*, request_id: int, filed_on: date, by: int) -> None:
    """She says anew when she files the pre-sentence report; the due date is worked out again.

    Raises:
        Refused: superseded or withdrawn, or she would file after the hearing.
    """
    request, case = standing_request(request_id)
    if filed_too_late(filed_on, case.hearing_on):
        raise Refused("The filing date must not be after the hearing")
    filing_question.replace_date(request, filed_on, by=by)
    for task in tasks.open_tasks(case.id, TaskKind.ANSWER_DATE):
        if task.key.startswith(filing_question.KEY):
            tasks.finish(task, by=by)
    why = f"The pre-sentence report is filed on {day_words(filed_on)}."
    due_service.work_out_again(case, request, why, by=by)
    audit.record("suitability.filing_date_given", by=by, case_id=case.id, request=request.id)


def _no_report(case: Case, request: ReportRequest, *, by: int) -> None:
    """She needs no report: no task is left, and her and her team's access runs out.

    It stays where a report has gone out to them; asking again gives it back. The court's result
    is now for the service to record: whom she leaves behind is named at once.
    """
    report_work.stop(case, request, by=by)
    result_tasks.keep(case, None, by=by)
    other_team.follow_nobody(case.id, by=by)
    if case.progress is ReportProgress.RELEASED:
        return
    days = int(values(ACCESS_AFTER_WITHDRAWAL)["access_after_withdrawal"])
    access.limit_grants(
        case.id,
        Purpose.PRE_SENTENCE,
        until=clock.now() + timedelta(days=days),
        because=report_work.WITHDRAWN,
        by=by,
    )


def standing_request(request_id: int) -> tuple[ReportRequest, Case]:
    """The request, if it is the one that stands, with its case locked.

    Raises:
        Refused: it was replaced or withdrawn.
    """
    must_be_writing()
    case_id = db.session.scalars(
        select(ReportRequest.case_id).where(ReportRequest.id == request_id)
    ).one_or_none()
    if case_id is None:
        raise NotFound
    case = cases.lock(case_id)
    request = current_request(case_id)
    if request is None or request.id != request_id:
        raise Refused("This request was replaced or withdrawn meanwhile. Open the page again.")
    return request, case
