"""When a man who missed a session has been tried to be reached often enough."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Way(StrEnum):
    """How he was tried to be reached."""

    TELEPHONE = "telephone"
    TEXT = "text"
    LETTER = "letter"
    EMAIL = "email"
    IN_PERSON = "in_person"
    THROUGH_SOMEBODY = "through_somebody"


class Reached(StrEnum):
    """What came of it."""

    SPOKE = "spoke"
    MESSAGE_LEFT = "message_left"
    SENT = "sent"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


WAY_WORDS: Mapping[Way, str] = {
    Way.TELEPHONE: "By telephone",
    Way.TEXT: "By text message",
    Way.LETTER: "By letter",
    Way.EMAIL: "By email",
    Way.IN_PERSON: "In person",
    Way.THROUGH_SOMEBODY: "Through somebody who knows him",
}
REACHED_WORDS: Mapping[Reached, str] = {
    Reached.SPOKE: "Spoke with him",
    Reached.MESSAGE_LEFT: "Left a message to ring back",
    Reached.SENT: "Sent",
    Reached.NO_ANSWER: "No answer",
    Reached.WRONG_NUMBER: "The number or address is wrong",
}
_SENT_WAYS = frozenset({Way.TEXT, Way.LETTER, Way.EMAIL})
_SPOKEN_WAYS = frozenset({Way.TELEPHONE, Way.IN_PERSON})
FUTURE = "The attempt cannot lie in the future."
BEFORE = "The attempt lies before the session."
NOT_SPOKEN = "A text, letter or email is sent, or its address is wrong. Choose one of these."
NOT_SENT = "Choose what came of speaking to him: spoke with him, left a message, or no answer."


@dataclass(frozen=True)
class Attempt:
    """One attempt to reach him."""

    way: Way
    reached: Reached


@dataclass(frozen=True)
class Wanted:
    """How many attempts in how many ways are enough."""

    attempts: int = 2
    ways: int = 2


def is_enough(made: Collection[Attempt], wanted: Wanted) -> bool:
    """Whether somebody spoke with him, or he was tried as often and in as many ways as wanted."""
    if any(one.reached is Reached.SPOKE for one in made):
        return True
    return len(made) >= wanted.attempts and len({one.way for one in made}) >= wanted.ways


def objections(
    attempt: Attempt, *, at: datetime, starts_at: datetime, now: datetime
) -> tuple[tuple[str, str], ...]:
    """What is wrong with an attempt: the field and words for it."""
    found = []
    if at > now:
        found.append(("on", FUTURE))
    elif at < starts_at:
        found.append(("on", BEFORE))
    if attempt.way in _SENT_WAYS and attempt.reached not in (Reached.SENT, Reached.WRONG_NUMBER):
        found.append(("reached", NOT_SPOKEN))
    if attempt.way in _SPOKEN_WAYS and attempt.reached is Reached.SENT:
        found.append(("reached", NOT_SENT))
    return tuple(found)
