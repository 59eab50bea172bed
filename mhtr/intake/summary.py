"""A referral's answers in words: check answers, the referral's own page, triage, the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mhtr.core import formats
from mhtr.core.codes import lists
from mhtr.intake.eligibility import Willingness
from mhtr.intake.queries import place_label
from mhtr.intake.referral_values import (
    ANSWER_WORDS,
    LEVEL_WORDS,
    WORDS,
    Answer,
    HearingPurpose,
    HowAgreed,
    Level,
    PsrKind,
    Safety,
    Urgency,
)
from mhtr.intake.rules import StageOfCase
from mhtr.intake.steps import FIELDS_OF, TITLES, FormStep
from mhtr.people.contact_rules import is_fictional_phone, parse_phone
from mhtr.people.identifiers import IdentifierError, format_nhs_number, parse_nhs_number

LABELS: Mapping[str, str] = {
    "safety": "Safe now",
    "safety_at": "Answered",
    "told_whom": "Told",
    "told_at": "Told at",
    "given_name": "First name",
    "family_name": "Last name",
    "born": "Date of birth",
    "age": "Age",
    "nhs_number": "NHS number",
    "crn": "CRN",
    "also_known_as": "Other name",
    "source": "Referred by",
    "place": "Seen at, or how it came",
    "stage": "Stage of the case",
    "court": "Court",
    "hearing_on": "Next hearing",
    "hearing_purpose": "Hearing is for",
    "psr_kind": "Pre-sentence report",
    "vulnerabilities": "Vulnerabilities",
    "need": "Health need",
    "risk": "Risk",
    "urgency": "How soon",
    "identified_on": "Identified",
    "screened_on": "Screened",
    "assessed_on": "Assessed (L&D)",
    "stages_by": "Done by",
    "notes": "Notes",
    "willing": "Agrees",
    "agreed_how": "How he said so",
    "agreed_on": "When",
    "able_to_agree": "Able to decide",
    "phone": "Telephone",
    "safe_to_text": "Safe to text",
    "language": "Language",
    "interpreter": "Interpreter",
}
HEALTH = frozenset({"told_whom", "told_at", "vulnerabilities", "need", "risk", "notes"})
"""What is for clinicians and for whoever wrote it; an administrator's page leaves it out."""

_ENUMS: Mapping[str, tuple[type[StrEnum], Mapping[StrEnum, str]]] = {
    "safety": (Safety, WORDS),
    "stage": (StageOfCase, WORDS),
    "hearing_purpose": (HearingPurpose, WORDS),
    "psr_kind": (PsrKind, WORDS),
    "urgency": (Urgency, WORDS),
    "willing": (Willingness, WORDS),
    "agreed_how": (HowAgreed, WORDS),
    "need": (Level, LEVEL_WORDS),  # type: ignore[dict-item]  # a mapping of one enumeration
    "risk": (Level, LEVEL_WORDS),  # type: ignore[dict-item]
    "able_to_agree": (Answer, ANSWER_WORDS),  # type: ignore[dict-item]
    "safe_to_text": (Answer, ANSWER_WORDS),  # type: ignore[dict-item]
    "interpreter": (Answer, ANSWER_WORDS),  # type: ignore[dict-item]
}
_LISTS = {
    "source": "source_of_referral",
    "vulnerabilities": "vulnerabilities",
    "language": "languages",
}


@dataclass(frozen=True)
class Row:
    """One answer in words; empty where nothing was said."""

    key: str
    value: str


@dataclass(frozen=True)
class Section:
    """The answers of one step."""

    step: FormStep
    title: str
    rows: tuple[Row, ...]
    href: str = ""


def in_words(name: str, text: str) -> str:
    """One answer as a person reads it; the text itself where it cannot be read."""
    if not text:
        return ""
    try:
        return _words(name, text)
    except (ValueError, KeyError, IdentifierError):
        return text


def _words(name: str, text: str) -> str:
    if name in _ENUMS:
        kind, words = _ENUMS[name]
        return words[kind(text)]
    if name in _LISTS:
        codes = lists.load(_LISTS[name])
        entries = [codes.get(code) for code in text.split(";")]
        return ", ".join(entry.label if entry else text for entry in entries)
    if name in ("place", "court"):
        return place_label(text)
    if name == "phone":
        return parse_phone(text, allow_fictional=is_fictional_phone(text)).display
    if name == "told_at":
        at = datetime.fromisoformat(text)
        return f"{formats.day(at.date())} at {at:%H:%M}"
    if name == "safety_at":
        return formats.moment(datetime.fromisoformat(text))
    if name == "born" or name.endswith("_on"):
        return formats.day(date.fromisoformat(text))
    return format_nhs_number(parse_nhs_number(text)) if name == "nhs_number" else text


def answered_words(at: datetime | None, received: datetime) -> str:
    """When "Is he safe now?" was answered, for whoever reads a referral that was sent."""
    if at is None:
        return f"Not said. The referral came on {formats.moment(received)}"
    return formats.moment(at)


def sections(
    answers: Mapping[str, str],
    *,
    health: bool = True,
    only_answered: bool = False,
    safety_at: str = "",
) -> list[Section]:
    """Every step with its answers.

    Args:
        safety_at: in words when "Is he safe now?" was answered, to stand after that answer.
        health: False leaves out what is for clinicians only.
        only_answered: leaves out questions with no answer.
    """
    made = []
    for step, names in FIELDS_OF.items():
        rows = tuple(
            Row(LABELS[name], in_words(name, answers.get(name, "")))
            for name in names
            if (health or name not in HEALTH) and (answers.get(name) or not only_answered)
        )
        if step is FormStep.SAFETY and safety_at and answers.get("safety"):
            rows = (rows[0], Row(LABELS["safety_at"], safety_at), *rows[1:])
        made.append(Section(step, TITLES[step], rows))
    return made
