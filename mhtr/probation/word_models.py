"""Tables of what probation tells the service of a man, and what was done with it."""

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.probation.word_rules import Source, StepKind, Subject


class ProbationWord(HasRef, HasCreated, Model):
    """One thing that probation told the service. Never changed: taken back, or said anew."""

    __tablename__ = "probation_words"
    __table_args__ = (
        Index("ix_probation_words_case_id", "case_id", "id"),
        CheckConstraint(
            "(about = 'requirement') = (weekday IS NOT NULL)"
            " AND (weekday IS NULL) = (starts IS NULL) AND (weekday IS NULL) = (ends IS NULL)",
            name="when_it_takes_him",
        ),
        CheckConstraint("weekday IS NULL OR weekday BETWEEN 0 AND 6", name="is_a_weekday"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    subject: Mapped[Subject] = mapped_column("about")
    source: Mapped[Source]
    urgent: Mapped[bool]
    fact: Mapped[str | None] = mapped_column(EncryptedText("probation_words.fact"))
    """For everybody of the service who works with him."""
    why: Mapped[str | None] = mapped_column(EncryptedText("probation_words.why"))
    """For its clinicians."""
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    """The last day on which it holds, where one is known."""
    postcode: Mapped[str] = mapped_column(String(12), default="")
    weekday: Mapped[int | None]
    """Of another requirement: 0 is Monday."""
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("probation_words.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class ProbationWordStep(HasCreated, Model):
    """What somebody did with it. Never changed: the last step says where it stands."""

    __tablename__ = "probation_word_steps"
    __table_args__ = (
        Index("ix_probation_word_steps_word_id", "word_id", "id"),
        CheckConstraint("(kind = 'changed') = (what <> '')", name="changed_what"),
    )

    id: Mapped[Id]
    word_id: Mapped[int] = mapped_column(ForeignKey("probation_words.id"))
    kind: Mapped[StepKind]
    what: Mapped[str] = mapped_column(String(40), default="")
    """Of a change: which part of the record (`word_acts.MADE`)."""
    words: Mapped[str | None] = mapped_column(EncryptedText("probation_word_steps.words"))
    """Why nothing is changed by it. Read by the service alone."""
    back_why: Mapped[str | None] = mapped_column(EncryptedText("probation_word_steps.back_why"))
    """Why probation takes it back. Read by both."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
