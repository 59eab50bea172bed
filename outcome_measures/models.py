"""One occasion on which a measure was asked, with every answer as given."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from outcome_measures.definitions import AnswerState


class MeasureMode(StrEnum):
    """How the answers were taken."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    VIDEO = "video"
    PAPER = "paper"
    SELF = "self"


class OccasionState(StrEnum):
    """Whether the form was finished. A half-finished form is kept as such."""

    OPEN = "open"
    SUBMITTED = "submitted"
    CLOSED = "closed"


class MeasureOccasion(HasRef, HasCreated, Model):
    """A measure asked on a day, for an opaque context such as one assessment."""

    __tablename__ = "measure_occasions"
    __table_args__ = (
        Index(
            "ix_measure_occasions_case_id_instrument_asked_on", "case_id", "instrument", "asked_on"
        ),
        UniqueConstraint("context", "instrument"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    context: Mapped[str] = mapped_column(String(60))
    """Opaque to this package, e.g. `assessment:<ref>`."""
    instrument: Mapped[str] = mapped_column(String(20))
    instrument_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5), default="en")
    asked_on: Mapped[date]
    mode: Mapped[MeasureMode]
    state: Mapped[OccasionState] = mapped_column(default=OccasionState.OPEN)
    entered_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    submitted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    answers: Mapped[list["MeasureAnswer"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="MeasureAnswer.item"
    )


class MeasureAnswer(Model):
    """The present answer to one item."""

    __tablename__ = "measure_answers"
    __table_args__ = (UniqueConstraint("occasion_id", "item"),)

    id: Mapped[Id]
    occasion_id: Mapped[int] = mapped_column(ForeignKey("measure_occasions.id"))
    item: Mapped[int]
    state: Mapped[AnswerState]
    value: Mapped[int | None]


class AnswerCorrection(HasCreated, Model):
    """What an answer was before it was corrected, by whom and why."""

    __tablename__ = "answer_corrections"
    __table_args__ = (Index("ix_answer_corrections_occasion_id_id", "occasion_id", "id"),)

    id: Mapped[Id]
    occasion_id: Mapped[int] = mapped_column(ForeignKey("measure_occasions.id"))
    item: Mapped[int]
    before_state: Mapped[AnswerState]
    before_value: Mapped[int | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(EncryptedText("answer_corrections.reason"))
