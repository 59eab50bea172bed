"""Putting accepted values into a record's columns and rows. Called by the service alone."""

from collections.abc import Mapping

from mhtr.people.models import (
    Alias,
    Answered,
    CommunicationNeed,
    Demographic,
    Identifier,
    IdentifierKind,
    Person,
)
from mhtr.people.names import PersonName
from mhtr.people.rules import CHOSEN
from mhtr.people.sections import CHARACTERISTICS, FIELDS, Section, Value
from mhtr.people.values import CODE, alias_text


def apply(person: Person, values: Mapping[str, Value]) -> None:
    """Set these fields; rows that stay keep their ids."""
    for name, value in values.items():
        if name in FIELDS[Section.IDENTIFIERS]:
            _put_identifier(person, IdentifierKind(name), str(value or ""))
        elif name in CHARACTERISTICS:
            _put_characteristic(person, name, str(value or Answered.NOT_ASKED))
        elif name == "aliases":
            _put_aliases(person, value if isinstance(value, tuple) else ())
        elif name == "needs":
            _put_needs(person, value if isinstance(value, tuple) else ())
        elif name in CHOSEN:
            setattr(person, name, CHOSEN[name](str(value)))
        elif name in ("contact_phrase", "contact_note", "needs_note"):
            setattr(person, name, value or None)
        else:
            setattr(person, name, value)


def _put_identifier(person: Person, kind: IdentifierKind, value: str) -> None:
    held = next((row for row in person.identifiers if row.kind is kind), None)
    if held is not None and value:
        held.value = value
    elif held is not None:
        person.identifiers.remove(held)
    elif value:
        person.identifiers.append(Identifier(kind=kind, value=value))


def _put_characteristic(person: Person, name: str, value: str) -> None:
    row = next((d for d in person.demographics if d.characteristic == name), None)
    if row is None:
        row = Demographic(characteristic=name, answered=Answered.NOT_ASKED)
        person.demographics.append(row)
    given = value.startswith(CODE)
    row.answered = Answered.GIVEN if given else Answered(value)
    row.code = value.removeprefix(CODE) if given else None


def _put_aliases(person: Person, wanted: tuple[str, ...]) -> None:
    lines = dict.fromkeys(" ".join(line.split()) for line in wanted)
    held = {alias_text(a.given_name, a.family_name): a for a in person.aliases}
    person.aliases = [held.get(line) or _alias(line) for line in lines if line]


def _alias(line: str) -> Alias:
    name = name_of_line(line)
    return Alias(given_name=name.given[:100], family_name=name.family[:100])


def name_of_line(line: str) -> PersonName:
    """A name as it is typed. The last word of several is taken for the family name."""
    given, _, family = " ".join(line.split()).rpartition(" ")
    return PersonName(given, family) if given else PersonName(family, "")


def _put_needs(person: Person, wanted: tuple[str, ...]) -> None:
    kept = [need for need in person.needs if f"{need.list_name}:{need.code}" in wanted]
    held = {f"{need.list_name}:{need.code}" for need in kept}
    for item in dict.fromkeys(wanted):
        list_name, _, code = item.partition(":")
        if item not in held and code:
            kept.append(CommunicationNeed(list_name=list_name, code=code))
    person.needs = kept
