"""A course follows its case, and a man who was sentenced gets one: what happens by itself.

A course ends with its case, and goes on when the case does. The task to make one is opened with
the sentence; `open_course_tasks` finds what slipped through.
"""

from datetime import date, datetime

from sqlalchemy import exists, select

from mhtr.accounts.models import Staff
from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.orders import induction_queries
from mhtr.orders import listeners as order_listeners
from mhtr.suitability.concerned import Owner, assessing
from mhtr.suitability.result_owner import answers_for, by_rota, trust_of
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import Task, TaskKind
from sessions.courses import queries, service
from sessions.courses.kinds import CourseEnd
from sessions.courses.models import Course

PAGE = "sessions.course"
TITLE = "Make his course of treatment"
NO_SENTENCE = "orders.no_sentence"
FOLLOWED = frozenset(
    {
        FactKind.SENTENCED_WITH_MHTR,
        FactKind.SENTENCED_WITHOUT_MHTR,
        FactKind.TREATMENT_ENDED,
        FactKind.ORDER_REVOKED,
        FactKind.CLOSED,
        FactKind.DECLINED_BY_SERVICE,
        FactKind.REOPENED,
        FactKind.CORRECTED,
    }
)
"""Facts that may bring a case under an order, or out of it."""


def follow_case(case: Case, *, by: int | None) -> None:
    """Bring the course of a locked case, and the task to make one, in line with its state."""
    must_be_writing()
    under = case.state in UNDER_ORDER
    known = queries.courses_of(case.id)
    last = known[0] if known else None
    if last is not None and not under and last.ended_at is None:
        service.finish(last, CourseEnd.CASE, by=by)
    elif last is not None and under and last.ended_how is CourseEnd.CASE:
        service.go_on(last, by=by)
    keep_task(case, by=by)


def keep_task(case: Case, *, by: int | None) -> None:
    """Open or settle the task to make a course, by whether the case needs one and has one."""
    made = bool(queries.courses_of(case.id))
    waiting = tasks.open_tasks(case.id, TaskKind.MAKE_COURSE)
    wanted = case.state in UNDER_ORDER and not made
    if wanted and not waiting:
        _open(case, by)
    elif not wanted:
        for task in waiting:
            if made:
                tasks.finish(task, by=by)
            else:
                tasks.withdraw(task, by=by, because=NO_SENTENCE)


def _open(case: Case, by: int | None) -> None:
    day = _due(case)
    owner = _owner(case, day)
    query = select(Task.id).where(Task.case_id == case.id, Task.kind == TaskKind.MAKE_COURSE)
    earlier = len(db.session.scalars(query).all())
    tasks.open_task(
        TaskKind.MAKE_COURSE,
        key=f"{TaskKind.MAKE_COURSE.value}:{case.id}:{earlier}",
        title=TITLE,
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=end_of_day(day),
        by=by,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=case.ref,
    )


def _due(case: Case) -> date:
    """By the day on which his first session is to take place; today where that has passed."""
    found = induction_queries.standing(case)
    return clock.today() if found is None else max(found.first_session_by, clock.today())


def _owner(case: Case, day: date) -> Owner:
    """His assessor, or who is at work that day; the trust's list where that is no clinician."""
    owner = assessing(case)
    if owner.staff_id is None:
        owner = answers_for(case, None) or by_rota(case, day)
    if owner.staff_id is not None:
        staff = db.session.get_one(Staff, owner.staff_id)
        if not CLINICAL_ROLES & {row.role for row in staff.roles}:
            return Owner(trust_of(case).principal_id, None)
    return owner


def open_course_tasks(_now: datetime) -> int:
    """Open the task of men under an order without a course; returns how many were opened.

    Runs inside the caller's write transaction; a second run changes nothing.
    """
    must_be_writing()
    waits = exists().where(
        Task.case_id == Case.id, Task.kind == TaskKind.MAKE_COURSE, Task.finished_at.is_(None)
    )
    has_one = exists().where(Course.case_id == Case.id)
    query = (
        select(Case.id)
        .where(Case.state.in_(sorted(UNDER_ORDER)), Case.paused.is_(False), ~waits, ~has_one)
        .order_by(Case.id)
    )
    found = db.session.scalars(query).all()
    for case_id in found:
        keep_task(cases.lock(case_id), by=None)
    return len(found)


def _follow_fact(case_id: int, kind: FactKind, by: int | None) -> None:
    if kind in FOLLOWED:
        follow_case(cases.lock(case_id), by=by)


def _therapists(case_id: int) -> list[int]:
    """His therapist, also where the course has ended with the case: he died, say."""
    last = next(iter(queries.courses_of(case_id)), None)
    if last is None or last.therapist_id is None:
        return []
    return [last.therapist_id] if last.ended_how in (None, CourseEnd.CASE) else []


listeners.fact_added.append(_follow_fact)
order_listeners.therapists.append(_therapists)
