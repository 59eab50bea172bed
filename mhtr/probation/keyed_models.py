"""The table of what probation keyed into nDelius."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.probation.keying_rules import Kind


class KeyedEntry(HasRef, HasCreated, Model):
    """One entry that somebody of probation keyed into nDelius, as it was offered to him then.

    Taken back where it was marked by mistake, or where it says something else since and was keyed
    in anew. A later change of a code list or of the record
    rewrites nothing here.
    """

    __tablename__ = "keyed_entries"
    __table_args__ = (
        Index("ix_keyed_entries_case_id", "case_id", "id"),
        Index(
            "uq_keyed_entries_once",
            "subject",
            "kind",
            "number",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_whom"
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    subject: Mapped[uuid.UUID]
    """His place in the session, as in `Attendance`."""
    kind: Mapped[Kind]
    number: Mapped[int]
    """Of the record or the decision that it repeats; 0: of a booking that was cancelled."""
    code: Mapped[str] = mapped_column(String(8))
    """The outcome as it was keyed in; empty where none was known."""
    code_words: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(EncryptedText("keyed_entries.text"))
    """What there was to copy."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    taken_back_why: Mapped[str | None] = mapped_column(
        EncryptedText("keyed_entries.taken_back_why")
    )
