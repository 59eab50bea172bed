"""Tables of the reports on treatment: drafts, what was sent, and what became of it in court."""

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

from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.ending.application_rules import StepKind
from mhtr.ending.practitioner_rules import Basis
from mhtr.ending.report_grounds import Ground, Willing


class TreatmentReport(HasRef, HasCreated, Model):
    """A report on the treatment under one order, with what is written of its next version.

    Read by clinicians only. What was sent are its versions.
    """

    __tablename__ = "treatment_reports"
    __table_args__ = (
        Index("ix_treatment_reports_case_id", "case_id", "id"),
        Index(
            "uq_treatment_reports_one_draft",
            "order_id",
            unique=True,
            sqlite_where=text("drafted_at IS NOT NULL"),
            postgresql_where=text("drafted_at IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    drafted_at: Mapped[datetime | None]
    """Since when a version is written; empty once it was sent or dropped."""
    drafted_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """Who wrote last."""
    ground: Mapped[Ground | None]
    facts: Mapped[list[dict[str, Any]] | None] = mapped_column(
        EncryptedJson("treatment_reports.facts")
    )
    opinion: Mapped[str | None] = mapped_column(EncryptedText("treatment_reports.opinion"))
    proposed: Mapped[str | None] = mapped_column(EncryptedText("treatment_reports.proposed"))
    willing: Mapped[Willing | None]
    willing_on: Mapped[date | None]
    willing_said: Mapped[str | None] = mapped_column(
        EncryptedText("treatment_reports.willing_said")
    )
    why_again: Mapped[str | None] = mapped_column(EncryptedText("treatment_reports.why_again"))
    version: Mapped[int] = mapped_column(default=1)


def _hash_of_pdf(context: Any) -> str:
    return hashlib.sha256(context.get_current_parameters()["pdf"]).hexdigest()


class ReportVersion(HasRef, HasCreated, Model):
    """A version of a report as it was signed and sent. Never changed; the highest counts."""

    __tablename__ = "treatment_report_versions"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("treatment_reports.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(
        EncryptedJson("treatment_report_versions.content")
    )
    content_hash: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_hash: Mapped[str] = mapped_column(String(64), default=_hash_of_pdf)
    """SHA-256 (hex) of the file, worked out when the row is written."""
    basis: Mapped[Basis]
    registration: Mapped[str] = mapped_column(String(20))
    signed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    to_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """The responsible officer, where he signs in here."""
    to_unit_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    looked_at: Mapped[list[str]] = mapped_column(
        EncryptedJson("treatment_report_versions.looked_at")
    )
    """Prompts that the author saw and let stand."""


class ReportStep(HasRef, HasCreated, Model):
    """What became of a report before the court. Taken back where recorded by mistake."""

    __tablename__ = "treatment_report_steps"
    __table_args__ = (
        Index("ix_treatment_report_steps_report_id", "report_id", "id"),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_whom"
        ),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("treatment_reports.id"))
    kind: Mapped[StepKind]
    on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
