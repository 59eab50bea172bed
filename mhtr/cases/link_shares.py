"""What two records of one man come to share: what every banner shows, and nothing else."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select

from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people import service as people
from mhtr.people.models import Identifier, Person
from mhtr.people.queries import live_id, record_ids
from mhtr.people.rules import Accepts
from mhtr.people.sections import FIELDS, Section, Value
from mhtr.people.values import alias_text, values_of, words_of

Text = str | list[str] | None
Taken = dict[str, dict[str, list[Text]]]
"""By record and field what it said before and what it was set to."""
SECTIONS = (Section.NAMES, Section.BIRTH, Section.IDENTIFIERS)
NAMES = ("given_name", "family_name")


def share(ends: tuple[int, int], kept_id: int, *, settings: Accepts, reason: str, by: int) -> Taken:
    """Put name and birth date of one record on both, and the numbers that only one has.

    A name that no longer holds stays with its record as another name of his.
    """
    must_be_writing()
    records = [db.session.get_one(Person, end) for end in ends]
    kept = next(one for one in records if one.id == kept_id)
    wanted: dict[str, Value] = {name: getattr(kept, name) for name in NAMES}
    wanted["born"] = kept.born or next((one.born for one in records if one.born), None)
    wanted |= {row.kind.value: row.value for one in records for row in one.identifiers}
    return {str(end): _put(end, wanted, settings, reason, by) for end in sorted(ends)}


def _put(
    person_id: int, wanted: Mapping[str, Value], settings: Accepts, reason: str, by: int
) -> dict[str, list[Text]]:
    person = db.session.get_one(Person, person_id)
    held = _held(person)
    changes = {name: value for name, value in wanted.items() if held[name] != value}
    if any(name in changes for name in NAMES):
        before = held["aliases"]
        aliases = before if isinstance(before, tuple) else ()
        changes["aliases"] = (*aliases, alias_text(person.given_name, person.family_name))
    people.update_person(
        person_id=person_id, changes=changes, settings=settings, by=by, reason=reason
    )
    now = _held(db.session.get_one(Person, person_id))
    return {name: [_text(held[name]), _text(now[name])] for name in changes}


def take_back(
    taken: Mapping[str, Mapping[str, list[Text]]], *, settings: Accepts, reason: str, by: int
) -> None:
    """Undo `share`: a field that says something else by now keeps it.

    So does what another of his records, merged with this one since, says by itself.
    """
    must_be_writing()
    for end, fields in taken.items():
        person_id = live_id(int(end))
        held = _held(db.session.get_one(Person, person_id))
        known = _known_otherwise(person_id, int(end))
        changes = {
            name: _value(name, before)
            for name, (before, after) in fields.items()
            if _text(held[name]) == after and name not in known
        }
        people.update_person(
            person_id=person_id, changes=changes, settings=settings, by=by, reason=reason
        )


def own_words(
    taken: Mapping[str, Mapping[str, list[Text]]], ends: Collection[int]
) -> dict[str, str]:
    """What these records said themselves, before `share`, of what it put on them, in words.

    Other names of his are left out: a link adds only his own former one to them.
    """
    return {
        name: words_of(name, _value(name, before))
        for end, fields in taken.items()
        if int(end) in ends
        for name, (before, _) in fields.items()
        if name != "aliases"
    }


def _known_otherwise(person_id: int, end: int) -> set[str]:
    """Fields that hold for the man also without the record that was linked.

    A merge leaves a number that both records held on each of them, and the name of the kept one.
    """
    ids = record_ids(person_id)
    kinds = select(Identifier.kind).where(Identifier.person_id.in_(ids))
    twice = kinds.group_by(Identifier.kind, Identifier.value).having(func.count(Identifier.id) > 1)
    known = {kind.value for kind in db.session.scalars(twice)}
    return known if person_id == end else known | {*NAMES, "aliases"}


def shared(person: Person) -> dict[str, Value]:
    """What a record says now of that which a link makes two records share."""
    held = _held(person)
    return {name: held[name] for name in (*NAMES, "born", *FIELDS[Section.IDENTIFIERS])}


def _held(person: Person) -> dict[str, Value]:
    held: dict[str, Value] = {}
    for section in SECTIONS:
        held |= values_of(person, section)
    return held


def _text(value: Value) -> Text:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else str(value) if value else None


def _value(name: str, text: Text) -> Value:
    if name == "aliases":
        return tuple(text) if isinstance(text, list) else ()
    if name == "born":
        return date.fromisoformat(text) if isinstance(text, str) else None
    return text if isinstance(text, str) else ""
