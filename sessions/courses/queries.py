"""Reads of pathways and courses. A course is read through a case that the viewer may see."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.orm import aliased

import mhtr.suitability.planned_sessions  # noqa: F401  what it says was proposed is overruled here
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import once_a_page
from mhtr.suitability.result_owner import named_on
from mhtr.tasks.queries import excluded_staff
from mhtr.tasks.rota_queries import clinicians
from outcome_measures import listeners as measures
from sessions.courses.models import (
    Course,
    CourseChange,
    CourseSession,
    Pathway,
    PathwayRevision,
    PathwaySession,
)

_COURSES = select(Course).where(Course.case_id == bindparam("wanted")).order_by(Course.id.desc())
_SESSIONS = (
    select(CourseSession)
    .where(CourseSession.course_id == bindparam("wanted"))
    .order_by(CourseSession.position, CourseSession.id)
)
_OF_PATHWAY = (
    select(PathwaySession)
    .where(
        PathwaySession.pathway_id == bindparam("pathway"),
        PathwaySession.revision == bindparam("revision"),
    )
    .order_by(PathwaySession.position)
)
_OPEN = (
    select(Course)
    .where(Course.case_id.in_(bindparam("cases", expanding=True)), Course.ended_at.is_(None))
    .order_by(Course.id)
)
_NOT_SKIPPED = (
    select(CourseSession)
    .where(
        CourseSession.course_id.in_(bindparam("courses", expanding=True)),
        CourseSession.skipped_at.is_(None),
    )
    .order_by(CourseSession.position, CourseSession.id)
)

_EARLIER = aliased(Course)
_PLANNED = Prepared(
    select(
        Course.case_id,
        func.count(CourseSession.id).label("planned"),
        exists()
        .where(_EARLIER.case_id == Course.case_id, _EARLIER.id < Course.id)
        .label("is_later"),
    )
    .join(CourseSession, CourseSession.course_id == Course.id)
    .where(
        Course.id.in_(
            select(func.max(Course.id))
            .where(Course.case_id.in_(bindparam("cases", expanding=True)))
            .group_by(Course.case_id)
        ),
        CourseSession.skipped_at.is_(None),
    )
    .group_by(Course.id)
)


def pathways_of(organisation_id: int, *, retired: bool = False) -> list[Pathway]:
    """The pathways of a trust from which a course can be made, by name.

    Args:
        retired: also those that are retired, or of which nothing is in use yet.
    """
    query = select(Pathway).where(Pathway.organisation_id == organisation_id)
    if not retired:
        query = query.where(Pathway.retired_at.is_(None), Pathway.revision > 0)
    return list(db.session.scalars(query.order_by(Pathway.name, Pathway.id)))


def find_pathway(organisation_id: int, ref: uuid.UUID) -> Pathway:
    """A pathway of this trust.

    Raises:
        NotFound: there is none, or it is another trust's.
    """
    query = select(Pathway).where(Pathway.organisation_id == organisation_id, Pathway.ref == ref)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def pathway_sessions(pathway_id: int, revision: int) -> list[PathwaySession]:
    """The sessions of one revision of a pathway, in their order."""
    return list(db.session.scalars(_OF_PATHWAY, {"pathway": pathway_id, "revision": revision}))


def revisions_of(pathway_id: int) -> list[PathwayRevision]:
    """Every revision of a pathway, the newest first."""
    return list(
        db.session.scalars(
            select(PathwayRevision)
            .where(PathwayRevision.pathway_id == pathway_id)
            .order_by(PathwayRevision.revision.desc())
        )
    )


def courses_of(case_id: int) -> list[Course]:
    """Every course of a case, the newest first."""
    wanted = {"wanted": case_id}
    return list(
        once_a_page(("courses", case_id), lambda: db.session.scalars(_COURSES, wanted).all())
    )


def open_course(case_id: int) -> Course | None:
    """The course of a case that has not ended; None where there is none."""
    return next((course for course in courses_of(case_id) if course.ended_at is None), None)


def open_courses(case_ids: Collection[int]) -> list[Course]:
    """The courses of these cases that have not ended, one of each, with one question."""
    rows = db.session.scalars(_OPEN, {"cases": case_ids}) if case_ids else ()
    newest = {row.case_id: row for row in rows}
    return list(newest.values())


def sessions_of(
    course_id: int, *, skipped: bool = False, replaced: bool = False
) -> list[CourseSession]:
    """The sessions of a course in their order.

    Args:
        skipped: also those that were skipped.
        replaced: also those that another pathway took the place of.
    """
    wanted = {"wanted": course_id}
    rows = once_a_page(
        ("sessions of a course", course_id), lambda: db.session.scalars(_SESSIONS, wanted).all()
    )
    return [
        row for row in rows if row.skipped_at is None or (replaced if row.replaced else skipped)
    ]


def sessions_of_each(course_ids: Collection[int]) -> dict[int, list[CourseSession]]:
    """The sessions that were not skipped of several courses, with one question."""
    rows = db.session.scalars(_NOT_SKIPPED, {"courses": course_ids}) if course_ids else ()
    found: dict[int, list[CourseSession]] = {course_id: [] for course_id in course_ids}
    for row in rows:
        found[row.course_id].append(row)
    return found


def find_session(course: Course, ref: uuid.UUID) -> CourseSession:
    """A session of this course.

    Raises:
        NotFound: it has no such session.
    """
    for row in sessions_of(course.id, skipped=True, replaced=True):
        if row.ref == ref:
            return row
    raise NotFound


def changes_of(course_id: int) -> list[CourseChange]:
    """Everything that was done to a course, the newest first."""
    return list(
        db.session.scalars(
            select(CourseChange)
            .where(CourseChange.course_id == course_id)
            .order_by(CourseChange.id.desc())
        )
    )


def therapists_for(case: Case, organisation_id: int) -> Sequence[Staff]:
    """The clinicians of a trust who may see this case, by name."""
    key = ("therapists", case.id, organisation_id)
    return once_a_page(key, lambda: _therapists_for(case, organisation_id))


def _therapists_for(case: Case, organisation_id: int) -> Sequence[Staff]:
    now = clock.now()
    kept_out = excluded_staff(case.id, now)
    named = named_on(case.id, now) if case.restricted else None
    return [
        one
        for one in clinicians(organisation_id)
        if one.id not in kept_out and (named is None or one.id in named)
    ]


def planned_sessions(case_ids: Collection[int]) -> Mapping[int, int]:
    """How many sessions the last course of each case has; a case without a course is absent."""
    return {row.case_id: row.planned for row in _last_courses(case_ids)}


def of_a_later_course(case_ids: Collection[int]) -> list[int]:
    """Those of these cases whose last course is not their first."""
    return [row.case_id for row in _last_courses(case_ids) if row.is_later]


def _last_courses(case_ids: Collection[int]) -> Sequence[Any]:
    """The last course of each case with how many sessions it has; read once for a page."""
    wanted = tuple(sorted(case_ids))
    if not wanted:
        return ()
    return once_a_page(("last courses", wanted), lambda: _PLANNED.all({"cases": wanted}))


measures.planned_sessions.append(planned_sessions)


def treats(me: str) -> ColumnElement[bool]:
    """The condition that a member of staff is the therapist of the open course of a `Case`.

    Args:
        me: the place that holds who it is.
    """
    return exists().where(
        Course.case_id == Case.id,
        Course.therapist_id == bindparam(me),
        Course.ended_at.is_(None),
    )


measures.treats.append(treats)
