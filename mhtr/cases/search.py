"""Finding a man by name, number or date of birth, among the cases the viewer may see."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased, selectinload

from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.people.identifiers import IdentifierError, NhsNumberRange
from mhtr.people.models import MatchKey, Person
from mhtr.people.queries import live_id
from mhtr.people.rules import Accepts, canonical_identifier
from mhtr.people.search_keys import BEGINNING, FIRST_LETTERS, WORD, folded

MOST = 50
SEARCHERS = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
REFERENCE = 12
"""Digits of the reference of a case."""
_MOST_WORDS = 5


@dataclass(frozen=True)
class Found:
    """A man and those of his cases that the viewer may see, the newest first."""

    person: Person
    cases: tuple[Case, ...]


def find_people(
    viewer: Viewer,
    text: str,
    born: date | None,
    settings: Accepts,
    *purposes: Purpose,
) -> tuple[list[Found], bool]:
    """Those who fit, by name, and whether there are more than `MOST`.

    Args:
        text: the beginning of names in any order, or an NHS number, CRN, PNC or CRO number, or
            the reference of a case as a mail names it.
        purposes: for which the viewer must be able to see a case; `SEARCHERS` unless given.
    """
    conditions: list[ColumnElement[bool]] = [in_scope(viewer, *(purposes or SEARCHERS))]
    if text.strip():
        found = [*_by_reference(text)]
        if (matched := _matched(text, settings)) is not None:
            found += [Case.person_id.in_(matched), Case.person_id.in_(_kept_of(matched))]
        if not found:
            return [], False
        conditions.append(or_(*found))
    if born is not None:
        conditions.append(Person.born == born)
    if len(conditions) == 1:
        return [], False
    rows = db.session.scalars(
        select(Person)
        .options(selectinload(Person.aliases))
        .where(Person.id.in_(select(Case.person_id).join(Case.person).where(*conditions)))
        .order_by(Person.sort_name, Person.id)
        .limit(MOST + 1)
    ).all()
    return _with_cases(viewer, rows[:MOST], purposes or SEARCHERS), len(rows) > MOST


def _with_cases(
    viewer: Viewer, people: Iterable[Person], purposes: tuple[Purpose, ...]
) -> list[Found]:
    by_person: dict[int, list[Case]] = {person.id: [] for person in people}
    found = db.session.scalars(
        select(Case)
        .where(Case.person_id.in_(by_person), in_scope(viewer, *purposes))
        .order_by(Case.opened_at.desc(), Case.id.desc())
    )
    for case in found:
        by_person[case.person_id].append(case)
    return [Found(person, tuple(by_person[person.id])) for person in people]


def _matched(text: str, settings: Accepts) -> Select[int] | None:
    """Ids of records with this number, or with a name for every word; None for no words."""
    if key := _number_key(text, settings):
        return select(MatchKey.person_id).where(MatchKey.key == key)
    words = folded(text)[:_MOST_WORDS]
    if not words:
        return None
    return select(Person.id).where(and_(*(Person.id.in_(_with_word(word)) for word in words)))


def _by_reference(text: str) -> Iterator[ColumnElement[bool]]:
    """Whether a case has this reference, where the text can be one (`messages.links.reference`)."""
    begins = "".join(text.split()).casefold()
    if re.fullmatch(f"[0-9a-f]{{{REFERENCE}}}", begins):
        rest = 32 - REFERENCE
        yield Case.ref.between(UUID(begins + rest * "0"), UUID(begins + rest * "f"))


def _with_word(word: str) -> Select[int]:
    if len(word) < FIRST_LETTERS:
        return select(MatchKey.person_id).where(MatchKey.key == WORD + word)
    whole = aliased(MatchKey)
    return (
        select(MatchKey.person_id)
        .join(whole, whole.person_id == MatchKey.person_id)
        .where(
            MatchKey.key == BEGINNING + word[:FIRST_LETTERS],
            whole.key.startswith(WORD + word, autoescape=True),
        )
    )


def _number_key(text: str, settings: Accepts) -> str:
    # A record may hold a number from before the setting changed, so any range is looked for.
    any_range = Accepts(NhsNumberRange.ANY, settings.extra)
    for kind in settings.kinds:
        try:
            return f"{kind}:{canonical_identifier(kind, text, any_range, clock.today())}"
        except IdentifierError:
            continue
    return ""


def _kept_of(matched: Select[int]) -> list[int]:
    merged = select(Person.id).where(Person.id.in_(matched), Person.merged_into_id.is_not(None))
    return [live_id(person_id) for person_id in db.session.scalars(merged)]
