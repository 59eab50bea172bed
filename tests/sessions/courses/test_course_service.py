"""Making a course and changing it: on both engines."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from outcome_measures.counting import planned_of
from sessions.courses import queries, service, session_service
from sessions.courses.kinds import Priority, ReviewPoint
from sessions.courses.models import Course, Pathway
from tests.makers import make_organisation, make_staff
from tests.orders.makers import sentenced
from tests.sessions.courses.makers import course_of, pathway_of


def test_a_course_is_made_from_a_pathway(either_app: Flask) -> None:
    world = sentenced()
    course = course_of(world)
    assert queries.open_course(world.case.id) is course
    rows = queries.sessions_of(course.id)
    assert [row.position for row in rows] == list(range(1, 13))
    assert [row.name for row in rows][:2] == ["Session 1", "Session 2"]
    assert [row.position for row in rows if row.review is ReviewPoint.MIDDLE] == [6]
    assert all(row.required for row in rows)
    (change,) = queries.changes_of(course.id)
    assert (change.kind, change.by_id) == ("made", world.assessor.id)


def test_what_is_planned_is_his_course_once_he_has_one(either_app: Flask) -> None:
    world = sentenced()
    case_id, by = world.case.id, world.assessor.id
    proposed = planned_of([case_id]).get(case_id)
    assert proposed != 12
    course = course_of(world)
    assert planned_of([case_id]) == {case_id: 12}
    last = queries.sessions_of(course.id)[-1]
    with writing():
        session_service.skip(
            course_id=course.id,
            session_id=last.id,
            reason="Not needed",
            version=course.version,
            by=by,
        )
    assert planned_of([case_id]) == {case_id: 11}


def test_no_second_open_course(either_app: Flask) -> None:
    world = sentenced()
    course = course_of(world)
    pathway = db.session.get_one(Pathway, course.pathway_id)
    with pytest.raises(Refused, match="has a course already"):
        course_of(world, pathway)


def test_the_database_refuses_a_second_open_course(either_app: Flask) -> None:
    world = sentenced()
    first = course_of(world)
    said = {
        name: getattr(first, name)
        for name in ("case_id", "organisation_id", "pathway_id", "pathway_revision", "by_id")
    }
    with pytest.raises(IntegrityError), writing():
        db.session.add(Course(**said))


def test_no_course_before_the_sentence(app: Flask) -> None:
    world = sentenced(None)
    with pytest.raises(Refused, match="result first"):
        course_of(world)


def test_another_trusts_pathway_is_refused(app: Flask) -> None:
    world = sentenced()
    elsewhere = make_staff(Role.CLINICAL_LEAD, organisation=make_organisation(name="Elsewhere"))
    pathway = pathway_of(elsewhere.organisation_id, elsewhere.id)
    with pytest.raises(Refused, match="trust that treats him"):
        course_of(world, pathway)


def test_whoever_is_no_clinician_of_the_trust_cannot_be_his_therapist(app: Flask) -> None:
    world = sentenced()
    pathway = pathway_of(world.lead.organisation_id, world.lead.id)
    case_id, pathway_id, by, office = (
        world.case.id,
        pathway.id,
        world.assessor.id,
        world.office.id,
    )
    with pytest.raises(Refused, match="clinician of the trust"), writing():
        service.make_course(
            case_id=case_id,
            pathway_id=pathway_id,
            therapist_id=office,
            priority=Priority.SOON,
            by=by,
        )
