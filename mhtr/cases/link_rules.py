"""Records of two trusts: what may be said of the other, whose name holds, what must agree first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

NHS = "nhs"


class Agrees(StrEnum):
    """All that is said of a record of another trust, field by field."""

    SAME = "The same"
    DIFFERENT = "Different"
    ONLY_ONE = "Only one has it"


@dataclass(frozen=True)
class Held:
    """What the rules look at of a record. `numbers`: kind to canonical value."""

    id: int
    made_at: datetime
    numbers: Mapping[str, str]
    died_on: date | None = None
    restricted: bool = False


def agrees(one: object, two: object) -> Agrees | None:
    """How two values compare; None where neither record holds one."""
    if not one and not two:
        return None
    if not one or not two:
        return Agrees.ONLY_ONE
    return Agrees.SAME if one == two else Agrees.DIFFERENT


def whose_name(one: Held, two: Held, choices: Iterable[int | None]) -> tuple[int, str]:
    """The record whose name and birth date hold, and why.

    Args:
        choices: the record that each side chose, None where it left it to this rule.
    """
    chosen = set(choices)
    if len(chosen) == 1 and None not in chosen and chosen <= {one.id, two.id}:
        return (one if one.id in chosen else two).id, "both sides chose it"
    if (NHS in one.numbers) != (NHS in two.numbers):
        return (one if NHS in one.numbers else two).id, "it has an NHS number"
    older = min((one, two), key=lambda held: (held.made_at, held.id))
    return older.id, "it is the older record"


def not_yet(one: Held, two: Held) -> tuple[str, ...]:
    """Why the two cannot be taken for one man before one of the records is put right.

    What a record says is changed by those who hold it, never by the answer to a question.
    """
    both = sorted(one.numbers.keys() & two.numbers.keys())
    labels = {"nhs": "NHS numbers", "crn": "CRNs", "pnc": "PNC numbers", "cro": "CRO numbers"}
    reasons = [
        f"The two records hold different {labels.get(kind, kind)}. Find out which is right, and "
        "put the other right on the Person page of the trust that holds it."
        for kind in both
        if one.numbers[kind] != two.numbers[kind]
    ]
    if one.died_on != two.died_on:
        reasons.append(
            "The two records do not say the same of his death. Find out what is right, and put "
            "the wrong one right on its Person page."
        )
    if one.restricted or two.restricted:
        reasons.append("One of the records is restricted to named staff. Ask the privacy officer.")
    return tuple(reasons)
