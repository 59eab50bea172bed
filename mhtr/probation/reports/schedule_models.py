"""The table of compliance reports that are set up."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.probation.reports.release_kinds import To
from mhtr.probation.reports.schedule_rules import Every


class Ended(StrEnum):
    """Why it is made no more."""

    BY_HAND = "by_hand"
    NOT_HIS = "not_his"
    """Who set it up has the man, or anybody, no longer."""
    LEFT = "left"
    """Who set it up no longer works for probation here."""


class ComplianceSchedule(HasRef, HasCreated, Model):
    """A report that the program releases by time, in the name of who set it up."""

    __tablename__ = "compliance_schedules"
    __table_args__ = (
        Index("ix_compliance_schedules_by_id", "by_id", "id"),
        CheckConstraint("(ended_at IS NULL) = (ended IS NULL)", name="ended_why"),
        CheckConstraint(
            "every NOT IN ('court', 'review') OR case_id IS NOT NULL", name="day_of_one_man"
        ),
        CheckConstraint(
            "(to_kind = 'unit' AND to_staff_id IS NULL)"
            " OR (to_kind IN ('myself', 'colleague') AND to_staff_id IS NOT NULL)",
            name="to_whom",
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    """The man; empty for everybody for whom who set it up is named."""
    every: Mapped[Every]
    number: Mapped[int]
    format: Mapped[str] = mapped_column(String(8))
    to_kind: Mapped[To]
    to_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_for: Mapped[date | None]
    """The occasion for which it was made last: it is made once for each."""
    last_id: Mapped[int | None] = mapped_column(ForeignKey("compliance_releases.id"))
    paused_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(String(300), default="")
    """Why the program paused it; empty where somebody did."""
    ended_at: Mapped[datetime | None]
    ended: Mapped[Ended | None]
