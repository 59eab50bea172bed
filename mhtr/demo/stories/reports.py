"""Men for whom a report is asked for, written, signed, read to them and sent."""

from mhtr.demo.acts import assessing, court, requesting, signing
from mhtr.demo.simulation import Story
from mhtr.demo.stories import steps
from mhtr.demo.stories.steps import Begun
from mhtr.demo.world import World
from mhtr.intake.court_case import Ending
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.report_content import HisAnswer


def _begin(world: World, ago: int, hearing_in: int) -> Begun:
    """Referred and taken on by the assessor behind the one-click sign-in."""
    hand = yield from steps.referred(world, world.day(-ago), hearing_on=world.day(hearing_in))
    hand.assessor = world.staff("assessor")
    yield from steps.taken_on(hand, world.day(1 - ago))
    return hand


def due_soon(world: World) -> Story:
    """Due in three working days; not begun."""
    hand = yield from _begin(world, 6, 9)
    yield from steps.asked(hand, world.day(-4), due=world.day(3))


def due_tomorrow(world: World) -> Story:
    """Due tomorrow; not begun."""
    hand = yield from _begin(world, 8, 6)
    yield from steps.asked(hand, world.day(-6), due=world.day(1))


def overdue(world: World) -> Story:
    """Was due two days ago; he has been seen, the report is not written."""
    hand = yield from _begin(world, 14, 4)
    yield from steps.asked(hand, world.day(-12), due=world.day(-2))
    yield from steps.seen(hand, world.day(-3))


def impossible_date(world: World) -> Story:
    """Asked for the day after: she was told the earliest date and has not answered."""
    hand = yield from _begin(world, 3, 4)
    yield from steps.asked(hand, world.day(-1), due=world.day(0), psr=PsrType.SHORT)


def impossible_date_answered(world: World) -> Story:
    """The date could not be met: she asks the court for an adjournment, and gets it."""
    hand = yield from _begin(world, 9, 2)
    yield from steps.asked(hand, world.day(-6), due=world.day(-5), psr=PsrType.SHORT)
    yield world.moment(world.day(-5))
    requesting.answer(hand, DateAnswer.SEEKS_ADJOURNMENT)
    yield world.moment(world.day(-3))
    court.hearing(hand, world.day(13))


def part_way(world: World) -> Story:
    """Seen; half of the sections are written."""
    hand = yield from _begin(world, 9, 11)
    yield from steps.asked(hand, world.day(-7))
    yield from steps.seen(hand, world.day(-2))
    yield world.moment(world.day(-1))
    assessing.write(hand, upto=6)


def _sign_of_risk(world: World, ago: int, value: int | None) -> Begun:
    hand = yield from _begin(world, ago + 4, 10)
    yield from steps.asked(hand, world.day(-ago - 2))
    yield from steps.seen(hand, world.day(-ago), item_nine=value)
    return hand


def risk_open(world: World) -> Story:
    """Item 9 above zero; nobody has looked yet, and it is late."""
    yield from _sign_of_risk(world, 1, 2)


def risk_long_open(world: World) -> Story:
    """Item 9 above zero some days ago: it goes up the line until somebody records an outcome."""
    yield from _sign_of_risk(world, 4, 3)


def risk_skipped(world: World) -> Story:
    """Item 9 left out: that is looked at too."""
    yield from _sign_of_risk(world, 2, None)


def risk_acknowledged(world: World) -> Story:
    """Somebody has seen it and is on it."""
    hand = yield from _sign_of_risk(world, 2, 1)
    yield world.moment(world.day(-2), 16)
    assessing.acknowledge_risk(hand)


def risk_closed(world: World) -> Story:
    """Looked at within the hour, with outcome and plan."""
    hand = yield from _sign_of_risk(world, 5, 1)
    yield world.moment(world.day(-5), 12)
    assessing.acknowledge_risk(hand)
    assessing.close_risk(hand)


def waits_for_signature(world: World) -> Story:
    """Before any clinical lead of the trust."""
    hand = yield from _begin(world, 10, 8)
    yield from steps.asked(hand, world.day(-8))
    yield from steps.assessed(hand, world.day(-2))
    yield world.moment(world.day(-1))
    signing.put_before_lead(hand)


def waits_for_named_lead(world: World) -> Story:
    """Before one clinical lead by name; due soon."""
    hand = yield from _begin(world, 12, 5)
    yield from steps.asked(hand, world.day(-10), due=world.day(2))
    yield from steps.assessed(hand, world.day(-3), recommendation="suitable_not_ready")
    yield world.moment(world.day(-2))
    signing.put_before_lead(hand, named=True)


def finished(world: World) -> Story:
    """Finished yesterday; not yet put before a lead."""
    hand = yield from _begin(world, 8, 9)
    yield from steps.asked(hand, world.day(-6))
    yield from steps.assessed(hand, world.day(-1))


