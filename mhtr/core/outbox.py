"""Messages that must leave: one row a message, saved with the change that causes it.

`mhtr.messages` writes and sends them. The unique key says which message this is
(`attendance:123:mail`), so that saving it twice is harmless. What waits is withdrawn when he dies,
and what is for him is held while he is in hospital or custody: whoever saves one for him asks
`cases.away_service.is_away` first.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedJson
from mhtr.core.database import HasCreated, Id, Model


class OutboxState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    """He cannot read it now: it waits again, or is withdrawn, when he can."""


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
