"""Tables of proposals the planner made, what became of each part, and how good they are."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from sessions.planning.kinds import ProposalKind, ProposalState


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
    seen_at: Mapped[datetime | None]
    """When the worker last said that it is at it."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker began it: one that was killed is followed by another once."""
    answer: Mapped[Any | None] = mapped_column(EncryptedJson("proposals.answer"))
    """Who is left out, the load, and what the cost is made of: ids, codes and numbers."""
    fault: Mapped[str] = mapped_column(String(120), default="")
    """Why it failed, in plain words about the program, never about a man."""
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
    made: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """Ids of the bookings that applying it made, with what undoing needs to know."""
    refused: Mapped[str | None] = mapped_column(EncryptedText("proposal_parts.refused"))
    """Why it could not be applied or undone when somebody last tried."""
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
