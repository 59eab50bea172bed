"""What authors said when a due date moved, as the history of a request shows it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.wording import day_words
from mhtr.core.database import db
from mhtr.suitability.asked import ANSWER_SAID, DateAnswer
from mhtr.suitability.models import DateAnswered, ReportRequest
from mhtr.web.both_versions import Difference


@dataclass(frozen=True)
class AnswerLine:
    """One answer of an author about a date, as the history shows it."""

    at: datetime
    by: str
    words: str
    due_on: date
    earliest_on: date | None


@dataclass(frozen=True)
class Typed:
    """What she chose on a page that was an old one when she sent it."""

    answer: DateAnswer
    adjourn_to: date | None = None


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
        AnswerLine(row.at, name, _said(row.answer, row.adjourn_to), row.due_on, row.earliest_on)
        for row, name in rows
    ]


def answer_in_words(request: ReportRequest | None) -> str:
    """Her answer that counts; empty while she has not answered."""
    if request is None or not request.date_answer:
        return ""
    last = _last(request)
    return _said(request.date_answer, last.adjourn_to if last else None)


def side_by_side(request: ReportRequest, typed: Typed) -> tuple[Difference, ...]:
    """What is recorded now beside what she sent from an old page."""
    last = _last(request) if request.date_answer else None
    by = db.session.get_one(Staff, last.by_id).name if last else ""
    now = f"{answer_in_words(request)} ({by})" if by else "No answer"
    earliest = request.earliest_on
    return (
        Difference("Answer", now, _said(typed.answer, typed.adjourn_to)),
        Difference("Report due", day_words(request.due_on), ""),
        Difference("Earliest possible", day_words(earliest) if earliest else "In time", ""),
    )


def _last(request: ReportRequest) -> DateAnswered | None:
    query = select(DateAnswered).where(DateAnswered.request_id == request.id)
    return db.session.scalars(query.order_by(DateAnswered.id.desc()).limit(1)).first()


def _said(answer: str, adjourn_to: date | None) -> str:
    words = ANSWER_SAID[DateAnswer(answer)]
    return f"{words}, to {day_words(adjourn_to)}" if adjourn_to else words
