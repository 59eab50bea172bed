"""A course follows its case, and the task to make one follows the sentence."""

from datetime import date

import pytest
from flask import Flask

from mhtr.cases import away_service
from mhtr.cases import service as cases
from mhtr.cases.facts import Away, FactKind
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.orders import away_news, ending_service, order_tasks
from mhtr.orders.contact_service import name_contact
from mhtr.orders.endings import HowEnded
from mhtr.suitability.court_result import Correction, Result
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from sessions.courses import course_tasks, queries, service
from sessions.courses.kinds import CourseChangeKind, CourseEnd
from sessions.courses.models import Course
from tests.orders.makers import MADE, Sentenced, order_of, says, sentenced
from tests.orders.recording import ended
from tests.orders.test_contacts import signs_in
from tests.sessions.availability.makers import make_clinician
from tests.sessions.courses.makers import course_of
from tests.suitability.requesting import told


def waits(world: Sentenced) -> bool:
    return bool(tasks.open_tasks(world.case.id, TaskKind.MAKE_COURSE))


def test_the_sentence_asks_for_a_course_by_the_first_session(either_app: Flask) -> None:
    world = sentenced()
    (task,) = tasks.open_tasks(world.case.id, TaskKind.MAKE_COURSE)
    assert task.owner_staff_id == world.assessor.id
    # Ten working days after the sentence of the 16th.
    assert task.due_at.astimezone(clock.LONDON).date() == date(2026, 11, 30)
    course_of(world)
    assert not waits(world)


def test_the_task_is_withdrawn_with_the_sentence(app: Flask) -> None:
    world = sentenced()
    says(
        world.case.id,
        world.assessor.id,
        result=Result.OTHER,
        sentenced_on=MADE,
        correction=Correction.WRONG_ANSWER,
    )
    assert not waits(world)


def test_the_course_ends_with_its_case_and_goes_on_with_it(either_app: Flask) -> None:
    world = sentenced()
    order = order_of(world)
    course_id = course_of(world).id
    order_id, by = order.id, world.office.id
    with writing():
        ending_service.end_order(
            order_id=order_id,
            how=HowEnded.REVOKED,
            on=clock.today(),
            version=order.version,
            by=by,
        )
    course = db.session.get_one(Course, course_id)
    assert (course.ended_how, course.ended_by) == (CourseEnd.CASE, by)
    version = db.session.get_one(type(order), order_id).version
    with writing():
        ending_service.take_back(order_id=order_id, version=version, by=by)
    assert queries.open_course(world.case.id) is not None
    kinds = [row.kind for row in queries.changes_of(course_id)]
    assert kinds[:2] == [CourseChangeKind.REOPENED, CourseChangeKind.ENDED]


def test_his_therapist_hears_what_whoever_has_the_case_hears(either_app: Flask) -> None:
    world = sentenced()
    order = order_of(world)
    ada = make_clinician(world.assessor.organisation, name="Ada Mensah")
    case_id, by = world.case.id, world.office.id
    course_of(world, therapist_id=ada.id)
    with writing():
        away_service.record_away(
            case_id=case_id, where=Away.HOSPITAL, since=clock.today(), seen=0, by=by
        )
    name_him(world)
    ended(world, order.id, HowEnded.REVOKED)
    for staff in (world.assessor, ada):
        heard = told(staff)
        for text in (away_news.AWAY, order_tasks.CONTACT, order_tasks.ENDED):
            assert heard.count(text) == 1, (staff.name, text)


def test_a_therapist_whose_course_was_ended_by_hand_hears_no_more(app: Flask) -> None:
    world = sentenced()
    ada = make_clinician(world.assessor.organisation, name="Ada Mensah")
    course = course_of(world, therapist_id=ada.id)
    course_id, version, by = course.id, course.version, world.office.id
    with writing():
        service.end_course(
            course_id=course_id, how=CourseEnd.DONE, reason="", version=version, by=by
        )
    name_him(world)
    assert order_tasks.CONTACT in told(world.assessor)
    assert order_tasks.CONTACT not in told(ada)


def name_him(world: Sentenced) -> None:
    case_id, by, said = world.case.id, world.office.id, signs_in(world.officer)
    with writing():
        name_contact(case_id=case_id, said=said, seen=0, by=by)


def test_a_course_that_somebody_ended_stays_ended(app: Flask) -> None:
    world = sentenced()
    course = course_of(world)
    course_id, version, by, case_id = course.id, course.version, world.assessor.id, world.case.id
    with writing():
        service.end_course(
            course_id=course_id, how=CourseEnd.EARLY, reason="x", version=version, by=by
        )
    with writing():
        case = cases.lock(case_id)
        cases.add_fact(case, FactKind.TREATMENT_ENDED, by=by, detail={"planned": False})
    fact = cases.facts_of(case_id)[-1]
    with writing():
        cases.add_fact(cases.lock(case_id), FactKind.CORRECTED, by=by, detail={"fact_id": fact.id})
    assert queries.open_course(case_id) is None
    assert not waits(world), "a course was made once: nothing is asked for by itself"


def test_no_course_is_opened_again_after_the_case_has_ended(app: Flask) -> None:
    world = sentenced()
    course_id, by, case_id = course_of(world).id, world.assessor.id, world.case.id
    with writing():
        case = cases.lock(case_id)
        cases.add_fact(case, FactKind.TREATMENT_ENDED, by=by, detail={"planned": True})
    version = db.session.get_one(Course, course_id).version
    with pytest.raises(Refused, match="case under the order has ended"), writing():
        service.reopen_course(course_id=course_id, reason="x", version=version, by=by)


def test_the_job_opens_what_is_missing_once(app: Flask) -> None:
    world = sentenced()
    with writing():
        for task in tasks.open_tasks(world.case.id, TaskKind.MAKE_COURSE):
            db.session.delete(task)
    with writing():
        assert course_tasks.open_course_tasks(clock.now()) == 1
    with writing():
        assert course_tasks.open_course_tasks(clock.now()) == 0
    assert waits(world)
