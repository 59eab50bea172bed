"""What of a session is still to be keyed into nDelius: rules alone.

An entry says what happened, with a neutral code. Once probation has decided there is another, whose
code is probation's own choice: nothing here prefers one. What was keyed in before something was put
right is to be corrected there, so it is to do again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mhtr.compliance.attendance import Happened
from mhtr.compliance.standing.facts import Opinion


class Kind(StrEnum):
    """What an entry is about."""

    CONTACT = "contact"
    """What happened at a session, or that it was cancelled."""
    DECISION = "decision"
    """What probation decided of it."""


class Stand(StrEnum):
    """Where an entry stands."""

    TO_KEY = "to_key"
    TO_CORRECT = "to_correct"
    """Something else was keyed in before."""
    KEYED = "keyed"


STAND_WORDS: Mapping[Stand, str] = {
    Stand.TO_KEY: "To key in",
    Stand.TO_CORRECT: "To correct in nDelius",
    Stand.KEYED: "Keyed in",
}
NO_CODE = "No code: choose in nDelius"
NO_TYPE = "Mental health treatment session. No code is known: choose in nDelius"
"""Of the contact: no live code of a treatment requirement was found."""
ANEW = "Keyed in anew, because what the entry says had changed."
"""Why a mark was taken back that made way for another: what it says stands in nDelius still."""
CHOOSE = "Select the code that you keyed in"
NOT_A_CODE = "A code is 2 to 8 letters and digits, as in nDelius"
_CODE = re.compile(r"[A-Z0-9]{2,8}")
_DECIDED = frozenset({Opinion.EXCUSED, Opinion.NO_EXCUSE, Opinion.UNACCEPTABLE})


@dataclass(frozen=True)
class Said:
    """What an entry repeats of one record of a session. `number` 0: of its cancelled booking."""

    number: int
    happened: Happened
    minutes_late: int | None = None
    described: str = ""


def contact_stand(now: str, keyed: Mapping[int, str], *, anything: bool) -> Stand:
    """Where the entry of what happened stands.

    Args:
        now: the facts that the entry says now.
        keyed: by number of the record, the facts as they were keyed in.
        anything: whether anything of the session was keyed in that was not a mistake.
    """
    if keyed and keyed[max(keyed)] == now:
        return Stand.KEYED
    return Stand.TO_CORRECT if anything else Stand.TO_KEY


def decision_stand(
    opinion: Opinion, number: int, now: str, keyed: Mapping[int, str], *, anything: bool
) -> Stand | None:
    """Where the entry of what probation decided stands; None where there is nothing to key in.

    Args:
        number: of the decision that counts.
        now: the facts that the entry says now.
        keyed: by number of the decision, the facts as they were keyed in.
        anything: whether any decision on the session was keyed in that was not a mistake.
    """
    if keyed.get(number) == now:
        return Stand.KEYED
    if anything:
        return Stand.TO_CORRECT
    return Stand.TO_KEY if is_decided(opinion) else None


def is_decided(opinion: Opinion) -> bool:
    """Whether a decision has a code of its own; until then the neutral one holds."""
    return opinion in _DECIDED


def typed_code(text: str) -> str:
    """A code as nDelius writes it.

    Raises:
        ValueError: it is none.
    """
    code = text.strip().upper()
    if code and not _CODE.fullmatch(code):
        raise ValueError(NOT_A_CODE)
    return code
