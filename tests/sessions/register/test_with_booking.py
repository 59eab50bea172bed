"""What a cancelled booking says of attendance, through the service that cancels."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.compliance.attendance import (
    MISSED,
    Happened,
    ReasonGiven,
    Told,
    turns_against_him,
)
from mhtr.compliance.queries import latest
from mhtr.compliance.service import NEVER_AGAINST_HIM
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused
from mhtr.core.transaction import writing
from mhtr.tasks.models import Leave, LocalClosure
from sessions.availability.models import PlaceClosure
from sessions.booking import cancel_service, seat_service
from sessions.booking.changes import Which
from sessions.booking.closing import Why
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.register import presence, service
from sessions.register.forms import happened_name
from sessions.register.queries import lines_of, placed_of
from sessions.register.service import CALLED_OFF, Entry
from sessions.therapies import SessionMode, Side
from tests.sessions.booked import a_room
from tests.sessions.seen import TODAY, Treated, booked, group, tell, treated
from tests.suitability.browsing import as_, refused, send


@pytest.mark.parametrize(
    ("side", "stored", "shown"),
    [
        (Side.HIM, True, Happened.HE_CANCELLED),
        (Side.SERVICE, False, Happened.WE_CANCELLED),
        (Side.PROBATION, False, Happened.OTHERS_CANCELLED),
    ],
)
def test_only_what_he_cancels_is_stored(
    either_app: Flask, side: Side, stored: bool, shown: Happened
) -> None:
    man = treated()
    place = booked(man.case, man.therapist, clock.now() + timedelta(days=2))
    session_id, by = place.session_id, man.therapist.id
    with writing():
        cancel_service.cancel(
            session_id=session_id, which=Which.ONE, version=1, why=Why(side, "A cold"), by=by
        )
    row = latest(place.ref)
    assert (row is not None) is stored
    assert lines_of(man.case.id)[-1].happened is shown
    if row is not None:
        assert (row.reason, row.reason_detail) == (ReasonGiven.OTHER, "A cold")


def test_who_gives_up_his_place_in_a_group_has_cancelled(either_app: Flask) -> None:
    man = treated()
    session = group(man.therapist, clock.now() + timedelta(days=2))
    place = booked(man.case, man.therapist, session.starts_at, session=session)
    place_id, by = place.id, man.world.office.id
    with writing():
        seat_service.leave_group(place_id=place_id, why=Why(Side.HIM, "A cold"), by=by)
    row = latest(place.ref)
    assert row is not None
    assert (row.happened, row.reason_detail) == (Happened.HE_CANCELLED, None)


H = Happened


def place_of(place: SessionPlace) -> SessionPlace:
    return db.session.get_one(SessionPlace, place.id, populate_existing=True)


@pytest.mark.parametrize("in_a_group", [False, True])
@pytest.mark.parametrize(
    ("happened", "side"),
    [
        (H.HE_CANCELLED, Side.HIM),
        (H.WE_CANCELLED, Side.SERVICE),
        (H.OTHERS_CANCELLED, Side.PROBATION),
    ],
)
def test_a_cancellation_recorded_beforehand_gives_up_the_booking(
    either_app: Flask, happened: Happened, side: Side, in_a_group: bool
) -> None:
    man = treated()
    at = clock.now() + timedelta(days=2)
    session = group(man.therapist, at) if in_a_group else None
    place = booked(man.case, man.therapist, at, session=session)
    tell(place, man.world.office, happened)
    kept, row = place_of(place), latest(place.ref)
    assert (kept.state, kept.side) == (BookingState.CANCELLED, side)
    assert row is not None and (row.happened, row.number) == (happened, 1)
    held = db.session.get_one(TreatmentSession, kept.session_id)
    assert held.state is (BookingState.BOOKED if in_a_group else BookingState.CANCELLED)


@pytest.mark.parametrize("happened", sorted(MISSED - {H.HE_CANCELLED}))
@pytest.mark.parametrize("first", [H.WE_CANCELLED, H.NOT_SEEN_BY_US])
def test_what_the_service_caused_never_becomes_an_absence(
    either_app: Flask, first: Happened, happened: Happened
) -> None:
    """Not by putting it right, and not by putting it right twice."""
    man = treated()
    tell(man.place, man.therapist, first)
    with pytest.raises(CannotBe, match=NEVER_AGAINST_HIM[:40]):
        tell(man.place, man.therapist, happened, seen=1, why="Wrong man")
    tell(man.place, man.therapist, H.SEEN, seen=1, why="He was seen by a colleague")
    with pytest.raises(CannotBe, match=NEVER_AGAINST_HIM[:40]):
        tell(man.place, man.therapist, happened, seen=2, why="Wrong man")
    assert latest(man.place.ref).happened is H.SEEN  # type: ignore[union-attr]


def test_what_probation_or_a_court_was_said_to_need_can_be_put_right(app: Flask) -> None:
    man = treated()
    tell(man.place, man.therapist, H.OTHERS_CANCELLED)
    tell(man.place, man.therapist, H.DID_NOT_COME, seen=1, why="There was no hearing that day")
    assert not turns_against_him([H.OTHERS_CANCELLED, H.SEEN], H.DID_NOT_COME)


@pytest.mark.parametrize("side", [Side.SERVICE, Side.PROBATION])
def test_what_others_called_off_is_never_put_right_to_an_absence(
    either_app: Flask, set_clock: SetClock, side: Side
) -> None:
    man = treated()
    place = booked(man.case, man.therapist, clock.now() + timedelta(hours=1))
    said = {Side.SERVICE: H.WE_CANCELLED, Side.PROBATION: H.OTHERS_CANCELLED}[side]
    tell(place, man.therapist, said)
    set_clock.advance(hours=2)
    with pytest.raises(Refused, match=CALLED_OFF):
        tell(place, man.therapist, H.DID_NOT_COME, seen=1, why="Wrong man")


def test_a_booking_that_is_called_off_while_somebody_records_is_not_missed(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is called off between the reading of the booking and the lock of the case."""
    man = treated()
    by, lock = man.world.office.id, cases.lock

    def meanwhile(case_id: int) -> Case:
        closed: dict[str, Any] = {
            "state": BookingState.CANCELLED,
            "side": Side.SERVICE,
            "reason": "Ill",
        }
        closed |= {"closed_at": clock.now(), "closed_by": by, "reason": "Ill"}
        db.session.execute(
            update(SessionPlace).values(**closed), execution_options={"synchronize_session": False}
        )
        return lock(case_id)

    monkeypatch.setattr(cases, "lock", meanwhile)
    with pytest.raises(Refused, match=service.NOT_BOOKED):
        tell(man.place, man.therapist, H.DID_NOT_COME)


