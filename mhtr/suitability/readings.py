"""Each time that he read or heard his report before release: kept, whatever he says later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.accounts.models import Staff
from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, Id, Model, db


class ReportReading(HasCreated, Model):
    """One time that the report was offered to him, and what came of it."""

    __tablename__ = "report_readings"

    id: Mapped[Id]
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    how: Mapped[str] = mapped_column(String(30))
    answer: Mapped[str] = mapped_column(String(30))
    words: Mapped[str | None] = mapped_column(EncryptedText("report_readings.words"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


@dataclass(frozen=True)
class Reading:
    """What was recorded at one time, and by whom."""

    at: datetime
    how: str
    answer: str
    words: str
    by: str


def keep(assessment_id: int, *, how: str, answer: str, words: str, by: int) -> None:
    """What came of offering him the report this time."""
    db.session.add(
        ReportReading(
            assessment_id=assessment_id,
            how=how,
            answer=answer,
            words=words.strip() or None,
            by_id=by,
        )
    )


def readings_of(assessment_id: int) -> Sequence[Reading]:
    """Every answer recorded for a report, the newest first."""
    rows = db.session.execute(
        select(ReportReading, Staff.name)
        .join(Staff, Staff.id == ReportReading.by_id)
        .where(ReportReading.assessment_id == assessment_id)
        .order_by(ReportReading.id.desc())
    )
    return [Reading(row.created_at, row.how, row.answer, row.words or "", by) for row, by in rows]
