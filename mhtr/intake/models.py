"""Referrals: drafts, what was referred, amendments, imports, the API's tokens, routing on."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.intake.onward_rules import OnwardState
from mhtr.intake.referral_values import Safety
from mhtr.intake.rules import DeclineReason, TriageOutcome


class ReferralDraft(HasRef, HasCreated, Model):
    """A referral being written. Saved at each step, seen only by its author."""

    __tablename__ = "referral_drafts"
    __table_args__ = (Index("ix_referral_drafts_author_id_state", "author_id", "submitted_at"),)

    id: Mapped[Id]
    author_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("referral_drafts.answers"))
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))


class Referral(HasRef, HasCreated, Model):
    """What was referred, by whom, from where. Amended by superseding answers, with history."""

    __tablename__ = "referrals"
    __table_args__ = (
        Index("ix_referrals_referrer_id_referred_at", "referrer_id", "referred_at", "id"),
        Index("ix_referrals_organisation_id_referred_at", "organisation_id", "referred_at", "id"),
        UniqueConstraint("organisation_id", "external_reference"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    referrer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    source: Mapped[str] = mapped_column(String(30))
    place_code: Mapped[str] = mapped_column(String(30), default="")
    """Custody suite or court where he was seen."""
    external_reference: Mapped[str | None] = mapped_column(String(60))
    """The sender's own reference: the same one is never taken twice."""
    channel: Mapped[str] = mapped_column(String(20))
    """form, csv, api."""
    referred_at: Mapped[datetime]
    safety: Mapped[Safety]
    safety_at: Mapped[datetime | None]
    """When "Is he safe now?" was answered; None where nobody recorded it (a file, the API)."""
    safety_handover: Mapped[str | None] = mapped_column(EncryptedText("referrals.safety_handover"))
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("referrals.answers"))
    """Everything else on the form: L&D stages, need, risk, urgency, vulnerabilities, agreement."""
    trust_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    """The treating trust it was routed to."""
    routed_because: Mapped[str] = mapped_column(String(20))
    """Why there: a value of `mhtr.intake.coverage.RoutedBecause`."""
    version: Mapped[int] = mapped_column(default=1)


class TriageDecision(HasCreated, Model):
    """What somebody decided at triage, with the reason. Rows are only ever added."""

    __tablename__ = "triage_decisions"
    __table_args__ = (Index("ix_triage_decisions_case_id_id", "case_id", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    outcome: Mapped[TriageOutcome]
    reason: Mapped[DeclineReason | None]
    words: Mapped[str | None] = mapped_column(EncryptedText("triage_decisions.words"))
    """The question for the referrer, why the referral was declined, or what to look at again."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class ReferralAmendment(HasRef, HasCreated, Model):
    """A change to a sent referral: what it said before, who changed it and why."""

    __tablename__ = "referral_amendments"
    __table_args__ = (Index("ix_referral_amendments_referral_id_id", "referral_id", "id"),)

    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(EncryptedText("referral_amendments.reason"))
    before: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("referral_amendments.before"))


class ImportRun(HasRef, HasCreated, Model):
    """A CSV import: its preview, and what became of each row."""

    __tablename__ = "import_runs"

    id: Mapped[Id]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    file_name: Mapped[str] = mapped_column(String(120))
    content_hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[str | None] = mapped_column(EncryptedText("import_runs.content"))
    """The file, kept until it is imported or discarded."""
    result: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson("import_runs.result"))
    """Counts and refused rows with line, column and reason. Until it is imported: how far it has
    come, as `mhtr.intake.import_progress.Progress` keeps it; nothing before the first row."""
    imported_at: Mapped[datetime | None]


class ApiToken(HasRef, HasCreated, Model):
    """A token with which an L&D case system sends referrals for one organisation."""

    __tablename__ = "api_tokens"

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    label: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(120))
    """Space-separated: referrals:write referrals:read."""
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    expires_on: Mapped[date]
    revoked_at: Mapped[datetime | None]


class ApiCall(Model):
    """A call within the rate-limit window, and the idempotency key's stored answer."""

    __tablename__ = "api_calls"
    __table_args__ = (
        Index("ix_api_calls_token_id_at", "token_id", "at"),
        UniqueConstraint("token_id", "idempotency_key"),
    )

    id: Mapped[Id]
    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id"))
    at: Mapped[datetime]
    idempotency_key: Mapped[str | None] = mapped_column(String(80))
    body_hash: Mapped[str] = mapped_column(String(64), default="")
    status: Mapped[int] = mapped_column(default=0)
    answer: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson("api_calls.answer"))


class OnwardReferral(HasRef, HasCreated, Model):
    """A man routed on to another service, followed to its first appointment."""

    __tablename__ = "onward_referrals"
    __table_args__ = (
        Index("ix_onward_referrals_owner_principal_id", "owner_principal_id", "closed_at", "id"),
        Index("ix_onward_referrals_worker_id", "worker_id", "closed_at", "id"),
        Index("ix_onward_referrals_case_id", "case_id"),
        Index("ix_onward_referrals_closed_at", "closed_at", "id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    service_code: Mapped[str] = mapped_column(String(40))
    service_name: Mapped[str] = mapped_column(String(160), default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    owner_principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    """Who follows it up: a link worker by name, their organisation, or the clinician himself."""
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """The named person, where the owner is one."""
    state: Mapped[OnwardState] = mapped_column(default=OnwardState.TO_SEND)
    agreed: Mapped[bool]
    """He agreed to be referred."""
    appointment_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(EncryptedText("onward_referrals.outcome"))
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> str:
        """Names it to those who have it on a list, and nobody to anybody else."""
        return str(self.ref)[:8].upper()


class OnwardEvent(HasCreated, Model):
    """One step of an onward referral: who said what became of it, when."""

    __tablename__ = "onward_events"
    __table_args__ = (Index("ix_onward_events_onward_id_id", "onward_id", "id"),)

    id: Mapped[Id]
    onward_id: Mapped[int] = mapped_column(ForeignKey("onward_referrals.id"))
    state: Mapped[OnwardState]
    was: Mapped[OnwardState | None]
    """What was recorded before, where this puts a mistake right."""
    appointment_at: Mapped[datetime | None]
    """The first appointment that this is about."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Nobody, where it followed from something else."""
    note: Mapped[str | None] = mapped_column(EncryptedText("onward_events.note"))


class CourtCoverage(HasRef, HasCreated, Model):
    """From when the service covers a court (live-dated; a closed row stays)."""

    __tablename__ = "court_coverage"
    __table_args__ = (Index("ix_court_coverage_court_code", "court_code"),)

    id: Mapped[Id]
    court_code: Mapped[str] = mapped_column(String(12))
    live_from: Mapped[date]
    live_to: Mapped[date | None]
    trust_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    """The treating trust that assesses for this court."""
    court_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    """The probation court team whose members write its pre-sentence reports."""
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
