"""Tables of what a trust agreed with probation about compliance reports: proposed, and answered."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.wall.agreement_rules import Answer, Side


class AgreementChange(HasRef, HasCreated, Model):
    """That reports hold a row of the wall or not, proposed. Without a signature nothing changes."""

    __tablename__ = "agreement_changes"
    __table_args__ = (
        UniqueConstraint("id", "by_id", "side", name="uq_agreement_changes_id_by_id_side"),
        Index("ix_agreement_changes_organisation_id", "organisation_id", "item"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    """The treating trust."""
    item: Mapped[str] = mapped_column(String(40))
    """The key of a row of the wall."""
    held: Mapped[bool]
    """Whether reports hold it from its day on."""
    first_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(1000))
    clause: Mapped[str] = mapped_column(String(500))
    """Where it is agreed: the document, its date and the clause."""
    side: Mapped[Side]
    """For whom its proposer spoke."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class AgreementAnswer(HasCreated, Model):
    """What became of a proposal: signed or turned down by a second person, or taken back.

    It repeats who proposed and for whom, so that the database itself refuses one signature, and
    two of one side.
    """

    __tablename__ = "agreement_answers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["change_id", "proposed_by_id", "proposed_side"],
            ["agreement_changes.id", "agreement_changes.by_id", "agreement_changes.side"],
            name="fk_agreement_answers_change_id",
        ),
        UniqueConstraint("change_id"),
        CheckConstraint(
            "(answer = 'taken_back') = (by_id = proposed_by_id)", name="by_a_second_person"
        ),
        CheckConstraint("answer <> 'signed' OR side <> proposed_side", name="one_of_each_side"),
    )

    id: Mapped[Id]
    change_id: Mapped[int]
    proposed_by_id: Mapped[int]
    proposed_side: Mapped[Side]
    answer: Mapped[Answer]
    words: Mapped[str] = mapped_column(String(500), default="")
    """Why it was turned down or taken back."""
    side: Mapped[Side]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
