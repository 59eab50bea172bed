"""Planned sessions finish, or are found not to be: kept once, told the same day, and asked about.

Follows what is recorded elsewhere: attendance, the course, its orders. The only writer of it.
"""

from datetime import datetime

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.compliance import listeners as attendance
from mhtr.compliance.models import Attendance
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.ending import finish_telling, queries
from mhtr.ending.finish_rules import Why, still_runs
from mhtr.ending.models import SessionsFinished
from mhtr.ending.practitioners import author_of, standing_orders
from mhtr.orders import listeners as orders
from mhtr.orders.queries import OnRecord
from mhtr.suitability.concerned import Owner
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState
from sessions.courses import listeners as courses
from sessions.courses import queries as course_queries
from sessions.courses.kinds import CourseChangeKind, CourseEnd
from sessions.courses.models import Course

PAGE = "ending.treatment_end"
TITLE = "Say whether further treatment is required"
NOT_ASKED = "ending.not_asked"
ANSWER_WITHIN = 5
"""Working days; no legal limit was found."""
_TAKES_BACK = frozenset({CourseChangeKind.REOPENED, CourseChangeKind.BROUGHT_BACK})
"""They plan nothing new: an end, or a session left out, was not right."""


def follow(case: Case, why: Why, *, by: int | None) -> None:
    """Keep and tell that the planned sessions of a locked case are finished, or no longer.

    How and since when is part of it: another how or day is told, and asked about, anew. A repeat
    changes nothing. What ended with the case says nothing of its sessions.

    Args:
        why: what made them unfinished, if they are so now and were finished before.
    """
    must_be_writing()
    known = course_queries.courses_of(case.id)
    if not known or known[0].ended_how is CourseEnd.CASE:
        return
    now, rows = queries.finished_now(known[0]), queries.finished_rows(case.id)
    before = (rows[-1].how, rows[-1].on) if rows else (None, None)
    found = (now.how, now.on) if now else (None, None)
    if found == before:
        return
    row = SessionsFinished(
        case_id=case.id,
        course_id=known[0].id,
        number=len(rows) + 1,
        how=found[0],
        on=found[1],
        why=None if now else why,
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        "ending.sessions_finished" if now else "ending.sessions_unfinished",
        by=by,
        case_id=case.id,
        finished=row.id,
    )
    finish_telling.tell(case, row, again=before[0] is not None, by=by)
    follow_question(case, by=by)


def follow_question(case: Case, *, by: int | None) -> None:
    """Ask whoever reports on his treatment whether more is required, or ask no longer.

    It is asked once the planned sessions are finished and while the requirement runs, and goes to
    whoever directs his treatment now.
    """
    must_be_writing()
    row = queries.last_finished(case.id)
    found = standing_orders(case.id) if row is not None else []
    answered = row is not None and queries.answer_on(row) is not None
    wanted = row is not None and not answered and _is_asked(case, found)
    key = f"{TaskKind.FURTHER_TREATMENT.value}:{row.id}" if row is not None else ""
    for task in tasks.open_tasks(case.id, TaskKind.FURTHER_TREATMENT):
        if answered:
            tasks.finish(task, by=by)
        elif not wanted or task.key != key:
            tasks.withdraw(task, by=by, because=NOT_ASKED)
    if wanted:
        _ask(case, author_of(case, found), key, by)


def ask_no_longer(_now: datetime) -> int:
    """Withdraw the questions of men whose requirement has run out; returns how many.

    Runs inside the caller's write transaction; a second run changes nothing.
    """
    must_be_writing()
    query = select(Task.case_id).where(
        Task.kind == TaskKind.FURTHER_TREATMENT, Task.state == TaskState.OPEN
    )
    closed = 0
    for case_id in sorted({one for one in db.session.scalars(query) if one is not None}):
        before = len(tasks.open_tasks(case_id, TaskKind.FURTHER_TREATMENT))
        follow_question(cases.lock(case_id), by=None)
        closed += before - len(tasks.open_tasks(case_id, TaskKind.FURTHER_TREATMENT))
    return closed


def _is_asked(case: Case, found: list[OnRecord]) -> bool:
    last = [one.order.treatment_ends_on for one in found]
    return case.person.died_on is None and still_runs(last, clock.today())


def _ask(case: Case, owner: Owner, key: str, by: int | None) -> None:
    waiting = tasks.with_key(key)
    if waiting is not None:
        tasks.keep_with(waiting, owner.principal_id, owner.staff_id, by=by)
        return
    tasks.open_task(
        TaskKind.FURTHER_TREATMENT,
        key=key,
        title=TITLE,
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=end_of_day(working_calendar().add(clock.today(), ANSWER_WITHIN)),
        by=by,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=case.ref,
    )


def _recorded(case: Case, row: Attendance, by: int) -> None:
    if row.required:
        follow(case, Why.PUT_RIGHT, by=by)


def _changed(course: Course, kind: CourseChangeKind, by: int | None) -> None:
    why = Why.PUT_RIGHT if kind in _TAKES_BACK else Why.MORE_PLANNED
    follow(cases.lock(course.case_id), why, by=by)


def _orders_changed(case_id: int, by: int | None) -> None:
    if queries.last_finished(case_id) is not None:
        follow_question(cases.lock(case_id), by=by)


attendance.recorded.append(_recorded)
courses.changed.append(_changed)
orders.orders_changed.append(_orders_changed)
