"""Setting up compliance reports by time, pausing and ending them: the only writer of it."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from mhtr.accounts.models import Organisation, Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core import audit, clock
from mhtr.core.access import SUPERVISES
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders.officer_queries import officers_in
from mhtr.probation.reports.reading import men_among
from mhtr.probation.reports.release_kinds import To
from mhtr.probation.reports.schedule_models import ComplianceSchedule, Ended
from mhtr.probation.reports.schedule_rules import BEFORE, Every, fault
from mhtr.probation.reports.service import NO_MAILBOX, PROBATION_ONLY
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState

ONE_MAN = "Before a day in court or a review a report is about one man: select him"
NOBODY = "Select a colleague"
OVER = "It has ended. Set up another."


@dataclass(frozen=True)
class Wanted:
    """What is set up. `case_id` None: everybody for whom who sets it up is named."""

    case_id: int | None
    every: Every
    number: int
    format: str
    to: To
    colleague_id: int | None = None


def set_up(*, wanted: Wanted, by: int) -> ComplianceSchedule:
    """Let the program release a report by time, in the name of `by`.

    Raises:
        CannotBe: something of it cannot be so.
        NotFound: `by` does not supervise the man.
        Refused: `by` is not of probation.
    """
    must_be_writing()
    who = db.session.get_one(Staff, by)
    if not {row.role for row in who.roles}.intersection(SUPERVISES):
        raise Refused(PROBATION_ONLY)
    if wanted.case_id is not None and not men_among(viewer_of(who), [wanted.case_id]):
        raise NotFound
    row = ComplianceSchedule(
        case_id=wanted.case_id,
        every=wanted.every,
        number=wanted.number,
        format=wanted.format,
        to_kind=wanted.to,
        to_staff_id=_recipient(wanted, who),
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("reports.set_up", by=by, case_id=row.case_id, schedule=row.id)
    return row


def _recipient(wanted: Wanted, who: Staff) -> int | None:
    if wanted.every in BEFORE and wanted.case_id is None:
        raise CannotBe(("man", ONE_MAN))
    if words := fault(wanted.every, wanted.number):
        raise CannotBe(("number", words))
    if wanted.to is To.UNIT:
        if not db.session.get_one(Organisation, who.organisation_id).mailbox:
            raise CannotBe(("to", NO_MAILBOX))
        return None
    if wanted.to is To.MYSELF:
        return who.id
    there = {one.id for one in officers_in(who.organisation_id)}
    if wanted.to is not To.COLLEAGUE or wanted.colleague_id not in there:
        raise CannotBe(("colleague", NOBODY))
    return wanted.colleague_id


def pause(*, ref: uuid.UUID, by: int) -> None:
    """Make it no more until it goes on; a repeat changes nothing.

    Raises:
        NotFound: none of `by`'s.
        Refused: it has ended.
    """
    row = _own(ref, by)
    if row.paused_at is None:
        row.paused_at, row.problem = clock.now(), ""
        audit.record("reports.set_up_paused", by=by, case_id=row.case_id, schedule=row.id)


def go_on(*, ref: uuid.UUID, by: int) -> None:
    """Make it again; what fell due meanwhile is made once. A repeat changes nothing.

    Raises:
        NotFound: none of `by`'s.
        Refused: it has ended.
    """
    row = _own(ref, by)
    if row.paused_at is not None:
        row.paused_at, row.problem = None, ""
        _seen_to(row, by)
        audit.record("reports.set_up_goes_on", by=by, case_id=row.case_id, schedule=row.id)


def end(*, ref: uuid.UUID, by: int) -> None:
    """Make it no more.

    Raises:
        NotFound: none of `by`'s.
        Refused: it has ended.
    """
    row = _own(ref, by)
    finish(row, Ended.BY_HAND, by=by)


def finish(row: ComplianceSchedule, why: Ended, *, by: int | None) -> None:
    """End it, by somebody or by the program."""
    must_be_writing()
    row.ended_at, row.ended = clock.now(), why
    _seen_to(row, by)
    audit.record("reports.set_up_ended", by=by, case_id=row.case_id, schedule=row.id)


def locked(schedule_id: int) -> ComplianceSchedule:
    """A row as it stands, locked until commit."""
    must_be_writing()
    return db.session.get_one(
        ComplianceSchedule, schedule_id, with_for_update=True, populate_existing=True
    )


def _own(ref: uuid.UUID, by: int) -> ComplianceSchedule:
    must_be_writing()
    query = select(ComplianceSchedule).where(
        ComplianceSchedule.ref == ref, ComplianceSchedule.by_id == by
    )
    row = db.session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    if row.ended_at is not None:
        raise Refused(OVER)
    return row


def _seen_to(row: ComplianceSchedule, by: int | None) -> None:
    query = select(Task).where(
        Task.kind == TaskKind.RELEASED_REPORT,
        Task.subject_ref == str(row.ref),
        Task.state == TaskState.OPEN,
    )
    for task in db.session.scalars(query).all():
        tasks.finish(task, by=by)
