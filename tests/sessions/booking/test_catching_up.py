"""A session that was left out while a later one took place."""

from datetime import timedelta

from flask import Flask

from mhtr.core.clock import SetClock
from mhtr.core.transaction import writing
from sessions.booking import cancel_service
from sessions.booking.changes import Which
from sessions.booking.wishes import plan_of, wanted_for
from tests.sessions.booking.makers import ASKED, MONDAY, clinic, session_of, weekly

WEEK = timedelta(weeks=1)


def test_a_session_that_was_missed_out_is_caught_up_on(
    either_app: Flask, set_clock: SetClock
) -> None:
    """One after it is over: it comes after that one, and before what is still booked."""
    scene = clinic()
    places = weekly(scene)
    second = scene.parts[1]
    session = session_of(places[1])
    key, version, by = session.id, session.version, scene.by
    with writing():
        cancel_service.cancel(session_id=key, which=Which.ONE, version=version, why=ASKED, by=by)
    set_clock.advance(days=20)
    plan = plan_of(scene.case.id)
    part = plan.session(second.id)
    assert part is not None
    wanted = wanted_for(plan, part, ())
    assert wanted.first == MONDAY + 2 * WEEK + timedelta(days=4)
    assert wanted.until == MONDAY + 3 * WEEK
