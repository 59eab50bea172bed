"""Reports asked for: in good time, late, by dates that cannot be met, and within one day."""

from mhtr.core import clock
from mhtr.demo.acts import court, requesting, signing
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import steps
from mhtr.demo.stories.steps import Begun
from mhtr.demo.world import World
from mhtr.suitability import dates_by_time
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.late_report import Arranged
from mhtr.suitability.outcome_service import Result
from mhtr.suitability.ready_from import Reason

DAYS_GO_BY = 30


def due_soon(world: World) -> Story:
    """Due in three working days; not begun."""
    hand = yield from steps.begun(world, 6, 9)
    yield from steps.asked(hand, world.day(-4), due=world.day(3))


def due_tomorrow(world: World) -> Story:
    """Due tomorrow; not begun."""
    hand = yield from steps.begun(world, 5, 6)
    yield from steps.asked(hand, world.day(-3), due=world.day(1))


def overdue(world: World) -> Story:
    """Was due two days ago; he has been seen, the report is not written."""
    hand = yield from steps.begun(world, 14, 4)
    yield from steps.asked(hand, world.day(-12), due=world.day(-2))
    yield from steps.seen(hand, world.day(-3))


def _asked_for_while_away(world: World) -> Begun:
    """Asked for by tomorrow, while the assessor is on leave: she is told the earliest date."""
    hand = yield from steps.begun(world, 4, 3, "assessor3")
    yield at(world.day(-1), 9, 40)
    requesting.ask(hand, asked_for_on=world.day(1), psr=PsrType.SHORT)
    return hand


def impossible_date(world: World) -> Story:
    """She has not answered yet what is to be done about the date."""
    yield from _asked_for_while_away(world)


def impossible_date_answered(world: World) -> Story:
    """She asks the court for an adjournment, gets it, and asks anew."""
    hand = yield from _asked_for_while_away(world)
    yield at(world.day(-1), 10, 15)
    requesting.answer(hand, DateAnswer.SEEKS_ADJOURNMENT)
    yield at(world.day(-1), 15)
    court.hearing(hand, world.day(13))
    requesting.ask(hand)


def impossible_date_kept(world: World) -> Story:
    """The court keeps its date: what can be sent is to be sent."""
    hand = yield from _asked_for_while_away(world)
    yield at(world.day(-1), 11, 5)
    requesting.answer(hand, DateAnswer.KEEPS_DATE)


def late_says_the_assessor(world: World) -> Story:
    """He can be seen only after the day on which the report is due; she has not answered yet."""
    hand = yield from steps.begun(world, 9, 12)
    yield from steps.asked(hand, world.day(-5), due=world.day(4))
    yield at(world.day(-1), 14, 20)
    requesting.not_before(hand, world.day(6), Reason.APPOINTMENT)


def late_and_arranged(world: World) -> Story:
    """Nobody is free in time; she keeps the date, and what there is will be sent."""
    hand = yield from steps.begun(world, 10, 8)
    yield from steps.asked(hand, world.day(-6), due=world.day(2))
    yield at(world.day(-2), 10, 5)
    requesting.not_before(hand, world.day(5), Reason.STAFF)
    yield at(world.day(-2), 13, 45)
    requesting.answer(hand, DateAnswer.KEEPS_DATE)
    yield at(world.day(-1), 9, 30)
    requesting.arrange(hand, Arranged.SENT_IN_PART)


def late_and_in_time_after_all(world: World) -> Story:
    """An interpreter is found after all."""
    hand = yield from steps.begun(world, 9, 11)
    yield from steps.asked(hand, world.day(-5), due=world.day(5))
    yield at(world.day(-3), 11, 15)
    requesting.not_before(hand, world.day(8), Reason.OTHERS)
    yield at(world.day(-2), 15, 40)
    requesting.in_time_after_all(hand)


def days_go_by(world: World) -> Story:
    """What the scheduler does with reports that are late, each morning."""
    for day in range(-DAYS_GO_BY, 1):
        yield at(world.day(day), 7)
        dates_by_time.look(clock.now())


def request_withdrawn(world: World) -> Story:
    """The court needs no report any more."""
    hand = yield from steps.begun(world, 5, 7)
    yield from steps.asked(hand, world.day(-3))
    yield world.moment(world.day(-1))
    requesting.answer(hand, DateAnswer.WITHDRAWS)


def oral(world: World) -> Story:
    """Sentenced on an oral report: asked for, seen, signed and sent within one day."""
    day = world.day(-6)
    hand = yield from steps.referred(world, world.day(-8), hearing_on=day, psr="oral")
    yield from steps.taken_on(hand, world.day(-7))
    yield at(day, 9, 20)
    requesting.ask(hand, asked_for_on=day, psr=PsrType.ORAL)
    yield from steps.assessed(hand, day)
    yield at(day, 15, 10)
    signing.put_before_lead(hand)
    signing.sign(hand)
    signing.heard(hand)
    signing.release(hand)
    yield at(day, 16, 20)
    court.sentenced(hand, Result.CO_MHTR)


STORIES = (
    due_soon,
    due_tomorrow,
    overdue,
    impossible_date,
    impossible_date_answered,
    impossible_date_kept,
    request_withdrawn,
    oral,
)
LATE = (late_says_the_assessor, late_and_arranged, late_and_in_time_after_all, days_go_by)
