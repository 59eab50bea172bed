"""Tables of his plan for later, of letters, and of the copies of them that were given or sent."""

import hashlib
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.compliance.contact_rules import Way
from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.discharge.letter_kinds import LetterKind
from mhtr.discharge.rules import Sent, Stance, To


class LaterPlan(HasRef, HasCreated, Model):
    """His plan for later, as it was written with him. Never changed; the highest number counts."""

    __tablename__ = "later_plans"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("(stance = 'not_asked') = (way IS NULL)", name="how_he_said_it"),
        CheckConstraint("(stance = 'dissents') = (dissent IS NOT NULL)", name="dissent_in_words"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    """Of the case, from one."""
    words: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("later_plans.words"))
    """His words, by the keys of `rules.PLAN_HEADINGS`."""
    stance: Mapped[Stance]
    dissent: Mapped[str | None] = mapped_column(EncryptedText("later_plans.dissent"))
    way: Mapped[Way | None]
    """How he said that he agrees or does not."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class CaseLetter(HasRef, HasCreated, Model):
    """A letter about his treatment, with what is written of its next version.

    What was signed are its versions. Read by clinicians only.
    """

    __tablename__ = "case_letters"
    __table_args__ = (
        Index("ix_case_letters_case_id", "case_id", "id"),
        Index(
            "uq_case_letters_one_draft",
            "case_id",
            "kind",
            unique=True,
            sqlite_where=text("drafted_at IS NOT NULL"),
            postgresql_where=text("drafted_at IS NOT NULL"),
        ),
        CheckConstraint(
            "(first_hash IS NULL) = (first_by IS NULL) AND (first_hash IS NULL) = (first_on IS"
            " NULL)",
            name="first_signed_by_whom",
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[LetterKind]
    drafted_at: Mapped[datetime | None]
    """Since when a version is written; empty once it was signed or given up."""
    drafted_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """Who wrote last."""
    parts: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("case_letters.parts"))
    """What is written of it, by the keys of its kind."""
    with_plan: Mapped[bool] = mapped_column(default=False)
    """He wants his plan for later in it."""
    named: Mapped[list[str] | None] = mapped_column(EncryptedJson("case_letters.named"))
    """References of onward referrals that he agreed to have named in it."""
    why_again: Mapped[str | None] = mapped_column(EncryptedText("case_letters.why_again"))
    first_hash: Mapped[str | None] = mapped_column(String(64))
    """Of what an author who is not registered signed, until a lead signs it too."""
    first_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    first_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


def _hash_of_pdf(context: Any) -> str:
    return hashlib.sha256(context.get_current_parameters()["pdf"]).hexdigest()


class LetterVersion(HasRef, HasCreated, Model):
    """A version of a letter as it was signed. Never changed; the highest counts."""

    __tablename__ = "letter_versions"
    __table_args__ = (UniqueConstraint("letter_id", "number"),)

    id: Mapped[Id]
    letter_id: Mapped[int] = mapped_column(ForeignKey("case_letters.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("letter_versions.content"))
    content_hash: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_hash: Mapped[str] = mapped_column(String(64), default=_hash_of_pdf)
    """SHA-256 (hex) of the file, worked out when the row is written."""
    signed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    countersigned_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """The registered lead, where its author is not registered."""


class LetterCopy(HasRef, HasCreated, Model):
    """That somebody was given, sent or offered a version. Taken back where recorded by mistake."""

    __tablename__ = "letter_copies"
    __table_args__ = (
        Index("ix_letter_copies_version_id", "version_id", "id"),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_whom"
        ),
        CheckConstraint(
            "(exception_why IS NULL) = (approver_id IS NULL)",
            name="exception_has_reason_and_approver",
        ),
        CheckConstraint(
            "whom = 'him' OR (consent_id IS NULL) = (exception_why IS NOT NULL)",
            name="gp_by_consent_or_exception",
        ),
        CheckConstraint("approver_id IS NULL OR approver_id <> by_id", name="approved_by_another"),
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("letter_versions.id"))
    whom: Mapped[To]
    sent: Mapped[Sent]
    on: Mapped[date]
    gp_name: Mapped[str] = mapped_column(String(160), default="")
    """The practice, as it was on record then."""
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent_events.id"))
    """What he had said when it went to his GP."""
    exception_why: Mapped[str | None] = mapped_column(EncryptedText("letter_copies.exception_why"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
