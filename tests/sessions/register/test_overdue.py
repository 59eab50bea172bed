"""A session that is over without a record of what happened becomes a task, once."""

from datetime import datetime, timedelta

from flask import Flask

from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from sessions.booking.models import BookingState, SessionPlace
from sessions.register.overdue import open_outcome_tasks
from sessions.therapies import Side
from tests.sessions.seen import Treated, booked, tell, treated


def ran() -> int:
    with writing():
        done = open_outcome_tasks(clock.now())
    return done


def waits(man: Treated) -> list[int | None]:
    found = tasks.open_tasks(man.world.case.id, TaskKind.RECORD_OUTCOME)
    return [task.owner_staff_id for task in found]


def test_it_becomes_a_task_at_the_end_of_the_next_working_day(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = treated()
    booked(man.case, man.therapist, clock.now() + timedelta(days=30))
    set_clock.moment = datetime(2026, 11, 19, 16, 59, tzinfo=clock.LONDON)
    assert ran() == 0
    set_clock.moment = datetime(2026, 11, 19, 17, 0, tzinfo=clock.LONDON)
    assert ran() == 1
    assert waits(man) == [man.therapist.id]
    assert ran() == 0
    tell(man.place, man.world.office, Happened.SEEN)
    assert waits(man) == []
    assert ran() == 0


def test_what_is_recorded_moved_or_cancelled_is_no_task(app: Flask, set_clock: SetClock) -> None:
    man = treated()
    other = booked(man.case, man.therapist, clock.now() - timedelta(hours=4))
    tell(man.place, man.therapist, Happened.SEEN)
    other_id, by = other.id, man.therapist.id
    with writing():
        held = db.session.get_one(SessionPlace, other_id)
        held.state, held.closed_at, held.closed_by = BookingState.CANCELLED, clock.now(), by
        held.side = Side.SERVICE
    set_clock.advance(days=5)
    assert ran() == 0
