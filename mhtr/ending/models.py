"""Tables of the end of treatment: planned sessions finished, and whether more is required."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.ending.finish_rules import FurtherAnswer, How, Why
from mhtr.ending.practitioner_rules import Basis


class SessionsFinished(HasRef, HasCreated, Model):
    """The planned sessions of a man are finished, or are so no longer. Never changed.

    The highest number of his case counts. Each was told to probation, once.
    """

    __tablename__ = "sessions_finished"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("(how IS NULL) = (why IS NOT NULL)", name="finished_or_why_not"),
        CheckConstraint('(how IS NULL) = ("on" IS NULL)', name="finished_since"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    number: Mapped[int]
    """Of the case, from one."""
    how: Mapped[How | None]
    on: Mapped[date | None]
    """Since which London day."""
    why: Mapped[Why | None]
    """Why they are finished no longer."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who recorded what made it so; empty where the program followed something else."""


class FurtherTreatment(HasRef, HasCreated, Model):
    """What whoever directs his treatment answered to whether he requires more. Never changed.

    The highest number counts.
    """

    __tablename__ = "further_treatment"
    __table_args__ = (
        UniqueConstraint("finished_id", "number"),
        CheckConstraint(
            "(answer = 'reported') = (reported_on IS NOT NULL)", name="reported_on_a_day"
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    finished_id: Mapped[int] = mapped_column(ForeignKey("sessions_finished.id"))
    number: Mapped[int]
    answer: Mapped[FurtherAnswer]
    why: Mapped[str | None] = mapped_column(EncryptedText("further_treatment.why"))
    """For clinicians."""
    reported_on: Mapped[date | None]
    basis: Mapped[Basis]
    registration: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