def away(man: Treated) -> str:
    staff_id = man.therapist.id
    with writing():
        db.session.add(Leave(staff_id=staff_id, first_day=TODAY, last_day=TODAY))
    return presence.ON_LEAVE


def place_closed(man: Treated) -> str:
    room = a_room(man.therapist.organisation_id)
    with writing():
        session = db.session.get_one(TreatmentSession, man.place.session_id)
        session.mode, session.site_id = SessionMode.IN_PERSON, room.site_id
        session.room_id = room.id
        db.session.add(
            PlaceClosure(
                site_id=room.site_id, first_day=TODAY, last_day=TODAY, label="Water",
                made_by=man.world.office.id,
            )
        )  # fmt: skip
    return presence.PLACE_CLOSED


def trust_closed(man: Treated) -> str:
    home = man.therapist.organisation_id
    with writing():
        db.session.add(
            LocalClosure(organisation_id=home, day=TODAY, is_open=False, label="Training")
        )
    return presence.TRUST_CLOSED


@pytest.mark.parametrize("closed", [away, place_closed, trust_closed])
def test_nobody_misses_a_session_at_which_nobody_was_to_be_there(
    either_app: Flask, closed: object
) -> None:
    man = treated()
    assert callable(closed)
    why = closed(man)
    for happened in (H.DID_NOT_COME, H.TOO_LATE):
        with pytest.raises(CannotBe, match=why):
            tell(man.place, man.world.office, happened)
    place_id, by = man.place.id, man.world.office.id
    with writing():
        told = Told(H.DID_NOT_COME)
        service.record(place_id=place_id, entry=Entry(told, somebody_there=True), by=by)
    row = latest(man.place.ref)
    assert row is not None and row.happened is H.DID_NOT_COME


def test_the_pages_ask_whether_somebody_else_was_there(app: Flask) -> None:
    man = treated()
    session = group(man.therapist, clock.now() - timedelta(hours=1))
    in_it = booked(man.case, man.therapist, session.starts_at, session=session)
    away(man)
    client = as_(app, man.world.office)
    alone, together = f"/places/{man.place.ref}/attendance", f"/sessions/{session.ref}/register"
    for where, sent in (
        (alone, {"happened": "did_not_come", "reason": "none_yet"}),
        (together, {happened_name(placed_of(in_it)): "did_not_come"}),
    ):
        page = client.page(where)
        assert presence.ON_LEAVE in page and "that is no absence" in page
        assert "record that we could not" in refused(client, where, page, **sent)
        assert send(client, where, page, **sent, somebody_there="yes").status_code == 303
