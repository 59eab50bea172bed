"""Reading people: duplicates, merged records, history."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product, starmap
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import remembered
from mhtr.people.matching import Match, PersonSketch, Verdict, blocking_keys, compare
from mhtr.people.models import (
    Alias,
    Identifier,
    IdentifierKind,
    IdentityQuestion,
    MatchKey,
    Merge,
    Person,
)
from mhtr.people.names import PersonName, may_be_alike

_STRENGTH = (Verdict.SAME_IDENTIFIER, Verdict.CONFLICT, Verdict.POSSIBLE)
# More than this many records sharing a key say only that the key is common.
_MOST_COMPARED = 400
_LONGEST_CHAIN = 20
# Made once: every page about a man asks it.
_KEPT = Prepared(select(Person.merged_into_id).where(Person.id == bindparam("wanted")))
_MERGED_INTO = Prepared(
    select(Person.id).where(
        Person.merged_into_id.in_(bindparam("into", expanding=True)),
        Person.id.not_in(bindparam("found", expanding=True)),
    )
)
_INTO = Prepared(
    select(Person.id, Person.merged_into_id).where(
        Person.id.in_(bindparam("people", expanding=True)), Person.merged_into_id.is_not(None)
    )
)
_PEOPLE: Any = bindparam("people", expanding=True)
_REFS = Prepared(select(Person.id, Person.ref).where(Person.id.in_(_PEOPLE)))
_NUMBERS = Prepared(
    select(Identifier.person_id, Identifier.kind, Identifier.value).where(
        Identifier.person_id.in_(_PEOPLE)
    )
)

_KEYS = MatchKey.key.in_(bindparam("keys", expanding=True))
_WITH_NUMBER = Prepared(select(MatchKey.person_id).where(_KEYS))
_WITH_KEYS = (
    select(MatchKey.person_id)
    .where(_KEYS)
    .group_by(MatchKey.person_id)
    .order_by(func.count().desc(), MatchKey.person_id)
    .limit(_MOST_COMPARED)
    .subquery()
)
# A line for each alias of his, or one without.
_COMPARED = Prepared(
    select(
        Person.id,
        Person.given_name,
        Person.family_name,
        Person.known_as,
        Person.born,
        Person.postcode,
        Alias.given_name,
        Alias.family_name,
    )
    .outerjoin(Alias, Alias.person_id == Person.id)
    .where(or_(Person.id.in_(_PEOPLE), Person.id.in_(select(_WITH_KEYS.c.person_id))))
    .order_by(Person.id, Alias.id)
)


@dataclass(frozen=True)
class Candidate:
    """A record that may be the same man, and what speaks for and against it."""

    person_id: int
    person_ref: uuid.UUID
    match: Match


def sketch_of(person: Person) -> PersonSketch:
    """What duplicate detection compares of a record."""
    names = [PersonName(person.given_name, person.family_name)]
    names += [PersonName(a.given_name, a.family_name) for a in person.aliases]
    if person.known_as:
        names.append(PersonName(person.known_as, person.family_name))
    return PersonSketch(
        names=tuple(names),
        date_of_birth=person.born,
        identifiers={row.kind.value: row.value for row in person.identifiers},
        postcode=person.postcode or None,
    )


def candidates(sketch: PersonSketch, *, leave_out: Iterable[int] = ()) -> list[Candidate]:
    """Records that may be the sketched man, the strongest first.

    A merged record is compared as it was and answers with the record that was kept.
    """
    matches = {
        person_id: match
        for person_id, other in _worth_comparing(sketch).items()
        if (match := compare(sketch, other)).verdict is not Verdict.NONE
    }
    if not matches:
        return []
    left_out = set(leave_out)
    live = live_ids(left_out.union(matches))
    left_out = {live[person_id] for person_id in left_out}
    best: dict[int, Match] = {}
    for person_id, match in matches.items():
        kept = live[person_id]
        if kept not in left_out and (kept not in best or strength(match) < strength(best[kept])):
            best[kept] = match
    if not best:
        return []
    kept_rows = _REFS.all({"people": set(best)})
    refs = {row.id: row.ref for row in kept_rows}
    rows = [Candidate(person_id, refs[person_id], match) for person_id, match in best.items()]
    return sorted(rows, key=lambda row: (strength(row.match), row.person_id))


def _worth_comparing(sketch: PersonSketch) -> dict[int, PersonSketch]:
    """Records with a number of his, and of those that share most other keys the ones that may
    be him by name: the more people there are, the more are born on a day like his.
    """
    keys = {f"{kind}:{value}" for kind, value in sketch.identifiers.items()}
    others = blocking_keys(sketch).difference(keys)
    same = set(_WITH_NUMBER.values({"keys": sorted(keys)})) if keys else set()
    near: dict[int, PersonSketch] = {}
    lines = _COMPARED.all({"keys": sorted(others), "people": same})
    for person_id, of_him in groupby(lines, key=itemgetter(0)):
        rows = list(of_him)
        names = tuple(_names_of(rows))
        if person_id in same or any(starmap(may_be_alike, product(sketch.names, names))):
            _, _, _, _, born, postcode, _, _ = rows[0]
            near[person_id] = PersonSketch(names, born, {}, postcode or None)
    return _with_numbers(near)


def _names_of(rows: Sequence[Any]) -> Iterator[PersonName]:
    _, given, family, known_as, *_ = rows[0]
    yield PersonName(given, family)
    yield from (PersonName(also, name) for *_, also, name in rows if also is not None)
    if known_as:
        yield PersonName(known_as, family)


def _with_numbers(sketches: dict[int, PersonSketch]) -> dict[int, PersonSketch]:
    numbers: dict[int, dict[str, str]] = {person_id: {} for person_id in sketches}
    if sketches:
        for person_id, kind, value in _NUMBERS.all({"people": sorted(sketches)}):
            numbers[person_id][kind.value] = value
    return {n: replace(sketch, identifiers=numbers[n]) for n, sketch in sketches.items()}


def strength(match: Match) -> int:
    """The order of matches, the strongest first."""
    return _STRENGTH.index(match.verdict)


def live_id(person_id: int) -> int:
    """The record that a record was merged into in the end, or itself."""
    # Two records become one, and two again, with a row of a merge.
    return remembered(("live", person_id), Merge, lambda: _live_id(person_id))


def _live_id(person_id: int) -> int:
    seen = {person_id}
    while True:
        [into] = _KEPT.values({"wanted": person_id}) or [None]
        if into is None or into in seen:
            return person_id
        seen.add(into)
        person_id = into


def live_ids(person_ids: Iterable[int]) -> dict[int, int]:
    """For each record the one it was merged into in the end, or itself, all read together."""
    found = {person_id: person_id for person_id in person_ids}
    into = _merged_into(found.values())
    for _ in range(_LONGEST_CHAIN):
        if not into:
            break
        found = {start: into.get(end, end) for start, end in found.items()}
        into = _merged_into(into.values())
    return found


def _merged_into(person_ids: Iterable[int]) -> dict[int, int]:
    wanted = set(person_ids)
    rows = _INTO.all({"people": wanted}) if wanted else ()
    return {row.id: row.merged_into_id for row in rows}


def record_ids(person_id: int) -> list[int]:
    """The record and every record merged into it, directly or through another."""
    return list(remembered(("records", person_id), Merge, lambda: _record_ids(person_id)))


def _record_ids(person_id: int) -> list[int]:
    found, fresh = [person_id], [person_id]
    while fresh:
        fresh = list(_MERGED_INTO.values({"into": fresh, "found": found}))
        found += fresh
    return found


def who_died(person_ids: Iterable[int]) -> set[int]:
    """Those of these records that hold a date of death."""
    wanted = set(person_ids)
    died = select(Person.id).where(Person.id.in_(wanted), Person.died_on.is_not(None))
    return set(db.session.scalars(died)) if wanted else set()


def may_have_died(person_id: int) -> bool:
    """Whether it is an open question if he is a man on record who has died."""
    ids = record_ids(person_id)
    question = IdentityQuestion
    pairs = select(question.person_id, question.other_id).where(
        question.answered_at.is_(None),
        or_(question.person_id.in_(ids), question.other_id.in_(ids)),
    )
    return bool(who_died(i for pair in db.session.execute(pairs) for i in pair if i not in ids))


def pair_question(one: int, two: int) -> IdentityQuestion | None:
    """The question whether these two are one man, or records merged into them; open ones first.

    One that was withdrawn counts as never asked.
    """
    ones, twos = record_ids(live_id(one)), record_ids(live_id(two))
    question = IdentityQuestion
    return db.session.scalars(
        select(question)
        .where(
            or_(
                and_(question.person_id.in_(ones), question.other_id.in_(twos)),
                and_(question.person_id.in_(twos), question.other_id.in_(ones)),
            ),
            question.answer.is_distinct_from("withdrawn"),
        )
        .order_by(question.answered_at.is_not(None), question.id)
    ).first()


def crn_of(person: Person) -> str:
    """His CRN, or an empty string."""
    held = (row.value for row in person.identifiers if row.kind is IdentifierKind.CRN)
    return next(held, "")


_CRNS = Prepared(
    select(Identifier.person_id, Identifier.value).where(
        Identifier.person_id.in_(_PEOPLE), Identifier.kind == IdentifierKind.CRN
    )
)


def crns_of(person_ids: Collection[int]) -> dict[int, str]:
    """The CRN of each of these people who has one, by the person's key."""
    if not person_ids:
        return {}
    held = _CRNS.all({"people": list(person_ids)})
    return {person_id: value for person_id, value in held}
