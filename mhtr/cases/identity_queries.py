"""Which questions about identity a viewer may answer, and what they compare.

A record is his own to judge by a grant that lasts (or where it hangs on no case at all): emergency
access and other access for a time let him read it, and decide nothing about who a man is.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.access import Exclusion, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.people.asking import WITHDRAWN
from mhtr.people.models import IdentityQuestion, Merge, Person
from mhtr.people.queries import live_id, live_ids, record_ids
from mhtr.web.paging import SIZE, Page, page_from, page_number
from mhtr.web.reads import shows

PersonId = ColumnElement[int] | InstrumentedAttribute[int]
JUDGES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
THE_PROGRAM = "The program"
ELSEWHERE = "A record of another trust"
"""What a record is called that the viewer may not see."""


@dataclass(frozen=True)
class Question:
    """An open question with the two live records that it is about."""

    id: int
    ref: uuid.UUID
    one: Person
    two: Person
    reasons: tuple[str, ...]
    asked_by: str
    elsewhere: frozenset[int] = frozenset()
    """Ids of those of the two that are another trust's: nothing of them is shown."""

    @property
    def across(self) -> bool:
        """Whether it is answered with somebody of another trust."""
        return bool(self.elsewhere)

    @property
    def own(self) -> Person:
        """The viewer's record, where the other is another trust's."""
        return self.two if self.one.id in self.elsewhere else self.one

    @property
    def other(self) -> Person:
        """The other record."""
        return self.one if self.own is self.two else self.two


@dataclass(frozen=True)
class Standing:
    """What a record is to a viewer who judges: in his scope for good, closed, without a case."""

    seen: bool
    barred: bool
    bare: bool

    @property
    def own(self) -> bool:
        """Whether its details may be compared by him, and he may answer for it."""
        return self.seen or self.bare


@dataclass(frozen=True)
class Named:
    """A record as a list names it."""

    id: int
    name: str
    born: date | None


@dataclass(frozen=True)
class Waiting:
    """A line of the list of open questions."""

    ref: uuid.UUID
    one: Named
    two: Named
    reasons: tuple[str, ...]
    asked_at: datetime
    asked_by: str


def is_seen(person_id: PersonId) -> ColumnElement[bool]:
    lasts = visible(ANYBODY, Case.id, Case.restricted, lasting=True)
    return exists(select(Case.id).where(Case.person_id == person_id, lasts))


def _bare(person_id: PersonId) -> ColumnElement[bool]:
    return ~exists(select(Case.id).where(Case.person_id == person_id))


def is_barred(person_id: PersonId) -> ColumnElement[bool]:
    """He has a case that is restricted, or from which this viewer is kept away."""
    excluded = exists(
        select(Exclusion.id).where(
            Exclusion.case_id == Case.id,
            Exclusion.principal_id == ANYBODY.principal,
            Exclusion.ends_at.is_(None),
        )
    )
    closed = and_(Case.restricted, ~visible(ANYBODY, Case.id, Case.restricted))
    return exists(select(Case.id).where(Case.person_id == person_id, or_(excluded, closed)))


