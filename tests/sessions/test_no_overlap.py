"""No two stretches of one lane overlap: the database itself refuses the second."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.booking.lanes import Lane, key_of, kind_of, lane_of
from sessions.booking.models import TakenTime, TreatmentSession
from sessions.therapies import SessionMode
from tests.makers import make_staff

TEN = datetime(2027, 3, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def session_id(either_app: Flask) -> int:
    """A session whose times are taken."""
    staff = make_staff(Role.ASSESSOR)
    with writing():
        made = TreatmentSession(
            organisation_id=staff.organisation_id,
            clinician_id=staff.id,
            mode=SessionMode.TELEPHONE,
            starts_at=TEN,
            ends_at=TEN + HOUR,
            by_id=staff.id,
        )
        db.session.add(made)
        db.session.flush()
        return made.id


def _take(session_id: int, lane: int, starts: datetime, length: timedelta) -> int:
    with writing():
        row = TakenTime(lane=lane, starts_at=starts, ends_at=starts + length, session_id=session_id)
        db.session.add(row)
        db.session.flush()
        return row.id


@pytest.mark.parametrize(
    ("minutes_after", "length", "taken"),
    [
        (0, 60, True),
        (30, 60, True),
        (-30, 60, True),
        (-30, 240, True),
        (15, 15, True),
        (59, 1, True),
        (60, 60, False),
        (-60, 60, False),
        (23 * 60, 60, False),
    ],
)
def test_a_stretch_that_overlaps_is_refused(
    session_id: int, minutes_after: int, length: int, taken: bool
) -> None:
    room, minutes = lane_of(Lane.ROOM, 7), timedelta(minutes=length)
    starts = TEN + timedelta(minutes=minutes_after)
    _take(session_id, room, TEN, HOUR)
    if taken:
        with pytest.raises(DBAPIError):
            _take(session_id, room, starts, minutes)
        db.session.rollback()
    else:
        _take(session_id, room, starts, minutes)
    _take(session_id, lane_of(Lane.CLINICIAN, 7), starts, minutes)


def test_a_stretch_cannot_be_moved_onto_another(session_id: int) -> None:
    room = lane_of(Lane.ROOM, 7)
    _take(session_id, room, TEN, HOUR)
    later = _take(session_id, room, TEN + 2 * HOUR, HOUR)
    with pytest.raises(DBAPIError), writing():
        db.session.get_one(TakenTime, later).starts_at = TEN + HOUR / 2
    db.session.rollback()
    with writing():
        db.session.get_one(TakenTime, later).starts_at = TEN + HOUR


@pytest.mark.parametrize("kind", Lane)
def test_a_lane_tells_whose_time_it_is(kind: Lane) -> None:
    lane = lane_of(kind, 12)
    assert (kind_of(lane), key_of(lane)) == (kind, 12)
    assert len({lane_of(one, key) for one in Lane for key in range(50)}) == 3 * 50
