"""Codes that follow from one entry, through dated tables: the NHS's, and a neutral suggestion.

What an absence is in the law's eyes is probation's decision alone. The tables hold no code that
says so, and a fact that is not his doing has no way to one that counts against him.
"""

from dataclasses import dataclass
from datetime import date

from mhtr.compliance.attendance import NEVER_HIS, Happened
from mhtr.core.codes.lists import CodeList, load

NEVER_HERE = frozenset(
    {"AFTC", "UAAB", "UACP", "RSOF", "ATSH", "AFDA", "ATFI", "APPW"}
    | {"AAAA", "AACL", "AAEM", "AAFC", "AAHO", "AAME", "AARC", "AARE", "AASD"}
    | {"CO05", "CO10", "CO38", "CO40"}
)
"""Follow a decision of probation's and nothing else, so the program never suggests them."""
ABSENT = frozenset({"AFTA"})
ABSENT_NHS = frozenset({"2", "3", "7"})


class Unfit(ValueError):
    """A mapping table holds what it must never hold."""


@dataclass(frozen=True)
class Codes:
    """What one entry is called elsewhere; empty where no table held it on the day."""

    nhs: str
    nhs_words: str
    suggested: str
    suggested_words: str


def codes_of(happened: Happened, on: date) -> Codes:
    """The codes for what happened on a day, by the tables that held then."""
    nhs, nhs_words = _mapped("attendance_nhs", "nhs", happened, on)
    suggested, words = _mapped("attendance_probation", "ndelius", happened, on)
    return Codes(nhs, nhs_words, suggested, words)


def faults(nhs: CodeList, probation: CodeList) -> tuple[str, ...]:
    """Every row of the two tables that says what no table may say."""
    known = {one.value for one in Happened}
    found = [f"{one.code} is no fact" for one in (*nhs.entries, *probation.entries)
             if one.code not in known]  # fmt: skip
    never = {one.value for one in NEVER_HIS}
    for entry in probation.entries:
        code = entry.extras["ndelius"]
        if code in NEVER_HERE:
            found.append(f"{code} follows probation's decision only")
        if entry.code in never and code in ABSENT:
            found.append(f"{entry.code} is not his doing and is no absence")
    found += [
        f"{entry.code} is not his doing and is no absence"
        for entry in nhs.entries
        if entry.code in never and entry.extras["nhs"] in ABSENT_NHS
    ]
    return tuple(found)


def _mapped(name: str, column: str, happened: Happened, on: date) -> tuple[str, str]:
    if wrong := faults(load("attendance_nhs"), load("attendance_probation")):
        raise Unfit("; ".join(wrong))  # A table that says what it may not is not used at all.
    held = load(name).current(on)
    entry = next((one for one in held if one.code == happened.value), None)
    return ("", "") if entry is None else (entry.extras[column], entry.label)
