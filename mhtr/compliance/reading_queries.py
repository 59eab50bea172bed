"""Reading how the law is read: what is in force on a day, what waits, and what was changed."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.compliance.reading_models import ReadingAnswer, ReadingChange
from mhtr.compliance.reading_rules import Answer
from mhtr.compliance.standing.reading_words import InForce, said, with_value
from mhtr.compliance.standing.readings import Readings
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import remembered

_SIGNED = Prepared(
    select(ReadingChange.point, ReadingChange.reading, ReadingChange.first_day)
    .join(ReadingAnswer, ReadingAnswer.change_id == ReadingChange.id)
    .where(ReadingAnswer.answer == Answer.SIGNED)
    .order_by(ReadingChange.first_day, ReadingAnswer.id)
)


def in_force(on: date) -> InForce:
    """How the law is read on a day. Only what was signed counts; the last signature counts most.

    Args:
        on: the day of the standing that is asked for.
    """
    signed = remembered("signed", ReadingAnswer, lambda: _SIGNED.all({}))
    readings, since = Readings(), dict[str, date]()
    for point, value, first_day in signed:
        if first_day <= on:
            readings = with_value(readings, point, value)
            since[point] = first_day
    return InForce(readings, since)


@dataclass(frozen=True)
class Change:
    """One proposal with what became of it."""

    row: ReadingChange
    by: str
    answer: Answer | None
    words: str
    answered_by: str
    answered_at: datetime | None

    @property
    def said(self) -> str:
        """The reading proposed, in words."""
        return said(self.row.point, self.row.reading)

    @property
    def waits(self) -> bool:
        """Whether it waits for a second person."""
        return self.answer is None


def changes(*points: str) -> Mapping[str, Sequence[Change]]:
    """Every proposal of these points, the latest first, by point."""
    answerer = aliased(Staff)
    rows: Any = db.session.execute(
        select(ReadingChange, Staff.name, ReadingAnswer, answerer.name)
        .join(Staff, Staff.id == ReadingChange.by_id)
        .outerjoin(ReadingAnswer, ReadingAnswer.change_id == ReadingChange.id)
        .outerjoin(answerer, answerer.id == ReadingAnswer.by_id)
        .where(ReadingChange.point.in_(points))
        .order_by(ReadingChange.id.desc())
    )
    found: dict[str, list[Change]] = {point: [] for point in points}
    for row, by, answer, answered_by in rows:
        found[row.point].append(
            Change(
                row,
                by,
                answer.answer if answer else None,
                answer.words if answer else "",
                answered_by or "",
                answer.created_at if answer else None,
            )
        )
    return found


def waiting(point: str) -> ReadingChange | None:
    """The proposal of a point that waits for a second person."""
    query = (
        select(ReadingChange)
        .outerjoin(ReadingAnswer, ReadingAnswer.change_id == ReadingChange.id)
        .where(ReadingChange.point == point, ReadingAnswer.id.is_(None))
        .order_by(ReadingChange.id)
    )
    return db.session.scalars(query).first()


def find_change(ref: uuid.UUID, *, locked: bool = False) -> ReadingChange:
    """One proposal.

    Raises:
        NotFound: there is none.
    """
    query = select(ReadingChange).where(ReadingChange.ref == ref)
    found = db.session.scalars(query.with_for_update() if locked else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def answer_of(change: ReadingChange) -> ReadingAnswer | None:
    """What became of a proposal; None while it waits."""
    query = select(ReadingAnswer).where(ReadingAnswer.change_id == change.id)
    return db.session.scalars(query).one_or_none()
