"""Whom emergency access means: one man, all his cases, also where he is on record twice.

Namesakes are never guessed between. Two records of which it is an open question whether they are
one man, or which two trusts have found to be one man, are opened together: in an emergency the
answer cannot be waited for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import selectinload

from mhtr.accounts.models import Staff
from mhtr.cases.link_queries import linked_ids
from mhtr.cases.models import Case
from mhtr.cases.service import lock
from mhtr.core import clock
from mhtr.core.access import Exclusion
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.people.models import Alias, Identifier, IdentifierKind, IdentityQuestion, Person
from mhtr.people.names import PersonName, name_key
from mhtr.people.queries import live_ids, record_ids

NOBODY = "No single record fits. Check the number, or the name and birth date."


class NobodyFound(Refused):
    """No record, several, or one this member of staff must not see: never told apart."""


@dataclass(frozen=True)
class Wanted:
    """The man as the clinician knows him: his NHS number, or his name and birth date."""

    nhs_number: str = ""
    given_name: str = ""
    family_name: str = ""
    born: date | None = None


def cases_of(wanted: Wanted, staff: Staff) -> list[Case]:
    """The cases of the one man who fits, locked, the newest first.

    Raises:
        NobodyFound: nobody fits, or several men; or this member of staff is shut out of one.
    """
    people = set(live_ids(_people(wanted)).values())
    if not people or not _may_be_one(people):
        raise NobodyFound(NOBODY)
    people |= {i for person_id in people for i in linked_ids(person_id)}
    his = select(Case.id).where(Case.person_id.in_(people))
    newest_first = his.order_by(Case.opened_at.desc(), Case.id.desc())
    case_ids = list(db.session.scalars(newest_first))
    excluded = exists(
        select(Exclusion.id).where(
            Exclusion.case_id.in_(case_ids),
            Exclusion.principal_id == staff.principal_id,
            or_(Exclusion.ends_at.is_(None), Exclusion.ends_at > clock.now()),
        )
    )
    if not case_ids or db.session.scalar(select(excluded)):
        raise NobodyFound(NOBODY)
    locked = {case_id: lock(case_id) for case_id in sorted(case_ids)}
    return [locked[case_id] for case_id in case_ids]


def _may_be_one(people: Collection[int]) -> bool:
    """Whether all these records hang together by open questions, or by both trusts' answer."""
    first, *rest = people
    found, fresh, left = {first}, {first}, set(rest)
    while fresh and left:
        fresh = {i for person_id in fresh for i in _beside(person_id)} & left
        found |= fresh
        left -= fresh
    return not left


def _beside(person_id: int) -> set[int]:
    own = record_ids(person_id)
    waiting = select(IdentityQuestion.person_id, IdentityQuestion.other_id).where(
        IdentityQuestion.answered_at.is_(None),
        or_(IdentityQuestion.person_id.in_(own), IdentityQuestion.other_id.in_(own)),
    )
    ends = {end for row in db.session.execute(waiting) for end in row}
    return {*live_ids(ends).values(), *linked_ids(person_id, own)}


def _people(wanted: Wanted) -> set[int]:
    if wanted.nhs_number:
        query = select(Identifier.person_id).where(
            Identifier.kind == IdentifierKind.NHS, Identifier.value == wanted.nhs_number
        )
        return set(db.session.scalars(query))
    if wanted.born is None:
        return set()
    key = name_key(PersonName(wanted.given_name, wanted.family_name))
    query_all = select(Person).where(Person.born == wanted.born)
    rows = db.session.scalars(query_all.options(selectinload(Person.aliases)))
    return {row.id for row in rows if key and key in _keys(row, row.aliases)}


def _keys(person: Person, aliases: list[Alias]) -> set[str]:
    names = [PersonName(person.given_name, person.family_name)]
    names += [PersonName(alias.given_name, alias.family_name) for alias in aliases]
    return {name_key(name) for name in names}
