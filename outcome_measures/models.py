"""Contacts at which measures are asked, every answer as given, flags and their responses."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mhtr.core import clock
from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from outcome_measures.definitions import AnswerState
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.time_points import MeasureMode as MeasureMode
from outcome_measures.time_points import Origin, TimePoint


class OccasionState(StrEnum):
    """Whether the form was finished. A half-finished form is kept as such."""

    OPEN = "open"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    """Ended unfinished: closed with its contact, or expired."""
    WITHDRAWN = "withdrawn"
    """Taken back: kept as it was, and read by nothing but history."""


TAKES_ITS_DAY = (OccasionState.OPEN, OccasionState.SUBMITTED)
"""What keeps the same measure from being asked again that day."""


class ChangeKind(StrEnum):
    """What was done with a contact or a form that was recorded by a slip."""

    CORRECTED = "corrected"
    TAKEN_BACK = "taken_back"
    PUT_BACK = "put_back"
    """Its taking back was undone."""


class MeasureContact(HasRef, HasCreated, Model):
    """A clinical contact that took place and at which measures are asked.

    It closes once no sign of risk from it lacks a clinician's response. Whether he attended is
    no business of this table: recording attendance never waits for it.
    """

    __tablename__ = "measure_contacts"
    __table_args__ = (
        Index("ix_measure_contacts_case_id_held_on", "case_id", "held_on", "id"),
        Index("ix_measure_contacts_closed_at_held_on", "closed_at", "held_on", "id"),
        UniqueConstraint("context"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
        CheckConstraint("session_number IS NULL OR session_number > 0", name="counts_from_one"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    context: Mapped[str] = mapped_column(String(60))
    """Opaque to this package: `contact:<ref>` for one recorded here."""
    held_on: Mapped[date]
    point: Mapped[TimePoint]
    session_number: Mapped[int | None]
    """The treatment session, counted from one; only at `TimePoint.SESSION`."""
    mode: Mapped[MeasureMode]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """The clinician who met or telephoned him."""
    version: Mapped[int] = mapped_column(default=1)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    taken_back: Mapped[bool] = mapped_column(default=False)
    """Recorded by a slip: kept as it was, and read by nothing but history."""


class MeasureOccasion(HasRef, HasCreated, Model):
    """A measure asked on a day, for an opaque context such as one assessment or one contact."""

    __tablename__ = "measure_occasions"
    __table_args__ = (
        Index(
            "ix_measure_occasions_case_id_instrument_asked_on", "case_id", "instrument", "asked_on"
        ),
        Index("ix_measure_occasions_contact_id", "contact_id"),
        Index("ix_measure_occasions_state_kept_at", "state", "kept_at", "id"),
        UniqueConstraint("context", "instrument"),
        CheckConstraint(
            "(origin = 'total') = (typed_total IS NOT NULL)", name="total_typed_or_scored"
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("measure_contacts.id"))
    context: Mapped[str] = mapped_column(String(60))
    """Opaque to this package, e.g. `assessment:<ref>`."""
    point: Mapped[TimePoint] = mapped_column(default=TimePoint.PRE_SENTENCE)
    session_number: Mapped[int | None]
    origin: Mapped[Origin] = mapped_column(default=Origin.ITEMS)
    """Whether answers were recorded or a total was typed in; typed totals stay told apart."""
    typed_total: Mapped[int | None]
    typed_parts: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """Subscale totals typed in with it, by the subscale's id."""
    historic: Mapped[bool] = mapped_column(default=False)
    """Imported from the past: its signs of risk go to a review list, not to live escalation."""
    instrument: Mapped[str] = mapped_column(String(20))
    instrument_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5), default="en")
    asked_on: Mapped[date]
    mode: Mapped[MeasureMode]
    state: Mapped[OccasionState] = mapped_column(default=OccasionState.OPEN)
    entered_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    submitted_at: Mapped[datetime | None]
    kept_at: Mapped[datetime] = mapped_column(default=clock.now)
    """When it was opened, or last saved: one that nobody goes on with expires."""
    version: Mapped[int] = mapped_column(default=1)
    goal_ids: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """Of goal-based outcomes: which of his goals it asks about, whatever becomes of them later."""
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
    """What an answer, or a total typed in, was before it was corrected, by whom and why."""

    __tablename__ = "answer_corrections"
    __table_args__ = (Index("ix_answer_corrections_occasion_id_id", "occasion_id", "id"),)

    id: Mapped[Id]
    occasion_id: Mapped[int] = mapped_column(ForeignKey("measure_occasions.id"))
    item: Mapped[int]
    """The question; 0 stands for the total that was typed in."""
    before_state: Mapped[AnswerState]
    before_value: Mapped[int | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(EncryptedText("answer_corrections.reason"))


class MeasureFlag(HasRef, HasCreated, Model):
    """Something in a man's scores that a clinician should look at, and what was done about it.

    Raised by rules (`flags`). It ends when the rule no longer holds, and stays on record either
    way.
    """

    __tablename__ = "measure_flags"
    __table_args__ = (
        Index("ix_measure_flags_case_id", "case_id", "id"),
        Index("ix_measure_flags_waiting", "responded_at", "ended_at", "id"),
        UniqueConstraint("key"),
        CheckConstraint(
            "(response IS NULL) = (responded_at IS NULL) "
            "AND (responded_at IS NULL) = (responded_by IS NULL)",
            name="response_has_who_and_when",
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    key: Mapped[str] = mapped_column(String(120))
    """Says which flag this is (`12:worse:phq9:occasion:7`); raised again it is the same row."""
    kind: Mapped[FlagKind]
    instrument: Mapped[str | None] = mapped_column(String(20))
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("measure_occasions.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("measure_contacts.id"))
    said: Mapped[dict[str, str] | None] = mapped_column(EncryptedJson("measure_flags.said"))
    """Its `rule` and `reason` in words, kept up with the scores until somebody responds: a
    response stays beside what it answers. None on flags raised before these were kept, until
    they are next worked out."""
    ended_at: Mapped[datetime | None]
    response: Mapped[str | None] = mapped_column(EncryptedText("measure_flags.response"))
    responded_at: Mapped[datetime | None]
    responded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    in_supervision: Mapped[bool | None]
    """Whether it was taken up in supervision, as whoever responded says."""


class FlagLook(Model):
    """When the job last worked out the flags of a case: it takes the one longest ago first."""

    __tablename__ = "flag_looks"

    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id"), primary_key=True, autoincrement=False
    )
    looked_at: Mapped[datetime]


class RuleSignature(HasRef, HasCreated, Model):
    """A named clinician's word that an unverified rule of an instrument was checked at its source.

    Until signed such a rule is switched off. Never changed; withdrawn with who and when.
    """

    __tablename__ = "rule_signatures"
    __table_args__ = (
        Index("ix_rule_signatures_instrument", "instrument", "rule", "id"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"
        ),
    )

    id: Mapped[Id]
    instrument: Mapped[str] = mapped_column(String(20))
    instrument_version: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str] = mapped_column(String(60))
    """Which fact: `caseness`, `reliable_change`, `bands`, `risk:6` and so on."""
    source_read: Mapped[str] = mapped_column(String(500))
    signed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class MeasureGoal(HasRef, HasCreated, Model):
    """One of a man's own goals for goal-based outcomes, in his words; ended, never changed."""

    __tablename__ = "measure_goals"
    __table_args__ = (
        Index("ix_measure_goals_case_id", "case_id", "number", "id"),
        CheckConstraint("number BETWEEN 1 AND 3", name="up_to_three"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    words: Mapped[str] = mapped_column(EncryptedText("measure_goals.words"))
    set_on: Mapped[date]
    set_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_on: Mapped[date | None]


class PastScoreRun(HasRef, HasCreated, Model):
    """A file of past scores: kept until it is imported or thrown away, and what became of it."""

    __tablename__ = "past_score_runs"
    __table_args__ = (Index("ix_past_score_runs_by_id", "by_id", "id"),)

    id: Mapped[Id]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """Whose file it is: nobody else is shown it, because it names men of his scope."""
    file_name: Mapped[str] = mapped_column(String(120))
    content: Mapped[str | None] = mapped_column(EncryptedText("past_score_runs.content"))
    result: Mapped[Any | None] = mapped_column(EncryptedJson("past_score_runs.result"))
    """Counts, and refused rows with line, column and reason."""
    imported_at: Mapped[datetime | None]


class ImportedScore(HasCreated, Model):
    """Which line of which file an imported measure came from."""

    __tablename__ = "imported_scores"
    __table_args__ = (
        Index("ix_imported_scores_run_id", "run_id", "id"),
        UniqueConstraint("occasion_id"),
    )

    id: Mapped[Id]
    occasion_id: Mapped[int] = mapped_column(ForeignKey("measure_occasions.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("past_score_runs.id"))
    """None where it was imported before files were noted with what came from them."""
    line: Mapped[int | None]


class MeasureChange(HasCreated, Model):
    """What a contact or a form was before it was corrected, taken back or put back; who and why."""

    __tablename__ = "measure_changes"
    __table_args__ = (
        Index("ix_measure_changes_contact_id", "contact_id", "id"),
        Index("ix_measure_changes_occasion_id", "occasion_id", "id"),
        CheckConstraint(
            "(contact_id IS NULL) <> (occasion_id IS NULL)", name="of_a_contact_or_a_form"
        ),
    )

    id: Mapped[Id]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("measure_contacts.id"))
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("measure_occasions.id"))
    kind: Mapped[ChangeKind]
    before: Mapped[Any] = mapped_column(JSON)
    """What was there before: days, numbers and codes, by name; ids of what went with it."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(EncryptedText("measure_changes.reason"))
