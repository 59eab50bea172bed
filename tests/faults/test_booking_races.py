"""Many want the same times at once: one has each, the others are told, nothing is booked twice."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import away, away_service
from mhtr.cases.facts import Away
from mhtr.cases.models import Case, PersonLink
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.booking import cancel_service, follow, holding, move_service, service
from sessions.booking.changes import Which
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.service import Asked
from sessions.booking.shapes import Place
from sessions.therapies import SessionMode
from tests.counts import count
from tests.faults.invariants import assert_sound
from tests.faults.test_races import at_once
from tests.sessions.booking.makers import (
    ASKED,
    MONDAY,
    Clinic,
    another_man,
    assert_taken_is_what_is_booked,
    at,
    booked,
    clinic,
    may_call,
    session_of,
)
from tests.suitability.requesting import told

NAMES = ("Kwame", "Idris", "Pavel", "Yusuf", "Owen", "Liam", "Tariq", "Marek")
LETTERS = ("", "o", "a", "u", "e", "i", "y")


HOLIDAYS = (date(2026, 12, 24), date(2027, 1, 1))


def slots(scene: Clinic, wanted: int) -> list[Place]:
    """Different times of weekdays to come, three a day."""
    days = [MONDAY + timedelta(days=7 * week + n) for week in range(17) for n in range(5)]
    working = [day for day in days if not HOLIDAYS[0] <= day <= HOLIDAYS[1]]
    places = [at(scene, day, hour) for day in working for hour in (9, 11, 13)]
    assert len(places) >= wanted
    return places[:wanted]


def racers(scene: Clinic, cases: list[int], place: Place) -> list[Callable[[], None]]:
    """Each man's booking of one time, with the first clinician's room or with another one."""
    by, other = scene.by, scene.other_room.id

    def book(case_id: int, where: Place) -> Callable[[], None]:
        def run() -> None:
            with writing():
                service.book(case_id=case_id, asked=[Asked(where)], by=by)

        return run

    return [
        book(case_id, place if n % 2 else replace(place, room_id=other))
        for n, case_id in enumerate(cases)
    ]


@pytest.mark.parametrize("checked", [True, False])
def test_racers_for_a_time_have_one_winner(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch, checked: bool
) -> None:
    """Also where nothing but the database stands in the way: no locks, no checks in code."""
    scene = clinic()
    names = [NAMES[n % len(NAMES)] + LETTERS[n // len(NAMES)] for n in range(count(4, 50))]
    cases = [another_man(scene, name).id for name in names]
    if not checked:
        monkeypatch.setattr(service, "check", lambda *_, **__: None)
        monkeypatch.setattr(service, "lock_resources", lambda *_, **__: None)
    places = slots(scene, count(3, 200))
    for number, place in enumerate(places, 1):
        does = racers(scene, cases, place)
        db.session.remove()
        answers = at_once(either_app, does)
        assert len(answers) == len(does)
        assert answers.count("done") == 1
        assert set(answers) == {"done", holding.TAKEN}, answers
        late = at_once(either_app, racers(scene, cases[:1], place))
        assert late == [holding.TAKEN], "a late comer"
        booked = select(TreatmentSession.id).where(TreatmentSession.state == BookingState.BOOKED)
        assert len(db.session.scalars(booked).all()) == number
        db.session.remove()
    assert_taken_is_what_is_booked()
    assert_sound()


def test_a_cancellation_and_a_move_at_once(either_app: Flask) -> None:
    scene = clinic()
    by = scene.by
    for _ in range(count(2, 30)):
        place = booked(scene)
        session = session_of(place)
        key, version, place_id = session.id, session.version, place.id
        where = at(scene, MONDAY + timedelta(days=1), 10)

        def move(key: int = key, version: int = version, where: Place = where) -> None:
            with writing():
                move_service.move(moves=[Move(key, version, where)], why=ASKED, by=by)

        def cancel(key: int = key, version: int = version) -> None:
            with writing():
                cancel_service.cancel(
                    session_id=key, which=Which.ONE, version=version, why=ASKED, by=by
                )

        db.session.rollback()
        answers = at_once(either_app, [move, cancel])
        assert "done" in answers
        assert len(answers) == 2
        assert set(answers) <= {"done", "stale", holding.GONE}
        assert answers.count("done") == 1
        assert db.session.get_one(SessionPlace, place_id).state is not BookingState.BOOKED
        assert_taken_is_what_is_booked()
        for row in db.session.scalars(
            select(TreatmentSession).where(TreatmentSession.state == BookingState.BOOKED)
        ).all():
            with writing():
                cancel_service.cancel(
                    session_id=row.id, which=Which.ONE, version=row.version, why=ASKED, by=by
                )
    assert_sound()


def test_one_man_with_records_at_two_trusts_is_booked_once(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has its lane, so no constraint stands between them; whoever comes second waits."""
    scene = clinic()
    other, by = another_man(scene), scene.by
    case_ids = (scene.case.id, other.id)
    one_id, two_id = scene.case.person_id, other.person_id
    with writing():
        people = {"proposed_by": by, "confirmed_by": scene.ada.id}
        db.session.add(PersonLink(one_id=one_id, two_id=two_id, taken={}, **people))
    for case_id in case_ids:
        may_call(case_id, by)
    # By telephone: at one place they would wait for each other there.
    span = at(scene, MONDAY, 10).span
    with_ada = Place(scene.ada.id, SessionMode.TELEPHONE, span)
    with_ben = replace(with_ada, clinician_id=scene.ben.id)
    # Both have looked before either holds its time, unless one of them waits for the other.
    both, hold = threading.Barrier(2), holding.hold

    def held_together(*asked: Any) -> None:
        with suppress(threading.BrokenBarrierError):
            both.wait(1)
        hold(*asked)

    monkeypatch.setattr(service, "hold", held_together)

    def book(case_id: int, place: Place) -> Callable[[], None]:
        def run() -> None:
            with writing():
                service.book(case_id=case_id, asked=[Asked(place)], by=by)

        return run

    does = [book(case_ids[0], with_ada), book(case_ids[1], with_ben)]
    db.session.remove()
    assert at_once(either_app, does) == sorted(["done", holding.TAKEN])
    assert_sound()


