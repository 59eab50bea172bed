"""The sections of a man's record: their fields, and what counts as a change."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

Value = str | bool | date | tuple[str, ...] | None
"""What a field holds: lists (aliases, needs) are tuples of texts."""


class Section(StrEnum):
    """A part of the record with a short form of its own."""

    NAMES = "names"
    BIRTH = "birth"
    IDENTIFIERS = "identifiers"
    ADDRESS = "address"
    CONTACT = "contact"
    NEEDS = "needs"
    LANGUAGE = "language"
    GP = "gp"
    EQUALITY = "equality"


TITLES: Mapping[Section, str] = MappingProxyType(
    {
        Section.NAMES: "Names",
        Section.BIRTH: "Birth and death",
        Section.IDENTIFIERS: "Identifiers",
        Section.ADDRESS: "Address",
        Section.CONTACT: "Safe contact",
        Section.NEEDS: "Communication and access needs",
        Section.LANGUAGE: "Language",
        Section.GP: "GP practice",
        Section.EQUALITY: "Equality monitoring",
    }
)

NO_FIXED_ABODE = "ZZ99 3VZ"
"""The pseudo-postcode of somebody with no fixed abode (NHS Data Dictionary)."""

CHARACTERISTICS = (
    "ethnic_category",
    "religion",
    "disability",
    "sexual_orientation",
    "sex_at_birth",
    "gender_identity",
    "gender_reassignment",
    "marital_status",
    "pregnancy_maternity",
)
"""Code lists of the characteristics of the Equality Act 2010; age follows from the birth date."""

NEED_LISTS = (
    "communication_support",
    "contact_method",
    "information_format",
    "professional_required",
)
"""The four coded elements of the Accessible Information Standard, DAPB1605."""

KNOWN_HOW: Mapping[str, str] = MappingProxyType(
    {
        "in_person": "He said so face to face",
        "telephone": "He said so by telephone, after we checked who he is",
        "writing": "He wrote it",
        "someone_else": "Somebody else said so",
    }
)

FIELDS: Mapping[Section, Mapping[str, str]] = MappingProxyType(
    {
        Section.NAMES: {
            "given_name": "Given name",
            "family_name": "Family name",
            "known_as": "Likes to be called",
            "pronouns": "Pronouns",
            "aliases": "Other names",
        },
        Section.BIRTH: {"born": "Date of birth", "died_on": "Date of death"},
        Section.IDENTIFIERS: {
            "nhs": "NHS number",
            "crn": "CRN",
            "pnc": "PNC number",
            "cro": "CRO number",
        },
        Section.ADDRESS: {
            "no_fixed_abode": "No fixed abode",
            "address": "Address",
            "postcode": "Postcode",
        },
        Section.CONTACT: {
            "phone": "Telephone",
            "email": "Email",
            "safe_to_text": "Safe to text",
            "safe_to_voicemail": "Safe to leave a voicemail",
            "safe_to_write": "Safe to send a letter",
            "contact_known_how": "How we know",
            "contact_phrase": "Phrase he chose",
            "contact_note": "About contacting him",
        },
        Section.NEEDS: {
            "needs_asked": "Asked about needs",
            "needs": "Needs",
            "needs_note": "In his words",
            "needs_review_on": "Review the needs on",
        },
        Section.LANGUAGE: {"language": "Language", "interpreter": "Interpreter needed"},
        Section.GP: {
            "gp_status": "Registered with a GP",
            "gp_name": "Practice",
            "gp_practice_code": "Practice code",
        },
        Section.EQUALITY: {
            "ethnic_category": "Ethnic group",
            "religion": "Religion or belief",
            "disability": "Disability",
            "sexual_orientation": "Sexual orientation",
            "sex_at_birth": "Sex at birth",
            "gender_identity": "Gender identity",
            "gender_reassignment": "Gender the same as at birth",
            "marital_status": "Marriage or civil partnership",
            "pregnancy_maternity": "Pregnancy and maternity",
        },
    }
)

_CORRECTED = frozenset({Section.NAMES, Section.BIRTH, Section.IDENTIFIERS})


def changed_fields(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[str, ...]:
    """Fields of `after` whose value is another than before; empty text and None are one."""
    return tuple(
        name for name, value in after.items() if (value or None) != (before.get(name) or None)
    )


_REACHED_BY: Mapping[Section, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        Section.CONTACT: ("phone", ("safe_to_text", "safe_to_voicemail")),
        Section.ADDRESS: ("address", ("safe_to_write",)),
    }
)
ASK_AGAIN = "unknown"


def asked_anew(
    section: Section, held: Mapping[str, Value], changed: Collection[str]
) -> dict[str, Value]:
    """Answers about safe contact that no longer hold: he gave them for another number or place.

    Args:
        held: what is on record, the answers about safe contact with it.
        changed: the fields that change now; an answer among them was given for the new one.
    """
    where, answers = _REACHED_BY.get(section, ("", ()))
    if where not in changed or not held.get(where):
        return {}
    return {name: ASK_AGAIN for name in answers if held.get(name) == "yes" and name not in changed}


def needs_reason(section: Section, before: Mapping[str, Value], after: Mapping[str, Value]) -> bool:
    """Whether the change puts right who he is: a name, date or number that was already held."""
    if section not in _CORRECTED:
        return False
    return any(before.get(name) for name in changed_fields(before, after))
