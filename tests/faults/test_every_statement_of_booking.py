"""Whatever statement of a larger change of bookings fails, it happened wholly or not at all."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core.transaction import writing
from sessions.booking import cancel_service, group_service, move_service, seat_service, service
from sessions.booking.changes import Which
from sessions.booking.closing import Why
from sessions.booking.group_service import Group
from sessions.booking.models import TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.seat_service import Seat
from sessions.booking.service import Asked
from sessions.booking.shapes import Place
from sessions.therapies import SessionMode, Side, Therapy
from tests.cases.test_death import record as record_death
from tests.counts import count
from tests.faults.every_statement import fail_at_each
from tests.faults.invariants import assert_sound
from tests.sessions.booking import makers
from tests.sessions.booking.makers import Clinic, assert_taken_is_what_is_booked

Step = Callable[[], object]
WEEK = timedelta(weeks=1)
TUESDAY = makers.MONDAY + timedelta(days=1)
ILL = Why(Side.SERVICE, "Ada is ill")


def whole_course_booked() -> Step:
    scene = makers.clinic()
    case_id, by = scene.case.id, scene.by
    asked = [
        Asked(makers.at(scene, TUESDAY + n * WEEK, 10), part.id)
        for n, part in enumerate(scene.parts)
    ]

    def step() -> None:
        with writing():
            service.book(case_id=case_id, asked=asked, by=by)

    return step


def _room(scene: Clinic, day: date) -> Place:
    span = makers.when(day, 14, minutes=90)
    return Place(scene.ada.id, SessionMode.IN_PERSON, span, scene.site.id, scene.other_room.id)


def _group(scene: Clinic) -> list[TreatmentSession]:
    """Three meetings."""
    makers.leads_groups(scene.ada)
    by, places = scene.by, [_room(scene, TUESDAY + n * WEEK) for n in range(3)]
    with writing():
        return group_service.make_group(
            group=Group("Skills", Therapy.SKILLS, 4), places=places, by=by
        )


def _joined(scene: Clinic, case_id: int, group: list[TreatmentSession]) -> int:
    by, seats = scene.by, [Seat(one.id) for one in group]
    with writing():
        return seat_service.join_group(case_id=case_id, seats=seats, by=by)[0].id


def group_made() -> Step:
    scene = makers.clinic()
    makers.leads_groups(scene.ada)
    by, places = scene.by, [_room(scene, TUESDAY + n * WEEK) for n in range(3)]

    def step() -> None:
        with writing():
            group_service.make_group(group=Group("Skills", Therapy.SKILLS, 4), places=places, by=by)

    return step


def series_joined() -> Step:
    scene = makers.clinic()
    case_id, group = scene.case.id, _group(scene)
    part = makers.add_group_part(scene).id
    by, seats = scene.by, [Seat(one.id, None if n else part) for n, one in enumerate(group)]

    def step() -> None:
        with writing():
            seat_service.join_group(case_id=case_id, seats=seats, by=by)

    return step


def series_left() -> Step:
    scene = makers.clinic()
    place_id, by = _joined(scene, scene.case.id, _group(scene)), scene.by

    def step() -> None:
        with writing():
            seat_service.leave_group(
                place_id=place_id, which=Which.FOLLOWING, why=makers.ASKED, by=by
            )

    return step


def group_moved() -> Step:
    scene = makers.clinic()
    group = _group(scene)
    for case_id in (scene.case.id, makers.another_man(scene).id):
        _joined(scene, case_id, group[:1])
    session, by = makers.session_of_id(group[0].id), scene.by
    move = Move(session.id, session.version, _room(scene, TUESDAY + timedelta(days=1)))

    def step() -> None:
        with writing():
            move_service.move(moves=[move], why=ILL, by=by)

    return step


def group_cancelled() -> Step:
    scene = makers.clinic()
    group = _group(scene)
    for case_id in (scene.case.id, makers.another_man(scene).id):
        _joined(scene, case_id, group)
    session, by = makers.session_of_id(group[0].id), scene.by
    session_id, version = session.id, session.version

    def step() -> None:
        with writing():
            cancel_service.cancel(
                session_id=session_id, which=Which.ALL, version=version, why=ILL, by=by
            )

    return step


def sessions_cancelled() -> Step:
    scene = makers.clinic()
    session = makers.session_of(makers.weekly(scene)[1])
    session_id, version, by = session.id, session.version, scene.by

    def step() -> None:
        with writing():
            cancel_service.cancel(
                session_id=session_id,
                which=Which.FOLLOWING,
                version=version,
                why=makers.ASKED,
                by=by,
            )

    return step


def order_revoked() -> Step:
    scene = makers.clinic()
    makers.weekly(scene, 2)
    case_id, by = scene.case.id, scene.by
    _joined(scene, case_id, _group(scene))

    def step() -> None:
        with writing():
            cases.add_fact(cases.lock(case_id), FactKind.ORDER_REVOKED, by=by)

    return step


def death_recorded() -> Step:
    scene = makers.clinic()
    makers.weekly(scene, 2)
    case, by = scene.case, scene.by
    return lambda: record_death(case, by, date(2026, 11, 17))


STEPS = (
    whole_course_booked,
    group_made,
    series_joined,
    series_left,
    group_moved,
    group_cancelled,
    sessions_cancelled,
    order_revoked,
    death_recorded,
)


@pytest.mark.parametrize("prepare", STEPS, ids=lambda step: step.__name__)
def test_a_failing_statement_of_booking_leaves_nothing_behind(
    either_app: Flask, prepare: Callable[[], Step]
) -> None:
    step = prepare()
    failures = fail_at_each(step, stride=count(61, 1), sound=assert_sound)
    assert failures >= count(1, 20)
    assert_taken_is_what_is_booked()
