"""The table of what a man says of sessions that he missed, and of the papers he shows."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.compliance.attendance import ReasonGiven
from mhtr.compliance.contact_rules import Way
from mhtr.compliance.explanations import BearsOut, GivenBy, Paper, SeenBy, Side
from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model


class AbsenceExplanation(HasRef, HasCreated, Model):
    """What he said once of one session. Taken back where it was recorded by mistake."""

    __tablename__ = "absence_explanations"
    __table_args__ = (
        UniqueConstraint("subject", "number"),
        Index("ix_absence_explanations_case_id", "case_id", "id"),
        CheckConstraint("(seen_by IS NULL) = (bears_out IS NULL)", name="seen_and_what_it_shows"),
        CheckConstraint(
            "(paper IN ('none', 'promised')) = (seen_by IS NULL)", name="seen_where_shown"
        ),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_whom"
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    subject: Mapped[uuid.UUID]
    """His place in the session, as in `Attendance`."""
    number: Mapped[int]
    """Of the session, from one."""
    at: Mapped[datetime]
    """When he said it."""
    way: Mapped[Way]
    given_by: Mapped[GivenBy]
    reason: Mapped[ReasonGiven]
    for_probation: Mapped[str | None] = mapped_column(
        EncryptedText("absence_explanations.for_probation")
    )
    """The words that he wants probation to have. Administrators of the service read them too."""
    for_clinicians: Mapped[str | None] = mapped_column(
        EncryptedText("absence_explanations.for_clinicians")
    )
    """The detail. For clinicians."""
    paper: Mapped[Paper]
    seen_by: Mapped[SeenBy | None]
    bears_out: Mapped[BearsOut | None]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    side: Mapped[Side]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
