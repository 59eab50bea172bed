"""Booking, moving, cancelling and groups in any order: no time is ever taken twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from sessions.booking import cancel_service, group_service, move_service, seat_service, service
from sessions.booking.changes import Which
from sessions.booking.closing import Why
from sessions.booking.group_service import Group
from sessions.booking.models import BookingState, SessionPlace, TakenTime, TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.seat_service import Seat
from sessions.booking.service import Asked
from sessions.booking.shapes import Place
from sessions.therapies import Side, Therapy
from tests.counts import count
from tests.sessions.booking.makers import (
    MONDAY,
    Clinic,
    another_man,
    assert_taken_is_what_is_booked,
    at,
    clinic,
    leads_groups,
)

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "book", "move", "cancel", "group", "join", "leave"]),
        st.integers(0, 3),
        st.integers(0, 30),
    ),
    min_size=3,
    max_size=12,
)
WHY = Why(Side.SERVICE, "The model says so")


class Office:
    """Does one step after another, as far as each is possible."""

    def __init__(self, scene: Clinic, men: list[int]) -> None:
        self.scene, self.men = scene, men
        self.by = scene.by

    def place(self, which: int, number: int, minutes: int = 60) -> Place:
        """One of a few times that overlap often."""
        day = MONDAY + timedelta(days=number % 2)
        begins = at(self.scene, day, 9 + number % 7, 15 * (number % 4), minutes=minutes)
        clinician = self.scene.ada if which % 2 else self.scene.ben
        room = self.scene.room if which < 2 and minutes == 60 else self.scene.other_room
        return replace(begins, clinician_id=clinician.id, room_id=room.id)

    def booked(self, number: int, *, in_group: bool | None = None) -> TreatmentSession | None:
        query = db.session.query(TreatmentSession).filter_by(state=BookingState.BOOKED)
        if in_group is not None:
            query = query.filter_by(in_group=in_group)
        rows = query.order_by(TreatmentSession.id).all()
        return rows[number % len(rows)] if rows else None

    def does(self, step: str, which: int, number: int) -> Callable[[], object] | None:
        """The step, ready to be taken; None where there is nothing to take it on."""
        by, man = self.by, self.men[which % len(self.men)]
        if step == "book":
            asked = [Asked(self.place(which, number))]
            return lambda: service.book(case_id=man, asked=asked, by=by)
        if step == "group":
            places = [self.place(which, number, minutes=90)]
            group = Group("Skills", Therapy.SKILLS, 2)
            return lambda: group_service.make_group(group=group, places=places, by=by)
        if step == "leave":
            place = (
                db.session.query(SessionPlace)
                .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
                .filter(SessionPlace.state == BookingState.BOOKED, TreatmentSession.in_group)
                .first()
            )
            key = place.id if place else 0
            return (lambda: seat_service.leave_group(place_id=key, why=WHY, by=by)) if key else None
        row = self.booked(number, in_group=True if step == "join" else None)
        if row is None:
            return None
        session_id, version = row.id, row.version
        if step == "join":
            return lambda: seat_service.join_group(case_id=man, seats=[Seat(session_id)], by=by)
        if step == "cancel":
            return lambda: cancel_service.cancel(
                session_id=session_id, which=Which.ONE, version=version, why=WHY, by=by
            )
        minutes = int((row.ends_at - row.starts_at).total_seconds() // 60)
        move = Move(session_id, version, self.place(which, number + 1, minutes=minutes))
        return lambda: move_service.move(moves=[move], why=WHY, by=by)


@pytest.fixture
def office(app: Flask) -> Office:
    """An office with three men and a clinic where both lead groups."""
    scene = clinic()
    leads_groups(scene.ada, scene.ben)
    men = [scene.case.id, another_man(scene).id, another_man(scene, "Idris").id]
    return Office(scene, men)


@settings(
    max_examples=count(12, 300),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_whatever_is_done_no_time_is_taken_twice(
    app: Flask, office: Office, steps: list[tuple[str, int, int]]
) -> None:
    for step in steps:
        do = office.does(*step)
        db.session.rollback()
        if do is None:
            continue
        try:
            with writing():
                do()
        except Refused:
            db.session.rollback()
    assert_taken_is_what_is_booked()
    for row in db.session.query(TreatmentSession).filter(
        TreatmentSession.supersedes_id.is_not(None)
    ):
        before = db.session.get_one(TreatmentSession, row.supersedes_id)
        assert (before.uid, before.sequence + 1) == (row.uid, row.sequence)
        assert before.state is BookingState.MOVED
    db.session.rollback()
    with writing():
        for table in (TakenTime, SessionPlace):
            db.session.query(table).delete()
        db.session.query(TreatmentSession).update({"supersedes_id": None})
        db.session.query(TreatmentSession).delete()
