"""Kinds of messages. Features above register theirs when they are imported."""

from collections.abc import Callable
from dataclasses import dataclass

from mhtr.core.outbox import OutboxMessage
from mhtr.messages.mail import Mail

STAFF_EMAIL = "staff_email"
"""Mail to those who work with him. It is not held while he is away, as what goes to him is."""


class NotWanted(Exception):
    """At the moment of sending the message has no sense any more."""


@dataclass(frozen=True)
class MessageKind:
    """One kind of message."""

    template: str
    compose: Callable[[OutboxMessage], Mail]
    """Makes the mail at the moment of sending, from what is on record then; only reads. Raises
    `NotWanted` where it must not go any more, `NeverTaken` where there is nobody to send it to."""
    failed: Callable[[OutboxMessage], None]
    """Called in the transaction in which a message failed for good: makes it a person's task."""


KINDS: dict[str, MessageKind] = {}


def register(kind: MessageKind) -> None:
    """Make a kind known.

    Raises:
        ValueError: its name is taken.
    """
    if kind.template in KINDS:
        raise ValueError(f"two kinds of messages are called {kind.template}")
    KINDS[kind.template] = kind
