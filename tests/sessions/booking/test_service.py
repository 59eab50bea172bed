"""Booking: what is kept, what is refused, and what the database itself refuses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.cases import access_service
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people import flags
from mhtr.people.models import FlagKind
from mhtr.tasks.models import Notice
from sessions.booking import holding, news, service
from sessions.booking.holding import JustTaken
from sessions.booking.models import SessionPlace, TakenTime, TreatmentSession
from sessions.booking.service import Asked
from sessions.therapies import SessionMode
from tests.sessions.booking.makers import (
    MONDAY,
    Clinic,
    another_man,
    assert_taken_is_what_is_booked,
    at,
    booked,
    clinic,
    may_call,
    session_of,
    weekly,
    when,
)

WEEK = timedelta(weeks=1)


@pytest.fixture
def scene(either_app: Flask) -> Clinic:
    return clinic()


def book(scene: Clinic, *asked: Asked) -> list[SessionPlace]:
    case_id, by = scene.case.id, scene.by
    with writing():
        return service.book(case_id=case_id, asked=asked, by=by)


def test_a_session_takes_the_time_of_clinician_room_and_man(scene: Clinic) -> None:
    place = booked(scene)
    session = session_of(place)
    assert (session.therapy, session.sequence, session.version) == (scene.parts[0].therapy, 0, 1)
    assert place.required
    assert db.session.scalar(select(func.count(TakenTime.id))) == 3
    assert_taken_is_what_is_booked()


def test_a_course_is_one_series_booked_in_one_step(scene: Clinic) -> None:
    places = weekly(scene)
    series = {session_of(one).series for one in places}
    assert len(series) == 1
    assert None not in series
    later = booked(scene, MONDAY + 4 * WEEK, part=4)
    assert session_of(later).series in series
    assert_taken_is_what_is_booked()


@pytest.mark.parametrize(
    ("day", "hour", "minute", "part", "said"),
    [
        (date(2026, 11, 17), 10, 0, 0, "passed"),
        (MONDAY, 17, 0, 0, "does not see people then"),
        (date(2026, 11, 22), 10, 0, 0, "does not see people then"),
        (date(2026, 12, 25), 10, 0, 0, "does not see people then"),
        (date(2027, 5, 17), 10, 0, 0, "Outside the treatment requirement"),
    ],
)
def test_a_time_that_is_not_possible_is_refused_with_its_reason(
    scene: Clinic, day: date, hour: int, minute: int, part: int, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        book(scene, Asked(at(scene, day, hour, minute), scene.parts[part].id))
    assert db.session.scalar(select(func.count(TreatmentSession.id))) == 0


def test_gaps_to_the_sessions_before_and_after_are_kept(scene: Clinic) -> None:
    booked(scene)
    with pytest.raises(Refused, match="27 November 2026 is the first day"):
        book(scene, Asked(at(scene, MONDAY + timedelta(days=2), 10), scene.parts[1].id))
    booked(scene, MONDAY + 4 * WEEK, part=2)
    with pytest.raises(Refused, match="Not before the session that follows it"):
        book(scene, Asked(at(scene, MONDAY + 5 * WEEK, 10), scene.parts[1].id))
    booked(scene, MONDAY + WEEK, part=1)
    assert_taken_is_what_is_booked()


def test_what_it_is_for_is_checked(scene: Clinic) -> None:
    booked(scene)
    later = at(scene, MONDAY + WEEK, 10)
    with pytest.raises(Refused, match=service.BOOKED_ALREADY):
        book(scene, Asked(later, scene.parts[0].id))
    with pytest.raises(Refused, match=service.BOOKED_ALREADY):
        book(
            scene,
            Asked(later, scene.parts[1].id),
            Asked(at(scene, MONDAY + 2 * WEEK, 10), scene.parts[1].id),
        )
    with pytest.raises(Refused, match="not part of his course"):
        book(scene, Asked(later, 9999))
    with pytest.raises(Refused, match="another length"):
        book(scene, Asked(at(scene, MONDAY + WEEK, 10, minutes=45), scene.parts[1].id))
    with pytest.raises(Refused, match=service.NOTHING):
        book(scene)


def test_all_of_a_course_or_none_of_it(scene: Clinic) -> None:
    with pytest.raises(Refused, match="does not see people then"):
        book(
            scene,
            Asked(at(scene, MONDAY, 10), scene.parts[0].id),
            Asked(at(scene, MONDAY + timedelta(days=5), 10), scene.parts[1].id),
        )
    assert db.session.scalar(select(func.count(TreatmentSession.id))) == 0
    assert_taken_is_what_is_booked()


def test_a_meeting_outside_the_course_is_voluntary(scene: Clinic) -> None:
    may_call(scene.case.id, scene.by)
    place = replace(at(scene, date(2027, 6, 1), 10, minutes=30), site_id=None, room_id=None)
    made = book(scene, Asked(replace(place, mode=SessionMode.TELEPHONE)))[0]
    assert not made.required
    assert session_of(made).therapy is None
    assert session_of(made).series is None


def test_whoever_comes_second_is_told_that_it_has_just_been_taken(scene: Clinic) -> None:
    booked(scene)
    other = another_man(scene).id
    for hour, minute in ((10, 0), (10, 30), (9, 15), (11, 0)):
        with pytest.raises(JustTaken, match="just been taken"), writing():
            service.book(
                case_id=other,
                asked=[
                    Asked(replace(at(scene, MONDAY, hour, minute), room_id=scene.other_room.id))
                ],
                by=scene.by,
            )
    with pytest.raises(JustTaken, match="Room 1 at Elm Road Clinic is taken"), writing():
        service.book(
            case_id=other,
            asked=[Asked(replace(at(scene, MONDAY, 10), clinician_id=scene.ben.id))],
            by=scene.by,
        )
    with pytest.raises(JustTaken, match="He has another session"):
        elsewhere = replace(at(scene, MONDAY, 10), clinician_id=scene.ben.id)
        book(scene, Asked(replace(elsewhere, room_id=scene.other_room.id)))
    assert_taken_is_what_is_booked()


def test_the_database_refuses_what_the_checks_let_through(
    scene: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the checks in code the second still loses, and is told so."""
    booked(scene)
    monkeypatch.setattr(service, "check", lambda *_, **__: None)
    other = another_man(scene).id
    with pytest.raises(JustTaken, match=holding.TAKEN), writing():
        service.book(case_id=other, asked=[Asked(at(scene, MONDAY, 10, 30))], by=scene.by)
    assert_taken_is_what_is_booked()


