"""The assessor or a clinical lead says that a report cannot be ready in time, or that it can."""

from datetime import date

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.report_due import is_due
from mhtr.core import audit, clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.suitability import due_service
from mhtr.suitability.assessment_queries import latest_assessment
from mhtr.suitability.concerned import current_request
from mhtr.suitability.deadlines import full_day
from mhtr.suitability.models import ReadyFrom, ReportRequest
from mhtr.suitability.ready_from import REASON_WORDS, Reason, last_said, stands

NOT_THEIRS = "Only the assessor who writes the report or a clinical lead can say this."
NO_REPORT = "No report is asked for that is still to come."


def not_before(*, case_id: int, earliest_on: date, reason: Reason, seen: int, by: int) -> None:
    """Say that the report cannot be ready before a day; the author is told and asked at once.

    `seen` is the id of what the page showed as said last, 0 for nothing.

    Raises:
        Refused: not his to say, no report is to come, or that day is in time.
        Stale: something else was said meanwhile.
    """
    case, request = _open(case_id, seen, by)
    if earliest_on < clock.today():
        raise Refused("That day is past. Say from which day on it can be ready.")
    if earliest_on <= request.due_on:
        raise Refused(
            f"The report is due on {full_day(request.due_on)}: that day is in time. "
            "Say a later day, or nothing."
        )
    _say(case, earliest_on, reason.value, by)
    words = REASON_WORDS[reason]
    why = f"The service says that it cannot be ready before {full_day(earliest_on)}. {words}."
    due_service.work_out_again(case, request, why, by=by)


def in_time_after_all(*, case_id: int, seen: int, by: int) -> None:
    """Take back what was said: other causes still count.

    Raises:
        Refused: not his to say, or there is nothing to take back.
        Stale: something else was said meanwhile.
    """
    case, request = _open(case_id, seen, by)
    if stands(case.id) is None:
        raise Refused("Nobody has said that the report cannot be ready in time.")
    _say(case, None, "", by)
    why = "The service takes back the later day it named."
    due_service.work_out_again(case, request, why, by=by)


def may_say(case: Case, staff: Staff) -> bool:
    """Whether it is his to say: he writes the report, has the case, or leads."""
    leads = any(held.role is Role.CLINICAL_LEAD for held in staff.roles)
    if leads or case.assessor_id == staff.id:
        return True
    assessment = latest_assessment(case.id)
    return assessment is not None and assessment.author_id == staff.id


def is_to_come(case: Case, request: ReportRequest | None) -> bool:
    """Whether a report that was asked for is still to be released."""
    return request is not None and is_due(case)


def _open(case_id: int, seen: int, by: int) -> tuple[Case, ReportRequest]:
    must_be_writing()
    case = cases.lock(case_id)
    if not may_say(case, db.session.get_one(Staff, by)):
        raise Refused(NOT_THEIRS)
    last = last_said(case_id)
    if (last.id if last else 0) != seen:
        raise Stale(last)
    request = current_request(case_id)
    if request is None or not is_to_come(case, request):
        raise Refused(NO_REPORT)
    return case, request


def _say(case: Case, earliest_on: date | None, reason: str, by: int) -> None:
    row = ReadyFrom(
        case_id=case.id, earliest_on=earliest_on, reason=reason, by_id=by, at=clock.now()
    )
    db.session.add(row)
    db.session.flush()
    audit.record("suitability.ready_from_said", by=by, case_id=case.id)
