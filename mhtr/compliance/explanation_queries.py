"""What is on record of what a man says of missed sessions, through a case the viewer may see."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, select

from mhtr.compliance.attendance import ReasonGiven
from mhtr.compliance.explanation_models import AbsenceExplanation
from mhtr.compliance.explanations import Shown
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import once_a_page

_ON = (
    select(AbsenceExplanation)
    .where(AbsenceExplanation.subject == bindparam("subject"))
    .order_by(AbsenceExplanation.number)
)
_OF_CASE = (
    select(AbsenceExplanation)
    .where(AbsenceExplanation.case_id == bindparam("case"))
    .order_by(AbsenceExplanation.subject, AbsenceExplanation.number)
)
_LATEST = Prepared(
    select(
        AbsenceExplanation.subject,
        func.max(AbsenceExplanation.number).label("number"),
        func.max(AbsenceExplanation.created_at).label("at"),
    )
    .where(
        AbsenceExplanation.case_id.in_(bindparam("cases", expanding=True)),
        AbsenceExplanation.taken_back_at.is_(None),
    )
    .group_by(AbsenceExplanation.subject)
)

_REASONS = Prepared(
    select(AbsenceExplanation.subject, AbsenceExplanation.reason, AbsenceExplanation.created_at)
    .where(
        AbsenceExplanation.case_id.in_(bindparam("cases", expanding=True)),
        AbsenceExplanation.taken_back_at.is_(None),
    )
    .order_by(AbsenceExplanation.number)
)


def explanations_on(subject: uuid.UUID) -> list[AbsenceExplanation]:
    """Everything he said of one session, what was taken back among it, the first one first."""
    key = ("explanations", subject)
    return once_a_page(key, lambda: list(db.session.scalars(_ON, {"subject": subject})))


def explanations_of(case_id: int) -> Sequence[AbsenceExplanation]:
    """Everything he said of missed sessions of a case, by session, the first one first."""
    return db.session.scalars(_OF_CASE, {"case": case_id}).all()


def counting(rows: Sequence[AbsenceExplanation]) -> list[AbsenceExplanation]:
    """What was not taken back."""
    return [row for row in rows if row.taken_back_at is None]


def latest_number(rows: Sequence[AbsenceExplanation]) -> int:
    """The number of the last one that counts, 0 for none."""
    return max((row.number for row in counting(rows)), default=0)


@dataclass(frozen=True)
class Said:
    """The last thing that he said of a session, and on which day it was recorded."""

    number: int
    on: date


def last_said(case_ids: Collection[int]) -> Mapping[uuid.UUID, Said]:
    """By session of these cases, the last one that counts; a session without one is absent."""
    if not case_ids:
        return {}
    return {
        line.subject: Said(line.number, line.at.astimezone(clock.LONDON).date())
        for line in _LATEST.all({"cases": list(case_ids)})
    }


@dataclass(frozen=True)
class Given:
    """The kinds of reasons that he gave for one session, the first one first, and when the last."""

    reasons: tuple[ReasonGiven, ...]
    at: datetime


def reasons_given(case_ids: Collection[int]) -> Mapping[uuid.UUID, Given]:
    """By session of these cases, what counts of what he said; one without it is absent."""
    found: dict[uuid.UUID, Given] = {}
    for line in _REASONS.all({"cases": list(case_ids)}) if case_ids else ():
        before = found[line.subject].reasons if line.subject in found else ()
        found[line.subject] = Given((*before, line.reason), line.created_at)
    return found


def shown_of(row: AbsenceExplanation) -> Shown:
    """The paper of an explanation."""
    return Shown(row.paper, row.seen_by, row.bears_out, row.first_day, row.last_day)
