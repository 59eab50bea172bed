"""Which questions about identity a viewer may answer, and what they compare."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, lazyload

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core.access import Exclusion, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.people.models import IdentityQuestion, Merge, Person
from mhtr.people.queries import live_id, live_ids, record_ids
from mhtr.people.sections import FIELDS, Section
from mhtr.people.values import values_of, words
from mhtr.web.paging import Page, page_of
from mhtr.web.reads import shows

PersonId = ColumnElement[int] | InstrumentedAttribute[int]
JUDGES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
COMPARED = (Section.NAMES, Section.BIRTH, Section.IDENTIFIERS, Section.ADDRESS)
"""Enough to tell two people apart, and nothing clinical."""


@dataclass(frozen=True)
class Question:
    """An open question with the two live records that it is about."""

    id: int
    ref: uuid.UUID
    one: Person
    two: Person
    reasons: tuple[str, ...]
    asked_by: str
    row: IdentityQuestion


@dataclass(frozen=True)
class Compared:
    """One line of the comparison."""

    key: str
    one: str
    two: str
    differs: bool


def open_questions(viewer: Viewer) -> Page[Question]:
    """A page of the questions this viewer may answer, the oldest first."""
    one, two = aliased(Person), aliased(Person)
    question = IdentityQuestion
    ones = func.coalesce(one.merged_into_id, one.id)
    twos = func.coalesce(two.merged_into_id, two.id)
    page = page_of(
        select(question)
        .join(one, one.id == question.person_id)
        .join(two, two.id == question.other_id)
        .where(
            question.answered_at.is_(None),
            ones != twos,
            or_(_seen(viewer, ones), _seen(viewer, twos)),
            ~_barred(viewer, ones),
            ~_barred(viewer, twos),
        )
        .order_by(question.id)
    )
    return Page(_questions(page.rows), page.previous_href, page.next_href)


def find_question(viewer: Viewer, ref: uuid.UUID) -> Question:
    """An open question.

    Raises:
        NotFound: there is none, it is answered, or neither record is in the viewer's scope.
    """
    row = db.session.scalars(
        select(IdentityQuestion).where(
            IdentityQuestion.ref == ref, IdentityQuestion.answered_at.is_(None)
        )
    ).one_or_none()
    made = next(iter(_questions([row] if row is not None else [])), None)
    if made is None or not may_judge(viewer, made.one.id, made.two.id):
        raise NotFound
    shows("person", made.one.id, made.two.id)
    return made


def find_merge(viewer: Viewer, ref: uuid.UUID) -> Merge:
    """A merge that stands.

    Raises:
        NotFound: there is none, or the kept record is not in the viewer's scope.
    """
    row = db.session.scalars(
        select(Merge).where(Merge.ref == ref, Merge.undone_at.is_(None))
    ).one_or_none()
    if row is None or not may_judge(viewer, live_id(row.kept_id)):
        raise NotFound
    shows("person", row.kept_id, row.absorbed_id)
    return row


def may_judge(viewer: Viewer, *person_ids: int) -> bool:
    """Whether one of them is in the viewer's scope and none holds a case closed to him."""
    seen = select(Person.id).where(
        Person.id.in_(person_ids),
        _seen(viewer, Person.id),
    )
    barred = select(Person.id).where(Person.id.in_(person_ids), _barred(viewer, Person.id))
    return (
        db.session.scalars(seen).first() is not None and db.session.scalars(barred).first() is None
    )


def compare(one: Person, two: Person) -> list[Compared]:
    """The two records side by side, line by line, leaving out what neither holds."""
    lines: list[Compared] = []
    for section in COMPARED:
        first, second = (words(values_of(person, section)) for person in (one, two))
        for name, title in FIELDS[section].items():
            if first[name] or second[name]:
                both = bool(first[name] and second[name])
                differs = both and first[name] != second[name]
                lines.append(Compared(title, first[name], second[name], differs))
    first_cases, second_cases = (_cases(person.id) for person in (one, two))
    lines.append(Compared("Cases", str(first_cases), str(second_cases), False))
    return lines


def answered_pairs(person_id: int) -> set[int]:
    """Live ids of the records of which it was asked whether they are this man."""
    ids = record_ids(person_id)
    rows = db.session.execute(
        select(IdentityQuestion.person_id, IdentityQuestion.other_id).where(
            or_(IdentityQuestion.person_id.in_(ids), IdentityQuestion.other_id.in_(ids))
        )
    )
    return {live_id(i) for row in rows for i in row if i not in ids}


def _questions(rows: Sequence[IdentityQuestion]) -> list[Question]:
    """Those still about two records, with their people and askers read together."""
    live = live_ids(i for row in rows for i in (row.person_id, row.other_id))
    people = {
        person.id: person
        for person in db.session.scalars(
            select(Person)
            .where(Person.id.in_(set(live.values())))
            .options(lazyload(Person.identifiers))  # a list shows no numbers
        )
    }
    askers = {row.raised_by for row in rows if row.raised_by is not None}
    names = {
        staff_id: name
        for staff_id, name in db.session.execute(
            select(Staff.id, Staff.name).where(Staff.id.in_(askers))
        )
    }
    return [
        Question(
            row.id,
            row.ref,
            people[live[row.person_id]],
            people[live[row.other_id]],
            tuple(row.reasons),
            names.get(row.raised_by or 0, "The program"),
            row,
        )
        for row in rows
        if live[row.person_id] != live[row.other_id]
    ]


def _seen(viewer: Viewer, person_id: PersonId) -> ColumnElement[bool]:
    return exists(select(Case.id).where(Case.person_id == person_id, in_scope(viewer, *JUDGES)))


def _barred(viewer: Viewer, person_id: PersonId) -> ColumnElement[bool]:
    """He has a case that is restricted, or from which this viewer is kept away."""
    excluded = exists(
        select(Exclusion.id).where(
            Exclusion.case_id == Case.id,
            Exclusion.principal_id == viewer.principal_id,
            Exclusion.ends_at.is_(None),
        )
    )
    closed = and_(Case.restricted, ~in_scope(viewer, *JUDGES))
    return exists(select(Case.id).where(Case.person_id == person_id, or_(excluded, closed)))


def _cases(person_id: int) -> int:
    query = select(func.count()).select_from(Case).where(Case.person_id == person_id)
    return db.session.scalar(query) or 0
