"""A section of a record as values, as words for a page, and as a mark of what was seen."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from mhtr.core import formats
from mhtr.core.codes import lists
from mhtr.people.contact_rules import PhoneError, parse_phone
from mhtr.people.identifiers import format_nhs_number
from mhtr.people.models import Answered, GpStatus, Permission, Person
from mhtr.people.sections import CHARACTERISTICS, FIELDS, KNOWN_HOW, Section, Value

PERMISSION_WORDS = {Permission.YES: "Yes", Permission.NO: "No", Permission.UNKNOWN: "Not known"}
ANSWERED_WORDS = {
    Answered.NOT_ASKED: "Not asked",
    Answered.GIVEN: "Asked",
    Answered.DECLINED: "Asked, preferred not to say",
    Answered.UNKNOWN: "Asked, not known",
}
GP_WORDS = {
    GpStatus.NOT_ASKED: "Not asked",
    GpStatus.REGISTERED: "Yes",
    GpStatus.WILLING: "No, willing to register",
    GpStatus.NO: "No, does not want to register",
    GpStatus.UNKNOWN: "Not known",
}
CODE = "code:"
"""Begins the value of a characteristic that was given: `code:A`."""


def values_of(person: Person, section: Section) -> dict[str, Value]:
    """The section's fields as they are held."""
    if section is Section.IDENTIFIERS:
        held = {row.kind.value: row.value for row in person.identifiers}
        return {name: held.get(name, "") for name in FIELDS[section]}
    if section is Section.EQUALITY:
        given = {row.characteristic: row for row in person.demographics}
        return {
            name: (f"{CODE}{row.code}" if row.code else row.answered.value)
            if (row := given.get(name))
            else Answered.NOT_ASKED.value
            for name in CHARACTERISTICS
        }
    return {name: _plain(person, name) for name in FIELDS[section]}


def _plain(person: Person, name: str) -> Value:
    if name == "aliases":
        return tuple(alias_text(a.given_name, a.family_name) for a in person.aliases)
    if name == "needs":
        return tuple(sorted(f"{need.list_name}:{need.code}" for need in person.needs))
    value = getattr(person, name)
    if name == "no_fixed_abode" and not value and not person.address:
        return None  # Nobody asked where he lives.
    if value is None or isinstance(value, (bool, date)):
        return value
    return str(value)


def alias_text(given: str, family: str) -> str:
    """An alias as one line of text."""
    return f"{given} {family}".strip()


def words_of(name: str, value: Value) -> str:
    """A field's value as a page says it; empty when nothing is held."""
    if value is None or value == "" or value == ():
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(value, tuple):
        return "; ".join(need_label(item) if name == "needs" else item for item in value)
    return _text_words(name, value)


def _text_words(name: str, value: str) -> str:
    if name in ("safe_to_text", "safe_to_voicemail", "safe_to_write", "interpreter"):
        return PERMISSION_WORDS[Permission(value)]
    if name == "needs_asked":
        return ANSWERED_WORDS[Answered(value)]
    if name == "gp_status":
        return GP_WORDS[GpStatus(value)]
    if name == "contact_known_how":
        return KNOWN_HOW.get(value, value)
    if name == "nhs":
        return format_nhs_number(value)
    if name == "phone":
        return phone_text(value)
    if name == "language":
        return label("languages", value)
    if name in CHARACTERISTICS:
        if value.startswith(CODE):
            return label(name, value.removeprefix(CODE))
        return ANSWERED_WORDS[Answered(value)]
    return value


def phone_text(e164: str) -> str:
    """A stored number as people write it."""
    for fictional in (True, False):
        try:
            return parse_phone(e164, allow_fictional=fictional).display
        except PhoneError:
            continue
    return e164


def label(list_name: str, code: str) -> str:
    """A code's label; the code itself where the list no longer has it."""
    entry = lists.load(list_name).get(code)
    return entry.label if entry else code


def need_label(item: str) -> str:
    """The label of a need written `list:code`."""
    list_name, _, code = item.partition(":")
    return label(list_name, code)


def words(values: Mapping[str, Value]) -> dict[str, str]:
    """Every field's value in words."""
    return {name: words_of(name, value) for name, value in values.items()}


def mark(values: Mapping[str, Value]) -> str:
    """A short mark of what a page showed: another mark later means that it has changed."""
    text = json.dumps({k: str(v or "") for k, v in values.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
