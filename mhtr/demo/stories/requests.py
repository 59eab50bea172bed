"""Reports asked for: in good time, late, by dates that cannot be met, and within one day."""

from mhtr.demo.acts import court, requesting, signing
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import steps
from mhtr.demo.stories.steps import Begun
from mhtr.demo.world import World
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.outcome_service import Result


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
