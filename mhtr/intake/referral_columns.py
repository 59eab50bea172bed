"""What each column of a referral may hold, for whoever fills in a file or calls the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.cases.facts import StageOfCase
from mhtr.cases.offence import AFTER, RULE_BEFORE
from mhtr.core.codes.lists import CodeList
from mhtr.intake.eligibility import Willingness
from mhtr.intake.referral import FIELDS, REQUIRED, TEXTS, CodeLists
from mhtr.intake.referral_values import (
    Answer,
    HearingPurpose,
    HowAgreed,
    Level,
    PsrKind,
    Safety,
    Urgency,
)

HINTS = {
    "safety": "Whether he is safe now. This is no emergency route.",
    "told_at": "London time, YYYY-MM-DDTHH:MM",
    "age": "Years, where the date of birth is not known",
    "born": "YYYY-MM-DD",
    "hearing_on": "YYYY-MM-DD, today or later",
    "identified_on": "YYYY-MM-DD",
    "screened_on": "YYYY-MM-DD",
    "assessed_on": "YYYY-MM-DD",
    "agreed_on": "YYYY-MM-DD",
    "told_whom": "Who in custody healthcare was told",
    "nhs_number": "10 digits",
    "crn": "A letter and six digits",
    "also_known_as": "First name and last name of another name he uses",
    "stages_by": "Who carried out the stages of Liaison and Diversion",
    "agreed_how": "Needed where he is willing",
    "phone": "A telephone number of the United Kingdom",
    "place": "Where he was seen: a custody suite or court, its code or its name. Liaison and"
    " Diversion must say it; others may say how the referral came, or nothing",
    "court": "A court: its code or its name",
    "source": "Who refers: its code or its name",
    "vulnerabilities": "Codes or names separated by semicolons",
    "language": "The language he speaks best: its code or its name",
    "notes": f"Health and practical things only. Before a plea or finding, or where none is known:"
    f" {RULE_BEFORE} After one: {AFTER}",
    "external_reference": "Your own reference: taken once; with other content it is refused",
}
CHOICES: dict[str, type[StrEnum]] = {
    "safety": Safety,
    "stage": StageOfCase,
    "hearing_purpose": HearingPurpose,
    "psr_kind": PsrKind,
    "need": Level,
    "risk": Level,
    "urgency": Urgency,
    "willing": Willingness,
    "agreed_how": HowAgreed,
    "able_to_agree": Answer,
    "safe_to_text": Answer,
    "interpreter": Answer,
}


@dataclass(frozen=True)
class Column:
    """One column: whether every row needs it, what it holds, and the values of its list."""

    name: str
    needed: bool
    words: str
    values: tuple[tuple[str, str], ...] = ()
    """Code and name; the name is empty where the code is the word itself."""


def columns(codes: CodeLists, on: date) -> tuple[Column, ...]:
    """Every column in the order of the template, with what may be chosen on that day."""
    lists: Mapping[str, tuple[CodeList, ...]] = {
        "source": (codes.sources,),
        "place": (codes.suites, codes.courts, codes.ways),
        "court": (codes.courts,),
        "vulnerabilities": (codes.vulnerabilities,),
        "language": (codes.languages,),
    }
    return tuple(
        Column(name, name in REQUIRED, _words(name), _values(name, lists.get(name, ()), on))
        for name in FIELDS
    )


def _words(name: str) -> str:
    longest = f"Up to {TEXTS[name]} characters" if name in TEXTS else ""
    return ". ".join(part for part in (HINTS.get(name, ""), longest) if part)


def _values(name: str, lists: tuple[CodeList, ...], on: date) -> tuple[tuple[str, str], ...]:
    if name in CHOICES:
        return tuple((member.value, "") for member in CHOICES[name])
    return tuple(pair for codes in lists for pair in codes.choices(on))
