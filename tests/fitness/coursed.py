"""A pathway of the trust, and a man's course made from it."""

from typing import Any

from sqlalchemy import select

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.courses import pathway_service
from sessions.courses.kinds import CourseChangeKind
from sessions.courses.models import Course, CourseChange, CourseSession, Pathway
from tests.sessions.courses.makers import pathway_of, twelve


def pathway(organisation_id: int, by: int) -> str:
    """A pathway in use, with a draft of its next revision; its reference."""
    made = pathway_of(organisation_id, by)
    with writing():
        row = db.session.get_one(Pathway, made.id)
        pathway_service.begin_draft(pathway_id=row.id, version=row.version, by=by)
        ref = str(row.ref)
    return ref


def coursed(case_id: int, organisation_id: int, by: int) -> dict[str, Any]:
    """Hang a course with a session and a change on a case; the reference of the session."""
    found = db.session.scalars(select(Pathway).where(Pathway.name == "For the records")).first()
    if found is None:
        found = pathway_service.make_pathway(
            organisation_id=organisation_id,
            name="For the records",
            about="",
            sessions=twelve()[:2],
            by=by,
        )
        pathway_service.put_into_use(pathway_id=found.id, why="First", version=1, by=by)
    course = Course(
        case_id=case_id,
        organisation_id=organisation_id,
        pathway_id=found.id,
        pathway_revision=1,
        therapist_id=by,
        by_id=by,
    )
    db.session.add(course)
    db.session.flush()
    said = {"purpose": "To look at thoughts.", "therapy": "cbt", "minutes": 60}
    gaps = {"least_gap": 7, "ideal_gap": 7, "most_gap": 14}
    rows = [
        CourseSession(course_id=course.id, position=number, name=f"Part {number}", **said, **gaps)
        for number in (1, 2, 3)
    ]
    rows[2].skipped_at, rows[2].skipped_by = clock.now(), by
    db.session.add_all(rows)
    db.session.flush()
    db.session.add(
        CourseChange(
            course_id=course.id,
            course_session_id=rows[0].id,
            kind=CourseChangeKind.CHANGED,
            reason="Said",
            before={"purpose": "What it was before"},
            by_id=by,
        )
    )
    db.session.flush()
    return {"session_ref": rows[0].ref}
