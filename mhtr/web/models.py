"""What the web edge remembers: consumed form keys, and posts kept from an expired session."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedJson
from mhtr.core.database import HasCreated, HasRef, Id, Model


class Submission(HasCreated, Model):
    """A form that was saved. The same key again shows the first result, not a second effect."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("staff_id", "route", "key"),
        Index("ix_submissions_created_at", "created_at"),
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    route: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(64))
    body_hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("submissions.body"))
    location: Mapped[str] = mapped_column(String(400), default="")


class KeptPost(HasRef, HasCreated, Model):
    """What somebody posted on an expired session, kept until he signs in again."""

    __tablename__ = "kept_posts"
    __table_args__ = (Index("ix_kept_posts_staff_id_restored_at", "staff_id", "restored_at"),)

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    path: Mapped[str] = mapped_column(String(400))
    body: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("kept_posts.body"))
    restored_at: Mapped[datetime | None]
