"""What a referral that was not taken had said of his safety: that is never passed over.

Pure. It is read from what was sent, also where that cannot be read as a referral.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mhtr.intake.referral_values import Safety, Urgency

NOT_SAFE = (
    "It says that he may not be safe now: tell custody healthcare and the custody sergeant. "
    "This is no emergency route."
)
URGENT = "It says that he is urgent: make sure that the service knows."
UNREAD = (
    "The row cannot be read, so nobody here knows whether he is safe. Look at it now: if he may "
    "not be, tell custody healthcare and the custody sergeant."
)
ALL_UNREAD = (
    "Nothing of this file can be read, so nobody here knows who in it is safe. Look at every row "
    "now: of whoever may not be, tell custody healthcare and the custody sergeant."
)
NO_COLUMN = (
    "No column says whether they are safe, so nobody here knows. Look at every row now: of whoever "
    "may not be, tell custody healthcare and the custody sergeant."
)
NULLS = frozenset({"", "null", "none"})
_SAID = re.compile(r"\b(safety|urgency)[\"']?\s*[:=]\s*[\"']?(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Danger:
    """A line of a file that was not taken, and what is to be done about him at once."""

    line: int
    words: str


def danger_of(answers: Mapping[str, str]) -> str:
    """What to do at once about a man of whom this was said; empty where nothing speaks for it.

    Whatever else than "safe" stands there is not safe.
    """
    return danger_in_cells(answers.items())


def danger_in_cells(said: Iterable[tuple[str, object]]) -> str:
    """The same of names with what stands under each, also where a name comes twice."""
    known = [(name.strip().casefold(), _word(value)) for name, value in said]
    if any(name == "safety" and value not in NULLS | {Safety.SAFE} for name, value in known):
        return NOT_SAFE
    return URGENT if ("urgency", Urgency.URGENT.value) in known else ""


def danger_in(body: bytes) -> str:
    """The same of the body of a call, whatever is wrong with it."""
    text = body.decode("utf-8", "replace").replace("\0", "")
    said: list[tuple[str, object]] = []

    def keep(pairs: list[tuple[str, object]]) -> dict[str, object]:
        said.extend(pairs)
        return dict(pairs)

    try:
        json.loads(text, object_pairs_hook=keep)
    except (ValueError, RecursionError):
        said = list(_SAID.findall(text))
    return danger_in_cells(said)


def _word(value: object) -> str:
    """As it is compared. What is no text is none of the answers: it is not "safe" either."""
    return "" if value is None else str(value).strip().casefold()