def _open() -> Any:
    one, two = aliased(Person), aliased(Person)
    question = IdentityQuestion
    ones = func.coalesce(one.merged_into_id, one.id)
    twos = func.coalesce(two.merged_into_id, two.id)
    return (
        select(
            question.ref,
            question.person_id,
            question.other_id,
            question.reasons,
            question.created_at,
            Staff.name.label("asked_by"),
        )
        .join(one, one.id == question.person_id)
        .join(two, two.id == question.other_id)
        .outerjoin(Staff, Staff.id == question.raised_by)
        .where(
            question.answered_at.is_(None),
            ones != twos,
            or_(is_seen(ones), is_seen(twos)),
            ~is_barred(ones),
            ~is_barred(twos),
        )
        .order_by(question.id)
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


# Made once: making these takes longer than asking them.
_OPEN = Prepared(_open())
_NAMES = Prepared(
    select(Person.id, Person.given_name, Person.family_name, Person.born).where(
        Person.id.in_(bindparam("people", expanding=True))
    )
)
_PAIRS = Prepared(
    select(IdentityQuestion.person_id, IdentityQuestion.other_id).where(
        or_(
            IdentityQuestion.person_id.in_(bindparam("people", expanding=True)),
            IdentityQuestion.other_id.in_(bindparam("people", expanding=True)),
        ),
        IdentityQuestion.answer.is_distinct_from(WITHDRAWN),
    )
)
_JUDGED = Prepared(
    select(
        Person.id,
        is_seen(Person.id).label("seen"),
        is_barred(Person.id).label("barred"),
        _bare(Person.id).label("bare"),
    ).where(Person.id.in_(bindparam("people", expanding=True)))
)


def open_questions(viewer: Viewer) -> Page[Waiting]:
    """A page of the questions this viewer may answer, the oldest first."""
    number = page_number()
    given = {"limit": SIZE + 1, "offset": (number - 1) * SIZE}
    found = _OPEN.all(asked_by(viewer, *JUDGES) | given)
    page = page_from(found, number)
    live = live_ids(i for row in page.rows for i in (row.person_id, row.other_id))
    people = seen_as(viewer, live.values())
    waiting = [
        Waiting(
            row.ref,
            people[live[row.person_id]],
            people[live[row.other_id]],
            tuple(row.reasons),
            row.created_at,
            row.asked_by or THE_PROGRAM,
        )
        for row in page.rows
        if live[row.person_id] != live[row.other_id]
    ]
    return Page(waiting, page.previous_href, page.next_href)


def named(person_ids: Iterable[int]) -> dict[int, Named]:
    """These records as a list names them. The caller has seen to the scope."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    return {
        line.id: Named(line.id, f"{line.given_name} {line.family_name}".strip(), line.born)
        for line in _NAMES.all({"people": wanted})
    }


def seen_as(viewer: Viewer, person_ids: Iterable[int]) -> dict[int, Named]:
    """These records as a list names them to this viewer: another trust's without a name."""
    wanted = set(person_ids)
    held = judged(viewer, wanted) if wanted else {}
    return {
        i: one if held[i].own else Named(i, ELSEWHERE, None) for i, one in named(wanted).items()
    }


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
    if row is None:
        raise NotFound
    ends = [live_id(i) for i in (row.person_id, row.other_id)]
    held = judged(viewer, ends)
    if ends[0] == ends[1] or not _may_judge(held):
        raise NotFound
    asker = db.session.get(Staff, row.raised_by) if row.raised_by is not None else None
    one, two = (db.session.get_one(Person, end) for end in ends)
    shows("person", *ends)
    name = asker.name if asker is not None else THE_PROGRAM
    elsewhere = frozenset(i for i in ends if not held[i].own)
    return Question(row.id, row.ref, one, two, tuple(row.reasons), name, elsewhere)


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
    return _may_judge(judged(viewer, person_ids))


def _may_judge(held: Mapping[int, Standing]) -> bool:
    return any(one.seen for one in held.values()) and not any(one.barred for one in held.values())


def comparable(viewer: Viewer, person_id: int, others: Collection[int]) -> set[int]:
    """Those of the other records which he may judge together with this one (`may_judge`)."""
    if not others:
        return set()
    found = judged(viewer, {person_id, *others})
    own = found[person_id]
    if own.barred:
        return set()
    return {i for i in others if (own.seen or found[i].seen) and not found[i].barred}


def judged(viewer: Viewer, person_ids: Collection[int]) -> dict[int, Standing]:
    """What each of these records is to a viewer."""
    given = asked_by(viewer, *JUDGES) | {"people": set(person_ids)}
    rows = _JUDGED.all(given)
    return {row.id: Standing(row.seen, row.barred, row.bare) for row in rows}


def answered_pairs(person_id: int) -> set[int]:
    """Live ids of the records of which it was asked whether they are this man."""
    ids = record_ids(person_id)
    rows = _PAIRS.all({"people": ids})
    others = {i for row in rows for i in row if i not in ids}
    return set(live_ids(others).values())
