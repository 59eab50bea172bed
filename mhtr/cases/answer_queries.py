"""What was answered about two records: two men. Who, when and why, for those who may answer."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.cases.answering import DIFFERENT
from mhtr.cases.identity_queries import (
    JUDGES,
    THE_PROGRAM,
    Named,
    is_barred,
    is_seen,
    judged,
    seen_as,
)
from mhtr.cases.models import IdentityAnswer
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.scope import asked_by
from mhtr.people.models import IdentityQuestion, Person
from mhtr.web.paging import SIZE, Page, page_from, page_number
from mhtr.web.reads import shows

NO_REASON = "It is not on record."
NOT_YOURS = "Not shown: it was written for those who may see both records."


@dataclass(frozen=True)
class Answered:
    """An answer, as a list and its page show it to one viewer."""

    id: int
    ref: uuid.UUID
    one: Named
    two: Named
    at: datetime
    by: str
    reason: str
    across: bool
    """One of the two records is another trust's."""
    back_at: datetime | None
    back_by: str
    back_reason: str
    stands: bool


def _answers() -> Any:
    one, two, back = aliased(Person), aliased(Person), aliased(Staff)
    ones = func.coalesce(one.merged_into_id, one.id)
    twos = func.coalesce(two.merged_into_id, two.id)
    return (
        select(
            IdentityAnswer,
            ones.label("one"),
            twos.label("two"),
            IdentityQuestion.answer,
            Staff.name.label("by"),
            back.name.label("back_by"),
        )
        .join(IdentityQuestion, IdentityQuestion.id == IdentityAnswer.question_id)
        .join(one, one.id == IdentityQuestion.person_id)
        .join(two, two.id == IdentityQuestion.other_id)
        .outerjoin(Staff, Staff.id == IdentityAnswer.by_id)
        .outerjoin(back, back.id == IdentityAnswer.taken_back_by)
        .where(ones != twos, or_(is_seen(ones), is_seen(twos)), ~is_barred(ones), ~is_barred(twos))
        .order_by(IdentityAnswer.id.desc())
    )


# Made once: making these takes longer than asking them.
_PAGE = _answers().limit(bindparam("limit")).offset(bindparam("offset"))
_ONE = _answers().where(IdentityAnswer.ref == bindparam("wanted"))


def answers(viewer: Viewer) -> Page[Answered]:
    """A page of what was answered about records of which he may judge, the newest first."""
    number = page_number()
    given = {"limit": SIZE + 1, "offset": (number - 1) * SIZE}
    found = db.session.execute(_PAGE, asked_by(viewer, *JUDGES) | given).all()
    page = page_from(found, number)
    return Page(_shown(viewer, page.rows), page.previous_href, page.next_href)


def find_answer(viewer: Viewer, ref: uuid.UUID) -> Answered:
    """An answer that stands and that he may take back.

    Raises:
        NotFound: there is none, or he may not judge of these records.
    """
    rows = db.session.execute(_ONE, asked_by(viewer, *JUDGES) | {"wanted": ref}).all()
    found = next(iter(_shown(viewer, rows)), None)
    if found is None or not found.stands:
        raise NotFound
    return found


def _shown(viewer: Viewer, rows: Iterable[Any]) -> list[Answered]:
    listed = list(rows)
    ends = {end for row in listed for end in (row.one, row.two)}
    if not ends:
        return []
    held, people = judged(viewer, ends), seen_as(viewer, ends)
    shows("person", *ends)
    return [
        _answered(row, people, across=not (held[row.one].own and held[row.two].own))
        for row in listed
    ]


def _answered(row: Any, people: dict[int, Named], *, across: bool) -> Answered:
    answer: IdentityAnswer = row.IdentityAnswer
    hidden = across and not answer.for_both
    return Answered(
        id=answer.id,
        ref=answer.ref,
        one=people[row.one],
        two=people[row.two],
        at=answer.created_at,
        by=row.by or THE_PROGRAM,
        reason=_reason(answer.reason, hidden) or NO_REASON,
        across=across,
        back_at=answer.taken_back_at,
        back_by=row.back_by or "",
        back_reason=_reason(answer.taken_back_reason, hidden),
        stands=answer.taken_back_at is None and row.answer == DIFFERENT,
    )


def _reason(text: str | None, hidden: bool) -> str:
    return NOT_YOURS if text and hidden else text or ""
