"""Putting what a later referral says of a man on his record, as far as the rules allow."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people import listeners
from mhtr.people.learning_rules import CHANNELS, learned, less_safe, noes, taken_back
from mhtr.people.models import Identifier, IdentifierKind, Person, PersonChange
from mhtr.people.putting import apply
from mhtr.people.queries import may_have_died, record_ids
from mhtr.people.sections import ASK_AGAIN, FIELDS, Section, Value
from mhtr.people.service import lock_person, refresh_keys
from mhtr.people.values import values_of, words

FROM = (Section.NAMES, Section.BIRTH, Section.IDENTIFIERS, Section.CONTACT, Section.LANGUAGE)


def learn(
    *,
    person_id: int,
    said: Mapping[str, Value],
    reason: str,
    by: int | None,
    former_number: str = "",
    answer_taken_back: bool = False,
) -> bool:
    """Fill what the record lacks and let "not safe" hold; a number of another record is left out.

    Args:
        said: in canonical form, by the names of `people.sections.FIELDS`.
        reason: for the history, in words.
        former_number: a telephone number the referral gave before and gives no longer.
        answer_taken_back: it said before that texts are safe, or not, and does not know now.

    Returns:
        Whether a way of reaching him is less safe than the record said.
    """
    must_be_writing()
    person = lock_person(person_id)
    known: dict[str, Value] = {}
    for section in FROM:
        known |= values_of(person, section)
    free = {name: v for name, v in said.items() if not _is_anothers(person, name, v)}
    if free.get("safe_to_text") == "yes" and may_have_died(person.id):
        del free["safe_to_text"]
    changes = taken_back(known, number=former_number, answer=answer_taken_back)
    changes |= learned(known | changes, free)
    changes = {name: value for name, value in changes.items() if value != known[name]}
    for section in FROM:
        part = {name: v for name, v in changes.items() if name in FIELDS[section]}
        if part:
            _put(person, section, part, reason, by)
    for listener in listeners.contact_said:
        listener(person.id, noes(free), str(free.get("phone") or ""), False, by)
    return less_safe(changes)


def hold_contact(
    *, person_id: int, reason: str, by: int | None, channels: Collection[str] = CHANNELS
) -> None:
    """Let none of these ways of reaching him count as safe until somebody has asked again."""
    must_be_writing()
    person = lock_person(person_id)
    held = values_of(person, Section.CONTACT)
    changes: dict[str, Value] = {name: ASK_AGAIN for name in channels if held[name] == "yes"}
    if changes:
        _put(person, Section.CONTACT, changes, reason, by)


def _put(
    person: Person, section: Section, part: Mapping[str, Value], reason: str, by: int | None
) -> None:
    before = words(values_of(person, section))
    apply(person, part)
    person.version += 1
    db.session.add(
        PersonChange(
            person_id=person.id,
            by_id=by,
            section=section.value,
            reason=reason,
            before={name: before[name] for name in part},
        )
    )
    db.session.flush()
    refresh_keys(person)
    audit.record(
        "people.changed", by=by, person=person.id, section=section.value, fields=sorted(part)
    )
    if section is Section.NAMES:
        for listener in listeners.named_anew:
            listener(person.id, by)


def _is_anothers(person: Person, name: str, value: Value) -> bool:
    """Whether a number is on a record that is not his."""
    if name not in FIELDS[Section.IDENTIFIERS]:
        return False
    held = select(Identifier.id).where(
        Identifier.kind == IdentifierKind(name),
        Identifier.value == str(value),
        Identifier.person_id.not_in(record_ids(person.id)),
    )
    return db.session.scalars(held).first() is not None