def test_what_is_booked_while_another_case_says_that_he_is_away_is_looked_at(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever records it waits for the booking of the other case, and then sees what it booked."""
    scene = clinic()
    other, by = another_man(scene), scene.by
    case_id, other_id = scene.case.id, other.id
    with writing():
        db.session.get_one(Case, other_id).person_id = scene.case.person_id
    looked, recorded, hold = threading.Event(), threading.Event(), holding.hold

    def held_later(*asked: Any) -> None:
        looked.set()
        recorded.wait(1)
        hold(*asked)

    monkeypatch.setattr(service, "hold", held_later)
    place = at(scene, MONDAY, 10)

    def book() -> None:
        with writing():
            service.book(case_id=case_id, asked=[Asked(place)], by=by)

    def goes() -> None:
        looked.wait(5)
        since = date(2026, 11, 17)
        with writing():
            away_service.record_away(
                case_id=other_id, where=Away.CUSTODY, since=since, seen=0, by=by
            )
        recorded.set()

    db.session.remove()
    assert at_once(either_app, [book, goes]) == ["done", "done"]
    assert follow.LOOK in told(scene.ada)
    assert_sound()


def test_two_cases_of_a_man_that_say_at_once_that_he_is_away(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has looked before either records it, unless one waits for the other: no two stays."""
    scene = clinic()
    other, by = another_man(scene), scene.by
    case_ids = (scene.case.id, other.id)
    with writing():
        db.session.get_one(Case, case_ids[1]).person_id = scene.case.person_id
    both, objections = threading.Barrier(2), away.objections_to_start

    def looked(*asked: Any) -> tuple[str, ...]:
        with suppress(threading.BrokenBarrierError):
            both.wait(1)
        return objections(*asked)

    monkeypatch.setattr(away, "objections_to_start", looked)

    def says(case_id: int) -> Callable[[], None]:
        def run() -> None:
            since = date(2026, 11, 17)
            with writing():
                away_service.record_away(
                    case_id=case_id, where=Away.CUSTODY, since=since, seen=0, by=by
                )

        return run

    db.session.remove()
    answers = at_once(either_app, [says(case_id) for case_id in case_ids])
    assert answers == sorted([away_service.MEANWHILE, "done"])
    assert [len(away_service.stays_of(case_id)) for case_id in case_ids] == [1, 1]
    assert_sound()
