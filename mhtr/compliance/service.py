"""Recording what happened at a man's session: the only writer of attendance."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from mhtr.accounts.models import Staff
from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.compliance import listeners, misses, telling
from mhtr.compliance.attendance import TOOK_PLACE, Told, objections, turns_against_him
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import history_of, latest
from mhtr.core import audit, clock
from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused, Stale
from mhtr.core.transaction import must_be_writing

RECORDERS = (*CLINICAL_ROLES, Role.ADMINISTRATOR)
"""Who records what happened."""
SAME = "This is what is recorded already."
WHY = "Say why it is put right."
NEVER_AGAINST_HIM = (
    "It was recorded that the service did not hold the session or could not see him. That never "
    "becomes a missed session."
)
CLINICAL_ONLY = "Only clinicians record a concern or the detail of a reason."


@dataclass(frozen=True)
class Session:
    """One man's session as attendance knows it: opaque but for when it was and what it is."""

    subject: uuid.UUID
    starts_at: datetime
    required: bool
    session_number: int | None = None
    seen_by: int | None = None
    """The member of staff with whom it was."""


def record_attendance(
    *, case_id: int, session: Session, told: Told, by: int, seen: int = 0, why: str = ""
) -> Attendance:
    """Record what happened, as fact; a later record puts an earlier one right, which stays.

    A miss opens, and whatever explains or undoes it settles, the attempts to reach him. It asks
    nothing of an open task: recording is never kept waiting for one.

    Args:
        seen: the number of the record that the writer had before him; 0 for none.
        why: why an earlier record is put right.

    Raises:
        CannotBe: it contradicts itself, or the session has not begun.
        Refused: nothing is changed, no reason is given, or `by` is no clinician and tells what
            only clinicians do.
        Stale: somebody recorded it meanwhile.
    """
    must_be_writing()
    case = cases.lock(case_id)
    before = latest(session.subject)
    if (before.number if before else 0) != seen:
        raise Stale(before)
    _check(session, told, by)
    told = told if is_clinician(by) else _with_what_he_cannot_see(told, before)
    if before is not None:
        if _told(before) == told:
            raise Refused(SAME)
        if turns_against_him((row.happened for row in history_of(session.subject)), told.happened):
            raise CannotBe(("happened", NEVER_AGAINST_HIM))
        if not why.strip():
            raise CannotBe(("why", WHY))
    row = _keep(case, session, told, by=by, number=seen + 1, why=why.strip() if before else "")
    _follow(case, row, before, session, by)
    return row


def _follow(
    case: Case, row: Attendance, before: Attendance | None, session: Session, by: int
) -> None:
    """All that comes of a record in the same transaction."""
    audit.record(
        "attendance.put_right" if before else "attendance.recorded",
        by=by,
        case_id=case.id,
        attendance=row.id,
    )
    misses.follow(case, row, therapist_id=session.seen_by, by=by)
    telling.tell_probation(case, row, before, seen_by=session.seen_by, by=by)
    if row.happened in TOOK_PLACE and row.required:
        _treatment_begins(case, by)
    for listener in listeners.recorded:
        listener(case, row, by)


def _check(session: Session, told: Told, by: int) -> None:
    if wrong := objections(told, starts_at=session.starts_at, now=clock.now()):
        raise CannotBe(*wrong)
    if told.clinical and not is_clinician(by):
        raise Refused(CLINICAL_ONLY)


def is_clinician(by: int) -> bool:
    """Whether a member of staff may write what only clinicians read."""
    return bool(CLINICAL_ROLES & {row.role for row in db.session.get_one(Staff, by).roles})


def _with_what_he_cannot_see(told: Told, before: Attendance | None) -> Told:
    """An administrator puts right what he reads; what clinicians wrote beside it stays."""
    if before is None:
        return told
    kept = _told(before)
    detail = kept.reason_detail if told.reason is kept.reason else ""
    return Told(told.happened, told.minutes_late, told.reason, detail, told.described, kept.concern)


def _told(row: Attendance) -> Told:
    """A record as somebody told it."""
    return Told(
        row.happened,
        row.minutes_late,
        row.reason,
        row.reason_detail or "",
        row.described or "",
        row.concern or "",
    )


def _keep(
    case: Case, session: Session, told: Told, *, by: int, number: int, why: str
) -> Attendance:
    row = Attendance(
        case_id=case.id,
        subject=session.subject,
        number=number,
        starts_at=session.starts_at,
        on=session.starts_at.astimezone(clock.LONDON).date(),
        required=session.required,
        session_number=session.session_number,
        happened=told.happened,
        minutes_late=told.minutes_late,
        reason=told.reason,
        reason_detail=told.reason_detail.strip() or None,
        described=told.described.strip() or None,
        concern=told.concern.strip() or None,
        by_id=by,
        why_changed=why or None,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _treatment_begins(case: Case, by: int) -> None:
    """The first required session that takes place begins the treatment."""
    facts = cases.facts_of(case.id)
    if rules.can(FactKind.TREATMENT_STARTED, facts, clock.today(), by_id=by).allowed:
        cases.add_fact(case, FactKind.TREATMENT_STARTED, by=by)
