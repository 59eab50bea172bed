"""Tables of safeguarding referrals: each version as it was made, and what became of it."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.safeguarding.kinds import Agreed, Kind, Knows, StepKind


class SafeguardingReferral(HasRef, HasCreated, Model):
    """One referral to a local authority. What it says stands in its versions."""

    __tablename__ = "safeguarding_referrals"
    __table_args__ = (Index("ix_safeguarding_referrals_case_id", "case_id", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class SafeguardingVersion(HasCreated, Model):
    """What a referral says. Never changed: put right by a later version with a reason.

    Every text is read by clinicians of the service, and by the authority on paper, but for why
    it is put right.
    """

    __tablename__ = "safeguarding_versions"
    __table_args__ = (
        UniqueConstraint("referral_id", "number"),
        CheckConstraint("number = 1 OR why IS NOT NULL", name="put_right_for_a_reason"),
        CheckConstraint("(agreed = 'yes') = (override_why IS NULL)", name="why_without_agreement"),
        CheckConstraint("(knows = 'told') = (not_told_why IS NULL)", name="why_he_was_not_told"),
    )

    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("safeguarding_referrals.id"))
    number: Mapped[int]
    kind: Mapped[Kind]
    authority: Mapped[str] = mapped_column(String(160))
    sent_how: Mapped[str] = mapped_column(EncryptedText("safeguarding_versions.sent_how"))
    about: Mapped[str] = mapped_column(EncryptedText("safeguarding_versions.about"))
    concern: Mapped[str] = mapped_column(EncryptedText("safeguarding_versions.concern"))
    done: Mapped[str] = mapped_column(EncryptedText("safeguarding_versions.done"))
    agreed: Mapped[Agreed]
    override_why: Mapped[str | None] = mapped_column(
        EncryptedText("safeguarding_versions.override_why")
    )
    knows: Mapped[Knows]
    not_told_why: Mapped[str | None] = mapped_column(
        EncryptedText("safeguarding_versions.not_told_why")
    )
    why: Mapped[str | None] = mapped_column(EncryptedText("safeguarding_versions.why"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class SafeguardingStep(HasCreated, Model):
    """What became of one version. Never changed; a mistake is taken back by a later row."""

    __tablename__ = "safeguarding_steps"
    __table_args__ = (Index("ix_safeguarding_steps_referral_id", "referral_id", "id"),)

    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("safeguarding_referrals.id"))
    version: Mapped[int]
    """The number of the version that was the newest then."""
    kind: Mapped[StepKind]
    on: Mapped[date]
    words: Mapped[str] = mapped_column(EncryptedText("safeguarding_steps.words"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
