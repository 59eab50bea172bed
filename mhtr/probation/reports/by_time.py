"""Making the compliance reports that are set up, each once for its occasion.

A report is compiled before its write transaction; there the row is locked and asked again, and
release, log, message and the occasion are one change. So nothing is made twice, and what a killed
process had not finished is made by the next run.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import typst
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core import clock
from mhtr.core.access import SUPERVISES, Viewer
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.orders.court_dates import in_court_of
from mhtr.probation.people_queries import men_of
from mhtr.probation.reports import schedule_service, service
from mhtr.probation.reports.files import FORMATS
from mhtr.probation.reports.making import report_of
from mhtr.probation.reports.reading import men_among
from mhtr.probation.reports.release_kinds import Way
from mhtr.probation.reports.schedule_models import ComplianceSchedule, Ended
from mhtr.probation.reports.schedule_rules import Every, Rhythm, occasion
from mhtr.probation.reports.service import Compiled, Recipient
from mhtr.reviews.queries import next_of_each
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import TaskKind

PAGE = "probation.scheduled"
STOPPED = "A compliance report by time is made no more: you no longer have whom it is about."
LEFT = "A compliance report is made no more: who had set it up does not work here any more."
NO_FILE = "The file could not be made. If it happens again, tell whoever runs the program"
PAUSED = "A compliance report that you set up could not be made, and is paused: see to it"

log = logging.getLogger(__name__)


def make_due(now: datetime) -> int:
    """Make what is due, in transactions of its own; returns how many were made or stopped.

    One that fails keeps no other from being made: its error is raised when all were tried.
    """
    query = select(ComplianceSchedule.id).where(ComplianceSchedule.ended_at.is_(None))
    ids = db.session.scalars(query.order_by(ComplianceSchedule.id)).all()
    db.session.rollback()
    done, failed = 0, list[Exception]()
    for schedule_id in ids:
        try:
            done += _run(schedule_id, now.astimezone(clock.LONDON).date())
        except Exception as error:
            log.error("report by time %d was not made", schedule_id)
            failed.append(error)
        finally:
            db.session.rollback()
    if failed:
        raise failed[0]
    return done


def rhythm_of(row: ComplianceSchedule) -> Rhythm:
    """When it is made."""
    return Rhythm(row.every, row.number, row.created_at.astimezone(clock.LONDON).date())


def days_of(rows: Iterable[ComplianceSchedule], today: date) -> Mapping[int, date]:
    """By report, the day of his own before which it is made, where that is known."""
    each = [(row, row.case_id) for row in rows if row.case_id is not None]
    court = in_court_of({his for row, his in each if row.every is Every.COURT}, today)
    reviews = next_of_each({his for row, his in each if row.every is Every.REVIEW})
    found: dict[int, date] = {}
    for row, his in each:
        if row.every is Every.COURT and his in court:
            found[row.id] = court[his].on
        elif row.every is Every.REVIEW and his in reviews:
            on = reviews[his].to_come_on
            if on is not None and on >= today:
                found[row.id] = on
    return found


def _run(schedule_id: int, today: date) -> int:
    row = db.session.get_one(ComplianceSchedule, schedule_id)
    who = db.session.get_one(Staff, row.by_id)
    if who.disabled_at is not None or not {one.role for one in who.roles}.intersection(SUPERVISES):
        return _stop(schedule_id, Ended.LEFT)
    viewer = viewer_of(who)
    case_ids = _men(row, viewer)
    if not case_ids:
        return _stop(schedule_id, Ended.NOT_HIS)
    if row.paused_at is not None:
        return 0
    due = occasion(rhythm_of(row), today, days_of([row], today).get(row.id))
    if due is None or due == row.made_for:
        return 0
    one = row.case_id is not None
    report = report_of(viewer, case_ids, one=one)
    to, ending = Recipient(row.to_kind, staff_id=row.to_staff_id), row.format
    db.session.rollback()  # nothing is open while the file is compiled
    try:
        made = Compiled(report, case_ids, one, ending, FORMATS[ending][1](report))
    except typst.TypstError:
        return _pause(schedule_id, case_ids[0], NO_FILE)
    return _release(schedule_id, due, made, to)


def _men(row: ComplianceSchedule, viewer: Viewer) -> list[int]:
    """The man, or everybody for whom who set it up is named."""
    if row.case_id is not None:
        return [man.case_id for man in men_among(viewer, [row.case_id])]
    return [
        man.case_id
        for man in men_of(viewer)
        if man.officer is not None and man.officer.staff_id == viewer.staff_id
    ]


def _release(schedule_id: int, due: date, made: Compiled, to: Recipient) -> int:
    try:
        with writing():
            row = schedule_service.locked(schedule_id)
            if row.made_for == due or row.paused_at is not None or row.ended_at is not None:
                return 0
            left = service.release(compiled=made, to=to, by=row.by_id, way=Way.SCHEDULE)
            row.made_for, row.last_id = due, left.id
            return 1
    except CannotBe as problem:
        return _pause(schedule_id, made.case_ids[0], " ".join(problem.reasons))
    except (NotFound, Refused):
        return 0  # the facts changed while it was compiled: the next run makes it


def _pause(schedule_id: int, case_id: int, problem: str) -> int:
    """Nobody can get it as things are: who set it up sees to it."""
    with writing():
        row = schedule_service.locked(schedule_id)
        if row.paused_at is not None or row.ended_at is not None:
            return 0
        row.paused_at, row.problem = clock.now(), problem[:300]
        staff = db.session.get_one(Staff, row.by_id)
        tasks.open_task(
            TaskKind.RELEASED_REPORT,
            key=f"schedule:{row.ref}:{clock.now():%Y%m%d%H%M%S}",
            title=PAUSED,
            owner_principal_id=staff.principal_id,
            owner_staff_id=staff.id,
            due_at=end_of_day(working_calendar().add(clock.today(), 1)),
            by=None,
            case_id=case_id,
            endpoint=PAGE,
            subject_ref=row.ref,
        )
        return 1


def _stop(schedule_id: int, why: Ended) -> int:
    """End it, and say so to who set it up, or to the seniors of the unit where he left."""
    with writing():
        row = schedule_service.locked(schedule_id)
        if row.ended_at is not None:
            return 0
        schedule_service.finish(row, why, by=None)
        staff = db.session.get_one(Staff, row.by_id)
        seniors = staff.organisation.seniors_principal_id
        whom = staff.principal_id if why is Ended.NOT_HIS else seniors
        if whom is not None:
            text = STOPPED if why is Ended.NOT_HIS else LEFT
            tasks.tell(whom, key=f"schedule:{row.ref}", text=text, endpoint=PAGE)
        return 1
