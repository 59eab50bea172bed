"""What authors said when a due date moved, as the history of a request shows it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core.database import db
from mhtr.suitability.asked import ANSWER_SAID, DateAnswer
from mhtr.suitability.models import DateAnswered, ReportRequest


@dataclass(frozen=True)
class AnswerLine:
    """One answer of an author about a date, as the history shows it."""

    at: datetime
    by: str
    words: str
    due_on: date
    earliest_on: date | None


def date_answers(case_id: int) -> list[AnswerLine]:
    """Everything said about due dates of a case, on every request of it, newest first."""
    rows = db.session.execute(
        select(DateAnswered, Staff.name)
        .join(ReportRequest, ReportRequest.id == DateAnswered.request_id)
        .join(Staff, Staff.id == DateAnswered.by_id)
        .where(ReportRequest.case_id == case_id)
        .order_by(DateAnswered.id.desc())
    )
    return [
        AnswerLine(row.at, name, ANSWER_SAID[DateAnswer(row.answer)], row.due_on, row.earliest_on)
        for row, name in rows
    ]
