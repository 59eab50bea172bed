"""What a cancelled booking says of attendance, through the service that cancels."""

from datetime import timedelta

import pytest
from flask import Flask

from mhtr.compliance.attendance import Happened, ReasonGiven
from mhtr.compliance.queries import latest
from mhtr.core import clock
from mhtr.core.transaction import writing
from sessions.booking import cancel_service, group_service
from sessions.booking.changes import Which
from sessions.booking.closing import Why
from sessions.register.queries import lines_of
from sessions.therapies import Side
from tests.sessions.seen import booked, group, treated


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
        group_service.leave_group(place_id=place_id, why=Why(Side.HIM, "A cold"), by=by)
    row = latest(place.ref)
    assert row is not None
    assert (row.happened, row.reason_detail) == (Happened.HE_CANCELLED, None)
