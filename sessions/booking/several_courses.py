"""The courses of men who have had more than one, for measures, which count through them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, func, select

from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import COUNTS
from mhtr.core import clock
from mhtr.core.prepared import Prepared
from outcome_measures import listeners as measures
from outcome_measures.course_parts import CourseHeld
from outcome_measures.episodes import Held
from sessions.booking.models import SessionPlace
from sessions.courses.models import Course, CourseSession
from sessions.courses.queries import of_a_later_course

_CASES: Any = bindparam("cases", expanding=True)
_COURSES = Prepared(
    select(
        Course.id,
        Course.case_id,
        Course.created_at,
        func.count(CourseSession.id).label("planned"),
    )
    .outerjoin(
        CourseSession,
        (CourseSession.course_id == Course.id) & CourseSession.skipped_at.is_(None),
    )
    .where(Course.case_id.in_(_CASES))
    .group_by(Course.id)
    .order_by(Course.id)
)
_SEEN = Prepared(
    select(CourseSession.course_id, Attendance.on, Attendance.session_number)
    .join(SessionPlace, SessionPlace.ref == Attendance.subject)
    .join(CourseSession, CourseSession.id == SessionPlace.course_session_id)
    .where(
        Attendance.case_id.in_(_CASES),
        Attendance.happened.in_(sorted(TOOK_PLACE)),
        COUNTS,
    )
)


def several_courses(case_ids: Collection[int]) -> Mapping[int, tuple[CourseHeld, ...]]:
    """The courses of those of these cases that have had more than one, in their order."""
    wanted = of_a_later_course(case_ids)
    if not wanted:
        return {}
    seen: dict[int, list[Held]] = defaultdict(list)
    for course_id, on, number in _SEEN.all({"cases": wanted}):
        seen[course_id].append((on, number))
    found: dict[int, list[CourseHeld]] = defaultdict(list)
    for row in _COURSES.all({"cases": wanted}):
        made_on = row.created_at.astimezone(clock.LONDON).date()
        found[row.case_id].append(CourseHeld(made_on, row.planned, tuple(seen[row.id])))
    return {case_id: tuple(courses) for case_id, courses in found.items()}


measures.several_courses.append(several_courses)
