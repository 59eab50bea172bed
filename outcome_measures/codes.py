"""Codes of a questionnaire and of its score in the terminologies that records are exchanged in.

LOINC codes stand with the instrument. SNOMED CT codes may not be passed on freely: each trust
enters its own under its licence, and they are used once a clinical lead has signed them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from outcome_measures.sources import Source


class System(StrEnum):
    """Whose codes they are."""

    LOINC = "LOINC"
    SNOMED = "SNOMED CT"


class Coded(StrEnum):
    """What a code stands for."""

    QUESTIONNAIRE = "questionnaire"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Code:
    """One code, with where it was read."""

    system: System
    what: Coded
    code: str
    source: Source


NO_CODE = "none"
"""What a trust leaves where it has no code."""
_SNOMED = re.compile(r"[1-9][0-9]{5,17}", flags=re.ASCII)
# The last three digits of an identifier: what it identifies (00 and 10: a concept), then the check.
_CONCEPT = re.compile(r".*[01]0\d", flags=re.ASCII)
_TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def snomed_fault(code: object) -> str:
    """Why this is no SNOMED CT concept identifier, in words; empty where it may be one.

    Length, partition and check digit (Verhoeff's) as the SNOMED CT release file specification has
    them: a digit typed wrong or two exchanged are noticed. Whether it is the right concept is for
    whoever signs it.
    """
    if code == NO_CODE:
        return ""
    text = str(code)
    if not _SNOMED.fullmatch(text):
        return f"Enter the digits of a SNOMED CT concept, 6 to 18 of them, or “{NO_CODE}”."
    if not _CONCEPT.fullmatch(text) or not checked(text):
        return "This is no SNOMED CT concept: compare it digit by digit with the browser."
    return ""


def checked(digits: str) -> bool:
    """Whether the last digit is the check digit (Verhoeff's) of those before it."""
    held = 0
    for place, digit in enumerate(reversed(digits)):
        held = _together(held, _turned(int(digit), place))
    return held == 0


def _turned(digit: int, times: int) -> int:
    for _ in range(times % 8):
        digit = _TURN[digit]
    return digit


def _together(one: int, other: int) -> int:
    """Two turns or flips of a pentagon after one another: 0 to 4 turn it, 5 to 9 flip it."""
    if one < 5:
        return (one + other) % 5 if other < 5 else (one + other - 5) % 5 + 5
    if other < 5:
        return (one - 5 - other) % 5 + 5
    return (one - other) % 5
