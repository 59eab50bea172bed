"""His course on his case's page: the next session, how many were held, and who sees him."""

from dataclasses import dataclass

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.formats import clock_time, short_day
from mhtr.overview.links import page_href
from sessions.courses.listeners import therapist_changes
from sessions.courses.models import Course
from sessions.courses.queries import courses_of, sessions_of
from sessions.register.queries import Line, lines_of


@dataclass(frozen=True)
class CourseCard:
    """What a case's page says of a course, for those who may read it."""

    next: str
    """When the next session is; that none is booked; or that the course has ended."""
    held: int
    planned: int
    unrecorded: int
    """Sessions that began and of which nobody recorded what happened."""
    therapist: str
    waits: str
    """Whom a proposed change of therapist waits for; empty where none is open."""
    href: str


def course_card(viewer: Viewer, case: Case) -> CourseCard | None:
    """The last course of a case; None where it has none."""
    course = next(iter(courses_of(case.id)), None)
    if course is None:
        return None
    own = {row.id for row in sessions_of(course.id)}
    lines = [one for one in lines_of(case.id) if one.placed.place.course_session_id in own]
    now = clock.now()
    waits = (one.waits for one in therapist_changes(course.id) if one.is_open)
    return CourseCard(
        next=_next(course, lines),
        held=sum(one.happened in TOOK_PLACE for one in lines),
        planned=len(own),
        unrecorded=sum(one.is_booked and one.waits(now) for one in lines),
        therapist=_name(course.therapist_id),
        waits=next(waits, ""),
        href=page_href(viewer, "sessions.course", case.ref),
    )


def treating(case: Case) -> int | None:
    """Who sees him: the therapist of his course; before there is one, who assessed him."""
    course = next(iter(courses_of(case.id)), None)
    if course is not None and course.therapist_id is not None:
        return course.therapist_id
    return case.assessor_id


def _next(course: Course, lines: list[Line]) -> str:
    if course.ended_at is not None:
        return "The course has ended"
    now = clock.now()
    coming = (
        one.placed.session for one in lines if one.is_booked and one.placed.session.starts_at > now
    )
    first = next(coming, None)
    if first is None:
        return "No next session is booked"
    at = f"{short_day(first.starts_at)} at {clock_time(first.starts_at)}"
    other = first.clinician_id != course.therapist_id
    return f"{at}, with {_name(first.clinician_id)}" if other else at


def _name(staff_id: int | None) -> str:
    return db.session.get_one(Staff, staff_id).name if staff_id is not None else "Nobody yet"
