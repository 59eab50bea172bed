"""Men of whom it is asked whether a warning names them, as clinicians may read of them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from mhtr.accounts.models import Staff
from mhtr.cases.flag_men import WITHDRAWN
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.people.models import Flag, FlagQuestion, Person
from mhtr.people.queries import live_id, record_ids
from mhtr.web.reads import shows


@dataclass(frozen=True)
class Man:
    """One of them. `person` is empty where the viewer may not open his record."""

    question_id: int
    ref: uuid.UUID
    flag_ref: uuid.UUID
    fact: str
    person: Person | None
    answer: str
    answered_at: datetime | None
    answered_by: str


def men_of(viewer: Viewer, person_id: int, held: frozenset[Purpose]) -> list[Man]:
    """Of the live warnings on a man's own record. Nobody but a clinician is told of any."""
    if Purpose.CLINICAL not in held:
        return []
    wanted = _asked(person_id).where(
        Flag.ended_at.is_(None), FlagQuestion.answer.is_distinct_from(WITHDRAWN)
    )
    rows = db.session.execute(wanted)
    return [_man(viewer, question, flag, name) for question, flag, name in rows]


def find_man(viewer: Viewer, person_id: int, flag_ref: uuid.UUID, ref: uuid.UUID) -> Man:
    """One of them, also where it was answered or withdrawn meanwhile. The viewer is a clinician.

    Raises:
        NotFound: there is none, or it is of another warning.
    """
    wanted = _asked(person_id).where(FlagQuestion.ref == ref, Flag.ref == flag_ref)
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound
    question, flag, name = row
    return _man(viewer, question, flag, name)


def _asked(person_id: int) -> Select[FlagQuestion, Flag, str]:
    return (
        select(FlagQuestion, Flag, Staff.name)
        .join(Flag, Flag.id == FlagQuestion.flag_id)
        .outerjoin(Staff, Staff.id == FlagQuestion.answered_by)
        .where(Flag.person_id.in_(record_ids(person_id)))
        .order_by(FlagQuestion.id)
    )


def _man(viewer: Viewer, question: FlagQuestion, flag: Flag, name: str | None) -> Man:
    whose = live_id(question.person_id)
    seen = select(Case.id).where(Case.person_id == whose, in_scope(viewer, Purpose.CLINICAL))
    person = None
    if db.session.scalars(seen).first() is not None:
        person = db.session.get_one(Person, whose)
        shows("person", whose)
    return Man(
        question.id,
        question.ref,
        flag.ref,
        flag.other_name or "",
        person,
        question.answer or "",
        question.answered_at,
        name or "",
    )
