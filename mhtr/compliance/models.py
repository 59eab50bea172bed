"""Tables of attendance: facts of what happened, and attempts to reach him after a miss."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.compliance.attendance import Happened, ReasonGiven
from mhtr.compliance.contact_rules import Reached, Way
from mhtr.compliance.notices import Came
from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model


class Attendance(HasRef, HasCreated, Model):
    """What happened at one man's session, as it was recorded. Never changed.

    Put right by a later row with a higher `number` and a reason; the highest counts. The session
    itself is opaque here: `subject` is the reference of his place in it.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("subject", "number"),
        Index("ix_attendance_case_id", "case_id", "on", "id"),
        CheckConstraint("(happened = 'seen_late') = (minutes_late IS NOT NULL)", name="how_late"),
        CheckConstraint("number = 1 OR why_changed IS NOT NULL", name="put_right_for_a_reason"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    subject: Mapped[uuid.UUID]
    number: Mapped[int] = mapped_column(default=1)
    starts_at: Mapped[datetime]
    """When the session was to begin."""
    on: Mapped[date]
    """The London day of it."""
    required: Mapped[bool]
    """Part of the requirement. Voluntary sessions are never compliance."""
    session_number: Mapped[int | None]
    """Of the course, counted from one."""
    happened: Mapped[Happened]
    minutes_late: Mapped[int | None]
    reason: Mapped[ReasonGiven] = mapped_column(default=ReasonGiven.NONE_YET)
    reason_detail: Mapped[str | None] = mapped_column(EncryptedText("attendance.reason_detail"))
    """For clinicians."""
    described: Mapped[str | None] = mapped_column(EncryptedText("attendance.described"))
    """Behaviour as a described fact that probation must know. Shown to probation."""
    concern: Mapped[str | None] = mapped_column(EncryptedText("attendance.concern"))
    """What worries the clinician about him. For clinicians."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    why_changed: Mapped[str | None] = mapped_column(EncryptedText("attendance.why_changed"))


class ContactAttempt(HasRef, HasCreated, Model):
    """One attempt to reach him after a missed session. Never changed."""

    __tablename__ = "contact_attempts"
    __table_args__ = (
        Index("ix_contact_attempts_case_id", "case_id", "at"),
        Index("ix_contact_attempts_subject", "subject", "at"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    subject: Mapped[uuid.UUID]
    """His place in the session, as in `Attendance`."""
    at: Mapped[datetime]
    way: Mapped[Way]
    reached: Mapped[Reached]
    note: Mapped[str | None] = mapped_column(EncryptedText("contact_attempts.note"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class SessionNotice(HasRef, HasCreated, Model):
    """One time that he was told of one session. Taken back where it was recorded by mistake."""

    __tablename__ = "session_notices"
    __table_args__ = (
        Index("ix_session_notices_case_id", "case_id", "told_at", "id"),
        Index("ix_session_notices_subject", "subject", "told_at", "id"),
        CheckConstraint("told_at < starts_at", name="told_before_it_begins"),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_whom"
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    subject: Mapped[uuid.UUID]
    """His place in the session, as in `Attendance`."""
    starts_at: Mapped[datetime]
    """When the session was to begin, as he was told."""
    told_at: Mapped[datetime]
    way: Mapped[Way]
    came: Mapped[Came]
    usable: Mapped[bool]
    """In a form he can use."""
    note: Mapped[str | None] = mapped_column(EncryptedText("session_notices.note"))
    """Read by probation as well."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
