"""Making a course for a man, and what concerns all of it: the only writer of courses.

`session_service` writes single sessions of it, `pathway_service` the templates.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.orders.service import check_state
from mhtr.suitability.result_owner import trust_of
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from sessions.courses import listeners, queries
from sessions.courses.kinds import CourseChangeKind, CourseEnd, Priority
from sessions.courses.models import Course, CourseChange, CourseSession, Pathway
from sessions.courses.rules import PARTS, Planned, planned_of

ONE_AT_A_TIME = "He has a course already. Change that one, or end it first."
NOT_OFFERED = "Select a pathway of the trust that treats him."
RETIRED = "This pathway is retired, or nothing of it is in use yet. Select another."
NO_THERAPIST = "Select a clinician of the trust who may see his case."
HAS_ENDED = "The course has ended. If that is wrong, open it again first."
NOT_ENDED = "The course has not ended."
SAY_WHY = "Say why."
SAME = "This is what is recorded already."


def make_course(
    *, case_id: int, pathway_id: int, therapist_id: int | None, priority: Priority, by: int
) -> Course:
    """Make a man's course from a pathway. From then on it is his own.

    Raises:
        Refused: he is under no order, has a course that is open, or the pathway or the therapist
            cannot be his.
    """
    must_be_writing()
    case = cases.lock(case_id)
    check_state(case)
    if queries.open_course(case_id) is not None:
        raise Refused(ONE_AT_A_TIME)
    trust = trust_of(case).id
    pathway = offered(pathway_id, trust)
    check_therapist(case, trust, therapist_id)
    course = Course(
        case_id=case_id,
        organisation_id=trust,
        pathway_id=pathway.id,
        pathway_revision=pathway.revision,
        therapist_id=therapist_id,
        priority=priority,
        by_id=by,
    )
    db.session.add(course)
    db.session.flush()
    rows = queries.pathway_sessions(pathway.id, pathway.revision)
    append(course, [planned_of(row) for row in rows], start=1)
    note(course, CourseChangeKind.MADE, by=by)
    tasks.settle(case_id, TaskKind.MAKE_COURSE, by=by)
    audit.record("courses.made", by=by, case_id=case_id, course=course.id, pathway=pathway.id)
    return course


def end_course(*, course_id: int, how: CourseEnd, reason: str, version: int, by: int) -> None:
    """Record that a course has ended: everything took place, or it ends early.

    Raises:
        Refused: it has ended, no reason is given for an early end, or sessions are still booked.
        Stale: somebody changed the course meanwhile.
    """
    course = locked(course_id, version)
    if how is CourseEnd.CASE:
        raise Refused("Say how the course ended.")
    if how is CourseEnd.EARLY and not reason.strip():
        raise Refused(SAY_WHY)
    left = [row.id for row in queries.sessions_of(course.id)]
    if booked := listeners.booked_of(left):
        raise Refused(*_still(booked))
    finish(course, how, reason=reason, by=by)


def finish(course: Course, how: CourseEnd, *, reason: str = "", by: int | None) -> None:
    """End a course whose case is locked."""
    course.ended_at, course.ended_how, course.ended_by = clock.now(), how, by
    note(course, CourseChangeKind.ENDED, reason=reason, by=by)
    audit.record("courses.ended", by=by, case_id=course.case_id, course=course.id, how=how.value)
    for listener in listeners.ended:
        listener(course, by)
    listeners.tell_of_therapist(course.case_id, (course.therapist_id,), by)


def reopen_course(*, course_id: int, reason: str, version: int, by: int) -> None:
    """The course goes on after all.

    Raises:
        Refused: it has not ended, he is under no order, has another course, or no reason is given.
        Stale: somebody changed the course meanwhile.
    """
    course = read_locked(course_id, version)
    if course.ended_at is None:
        raise Refused(NOT_ENDED)
    check_state(cases.lock(course.case_id))
    if queries.open_course(course.case_id) is not None:
        raise Refused(ONE_AT_A_TIME)
    if not reason.strip():
        raise Refused(SAY_WHY)
    go_on(course, reason=reason, by=by)


def go_on(course: Course, *, reason: str = "", by: int | None) -> None:
    """Open a course again whose case is locked."""
    before = {"ended_how": course.ended_how.value if course.ended_how else None}
    course.ended_at = course.ended_how = course.ended_by = None
    note(course, CourseChangeKind.REOPENED, reason=reason, before=before, by=by)
    audit.record("courses.reopened", by=by, case_id=course.case_id, course=course.id)
    listeners.tell_of_therapist(course.case_id, (course.therapist_id,), by)


def set_priority(*, course_id: int, priority: Priority, reason: str, version: int, by: int) -> None:
    """Say how soon he is to be seen. A clinician decides it; nothing computes it.

    Raises:
        Refused: nothing changed, or no reason is given.
        Stale: somebody changed the course meanwhile.
    """
    course = locked(course_id, version)
    if priority is course.priority:
        raise Refused(SAME)
    if not reason.strip():
        raise Refused(SAY_WHY)
    before = {"priority": course.priority.value}
    course.priority = priority
    note(course, CourseChangeKind.PRIORITY, reason=reason, before=before, by=by)
    audit.record("courses.priority", by=by, case_id=course.case_id, course=course.id)


def change_pathway(*, course_id: int, pathway_id: int, reason: str, version: int, by: int) -> None:
    """Put another pathway's sessions in the place of those to come; held ones stay.

    Raises:
        Refused: sessions to come are booked, the pathway cannot be his, or no reason is given.
        Stale: somebody changed the course meanwhile.
    """
    course = locked(course_id, version)
    if not reason.strip():
        raise Refused(SAY_WHY)
    pathway = offered(pathway_id, course.organisation_id)
    rows = queries.sessions_of(course.id, skipped=True)
    held = listeners.held_of([row.id for row in rows])
    left = [row for row in rows if row.id not in held]
    if booked := listeners.booked_of([row.id for row in left]):
        raise Refused(*_still(booked))
    for row in left:
        if row.skipped_at is None:
            row.skipped_at, row.skipped_by = clock.now(), by
        row.replaced = True
    before = {
        "pathway_id": course.pathway_id,
        "pathway_revision": course.pathway_revision,
        "replaced": [row.id for row in left],
    }
    course.pathway_id, course.pathway_revision = pathway.id, pathway.revision
    last = len(queries.sessions_of(course.id, skipped=True, replaced=True))
    made = queries.pathway_sessions(pathway.id, pathway.revision)
    append(course, [planned_of(row) for row in made], start=last + 1)
    note(course, CourseChangeKind.PATHWAY, reason=reason, before=before, by=by)
    audit.record(
        "courses.pathway", by=by, case_id=course.case_id, course=course.id, pathway=pathway.id
    )


def offered(pathway_id: int, organisation_id: int) -> Pathway:
    """A pathway of this trust from which a course can be made.

    Raises:
        Refused: it is another trust's, retired, or has no sessions in use.
    """
    pathway = db.session.get(Pathway, pathway_id)
    if pathway is None or pathway.organisation_id != organisation_id:
        raise Refused(NOT_OFFERED)
    if pathway.retired_at is not None or pathway.revision == 0:
        raise Refused(RETIRED)
    return pathway


def check_therapist(case: Case, organisation_id: int, therapist_id: int | None) -> None:
    """Refuse whoever is no clinician of the trust, or may not see the case.

    Raises:
        Refused: with the reason.
    """
    if therapist_id is None:
        return
    if all(one.id != therapist_id for one in queries.therapists_for(case, organisation_id)):
        raise Refused(NO_THERAPIST)


def read_locked(course_id: int, version: int) -> Course:
    """A course whose case is locked, as somebody read it.

    Raises:
        Stale: it was changed since.
    """
    must_be_writing()
    course = db.session.get_one(Course, course_id)
    cases.lock(course.case_id)
    db.session.flush()
    db.session.refresh(course)
    if course.version != version:
        raise Stale(course)
    return course


def locked(course_id: int, version: int) -> Course:
    """As `read_locked`, of a course that is open.

    Raises:
        Refused: it has ended.
        Stale: it was changed since.
    """
    course = read_locked(course_id, version)
    if course.ended_at is not None:
        raise Refused(HAS_ENDED)
    return course


def append(course: Course, sessions: Sequence[Planned], *, start: int) -> list[CourseSession]:
    """Add sessions at the end of a course, from this position on."""
    rows = [
        CourseSession(
            course_id=course.id,
            position=position,
            **{part: getattr(one, part) for part in PARTS},
        )
        for position, one in enumerate(sessions, start)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def _still(booked: Mapping[int, str]) -> tuple[str, ...]:
    named = {row.id: row.name for row in map(_session, booked)}
    said = tuple(f"{named[key]} is {words}." for key, words in booked.items())
    return ("Sessions of this course are booked. Cancel the bookings first.", *said)


def _session(session_id: int) -> CourseSession:
    return db.session.get_one(CourseSession, session_id)


def note(
    course: Course,
    kind: CourseChangeKind,
    *,
    by: int | None,
    of: CourseSession | None = None,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
) -> None:
    """Keep a change in the history of a course, and count it."""
    row = CourseChange(
        course_id=course.id,
        course_session_id=of.id if of is not None else None,
        kind=kind,
        reason=reason.strip() or None,
        before=dict(before) if before else None,
        by_id=by,
    )
    db.session.add(row)
    if kind is not CourseChangeKind.MADE:
        course.version += 1
    db.session.flush()
    for listener in listeners.changed:
        listener(course, kind, by)
