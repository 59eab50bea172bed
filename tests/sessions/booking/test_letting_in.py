"""Who may open a record because of what is booked, and what lies outside a requirement."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core import access, clock
from mhtr.core.access import Grant, Purpose
from mhtr.core.audit import AuditEvent
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.orders.models import Order
from mhtr.orders.terms import Change
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState
from sessions.booking import cancel_service, letting_in, move_service, seat_service, service
from sessions.booking.changes import Which
from sessions.booking.models import SessionPlace
from sessions.booking.move_service import Move
from sessions.booking.seat_service import Seat
from sessions.booking.service import Asked
from sessions.courses import therapist_service as courses
from tests.orders.makers import community, treatment
from tests.orders.recording import change
from tests.sessions.booking.makers import (
    ASKED,
    MONDAY,
    Clinic,
    at,
    clinic,
    session_of,
    weekly,
)
from tests.sessions.booking.test_groups import make

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
AFTER = timedelta(days=14)


@pytest.fixture
def scene(either_app: Flask) -> Clinic:
    """His trust as such may not open his record: another one referred him."""
    scene = clinic()
    case_id = scene.case.id
    with writing():
        access.end_grants(case_id, Purpose.CLINICAL, because="test", by=None)
    return scene


def with_ben(scene: Clinic, day: date = MONDAY, part: int | None = None) -> SessionPlace:
    where = replace(at(scene, day, 10), clinician_id=scene.ben.id, room_id=scene.other_room.id)
    case_id, by = scene.case.id, scene.by
    asked = Asked(where, scene.parts[part].id if part is not None else None)
    with writing():
        return service.book(case_id=case_id, asked=[asked], by=by)[0]


def live(scene: Clinic, staff: Staff) -> list[datetime | None]:
    """When each grant ends that he has because of a booking."""
    db.session.expire_all()
    query = select(Grant.ends_at).where(
        Grant.case_id == scene.case.id,
        Grant.principal_id == staff.principal_id,
        Grant.because == letting_in.BECAUSE,
        (Grant.ends_at.is_(None)) | (Grant.ends_at > clock.now()),
    )
    return list(db.session.scalars(query))


def cancel(scene: Clinic, place: SessionPlace, which: Which = Which.ONE) -> None:
    session, by = session_of(place), scene.by
    with writing():
        cancel_service.cancel(
            session_id=session.id, which=which, version=session.version, why=ASKED, by=by
        )


def test_whoever_sees_him_may_open_his_record_until_some_days_after(scene: Clinic) -> None:
    first = with_ben(scene)
    assert live(scene, scene.ben) == [session_of(first).ends_at + AFTER]
    second = with_ben(scene, MONDAY + 2 * WEEK)
    assert live(scene, scene.ben) == [session_of(second).ends_at + AFTER]
    cancel(scene, second)
    assert live(scene, scene.ben) == [session_of(first).ends_at + AFTER]
    cancel(scene, first)
    assert live(scene, scene.ben) == []
    verbs = db.session.scalars(
        select(AuditEvent.action)
        .where(AuditEvent.action.startswith("access."))
        .order_by(AuditEvent.id)
    ).all()
    assert verbs[-3:] == ["access.granted", "access.limited", "access.ended"]


def test_his_therapist_may_until_somebody_else_is(scene: Clinic, set_clock: SetClock) -> None:
    places = weekly(scene, 2)
    assert live(scene, scene.ada) == [None]
    set_clock.moment = session_of(places[0]).ends_at + 4 * WEEK
    case_id, by = scene.case.id, scene.by
    with writing():
        cases.lock(case_id)
        courses.give_therapist(scene.course, None, reason="She left", by=by)
    assert live(scene, scene.ada) == []


def test_a_therapist_no_more_keeps_it_while_sessions_are_booked(scene: Clinic) -> None:
    places = weekly(scene, 2)
    course_id, version, by = scene.course.id, scene.course.version, scene.by
    with writing():
        courses.set_therapist(
            course_id=course_id, therapist_id=None, reason="She moves", version=version, by=by
        )
    assert live(scene, scene.ada) == [session_of(places[1]).ends_at + AFTER]


def test_a_move_to_somebody_else_takes_the_record_along(scene: Clinic) -> None:
    session, by = session_of(with_ben(scene)), scene.by
    where = at(scene, MONDAY, 14)
    with writing():
        move_service.move(moves=[Move(session.id, session.version, where)], why=ASKED, by=by)
    assert live(scene, scene.ben) == []
    assert live(scene, scene.ada) == [None]


def test_a_place_in_a_group_lets_its_leader_in_until_it_is_given_up(scene: Clinic) -> None:
    group, case_id, by = make(scene), scene.case.id, scene.by
    course_id, version = scene.course.id, scene.course.version
    with writing():
        courses.set_therapist(
            course_id=course_id, therapist_id=None, reason="She moves", version=version, by=by
        )
    seats = [Seat(one.id) for one in group[:2]]
    with writing():
        places = seat_service.join_group(case_id=case_id, seats=seats, by=by)
    assert live(scene, scene.ada) == [group[1].ends_at + AFTER]
    place_id = places[0].id
    with writing():
        seat_service.leave_group(place_id=place_id, which=Which.FOLLOWING, why=ASKED, by=by)
    assert live(scene, scene.ada) == []


def test_an_order_that_ends_takes_what_only_bookings_gave(scene: Clinic) -> None:
    weekly(scene, 3)
    with_ben(scene, MONDAY + DAY)
    by = scene.by
    with writing():
        cases.add_fact(cases.lock(scene.case.id), FactKind.ORDER_REVOKED, by=by)
    assert live(scene, scene.ada) == live(scene, scene.ben) == []


def test_whoever_may_open_it_with_his_trust_gets_nothing_of_his_own(either_app: Flask) -> None:
    scene = clinic()
    case_id, trust = scene.case.id, scene.ada.organisation.principal_id
    with writing():
        access.grant(case_id, Purpose.CLINICAL, trust, because="test", by=None)
    weekly(scene, 1)
    assert live(scene, scene.ada) == []


def waiting(scene: Clinic) -> list[Task]:
    db.session.expire_all()
    return tasks.open_tasks(scene.case.id, TaskKind.REBOOK)


def shorten(scene: Clinic, ends: date) -> None:
    order_id = db.session.scalars(select(Order.id).where(Order.case_id == scene.case.id)).one()
    said = replace(community(periods=(treatment(ends=ends),)), willing_on=date(2026, 11, 18))
    change(scene.people, order_id, said, Change.AMENDED)


def test_what_a_shorter_requirement_leaves_outside_is_a_task(scene: Clinic) -> None:
    places = weekly(scene, 4)
    assert waiting(scene) == []
    shorten(scene, MONDAY + WEEK + DAY)
    (task,) = waiting(scene)
    assert (task.owner_staff_id, task.endpoint) == (scene.by, "sessions.case_sessions")
    cancel(scene, places[3])
    assert len(waiting(scene)) == 1
    cancel(scene, places[2])
    assert waiting(scene) == []
    assert db.session.get_one(Task, task.id).state is TaskState.DONE


def test_a_requirement_that_is_long_again_asks_for_nothing(scene: Clinic) -> None:
    weekly(scene, 4)
    shorten(scene, MONDAY + WEEK + DAY)
    assert len(waiting(scene)) == 1
    shorten(scene, date(2027, 5, 15))
    assert waiting(scene) == []


def test_what_is_voluntary_may_lie_outside(scene: Clinic) -> None:
    with_ben(scene, MONDAY + 4 * WEEK + 14 * DAY)
    shorten(scene, MONDAY + WEEK + DAY)
    assert waiting(scene) == []
