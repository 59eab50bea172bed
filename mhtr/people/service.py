"""The writer of who a man is. (Flags, consent and merging: the sibling services.)"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypedDict, Unpack

from sqlalchemy import bindparam, insert, select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.people import listeners
from mhtr.people.asking import ask_anew, ask_who_else_holds_it, look_again, raise_identity_question
from mhtr.people.consent import record_consent
from mhtr.people.learning_rules import CHANNELS, noes
from mhtr.people.matching import blocking_keys
from mhtr.people.models import IdentifierKind, MatchKey, Person, PersonChange
from mhtr.people.putting import apply
from mhtr.people.queries import sketch_of
from mhtr.people.rules import Accepts, canonical
from mhtr.people.search_keys import search_keys
from mhtr.people.sections import FIELDS, Section, Value, changed_fields, needs_reason
from mhtr.people.values import mark, values_of, words

__all__ = [
    "PersonDetails",
    "change_section",
    "create_person",
    "lock_person",
    "raise_identity_question",
    "record_consent",
    "update_person",
]

_KEYS_OF = select(MatchKey).where(MatchKey.person_id == bindparam("wanted"))


class PersonDetails(TypedDict, total=False):
    """What may be said of a man beside name, birth date and identifiers; all optional."""

    known_as: str
    pronouns: str
    died_on: date | None
    no_fixed_abode: bool
    address: str
    postcode: str
    phone: str
    email: str
    safe_to_text: str
    safe_to_voicemail: str
    safe_to_write: str
    contact_known_how: str
    contact_phrase: str
    contact_note: str
    needs_asked: str
    needs: tuple[str, ...]
    needs_note: str
    needs_review_on: date | None
    language: str
    interpreter: str
    gp_status: str
    gp_name: str
    gp_practice_code: str
    equality: Mapping[str, str]
    """Characteristic to `code:<code>`, `declined`, `unknown` or `not_asked`."""


def create_person(
    *,
    given_name: str,
    family_name: str,
    born: date | None,
    identifiers: Mapping[IdentifierKind, str] | None = None,
    aliases: Iterable[str] = (),
    settings: Accepts,
    by: int | None,
    **details: Unpack[PersonDetails],
) -> Person:
    """Make a record. Ask `queries.candidates` first whether he is here already.

    Args:
        identifiers: as typed; they are put into canonical form, empty ones are left out.
        aliases: other names, each as one line of text.
        settings: what this installation accepts (`rules.accepts(current_app.config)`).

    Raises:
        Refused: a value cannot be what it is meant to be; with the reasons.
    """
    must_be_writing()
    given: dict[str, Value] = {"given_name": given_name, "family_name": family_name}
    given |= {"born": born, "aliases": tuple(aliases)}
    given |= {kind.value: text for kind, text in (identifiers or {}).items()}
    given |= _flat(details)
    values = _accepted(given, settings)
    person = Person(given_name="", family_name="", born=None)
    db.session.add(person)
    apply(person, values)
    db.session.flush()
    _add_keys(person, _keys_of(person))
    audit.record("people.created", by=by, person=person.id, fields=sorted(values))
    return person


def update_person(
    *,
    person_id: int,
    changes: Mapping[str, Value],
    settings: Accepts,
    by: int | None,
    reason: str = "",
) -> Person:
    """Change any fields of a record, section by section; unchanged ones leave no trace.

    Args:
        changes: field names of `people.sections.FIELDS` to values.
        reason: needed where a name, a date of birth or an identifier is put right.

    Raises:
        Refused: a wrong value, or a correction without a reason.
    """
    must_be_writing()
    person = lock_person(person_id)
    for section in Section:
        part = {name: value for name, value in changes.items() if name in FIELDS[section]}
        if part:
            _change(person, section, part, settings, by=by, reason=reason)
    return person


def change_section(
    *,
    person_id: int,
    section: Section,
    values: Mapping[str, Value],
    seen: str,
    settings: Accepts,
    by: int,
    reason: str = "",
) -> Person:
    """Save the form of a section.

    Args:
        seen: the `values.mark` of what the form was filled in from.

    Raises:
        Stale: somebody changed the section since; carries the person.
        Refused: a wrong value, or a correction without a reason.
    """
    must_be_writing()
    person = lock_person(person_id)
    if mark(values_of(person, section)) != seen:
        raise Stale(person)
    _change(person, section, values, settings, by=by, reason=reason)
    return person


def lock_person(person_id: int) -> Person:
    """The live record, locked until commit; a merged one leads to the record that was kept.

    Raises:
        NotFound: there is no such person.
    """
    must_be_writing()
    query = select(Person).where(Person.id == person_id).with_for_update(of=Person)
    person = db.session.scalars(query).one_or_none()
    if person is None:
        raise NotFound
    return person if person.merged_into_id is None else lock_person(person.merged_into_id)


def refresh_keys(person: Person) -> None:
    """Bring what duplicate detection and search look the record up by up to date."""
    wanted = _keys_of(person)
    held = {row.key: row for row in db.session.scalars(_KEYS_OF, {"wanted": person.id})}
    for key in held.keys() - wanted:
        db.session.delete(held[key])
    db.session.flush()
    _add_keys(person, wanted - held.keys())


def _keys_of(person: Person) -> set[str]:
    sketch = sketch_of(person)
    return {*blocking_keys(sketch), *search_keys(sketch.names)}


def _add_keys(person: Person, keys: set[str]) -> None:
    new = [{"person_id": person.id, "key": key} for key in sorted(keys)]
    if new:
        # One statement for all: nobody needs the keys of these rows.
        db.session.execute(insert(MatchKey), new)


def _change(
    person: Person,
    section: Section,
    changes: Mapping[str, Value],
    settings: Accepts,
    *,
    by: int | None,
    reason: str,
) -> None:
    before = values_of(person, section)
    moved = {name: changes[name] for name in changed_fields(before, changes)}
    after = _accepted(moved, settings, before)
    fields = changed_fields(before, after)
    if not fields:
        return
    if needs_reason(section, before, after) and not reason.strip():
        raise Refused("Say why this is put right.")
    anew = ask_anew(person, section, fields, by=by)
    after, fields = {**after, **anew}, (*fields, *anew)
    apply(person, {name: after[name] for name in fields})
    person.version += 1
    held = words(before)
    db.session.add(
        PersonChange(
            person_id=person.id,
            by_id=by,
            section=section.value,
            reason=reason.strip() or None,
            before={name: held[name] for name in fields},
        )
    )
    db.session.flush()
    refresh_keys(person)
    audit.record("people.changed", by=by, person=person.id, section=section.value, fields=fields)
    _follow(person, section, {name: after[name] for name in fields}, by)


def _follow(person: Person, section: Section, now: Mapping[str, Value], by: int | None) -> None:
    """What a change means beyond the section itself."""
    if section in (Section.NAMES, Section.BIRTH, Section.IDENTIFIERS):
        look_again(person.id, by)
    if section is Section.NAMES:
        for listener in listeners.named_anew:
            listener(person.id, by)
    if section is Section.IDENTIFIERS:
        ask_who_else_holds_it(person, by)
    if section is Section.CONTACT:
        asked = any(now.get(name) in ("yes", "no") for name in CHANNELS)
        for follower in listeners.contact_said:
            follower(person.id, noes(now), str(now.get("phone") or ""), asked, by)


def _accepted(
    values: Mapping[str, Value], settings: Accepts, held: Mapping[str, Value] | None = None
) -> dict[str, Value]:
    made, faults = canonical(values, settings, clock.today(), held)
    if faults:
        raise Refused(*(f"{fault.reason}." for fault in faults))
    return made


def _flat(details: PersonDetails) -> dict[str, Value]:
    plain: dict[str, Value] = {}
    for name, value in details.items():
        if name == "equality":
            continue
        plain[name] = value  # type: ignore[assignment]  # every other entry is a Value
    return plain | dict(details.get("equality", {}))
