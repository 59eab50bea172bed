"""What is made of the fields of a person."""

from datetime import date, timedelta

from mhtr.people.identifiers import NhsNumberRange
from mhtr.people.rules import (
    Accepts,
    Fault,
    canonical,
)
from mhtr.people.sections import Value

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
FICTION = Accepts(NhsNumberRange.TEST, frozenset({"pnc", "cro"}), fictional=True)
Fields = dict[str, Value]


def faults(values: Fields, held: Fields | None = None) -> tuple[Fault, ...]:
    return canonical(values, FICTION, TODAY, held)[1]


def made(values: Fields, held: Fields | None = None) -> Fields:
    found, wrong = canonical(values, FICTION, TODAY, held)
    assert wrong == ()
    return found


CHANNELS = ("safe_to_text", "safe_to_voicemail", "safe_to_write")
