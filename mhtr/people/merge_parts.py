"""What two records say of one man, part by part: what goes over, and what has to be chosen.

Telephone and email may be wrong on one of two records, and so may everything else: where both hold
something and it differs, somebody chooses. Of answers about safe contact the more careful holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.core.errors import Refused
from mhtr.people.models import Answered, GpStatus, Permission, Person
from mhtr.people.rules import CHOSEN
from mhtr.people.sections import Section
from mhtr.people.values import words_of

Taken = dict[str, list[str | None]]
"""By field: what it said before and what it was set to, as text."""
Plain = str | bool | date | StrEnum | None


@dataclass(frozen=True)
class Part:
    """Fields that belong together: they come from one of the two records."""

    key: str
    label: str
    section: Section
    fields: tuple[str, ...]


PARTS = (
    Part("known_as", "name he likes to be called by", Section.NAMES, ("known_as",)),
    Part("pronouns", "pronouns", Section.NAMES, ("pronouns",)),
    Part("born", "date of birth", Section.BIRTH, ("born",)),
    Part("died_on", "date of death", Section.BIRTH, ("died_on",)),
    Part("address", "address", Section.ADDRESS, ("no_fixed_abode", "address", "postcode")),
    Part("phone", "telephone number", Section.CONTACT, ("phone",)),
    Part("email", "email address", Section.CONTACT, ("email",)),
    Part("contact_phrase", "phrase he chose", Section.CONTACT, ("contact_phrase",)),
    Part("contact_note", "note about contacting him", Section.CONTACT, ("contact_note",)),
    Part("language", "language", Section.LANGUAGE, ("language",)),
    Part("interpreter", "answer about an interpreter", Section.LANGUAGE, ("interpreter",)),
    Part("needs_asked", "answer about his needs", Section.NEEDS, ("needs_asked",)),
    Part("needs_note", "account of his needs", Section.NEEDS, ("needs_note",)),
    Part("needs_review_on", "day to review his needs", Section.NEEDS, ("needs_review_on",)),
    Part("gp", "GP practice", Section.GP, ("gp_status", "gp_name", "gp_practice_code")),
)
DEATH = "died_on"
"""That one record alone says that he has died is a difference, never something to fill in."""
_CAUTION = (Permission.NO, Permission.UNKNOWN, Permission.YES)
CAUTIOUS = {"safe_to_text": "phone", "safe_to_voicemail": "phone", "safe_to_write": "address"}
"""Answers about safe contact, with where he is reached by each."""
_DATES = frozenset({"born", "died_on", "needs_review_on"})
_NOTHING = (None, "", False, Permission.UNKNOWN, Answered.NOT_ASKED, GpStatus.NOT_ASKED)


def is_held(person: Person, part: Part) -> bool:
    """Whether the record says anything there: "not asked" says nothing."""
    return any(getattr(person, name) not in _NOTHING for name in part.fields)


def part_words(person: Person, part: Part) -> str:
    """A part as a page says it; empty where the record says nothing there."""
    if not is_held(person, part):
        return ""
    said = (_words(name, getattr(person, name)) for name in part.fields)
    return ", ".join(text for text in said if text)


def _words(name: str, value: Plain) -> str:
    if name == "no_fixed_abode":
        return "No fixed abode" if value else ""
    return words_of(name, value)


def differing(one: Person, two: Person) -> list[Part]:
    """Parts of which both records hold something, and not the same; and whether he has died."""
    return [
        part
        for part in PARTS
        if (part.key == DEATH or (is_held(one, part) and is_held(two, part)))
        and part_words(one, part) != part_words(two, part)
    ]


def take_over(kept: Person, absorbed: Person, chosen: Mapping[str, int]) -> Taken:
    """Put on the kept record what it lacks, and of what differs what was chosen.

    Args:
        chosen: for each part of `differing`, by its key, the id of the record that is right.

    Raises:
        Refused: something differs and was not chosen.
    """
    apart = {part.key: part for part in differing(kept, absorbed)}
    for key, part in apart.items():
        if chosen.get(key) not in (kept.id, absorbed.id):
            raise Refused(f"The two records differ: choose the right {part.label}.")
    careful = {name: _careful(kept, absorbed, name) for name in CAUTIOUS}
    wanted: dict[str, Plain] = {}
    for part in PARTS:
        theirs = chosen[part.key] == absorbed.id if part.key in apart else not is_held(kept, part)
        if theirs and (part.key in apart or is_held(absorbed, part)):
            wanted |= {name: getattr(absorbed, name) for name in part.fields}
    if "phone" in wanted or not kept.contact_known_how:
        wanted["contact_known_how"] = absorbed.contact_known_how or kept.contact_known_how
    return _set(kept, wanted | careful)


def _careful(kept: Person, absorbed: Person, name: str) -> Permission:
    """The more careful answer; "not known" of a record without number or address is none."""
    both: dict[Permission, Person] = {getattr(person, name): person for person in (kept, absorbed)}
    unknown = both.get(Permission.UNKNOWN)
    if unknown is not None and len(both) > 1 and not getattr(unknown, CAUTIOUS[name]):
        del both[Permission.UNKNOWN]
    return min(both, key=_CAUTION.index)


def _set(person: Person, wanted: Mapping[str, Plain]) -> Taken:
    taken: Taken = {}
    for name, value in wanted.items():
        held = getattr(person, name)
        if held != value:
            taken[name] = [_as_text(held), _as_text(value)]
            setattr(person, name, value)
    return taken


def put_back(person: Person, taken: Mapping[str, list[str | None]]) -> None:
    """Undo `take_over`: a field that says something else by now keeps it."""
    for name, (before, after) in taken.items():
        if _as_text(getattr(person, name)) == after:
            setattr(person, name, _from_text(name, before))


def _as_text(value: Plain) -> str | None:
    if value is None or isinstance(value, StrEnum):
        return None if value is None else value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else value


def _from_text(name: str, text: str | None) -> Plain:
    if text is None:
        return None
    if name in CHOSEN:
        return CHOSEN[name](text)
    if name in _DATES:
        return date.fromisoformat(text)
    return text == "true" if name == "no_fixed_abode" else text
