"""The sessions at which men of the stories were measured: booked, held and noted, written at once.

Their stories tell what was measured and what became of it. What a clinician records beside it at
every session is written here, so that course, order, attendance and measures agree.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from mhtr.accounts.leads import leads_of
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.attendance import Happened, Told
from mhtr.compliance.models import Attendance
from mhtr.core.clock import LONDON
from mhtr.core.database import db
from mhtr.demo.simulation import at, working_day
from mhtr.demo.trail import Trail
from mhtr.demo.year import phrases
from mhtr.demo.year.board import Board
from mhtr.demo.year.person import Held, Person, ends
from mhtr.demo.year.programme import author_of, settle
from mhtr.demo.year.rows import Row, Rows
from mhtr.demo.year.writer import Writer
from mhtr.orders.queries import contact_of
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from outcome_measures.sessions_on_record import numbered_sessions
from sessions.availability.shapes import Span
from sessions.booking.shapes import Place
from sessions.courses.models import Course, CourseSession
from sessions.courses.queries import sessions_of
from sessions.therapies import SessionMode

SEED = 23
BEGINS = (time(10), time(9), time(12), time(13), time(14), time(15), time(16))
FIRST_HOUR, LAST_HOUR = 8, 19
"""Of the day, for a session by telephone where no room could be had."""
BOOKED_BEFORE = 5
"""Working days before the first of them."""


def add(now: datetime, trail: Trail) -> None:
    """Add the sessions, inside a write transaction."""
    rows = Rows(Random(SEED), 0)  # noqa: S311  (fiction needs no secrecy)
    told, boards = [], dict[int, Board]()
    for course in _measured():
        trust = course.organisation_id
        if trust not in boards:
            today = now.astimezone(LONDON).date()
            boards[trust] = Board(trust, today - timedelta(weeks=26), today)
        told.append(_sessions(rows, course, boards[trust], now))
    rows.write()
    settle(rows, told)
    rows.write()
    trail.entries += rows.audit


def _measured() -> Sequence[Course]:
    """Courses of men who were measured at sessions that nobody booked."""
    there = select(Attendance.case_id)
    query = select(Course).where(Course.ended_at.is_(None), Course.case_id.not_in(there))
    found = db.session.scalars(query.order_by(Course.id)).all()
    held = numbered_sessions([course.case_id for course in found])
    return [course for course in found if held[course.case_id]]


def _sessions(rows: Rows, course: Course, board: Board, now: datetime) -> Writer:
    man = _person(course, board)
    days = [one.day for one in numbered_sessions([course.case_id])[course.case_id]]
    writer, asked = Writer(rows, man), []
    for day, part in zip(days, man.parts, strict=False):
        where = _free(board, man, day, part)
        board.take(where)
        asked.append((part, where))
    booked_at = at(working_day(days[0], -BOOKED_BEFORE), 16)
    booked = writer.book(booked_at, asked)
    writer.tell(booked_at, booked)
    for held in booked:
        if ends(held) <= now:
            _held(writer, held, now)
    return writer


def _free(board: Board, man: Person, day: Any, part: Row) -> Place:
    for begins in BEGINS:
        found = board.free(man.by, day, begins, part["minutes"])
        if found is not None:
            return found
    for quarter in range(FIRST_HOUR * 4, LAST_HOUR * 4):
        starts = at(day, quarter // 4, quarter % 4 * 15)
        span = Span(starts, starts + timedelta(minutes=part["minutes"]))
        where = Place(man.by, SessionMode.TELEPHONE, span)
        if not board.is_taken(where):
            return where
    raise ValueError(f"no time is free on {day}")


def _held(writer: Writer, held: Held, now: datetime) -> None:
    writer.record(ends(held), held, Told(Happened.SEEN))
    noted = ends(held) + timedelta(minutes=25)
    if noted > now:
        return
    chance = writer.rows.chance
    writer.note(noted, held, phrases.note(held.part["therapy"], chance))
    signed = at(working_day(noted.date(), 1 + chance.randrange(4)), 15)
    if signed <= now and not writer.man.registered:
        writer.sign(signed, held)


def _person(course: Course, board: Board) -> Person:
    case = db.session.get_one(Case, course.case_id)
    staff = db.session.get_one(Staff, course.therapist_id)
    contact, officer = contact_of(case.id), None
    if contact is not None and contact.staff_id is not None:
        officer = (contact.staff_id, db.session.get_one(Staff, contact.staff_id).principal_id)
    author = author_of(case)
    columns = [column.name for column in CourseSession.__table__.columns]
    return Person(
        case_id=case.id,
        case_ref=case.ref,
        person_id=case.person_id,
        like=case,
        course_id=course.id,
        organisation_id=course.organisation_id,
        by=staff.id,
        parts=[{name: getattr(one, name) for name in columns} for one in sessions_of(course.id)],
        principal=staff.principal_id,
        lead=next(one for one in leads_of(staff.organisation_id) if one[0] != staff.id),
        registered=staff.hcpc_number is not None,
        officer=officer,
        author=author[:2] if author else None,
        registration=author[2] if author else "",
        buffer=board.clinicians[staff.id].buffer_minutes,
        within=(board.first, board.last),
        version=course.version,
        inductions=tuple(task.id for task in tasks.open_tasks(case.id, TaskKind.INDUCTION)),
        begun=case.state.value not in ("sentenced_with_mhtr", "induction"),
    )
