"""A requirement that runs out before all planned sessions were held is told once, as a fact."""

from flask import Flask
from sqlalchemy import select

from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.ending import page, ran_out
from mhtr.tasks.models import Notice
from tests.ending.makers import Finishing, finished, finishing


def look() -> int:
    with writing():
        return ran_out.tell(clock.now())


def told(of: Finishing) -> list[str]:
    query = select(Notice.text).where(
        Notice.principal_id == of.world.officer.principal_id, Notice.key.startswith("ran_out:")
    )
    return list(db.session.scalars(query))


def days_after_the_end(of: Finishing, set_clock: SetClock, days: int) -> None:
    on = of.order.treatment_ends_on
    db.session.rollback()
    set_clock.advance(days=(on - clock.today()).days + days)


def test_it_is_told_once_on_the_day_after(either_app: Flask, set_clock: SetClock) -> None:
    of = finishing()
    of.is_seen(0, Happened.SEEN)
    days_after_the_end(of, set_clock, 0)
    assert look() == 0 and page.ran_out(of.case.id) == ""
    set_clock.advance(days=1)
    assert look() == 1 and told(of) == [ran_out.RAN_OUT]
    assert page.ran_out(of.case.id).endswith("1 of 2 planned sessions were held.")
    assert look() == 0 and len(told(of)) == 1


def test_finished_sessions_are_not_told(app: Flask, set_clock: SetClock) -> None:
    of = finished()
    days_after_the_end(of, set_clock, 1)
    assert look() == 0 and told(of) == [] and page.ran_out(of.case.id) == ""


def test_an_end_of_long_ago_is_not_told(app: Flask, set_clock: SetClock) -> None:
    of = finishing()
    days_after_the_end(of, set_clock, 8)
    assert look() == 0 and told(of) == []
    assert page.ran_out(of.case.id)
