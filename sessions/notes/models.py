"""Tables of clinical notes of sessions. Behind the wall: probation never reads them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from sessions.therapies import Therapy


class SessionNote(HasRef, HasCreated, Model):
    """The note of one man's session: a draft, then finished, then locked."""

    __tablename__ = "session_notes"
    __table_args__ = (
        Index("ix_session_notes_case_id", "case_id", "id"),
        Index("ix_session_notes_finished_at", "finished_at", "signed_off_at", "id"),
        CheckConstraint(
            "(signed_off_at IS NULL) = (signed_off_by IS NULL)", name="signed_off_by_whom"
        ),
        CheckConstraint("signed_off_by IS NULL OR signed_off_by <> author_id", name="not_ones_own"),
        CheckConstraint(
            "(returned_words IS NULL) = (returned_by IS NULL)", name="returned_by_whom"
        ),
    )

    id: Mapped[Id]
    place_id: Mapped[int] = mapped_column(ForeignKey("session_places.id"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    therapy: Mapped[Therapy]
    parts: Mapped[Any] = mapped_column(EncryptedJson("session_notes.parts"))
    """What was written, by the part of the structure."""
    saved_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    """From here the local period runs, after which it is locked."""
    needs_sign_off: Mapped[bool] = mapped_column(default=False)
    """Its author was not registered when it was finished."""
    signed_off_at: Mapped[datetime | None]
    signed_off_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    returned_words: Mapped[str | None] = mapped_column(
        EncryptedText("session_notes.returned_words")
    )
    """What the clinical lead asks for before he signs; empty once it is finished again."""
    returned_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(default=1)


class NoteEarlier(HasCreated, Model):
    """What a finished note said before it was changed within the local period. Never changed."""

    __tablename__ = "session_note_versions"

    id: Mapped[Id]
    note_id: Mapped[int] = mapped_column(ForeignKey("session_notes.id"), index=True)
    parts: Mapped[Any] = mapped_column(EncryptedJson("session_note_versions.parts"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class NoteAddendum(HasCreated, Model):
    """Something added to a locked note. Never changed."""

    __tablename__ = "session_note_addenda"

    id: Mapped[Id]
    note_id: Mapped[int] = mapped_column(ForeignKey("session_notes.id"), index=True)
    text: Mapped[str] = mapped_column(EncryptedText("session_note_addenda.text"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
