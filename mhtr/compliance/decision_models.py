"""The table of what probation decides of absences."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.compliance.standing.facts import Opinion
from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model


class AbsenceDecision(HasRef, HasCreated, Model):
    """What probation holds of one failure to comply. Never changed: a later one overturns it."""

    __tablename__ = "absence_decisions"
    __table_args__ = (
        UniqueConstraint("subject", "number"),
        Index("ix_absence_decisions_case_id", "case_id", "id"),
        CheckConstraint("(opinion = 'more_wanted') = (until IS NOT NULL)", name="until_when"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    subject: Mapped[uuid.UUID]
    """His place in the session, as in `Attendance`."""
    number: Mapped[int]
    """From one; the highest counts."""
    attendance_id: Mapped[int] = mapped_column(ForeignKey("attendance.id"))
    """The record on which it was decided."""
    explanation: Mapped[int] = mapped_column(default=0)
    """The number of the last explanation that whoever decided had before him, 0 for none."""
    opinion: Mapped[Opinion]
    until: Mapped[date | None]
    """The last day for the evidence that is wanted."""
    why: Mapped[str | None] = mapped_column(EncryptedText("absence_decisions.why"))
    """Read by probation alone."""
    notice_why: Mapped[str | None] = mapped_column(EncryptedText("absence_decisions.notice_why"))
    """Why a notice that is not proven counts. Read by probation alone."""
    for_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """The named officer, where somebody decided in his place."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
