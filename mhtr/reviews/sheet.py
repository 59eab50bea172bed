"""What a review comes to on one sheet: all that probation reads of it, and that three people sign.

It is an allow-list. A point that is not shared is no part of it, so a change of one asks nobody
to sign again, and nobody can tell from the sheet that there is one.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mhtr.reviews.rules import POINT_WORDS, TOPIC_WORDS, Party, Topic
from sessions.courses.kinds import ReviewPoint


@dataclass(frozen=True)
class Line:
    """One point that everybody reads."""

    topic: Topic
    by: Party
    words: str


@dataclass(frozen=True)
class Sheet:
    """A review that was held. `held` and `missed` count required sessions up to its day."""

    point: ReviewPoint
    at: str
    """When it was held, as an ISO moment in UTC."""
    mode: str
    place: str
    there: tuple[Party, ...]
    therapist: str
    officer: str
    """Who of probation was asked to come, by name; empty where nobody is named."""
    held: int
    missed: int
    planned: int
    lines: tuple[Line, ...]

    def of(self, topic: Topic) -> tuple[Line, ...]:
        """The points that belong to one item of the agenda."""
        return tuple(one for one in self.lines if one.topic is topic)

    @property
    def absent(self) -> tuple[Party, ...]:
        """Who was not there."""
        return tuple(one for one in Party if one not in self.there)

    @property
    def title(self) -> str:
        """Which review it is."""
        return POINT_WORDS[self.point]


def to_json(sheet: Sheet) -> dict[str, Any]:
    """A sheet as it is stored."""
    return asdict(sheet)


def from_json(kept: Mapping[str, Any]) -> Sheet:
    """A sheet as it was stored."""
    lines = tuple(
        Line(Topic(one["topic"]), Party(one["by"]), one["words"]) for one in kept["lines"]
    )
    there = tuple(Party(one) for one in kept["there"])
    point = ReviewPoint(kept["point"])
    return Sheet(**{**kept, "point": point, "there": there, "lines": lines})


def content_hash(sheet: Sheet) -> str:
    """SHA-256 (hex) of what a sheet says: whoever signs it signs this."""
    text = json.dumps(to_json(sheet), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def topics() -> tuple[tuple[Topic, str], ...]:
    """The agenda, in its order, with words."""
    return tuple(TOPIC_WORDS.items())
