"""Tables of changes in how the law is read: what was proposed, and what a second person said."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.compliance.reading_rules import Answer
from mhtr.core.database import HasCreated, HasRef, Id, Model


class ReadingChange(HasRef, HasCreated, Model):
    """Another reading of one point, proposed. Without an answer that signs it nothing changes."""

    __tablename__ = "reading_changes"
    __table_args__ = (UniqueConstraint("id", "by_id", name="uq_reading_changes_id_by_id"),)

    id: Mapped[Id]
    point: Mapped[str] = mapped_column(String(40))
    reading: Mapped[str] = mapped_column(String(40))
    was: Mapped[str] = mapped_column(String(40))
    """The reading that held on the first day, when it was proposed."""
    first_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(1000))
    legal_note: Mapped[str] = mapped_column(String(1000))
    of_probation: Mapped[bool]
    """Whether who proposed it was a senior of probation then."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class ReadingAnswer(HasCreated, Model):
    """What became of a proposal: signed or turned down by a second person, or taken back."""

    __tablename__ = "reading_answers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["change_id", "proposed_by_id"],
            ["reading_changes.id", "reading_changes.by_id"],
            name="fk_reading_answers_change_id",
        ),
        UniqueConstraint("change_id"),
        CheckConstraint(
            "(answer = 'taken_back') = (by_id = proposed_by_id)", name="by_a_second_person"
        ),
    )

    id: Mapped[Id]
    change_id: Mapped[int]
    proposed_by_id: Mapped[int]
    answer: Mapped[Answer]
    words: Mapped[str] = mapped_column(String(500), default="")
    """Why it was turned down or taken back."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