def test_only_a_man_under_an_order_is_booked(scene: Clinic) -> None:
    with writing():
        cases.add_fact(cases.lock(scene.case.id), FactKind.ORDER_REVOKED, by=scene.by)
    with pytest.raises(Refused, match="under an order"):
        booked(scene)


def test_who_is_shut_out_of_his_record_is_not_booked(scene: Clinic) -> None:
    with writing():
        access_service.exclude(
            scene.case.id,
            username=scene.ada.username,
            reason="His neighbour",
            by=scene.people.lead.id,
        )
    with pytest.raises(Refused, match="Nobody can be booked"):
        booked(scene)


def test_his_therapist_hears_of_it_and_may_open_his_record(scene: Clinic) -> None:
    booked(scene)
    told = db.session.scalars(
        select(Notice.text).where(Notice.principal_id == scene.ada.principal_id)
    ).all()
    assert told == [news.BOOKED.one]


def test_the_daily_most_of_a_clinician_holds(scene: Clinic) -> None:
    for hour, minute in ((9, 0), (10, 15), (11, 30), (12, 45), (14, 0)):
        book(scene, Asked(at(scene, MONDAY, hour, minute)))
    with pytest.raises(Refused, match="has 5 sessions that day already"):
        book(scene, Asked(at(scene, MONDAY, 15, 30)))


def test_somebody_whom_he_must_not_meet_is_kept_apart(scene: Clinic) -> None:
    other = another_man(scene).id
    person = db.session.get_one(type(scene.case), other).person_id
    booked(scene)
    with writing():
        flags.raise_flag(
            person_id=scene.case.person_id,
            kind=FlagKind.MUST_NOT_MEET,
            fact="",
            reason="Charged with him",
            owner_staff_id=scene.people.assessor.id,
            review_on=date(2027, 6, 1),
            other_person_id=person,
            by=scene.people.assessor.id,
        )
    there = replace(at(scene, MONDAY, 11, 15), clinician_id=scene.ben.id)
    with pytest.raises(Refused, match="must not meet"), writing():
        service.book(case_id=other, asked=[Asked(there)], by=scene.by)
    later = replace(there, span=when(MONDAY, 11, 30))
    with writing():
        service.book(case_id=other, asked=[Asked(later)], by=scene.by)
