"""When reviews are due follows the course and the requirement, and so do the tasks around them.

The only writer of the day on which one is due, and of its tasks.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.compliance import listeners as attendance
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import held_days
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.orders import listeners as orders
from mhtr.orders.models import Order, OrderPeriod, OrderTerms
from mhtr.reviews import queries, review_tasks
from mhtr.reviews.models import Review, ReviewMeeting
from mhtr.reviews.review_tasks import task_key
from mhtr.reviews.rules import (
    CourseSoFar,
    Due,
    MeetingState,
    Requirement,
    due,
    is_asked_for,
    opens,
)
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import Task, TaskKind
from sessions.courses import queries as courses
from sessions.courses.kinds import CourseEnd, ReviewPoint
from sessions.courses.models import Course

POINTS = (ReviewPoint.MIDDLE, ReviewPoint.END)
_BATCH = 200
_NEWEST = (
    select(func.max(OrderTerms.number))
    .where(OrderTerms.order_id == Order.id)
    .correlate(Order)
    .scalar_subquery()
)
_DAYS = (
    select(Order.case_id, func.min(OrderPeriod.starts_on), func.max(OrderPeriod.ends_on))
    .join(OrderTerms, OrderTerms.order_id == Order.id)
    .join(OrderPeriod, OrderPeriod.terms_id == OrderTerms.id)
    .where(
        Order.case_id.in_(bindparam("cases", expanding=True)),
        Order.ended_on.is_(None),
        OrderTerms.number == _NEWEST,
    )
    .group_by(Order.id, Order.case_id)
    .order_by(Order.case_id, Order.id)
)
_COURSES = (
    select(Course)
    .join(Case, Case.id == Course.case_id)
    .where(Case.state.in_(sorted(UNDER_ORDER)), Course.id > bindparam("after"))
    .order_by(Course.id)
    .limit(_BATCH)
)


@dataclass(frozen=True)
class Known:
    """What is to be on record of one review of a course."""

    course: Course
    point: ReviewPoint
    due: Due
    opens: bool


def look(_now: datetime) -> int:
    """Note when reviews are due, and ask for those that come near; returns how many changed.

    Runs inside the caller's write transaction; a second run changes nothing.
    """
    must_be_writing()
    changed, after = 0, 0
    while found := db.session.scalars(_COURSES, {"after": after}).all():
        after = found[-1].id
        changed += _look_at(found)
    return changed


def follow(case: Case, *, by: int | None) -> None:
    """Bring the reviews of a locked case, and their tasks, in line with what is on record."""
    must_be_writing()
    last = courses.courses_of(case.id)[:1] if case.state in UNDER_ORDER else []
    wanted = {(one.course.id, one.point): one for one in known(last)}
    for one in wanted.values():
        _note(one, by)
    for review in queries.reviews_of(case.id):
        found = wanted.get((review.course_id, review.point))
        opens_now = found.opens if found is not None else None
        review_tasks.follow(case, review, opens=opens_now, by=by)


def _look_at(found: Collection[Course]) -> int:
    changed = 0
    wanted = known(found)
    ids = {one.course.case_id for one in wanted}
    rows = {(row.course_id, row.point): row for row in _rows(ids)}
    asked = _asked({row.id for row in rows.values()})
    met = _met({row.id for row in rows.values()})
    for one in wanted:
        row = rows.get((one.course.id, one.point))
        same = row is not None and (row.due_on, row.due_why) == (one.due.on, one.due.why)
        waits = row is not None and row.id not in met and task_key(row) not in asked
        if not same or (one.opens and waits):
            follow(cases.lock(one.course.case_id), by=None)
            changed += 1
    return changed


def _rows(case_ids: Collection[int]) -> list[Review]:
    if not case_ids:
        return []
    return list(db.session.scalars(select(Review).where(Review.case_id.in_(case_ids))))


def _met(review_ids: Collection[int]) -> set[int]:
    """Those of which something is arranged or held: their tasks were followed with that."""
    query = select(ReviewMeeting.review_id).where(ReviewMeeting.review_id.in_(review_ids))
    return set(db.session.scalars(query)) if review_ids else set()


def _asked(review_ids: Collection[int]) -> set[str]:
    keys = [f"{TaskKind.REVIEW.value}:{one}" for one in review_ids]
    return set(db.session.scalars(select(Task.key).where(Task.key.in_(keys)))) if keys else set()


def known(found: Collection[Course]) -> list[Known]:
    """What is to be noted of each course; of a case with several, of the newest alone."""
    newest = {one.case_id: one for one in sorted(found, key=lambda one: one.id)}
    kept = [one for one in newest.values() if one.ended_how is not CourseEnd.CASE]
    ids = [one.case_id for one in kept]
    days: dict[int, Requirement] = {}
    if ids:
        for case_id, first, last in db.session.execute(_DAYS, {"cases": ids}):
            days.setdefault(case_id, Requirement(first, last))
    held, sessions = held_days(ids), courses.sessions_of_each([one.id for one in kept])
    made: list[Known] = []
    for one in kept:
        began = one.created_at.astimezone(clock.LONDON).date()
        so_far = CourseSoFar(
            reviews=[row.review for row in sessions[one.id] if row.required],
            held=sorted(day for day in held[one.case_id] if day >= began),
            ended_on=_day(one.ended_at),
        )
        for point in POINTS:
            on = due(point, so_far, days.get(one.case_id))
            if on is not None and is_asked_for(point, so_far):
                made.append(Known(one, point, on, opens(point, so_far, on, clock.today())))
    return made


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(clock.LONDON).date() if moment is not None else None


def _note(one: Known, by: int | None) -> None:
    query = select(Review).where(Review.course_id == one.course.id, Review.point == one.point)
    row = db.session.scalars(query).one_or_none()
    if row is None:
        row = Review(
            case_id=one.course.case_id,
            course_id=one.course.id,
            point=one.point,
            due_on=one.due.on,
            due_why=one.due.why,
        )
        db.session.add(row)
        db.session.flush()
        audit.record("reviews.due", by=by, case_id=row.case_id, review=row.id)
    elif (row.due_on, row.due_why) != (one.due.on, one.due.why):
        row.due_on, row.due_why = one.due.on, one.due.why
        audit.record("reviews.due_moved", by=by, case_id=row.case_id, review=row.id)
    task = tasks.with_key(task_key(row))
    if task is not None and task.due_at != end_of_day(row.due_on):
        tasks.move(task, due_at=end_of_day(row.due_on), by=by)


def _recorded(case: Case, row: Attendance, by: int) -> None:
    """What counts on a sheet may be other than it was when somebody signed it."""
    if row.required and any(_was_held(one) for one in queries.reviews_of(case.id)):
        follow(case, by=by)


def _was_held(row: Review) -> bool:
    meeting = queries.last_meeting(row.id)
    return meeting is not None and meeting.state is MeetingState.HELD


def _orders_changed(case_id: int, by: int | None) -> None:
    if queries.reviews_of(case_id):
        follow(cases.lock(case_id), by=by)


attendance.recorded.append(_recorded)
orders.orders_changed.append(_orders_changed)
