"""Logging attempts to reach a man who missed a session, and ending them."""

import uuid
from datetime import datetime

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.compliance import misses
from mhtr.compliance.contact_rules import Attempt, is_enough, objections
from mhtr.compliance.models import Attendance, ContactAttempt
from mhtr.compliance.policy import attempts_wanted
from mhtr.compliance.queries import attempts_of, history_of, latest
from mhtr.core import audit, clock
from mhtr.core.access import CLINICAL_ROLES
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind

CLINICIAN = "A welfare call is ended by a clinician."
FOUND = "Say how he is and what happens next."


def record_attempt(
    *, case_id: int, subject: uuid.UUID, attempt: Attempt, at: datetime, note: str, by: int
) -> ContactAttempt:
    """Log an attempt to reach him about a session.

    Once somebody spoke with him, or the policy's attempts in as many ways were made, the task to
    reach him is done. A welfare call stays open until a clinician ends it.

    Raises:
        CannotBe: the attempt lies before the session or in the future, or contradicts itself.
        NotFound: nothing is recorded of this session on this case.
    """
    must_be_writing()
    case = cases.lock(case_id)
    row = _about(case.id, subject)
    wrong = objections(attempt, at=at, starts_at=_known_from(row), now=clock.now())
    if wrong:
        raise CannotBe(*wrong)
    made = ContactAttempt(
        case_id=case.id,
        subject=subject,
        at=at,
        way=attempt.way,
        reached=attempt.reached,
        note=note.strip() or None,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("attendance.contact_tried", by=by, case_id=case.id, attempt=made.id)
    tried = [Attempt(one.way, one.reached) for one in attempts_of(subject)]
    waiting = tasks.with_key(misses.key_of(TaskKind.CONTACT_HIM, row))
    if waiting is not None and is_enough(tried, attempts_wanted()):
        tasks.finish(waiting, by=by)
    return made


def end_call(*, case_id: int, subject: uuid.UUID, found: str, by: int) -> None:
    """End a welfare call: how he is, and what happens next.

    Raises:
        Refused: nothing is said, `by` is no clinician, or no call is open.
        NotFound: nothing is recorded of this session on this case.
    """
    must_be_writing()
    case = cases.lock(case_id)
    row = _about(case.id, subject)
    if not CLINICAL_ROLES & {one.role for one in db.session.get_one(Staff, by).roles}:
        raise Refused(CLINICIAN)
    if not found.strip():
        raise Refused(FOUND)
    waiting = open_calls(case.id, row.subject)
    if not waiting:
        raise Refused("No welfare call is open.")
    for call in waiting:
        tasks.finish(call, by=by, outcome=found)


def open_calls(case_id: int, subject: uuid.UUID) -> list[Task]:
    """The welfare calls about a session that nobody has ended: after a miss, or bad news of it."""
    found = tasks.open_tasks(case_id, TaskKind.WELFARE_CALL)
    return [call for call in found if call.subject_ref == str(subject)]


def _known_from(row: Attendance) -> datetime:
    """From when on he can be tried: of what he cancelled beforehand, from the first record on."""
    first = history_of(row.subject)[0].created_at.replace(second=0, microsecond=0)
    return min(row.starts_at, first)


def _about(case_id: int, subject: uuid.UUID) -> Attendance:
    row = latest(subject)
    if row is None or row.case_id != case_id:
        raise NotFound
    return row
