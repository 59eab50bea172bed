"""The table of who covers for whom at probation."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.database import HasCreated, HasRef, Id, Model


class OfficerCover(HasRef, HasCreated, Model):
    """A colleague of the same unit covers for an officer. Taken back, never deleted."""

    __tablename__ = "officer_covers"
    __table_args__ = (
        Index("ix_officer_covers_officer_id", "officer_id", "last_day"),
        Index("ix_officer_covers_cover_id", "cover_id", "last_day"),
        CheckConstraint("first_day <= last_day", name="first_before_last"),
    )

    id: Mapped[Id]
    officer_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    cover_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    """The one case that is covered; None: all of his."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Empty where the program did it: one of the two left the unit."""
