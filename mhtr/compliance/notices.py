"""How he was told of a session, and whether that is proven: an unproven notice never counts.

What is asked for here is what probation needs before it may hold an absence against him: that he
was told of this time, before it, in a form he can use, and something shows that it reached him.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mhtr.compliance.contact_rules import Way
from mhtr.compliance.standing.facts import Notice


class Came(StrEnum):
    """What shows that it reached him."""

    TOLD = "told"
    HAS_IT = "has_it"
    SENT = "sent"
    CAME_BACK = "came_back"


CAME_WORDS: Mapping[Came, str] = {
    Came.TOLD: "He was told himself",
    Came.HAS_IT: "It was sent, and he said that he has it",
    Came.SENT: "It was sent or left, and nothing shows that he has it",
    Came.CAME_BACK: "It did not reach him",
}
NOTICE_WORDS: Mapping[Notice, str] = {
    Notice.PROVEN: "He was told",
    Notice.NOT_PROVEN: "Not proven that he was told",
    Notice.NOT_USABLE: "Not told in a form he can use",
}
_SHOWN = frozenset({Came.TOLD, Came.HAS_IT})
_SPOKEN = frozenset({Way.TELEPHONE, Way.IN_PERSON})
FUTURE = "This lies in the future. Record it once he was told."
TOO_LATE = "One of these sessions had begun by then. A notice is given before a session."
NOT_SPOKEN = "Only in person or by telephone is he told himself. Choose what else shows it."
NOT_SENT = "What is said to him is not sent. Choose “He was told himself”, or that it was left."


@dataclass(frozen=True)
class Given:
    """One time that he was told of one session, or was to be."""

    told_at: datetime
    starts_at: datetime
    """When the session was to begin, as he was told."""
    came: Came
    usable: bool
    """In a form he can use: his language, an interpreter, easy words, large print."""


def notice_of(given: Iterable[Given], starts_at: datetime) -> Notice:
    """What is on record of how he was told of a session that begins at this moment.

    What he was told of another time, or after the session had begun, says nothing of it.
    """
    about = [one for one in given if one.starts_at == starts_at and one.told_at < starts_at]
    reached = [one for one in about if one.came in _SHOWN]
    if any(one.usable for one in reached):
        return Notice.PROVEN
    if reached or any(not one.usable for one in about):
        return Notice.NOT_USABLE
    return Notice.NOT_PROVEN


def objections(
    *, way: Way, came: Came, told_at: datetime, first_starts_at: datetime, now: datetime
) -> tuple[tuple[str, str], ...]:
    """What is wrong with a notice: the field and words for it.

    Args:
        first_starts_at: when the earliest of the sessions begins that he was told of.
    """
    found = []
    if told_at > now:
        found.append(("on", FUTURE))
    elif told_at >= first_starts_at:
        found.append(("on", TOO_LATE))
    if came is Came.TOLD and way not in _SPOKEN:
        found.append(("came", NOT_SPOKEN))
    if came is Came.HAS_IT and way in _SPOKEN:
        found.append(("came", NOT_SENT))
    return tuple(found)
