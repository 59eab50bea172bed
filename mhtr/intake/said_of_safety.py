"""What a referral that was not taken had said of his safety: that is never passed over.

Pure. It is read from what was sent, also where that cannot be read as a referral.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mhtr.intake.referral_values import Level, Safety, Urgency
from mhtr.intake.signs import HARM, for_a_clinician, signs

NOT_SAFE = (
    "It says that he may not be safe now: tell custody healthcare and the custody sergeant. "
    "This is no emergency route."
)
MAY_HARM_HIMSELF = (
    "It says that he may harm himself: tell custody healthcare and the custody sergeant. "
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
_NO_HIGH_RISK = NULLS | {one.value for one in Level if one is not Level.HIGH}
_NOT_TODAY = NULLS | {one.value for one in Urgency if one is not Urgency.URGENT}
_OF_HARM = ("self-harm", "self harm", "suicid")
"""As the list of vulnerabilities has it, by code or by name."""
_SAID = re.compile(r"\b(safety|urgency|risk)[\"']?\s*[:=]\s*[\"']?(\w+)", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(vulnerabilities)[\"']?\s*[:=]([^]}&\n]*)", re.IGNORECASE)
"""Where such a list ends cannot be told: what follows on its line counts with it."""


@dataclass(frozen=True)
class Danger:
    """A line of a file that was not taken, and what is to be done about him at once."""

    line: int
    words: str


def danger_of(answers: Mapping[str, str]) -> str:
    """What to do at once about a man of whom this was said; empty where nothing speaks for it.

    Read by the rule of `signs`, and what nobody understands by its worse meaning: whatever else
    than "safe" stands there is not safe, whatever else than a lower risk is a high one, whatever
    else than a later day is today.
    """
    return danger_in_cells(answers.items())


def danger_in_cells(said: Iterable[tuple[str, object]]) -> str:
    """The same of names with what stands under each, also where a name comes twice."""
    known: dict[str, set[str]] = {}
    for name, value in said:
        known.setdefault(name.strip().casefold(), set()).add(_word(value))
    unsafe = bool(known.get("safety", set()) - NULLS - {Safety.SAFE})
    harm = any(word in text for text in known.get("vulnerabilities", ()) for word in _OF_HARM)
    high = bool(known.get("risk", set()) - _NO_HIGH_RISK)
    urgent = bool(known.get("urgency", set()) - _NOT_TODAY)
    found = signs(
        Safety.NOT_KNOWN if unsafe else Safety.SAFE,
        HARM if harm else (),
        Level.HIGH if high else "",
        Urgency.URGENT if urgent else "",
    )
    if for_a_clinician(found):
        return NOT_SAFE if unsafe else MAY_HARM_HIMSELF
    return URGENT if found else ""


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
        said = [*_SAID.findall(text), *_SEVERAL.findall(text)]
    return danger_in_cells(said)


def _word(value: object) -> str:
    """As it is compared. What is no text is none of the answers: it is not "safe" either."""
    return "" if value is None else str(value).strip().casefold()
