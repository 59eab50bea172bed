"""Tables of warnings and of what probation did, each on its order."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.compliance.enforcing import Given, StepKind
from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.orders.terms import OrderKind


class BreachWarning(HasRef, HasCreated, Model):
    """A warning that probation gave and holds in its own system, as recorded here. Withdrawn,
    never changed or deleted."""

    __tablename__ = "breach_warnings"
    __table_args__ = (
        Index("ix_breach_warnings_order_id", "order_id", "id"),
        CheckConstraint(
            "(withdrawn_on IS NULL) = (withdrawn_by IS NULL)"
            " AND (withdrawn_on IS NULL) = (withdrawn_at IS NULL)",
            name="withdrawn_when_and_by_whom",
        ),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    on: Mapped[date]
    """The day that probation's own record gives it."""
    given: Mapped[Given]
    about: Mapped[list[str]] = mapped_column(JSON)
    """References of the sessions that it is about."""
    requirement: Mapped[str] = mapped_column(String(120), default="")
    """Another requirement of the same order."""
    posted_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    worded_as: Mapped[OrderKind | None]
    """For which kind of order it is worded, where somebody said so."""
    says: Mapped[list[str]] = mapped_column(JSON)
    """Which of the three statutory contents it has."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    withdrawn_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    withdrawn_why: Mapped[str | None] = mapped_column(
        EncryptedText("breach_warnings.withdrawn_why")
    )


class EnforcementStep(HasRef, HasCreated, Model):
    """Something probation or a court did. Taken back where it was recorded by mistake."""

    __tablename__ = "enforcement_steps"
    __table_args__ = (
        Index("ix_enforcement_steps_order_id", "order_id", "id"),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_whom"
        ),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[StepKind]
    on: Mapped[date]
    about: Mapped[list[str]] = mapped_column(JSON)
    """References of the sessions that it is about."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
