"""Tables of proposals the planner made, what became of each part, and how good they are."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedJson
from mhtr.core.database import HasCreated, HasRef, Id, Model


class ProposalKind(StrEnum):
    """What the planner was asked."""

    WAITING = "waiting"
    """Plan everyone who waits."""
    AWAY = "away"
    """A therapist is away."""
    JOINS = "joins"
    """A therapist joins."""
    ROOM = "room"
    """A room cannot be used."""


class ProposalState(StrEnum):
    """How far a proposal is."""

    ASKED = "asked"
    RUNNING = "running"
    READY = "ready"
    STOPPED = "stopped"
    """Somebody cancelled it."""
    FAILED = "failed"
    APPLIED = "applied"
    """Some or all of it is booked: each part says whether."""
    UNDONE = "undone"


class Proposal(HasRef, HasCreated, Model):
    """One question to the planner and its answer."""

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_organisation_id", "organisation_id", "id"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[ProposalKind]
    asked: Mapped[Any] = mapped_column(EncryptedJson("proposals.asked"))
    """Whom or what, and the days."""
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.ASKED)
    seconds: Mapped[int]
    """The time limit."""
    progress: Mapped[str] = mapped_column(String(120), default="")
    cost: Mapped[float | None]
    bound: Mapped[float | None]
    """No answer costs less than this."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    stop_asked: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(default=1)


class ProposalPart(HasRef, Model):
    """What is proposed for one man: applied whole or not at all."""

    __tablename__ = "proposal_parts"
    __table_args__ = (
        Index("ix_proposal_parts_proposal_id", "proposal_id"),
        CheckConstraint("(applied_at IS NULL) = (applied_by IS NULL)", name="applied_by_whom"),
    )

    id: Mapped[Id]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    before: Mapped[Any] = mapped_column(EncryptedJson("proposal_parts.before"))
    after: Mapped[Any] = mapped_column(EncryptedJson("proposal_parts.after"))
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
