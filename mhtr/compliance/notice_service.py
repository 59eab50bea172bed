"""Recording how a man was told of his sessions: the only writer of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.compliance.contact_rules import Way
from mhtr.compliance.models import SessionNotice
from mhtr.compliance.notices import Came, objections
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import must_be_writing

WHICH = "Select the sessions that he was told of"


@dataclass(frozen=True)
class Of:
    """A session that he was told of, and when it begins."""

    subject: uuid.UUID
    starts_at: datetime


@dataclass(frozen=True)
class Telling:
    """How he was told."""

    at: datetime
    way: Way
    came: Came
    usable: bool
    note: str = ""


def record_told(
    *, case_id: int, sessions: Sequence[Of], telling: Telling, by: int
) -> list[SessionNotice]:
    """Record that a man was told of these sessions: a row for each.

    It may be recorded late; that he was told before a session began is what counts.

    Raises:
        CannotBe: no session is named, it lies in the future or after one of them began, or what
            came of it does not fit the way.
    """
    must_be_writing()
    case = cases.lock(case_id)
    _check(sessions, telling)
    rows = [
        SessionNotice(
            case_id=case.id,
            subject=one.subject,
            starts_at=one.starts_at,
            told_at=telling.at,
            way=telling.way,
            came=telling.came,
            usable=telling.usable,
            note=telling.note.strip() or None,
            by_id=by,
        )
        for one in sessions
    ]
    db.session.add_all(rows)
    db.session.flush()
    for row in rows:
        audit.record("attendance.he_was_told", by=by, case_id=case.id, notice=row.id)
    return rows


def _check(sessions: Sequence[Of], telling: Telling) -> None:
    if not sessions:
        raise CannotBe(("sessions", WHICH))
    wrong = objections(
        way=telling.way,
        came=telling.came,
        told_at=telling.at,
        first_starts_at=min(one.starts_at for one in sessions),
        now=clock.now(),
    )
    if wrong:
        raise CannotBe(*wrong)


def take_back(*, case_id: int, ref: uuid.UUID, by: int) -> SessionNotice:
    """Take back what was recorded by mistake; it stays in the history.

    Raises:
        NotFound: no such notice on this case.
        Refused: it is taken back already.
    """
    must_be_writing()
    case = cases.lock(case_id)
    query = select(SessionNotice).where(SessionNotice.ref == ref, SessionNotice.case_id == case.id)
    row = db.session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    if row.taken_back_at is not None:
        raise Refused("It is taken back already.")
    row.taken_back_at, row.taken_back_by = clock.now(), by
    db.session.flush()
    audit.record("attendance.told_taken_back", by=by, case_id=case.id, notice=row.id)
    return row
