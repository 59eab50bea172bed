"""Messages that must leave: one row a message, saved with the change that causes it.

The unique key says which message this is (`task:123:told:1`), so that saving it twice is
harmless. Delivery claims a row for a while, sends, and records; see `mhtr.messages`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core import clock
from mhtr.core.crypto import EncryptedJson
from mhtr.core.database import HasCreated, Id, Model, db


class OutboxState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class OutboxMessage(HasCreated, Model):
    """A message to one recipient by one channel."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_due_at", "state", "due_at"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    channel: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(String(60))
    payload: Mapped[Any] = mapped_column(EncryptedJson("outbox.payload"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    state: Mapped[OutboxState] = mapped_column(default=OutboxState.WAITING)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(String(200), default="")


def enqueue(
    key: str,
    *,
    channel: str,
    template: str,
    payload: dict[str, Any],
    case_id: int | None = None,
    due_at: datetime | None = None,
) -> None:
    """Save a message to be sent once; a second call with the same key changes nothing."""
    if db.session.scalars(select(OutboxMessage.id).where(OutboxMessage.key == key)).first():
        return
    db.session.add(
        OutboxMessage(
            key=key,
            channel=channel,
            template=template,
            payload=payload,
            case_id=case_id,
            due_at=due_at or clock.now(),
        )
    )
