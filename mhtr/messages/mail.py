"""What one mail holds, and why a transport did not take it. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mail:
    """One mail in plain text to one address."""

    to: str
    subject: str
    body: str
    key: str = ""
    """The key of its message: gives it an identity that is the same each time it is sent."""
    reply_to: str = ""
    """Where an answer goes; empty: nowhere."""


class NotTaken(Exception):
    """It was not sent. The text is a plain reason and repeats nothing of the mail."""


class NotNow(NotTaken):
    """It was surely not taken, and may be later: it is tried again."""


class NeverTaken(NotTaken):
    """It was refused for good."""


class NotKnown(NotTaken):
    """It may have been taken or not: it is not sent again, and a person finds out."""
