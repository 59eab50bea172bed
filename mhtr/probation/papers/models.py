"""Tables of the papers of referrals: every version as made, and when one was sent."""

import hashlib
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model


def _hash_of_pdf(context: DefaultExecutionContext) -> str:
    # SQLAlchemy leaves this method without types.
    pdf: bytes = context.get_current_parameters()["pdf"]  # type: ignore[no-untyped-call]
    return hashlib.sha256(pdf).hexdigest()


class ReferralPapers(HasRef, HasCreated, Model):
    """One version of the papers of a referral to an enforcement officer. Kept for ever as made."""

    __tablename__ = "referral_papers"
    __table_args__ = (
        UniqueConstraint("step_id", "number"),
        Index("ix_referral_papers_case_id", "case_id", "id"),
        CheckConstraint("number = 1 OR why IS NOT NULL", name="issued_again_for_a_reason"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    step_id: Mapped[int] = mapped_column(ForeignKey("enforcement_steps.id"))
    """The referral."""
    number: Mapped[int]
    """From one; the highest counts."""
    why: Mapped[str | None] = mapped_column(EncryptedText("referral_papers.why"))
    """Why they were issued again. Read by probation alone."""
    content: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("referral_papers.content"))
    content_hash: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_hash: Mapped[str] = mapped_column(String(64), default=_hash_of_pdf)
    """SHA-256 (hex) of the file, worked out when the row is written."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class PapersSent(HasRef, HasCreated, Model):
    """That a version was sent. Taken back where it was recorded by mistake."""

    __tablename__ = "referral_papers_sent"
    __table_args__ = (
        Index("ix_referral_papers_sent_papers_id", "papers_id", "id"),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_whom"
        ),
    )

    id: Mapped[Id]
    papers_id: Mapped[int] = mapped_column(ForeignKey("referral_papers.id"))
    on: Mapped[date]
    to: Mapped[str] = mapped_column(String(120))
    """The enforcement officer or team, as the officer names them."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