def finished_unsuitable(world: World) -> Story:
    """Finished: another service is what he needs."""
    hand = yield from _begin(world, 9, 7)
    yield from steps.asked(hand, world.day(-7))
    yield from steps.assessed(hand, world.day(-2), recommendation="unsuitable")


def finished_declined(world: World) -> Story:
    """Finished: he decided against it."""
    hand = yield from _begin(world, 7, 10)
    yield from steps.asked(hand, world.day(-5))
    yield from steps.assessed(hand, world.day(-1), recommendation="declined")


def returned(world: World) -> Story:
    """Returned with two comments."""
    hand = yield from _begin(world, 11, 7)
    yield from steps.asked(hand, world.day(-9))
    yield from steps.assessed(hand, world.day(-4))
    yield world.moment(world.day(-3))
    signing.put_before_lead(hand)
    yield world.moment(world.day(-2))
    signing.give_back(hand)


def signed_not_heard(world: World) -> Story:
    """Countersigned; he has not heard it yet."""
    hand = yield from _begin(world, 12, 6)
    yield from steps.asked(hand, world.day(-10))
    yield from steps.assessed(hand, world.day(-4))
    yield from steps.signed(hand, world.day(-3), world.day(-2))


def he_disagrees(world: World) -> Story:
    """He heard it and disagrees; his words go with it. To be released."""
    hand = yield from _begin(world, 13, 5)
    yield from steps.asked(hand, world.day(-11))
    yield from steps.assessed(hand, world.day(-5))
    yield from steps.signed(hand, world.day(-4), world.day(-3))
    yield world.moment(world.day(-2))
    signing.heard(hand, HisAnswer.DISAGREES, "I do not think that I need twelve sessions.")


def _released(world: World, ago: int, hearing_in: int, recommendation: str = "suitable") -> Begun:
    hand = yield from _begin(world, ago + 9, hearing_in)
    yield from steps.asked(hand, world.day(-ago - 7))
    yield from steps.assessed(hand, world.day(-ago - 3), recommendation=recommendation)
    yield from steps.signed(hand, world.day(-ago - 2), world.day(-ago - 1))
    yield from steps.sent(hand, world.day(-ago))
    return hand


def released(world: World) -> Story:
    """Sent to probation yesterday."""
    yield from _released(world, 1, 7)


def released_not_ready(world: World) -> Story:
    """Suitable but not ready."""
    yield from _released(world, 2, 6, "suitable_not_ready")


def released_unsuitable(world: World) -> Story:
    """Not for this service."""
    yield from _released(world, 3, 5, "unsuitable")


def released_declined(world: World) -> Story:
    """He decided against it."""
    yield from _released(world, 3, 8, "declined")


def addendum_waits(world: World) -> Story:
    """Something changed after release; the addendum waits for a signature."""
    hand = yield from _released(world, 5, 6)
    yield world.moment(world.day(-1))
    signing.add_to(hand)


def addendum_sent(world: World) -> Story:
    """An addendum went after the report."""
    hand = yield from _released(world, 7, 4)
    yield world.moment(world.day(-4))
    signing.add_to(hand)
    yield world.moment(world.day(-3))
    signing.sign(hand)
    yield world.moment(world.day(-2))
    signing.release(hand, addendum=True)


def remanded(world: World) -> Story:
    """Remanded while being assessed: everything waits."""
    hand = yield from _begin(world, 13, 9)
    yield from steps.asked(hand, world.day(-11))
    yield from steps.seen(hand, world.day(-6))
    yield world.moment(world.day(-4))
    court.end(hand, Ending.REMANDED)


def did_not_appear(world: World) -> Story:
    """Did not come to court; a warrant is out."""
    hand = yield from _begin(world, 12, -3)
    yield world.moment(world.day(-3), 16)
    court.end(hand, Ending.FAILED_TO_APPEAR)


def came_back(world: World) -> Story:
    """Was remanded, is bailed, and goes on."""
    hand = yield from _begin(world, 20, 8)
    yield from steps.asked(hand, world.day(-17))
    yield world.moment(world.day(-14))
    court.end(hand, Ending.REMANDED)
    yield world.moment(world.day(-5))
    court.go_on(hand)


STORIES = (
    due_soon,
    due_tomorrow,
    overdue,
    impossible_date,
    impossible_date_answered,
    part_way,
    risk_open,
    risk_long_open,
    risk_skipped,
    risk_acknowledged,
    risk_closed,
    waits_for_signature,
    waits_for_named_lead,
    finished,
    finished_unsuitable,
    finished_declined,
    returned,
    signed_not_heard,
    he_disagrees,
    released,
    released_not_ready,
    released_unsuitable,
    released_declined,
    addendum_waits,
    addendum_sent,
    remanded,
    did_not_appear,
    came_back,
)
