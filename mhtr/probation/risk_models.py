"""Tables of the risk of which clinicians tell probation, with exactly what was said."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.probation.risk_rules import Basis, StepKind, ToldHim


class RiskStatement(HasRef, HasCreated, Model):
    """One thing that probation was told. Never changed: taken back, or said anew."""

    __tablename__ = "risk_statements"
    __table_args__ = (
        Index("ix_risk_statements_case_id", "case_id", "id"),
        CheckConstraint(
            "(basis = 'exception') = (approver_id IS NOT NULL)"
            " AND (basis = 'exception') = (why IS NOT NULL)",
            name="exception_has_reason_and_approver",
        ),
        CheckConstraint("approver_id IS NULL OR approver_id <> by_id", name="approved_by_another"),
        CheckConstraint(
            "(told_him = 'not_told') = (not_told_why IS NOT NULL)", name="why_he_was_not_told"
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    words: Mapped[str] = mapped_column(EncryptedText("risk_statements.words"))
    """All that probation reads of the matter."""
    urgent: Mapped[bool]
    basis: Mapped[Basis]
    why: Mapped[str | None] = mapped_column(EncryptedText("risk_statements.why"))
    """Of an exception. Read by clinicians alone."""
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    told_him: Mapped[ToldHim]
    not_told_why: Mapped[str | None] = mapped_column(EncryptedText("risk_statements.not_told_why"))
    """Read by clinicians alone."""
    to_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """The officer who was named for him then; empty: it went to his unit."""
    to_unit_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("risk_statements.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class RiskStatementStep(HasCreated, Model):
    """What became of it. Never changed."""

    __tablename__ = "risk_statement_steps"
    __table_args__ = (
        Index("ix_risk_statement_steps_statement_id", "statement_id", "id"),
        CheckConstraint("(kind = 'withdrawn') = (words IS NOT NULL)", name="says_why_taken_back"),
    )

    id: Mapped[Id]
    statement_id: Mapped[int] = mapped_column(ForeignKey("risk_statements.id"))
    kind: Mapped[StepKind]
    words: Mapped[str | None] = mapped_column(EncryptedText("risk_statement_steps.words"))
    """Why it is taken back. Read by both."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
