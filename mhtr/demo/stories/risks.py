"""Signs of risk: not seen yet, seen, closed, and answers that were lost on the way."""

from datetime import timedelta

from mhtr.demo.acts import assessing, persons
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import steps
from mhtr.demo.stories.steps import Begun
from mhtr.demo.world import World
from outcome_measures.risk.service import NotSaved


def _sign_of_risk(world: World, ago: int, value: int | None) -> Begun:
    hand = yield from steps.begun(world, ago + 4, 10)
    yield from steps.asked(hand, world.day(-ago - 2))
    yield from steps.seen(hand, world.day(-ago), item_nine=value)
    return hand


def risk_open(world: World) -> Story:
    """Item 9 above zero; nobody has looked yet, and it is late."""
    yield from _sign_of_risk(world, 1, 2)


def risk_long_open(world: World) -> Story:
    """Item 9 above zero before that: it goes up the line until somebody records an outcome."""
    yield from _sign_of_risk(world, 2, 3)


def _just_seen(world: World, ago: timedelta, value: int | None) -> Begun:
    """Begun some days ago; asked the measures again just now."""
    hand = yield from steps.begun(world, 6, 10)
    yield from steps.asked(hand, world.day(-4))
    yield at(world.day(-2), 14)
    assessing.start(hand)
    persons.told(hand)
    assessing.agree(hand)
    yield world.simulation.now - ago
    assessing.measure(hand, "phq9", item_nine=value)
    return hand


def risk_skipped(world: World) -> Story:
    """Item 9 left out: that is looked at too."""
    yield from _just_seen(world, timedelta(minutes=25), None)


def risk_acknowledged(world: World) -> Story:
    """Somebody has seen it and is on it."""
    hand = yield from _just_seen(world, timedelta(minutes=50), 1)
    yield world.simulation.now - timedelta(minutes=30)
    assessing.acknowledge_risk(hand)


def answers_not_saved(world: World) -> Story:
    """Sent on a session that had run out, then from a page out of date, then with a mistake."""
    hand = yield from _just_seen(world, timedelta(minutes=70), 0)
    yield world.simulation.now - timedelta(minutes=15)
    assessing.lose_answers(hand, NotSaved.SIGNED_OUT, item_nine=1)
    yield world.simulation.now - timedelta(minutes=5)
    assessing.lose_answers(hand, NotSaved.OUT_OF_DATE, item_nine=2)
    yield world.simulation.now - timedelta(minutes=2)
    assessing.lose_answers(hand, NotSaved.REFUSED, item_nine=3)


def risk_closed(world: World) -> Story:
    """Looked at within the hour, with outcome and plan."""
    hand = yield from _sign_of_risk(world, 5, 1)
    yield world.moment(world.day(-5), 12)
    assessing.acknowledge_risk(hand)
    assessing.close_risk(hand)


STORIES = (
    risk_open,
    risk_long_open,
    risk_skipped,
    risk_acknowledged,
    answers_not_saved,
    risk_closed,
)
