"""By time: does what left still say what is so? Who released it is asked to see to it."""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, defer

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.core import clock
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.orders.cover_queries import concerned
from mhtr.probation.reports.content import Man
from mhtr.probation.reports.models import ComplianceRelease
from mhtr.probation.reports.queries import verified
from mhtr.probation.reports.reading import everybody, men_told
from mhtr.probation.reports.stored import Difference, differences
from mhtr.probation.reports.telling import PAGE, asked_of, changed_key
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.rehoming import Named, next_owner_of

TITLE = "A compliance report that left does not say what is so: issue it again, or say why not"
AGREES = "reports.says_what_is_so"
LOOKS_BACK = timedelta(days=365)
AT_ONCE = 100
"""Releases that are looked at with one question."""
_LATER = aliased(ComplianceRelease)


def look(now: datetime) -> int:
    """Ask about each release that is newest and does not say what is so; returns how many are new.

    What agrees again is asked about no more. Runs inside the caller's write transaction; a second
    run changes nothing.
    """
    must_be_writing()
    replaced = exists(select(_LATER.id).where(_LATER.replaces_id == ComplianceRelease.id))
    query = (
        select(ComplianceRelease)
        .where(ComplianceRelease.created_at >= now - LOOKS_BACK, ~replaced)
        .options(defer(ComplianceRelease.file))
        .order_by(ComplianceRelease.id)
    )
    rows = db.session.scalars(query).all()
    batches = [rows[first : first + AT_ONCE] for first in range(0, len(rows), AT_ONCE)]
    return sum(_settle(row, wrong) for batch in batches for row, wrong in _wrong(batch, now))


def _wrong(
    rows: Sequence[ComplianceRelease], now: datetime
) -> Iterator[tuple[ComplianceRelease, list[Difference]]]:
    """What each of these releases says that is not so."""
    kept = {row.id: verified(row) for row in rows}
    refs = {man.ref for one in kept.values() if one is not None for man in one.men}
    men = _told(refs)
    today = now.astimezone(clock.LONDON).date()
    for row in rows:
        stored = kept[row.id]
        if stored is not None:  # what was tampered with says so on its page
            found = differences(stored, men, released=row.created_at, today=today)
            yield row, [one for one in found if one.wrong]


def _told(refs: set[str]) -> dict[str, Man]:
    query = select(Case.id).where(Case.ref.in_([uuid.UUID(one) for one in sorted(refs)]))
    ids = db.session.scalars(query).all()
    return {man.ref: man for man in men_told(everybody(ids))}


def _settle(row: ComplianceRelease, wrong: Sequence[Difference]) -> bool:
    """Ask about a release once for what differs, and no more where nothing does."""
    waiting = [one for one in asked_of(row) if one.key.startswith(changed_key(row))]
    if not wrong:
        for task in waiting:
            tasks.withdraw(task, by=None, because=AGREES)
        return False
    said = "\n".join(one.words for one in wrong)
    key = f"{changed_key(row)}:{hashlib.sha256(said.encode()).hexdigest()[:8]}"
    if waiting or tasks.with_key(key, TaskState.DONE) is not None:
        return False
    case = cases.lock(_case_of(wrong[0]))
    owner = owner_of(row, case.id)
    if owner is None:
        return False  # nobody of probation who signs in has him: its page says it
    tasks.open_task(
        TaskKind.RELEASED_REPORT,
        key=key,
        title=TITLE,
        owner_principal_id=owner[0],
        owner_staff_id=owner[1],
        due_at=end_of_day(working_calendar().add(clock.today(), 2)),
        by=None,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=row.ref,
    )
    return True


def _case_of(one: Difference) -> int:
    return db.session.scalars(select(Case.id).where(Case.ref == uuid.UUID(one.ref))).one()


def owner_of(row: ComplianceRelease, case_id: int) -> Named | None:
    """Whoever released it, while he supervises the man; else who does; None: nobody here does."""
    by = db.session.get_one(Staff, row.by_id)
    if by.disabled_at is None and stands(viewer_of(by), case_id, Purpose.SUPERVISION):
        return by.principal_id, by.id
    named = concerned(case_id)
    return (named[0].principal_id, named[0].id) if named else None


def _next(task: Task) -> Named | None:
    named = concerned(task.case_id) if task.case_id is not None else ()
    return (named[0].principal_id, named[0].id) if named else None


next_owner_of[TaskKind.RELEASED_REPORT] = _next
