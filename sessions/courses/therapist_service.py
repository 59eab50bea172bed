"""Who sees a man in his course: simple before his first session, and fixed after it.

`sessions.therapists` proposes a change then, and calls `give_therapist` once everybody agreed.
"""

from mhtr.cases import service as cases
from mhtr.core import audit
from mhtr.core.errors import Refused
from sessions.courses import listeners, queries
from sessions.courses.kinds import CourseChangeKind
from sessions.courses.models import Course
from sessions.courses.service import SAME, SAY_WHY, check_therapist, locked, note

FIXED = (
    "His first session was held, so his therapist is fixed. Propose a change: it needs his "
    "therapist, a clinical lead and him."
)
PROPOSED = "A change of his therapist is proposed already. Withdraw that first."


def set_therapist(
    *, course_id: int, therapist_id: int | None, reason: str, version: int, by: int
) -> None:
    """Change who sees him. The practitioner named in the order does not change by it.

    Raises:
        Refused: his first session was held, or a change is proposed (see `sessions.therapists`);
            that clinician cannot see him, nothing changed, or no reason is given.
        Stale: somebody changed the course meanwhile.
    """
    course = locked(course_id, version)
    if therapist_id == course.therapist_id:
        raise Refused(SAME)
    if not reason.strip():
        raise Refused(SAY_WHY)
    if any(one.is_open for one in listeners.therapist_changes(course.id)):
        raise Refused(PROPOSED)
    if is_fixed(course):
        raise Refused(FIXED)
    check_therapist(cases.lock(course.case_id), course.organisation_id, therapist_id)
    give_therapist(course, therapist_id, reason=reason, by=by)


def is_fixed(course: Course) -> bool:
    """Whether his therapist is fixed: one is named, and a session of this course was held."""
    if course.therapist_id is None:
        return False
    return bool(listeners.took_place_of([row.id for row in queries.sessions_of(course.id)]))


def give_therapist(course: Course, therapist_id: int | None, *, reason: str, by: int) -> None:
    """Keep on a locked course who sees him from now on."""
    before = {"therapist_id": course.therapist_id}
    course.therapist_id = therapist_id
    note(course, CourseChangeKind.THERAPIST, reason=reason, before=before, by=by)
    audit.record("courses.therapist", by=by, case_id=course.case_id, course=course.id)
    listeners.tell_of_therapist(course.case_id, (*before.values(), therapist_id), by)
