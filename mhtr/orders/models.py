"""Tables of court orders: each set of terms is kept, none is overwritten."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.orders.endings import HowEnded
from mhtr.orders.induction import Item, Outcome
from mhtr.orders.terms import Change, OrderKind, OtherKind, Treatment


class Order(HasRef, HasCreated, Model):
    """A community or suspended sentence order with the requirement. A case may have several.

    The dates repeat what the terms and endings say, so that lists sort and filter by index;
    `orders.service` writes them together and a test compares the two.
    """

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_case_id", "case_id", "id"),
        Index("ix_orders_treatment_ends_on", "ended_on", "treatment_ends_on", "id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[OrderKind]
    made_on: Mapped[date]
    treatment_ends_on: Mapped[date]
    """The last day of the treatment requirement."""
    ended_on: Mapped[date | None]
    """The last day of an order that ended before its terms say."""
    version: Mapped[int] = mapped_column(default=1)


class OrderTerms(HasCreated, Model):
    """Everything an order says from a day on, and how that came about. Never changed."""

    __tablename__ = "order_terms"
    __table_args__ = (
        UniqueConstraint("order_id", "number", name="uq_order_terms_number"),
        CheckConstraint("(exceeded = '') = (override_reason = '')", name="exceeded_needs_a_reason"),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    number: Mapped[int]
    """From 1; the highest counts."""
    change: Mapped[Change]
    effective_on: Mapped[date]
    kind: Mapped[OrderKind]
    convicted_on: Mapped[date]
    made_on: Mapped[date]
    court_code: Mapped[str] = mapped_column(String(12))
    magistrates_supervise: Mapped[bool] = mapped_column(default=False)
    """A Crown Court's order that a magistrates' court supervises (Sentencing Act 2020 s.211)."""
    court_reviews: Mapped[bool] = mapped_column(default=False)
    """The court reviews the order, so that supervision does not end early."""
    ends_on: Mapped[date | None]
    term_months: Mapped[int] = mapped_column(default=0)
    term_weeks: Mapped[int] = mapped_column(default=0)
    term_days: Mapped[int] = mapped_column(default=0)
    operational_months: Mapped[int | None]
    supervision_months: Mapped[int | None]
    sessions_expected: Mapped[int]
    willing_on: Mapped[date | None]
    exceeded: Mapped[str] = mapped_column(String(300), default="")
    """Codes of the limits that these terms do not keep, space separated."""
    override_reason: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class OrderPeriod(Model):
    """One period of the treatment requirement, as one set of terms names it. Never changed."""

    __tablename__ = "order_periods"

    id: Mapped[Id]
    terms_id: Mapped[int] = mapped_column(ForeignKey("order_terms.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    treatment: Mapped[Treatment]
    named: Mapped[str] = mapped_column(String(160))
    """The practitioner who treats or directs, or the institution."""
    registration: Mapped[str] = mapped_column(String(20), default="")


class OrderRequirement(HasCreated, Model):
    """Another requirement of an order. One recorded by mistake is taken out, never deleted."""

    __tablename__ = "order_requirements"
    __table_args__ = (
        CheckConstraint(
            "(taken_out_at IS NULL) = (taken_out_by IS NULL)", name="taken_out_by_whom"
        ),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[OtherKind]
    amount: Mapped[str] = mapped_column(String(200), default="")
    until: Mapped[date | None]
    override_reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it is recorded although it exceeds a legal limit; empty where it does not."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taken_out_at: Mapped[datetime | None]
    taken_out_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class OrderReview(HasCreated, Model):
    """A review hearing of an order. One that was moved is taken out and set anew."""

    __tablename__ = "order_reviews"
    __table_args__ = (
        CheckConstraint(
            "(taken_out_at IS NULL) = (taken_out_by IS NULL)", name="taken_out_by_whom"
        ),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    on: Mapped[date]
    court_code: Mapped[str] = mapped_column(String(12))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taken_out_at: Mapped[datetime | None]
    taken_out_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class OrderEnding(HasCreated, Model):
    """An order ended before its terms say. Taken back where it was recorded by mistake."""

    __tablename__ = "order_endings"
    __table_args__ = (
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_whom"
        ),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    how: Mapped[HowEnded]
    on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class DirectingChange(HasCreated, Model):
    """Somebody whom the order names no longer directs his treatment, and what came of it.

    Recorded by a clinician, or by the program (`by_id` None) when an account was closed. Taken
    back where it was recorded by mistake.
    """

    __tablename__ = "directing_changes"
    __table_args__ = (
        CheckConstraint(
            "(noticed_on IS NULL) = (noticed_by IS NULL)", name="noticed_when_and_by_whom"
        ),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_whom"
        ),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    since: Mapped[date]
    """The first day on which he does not direct any more."""
    was_named: Mapped[str] = mapped_column(String(160))
    was_registration: Mapped[str] = mapped_column(String(20), default="")
    now_named: Mapped[str] = mapped_column(String(160), default="")
    """Who directs instead; empty where nobody does yet."""
    now_registration: Mapped[str] = mapped_column(String(20), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    noticed_on: Mapped[date | None]
    """The day on which written notice was given to the responsible officer."""
    noticed_to: Mapped[str] = mapped_column(String(120), default="")
    noticed_at: Mapped[datetime | None]
    noticed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class ProbationContact(HasCreated, Model):
    """Who supervises him: the responsible officer of a delivery unit. A later one supersedes it.

    Somebody who signs in here is named by `staff_id` and may see the case while he is the
    contact; anybody else by name, with how to reach him.
    """

    __tablename__ = "probation_contacts"
    __table_args__ = (
        Index("ix_probation_contacts_case_id", "case_id", "ended_at"),
        CheckConstraint("staff_id IS NOT NULL OR name IS NOT NULL", name="somebody_is_named"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    """The probation delivery unit, whose mailbox stands in where nobody is named any more."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str | None] = mapped_column(EncryptedText("probation_contacts.name"))
    email: Mapped[str | None] = mapped_column(EncryptedText("probation_contacts.email"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("probation_contacts.phone"))
    why: Mapped[str | None] = mapped_column(EncryptedText("probation_contacts.why"))
    """Why he was given to this officer, where a senior did it. Read by probation only."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class InductionStep(HasCreated, Model):
    """Somebody saw to one item of an induction, or tried. Never changed; a later one counts."""

    __tablename__ = "induction_steps"
    __table_args__ = (Index("ix_induction_steps_case_id", "case_id", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    item: Mapped[Item]
    outcome: Mapped[Outcome]
    on: Mapped[date]
    note: Mapped[str | None] = mapped_column(EncryptedText("induction_steps.note"))
    """Read by clinicians and administrators; of his safety by clinicians only."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
