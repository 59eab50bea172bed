"""Men for whom a report is written, signed, read to them and sent."""

from mhtr.demo.acts import assessing, court, signing, triaging
from mhtr.demo.simulation import Story
from mhtr.demo.stories import steps
from mhtr.demo.stories.steps import Begun
from mhtr.demo.world import World
from mhtr.intake.court_case import Ending
from mhtr.suitability.report_content import HisAnswer, HowAssessed


def part_way(world: World) -> Story:
    """Seen; half of the sections are written."""
    hand = yield from steps.begun(world, 9, 11)
    yield from steps.asked(hand, world.day(-7))
    yield from steps.seen(hand, world.day(-2))
    yield world.moment(world.day(-1))
    assessing.write(hand, upto=6)


def _given_to_another(world: World, ago: int, hearing_in: int) -> Begun:
    """Half written; then its author was given other work, and the case to a colleague."""
    hand = yield from steps.begun(world, ago, hearing_in, "assessor2")
    yield from steps.asked(hand, world.day(2 - ago))
    yield from steps.seen(hand, world.day(4 - ago))
    yield world.moment(world.day(5 - ago))
    assessing.write(hand, upto=6)
    yield world.moment(world.day(6 - ago))
    triaging.allocate(hand, "assessor")
    return hand


def to_be_taken_over(world: World) -> Story:
    """Begun by a colleague who has it no more: waits for whoever has the case to take it over."""
    yield from _given_to_another(world, 8, 9)


def taken_over(world: World) -> Story:
    """Taken over; the new author spoke with him again, and looked through the first sections."""
    hand = yield from _given_to_another(world, 10, 8)
    yield world.moment(world.day(-3))
    assessing.take_over(hand)
    yield world.moment(world.day(-2))
    assessing.meet(hand, HowAssessed.TELEPHONE)
    assessing.look_through(hand, 3)


def waits_for_signature(world: World) -> Story:
    """Before any clinical lead of the trust."""
    hand = yield from steps.begun(world, 10, 8)
    yield from steps.asked(hand, world.day(-8))
    yield from steps.assessed(hand, world.day(-2))
    yield world.moment(world.day(-1))
    signing.put_before_lead(hand)


def waits_for_named_lead(world: World) -> Story:
    """Before one clinical lead by name; due soon."""
    hand = yield from steps.begun(world, 12, 5)
    yield from steps.asked(hand, world.day(-10), due=world.day(2))
    yield from steps.assessed(hand, world.day(-3), recommendation="suitable_not_ready")
    yield world.moment(world.day(-2))
    signing.put_before_lead(hand, named=True)


def finished(world: World) -> Story:
    """Finished yesterday; not yet put before a lead."""
    hand = yield from steps.begun(world, 8, 9)
    yield from steps.asked(hand, world.day(-6))
    yield from steps.assessed(hand, world.day(-1))


def finished_unsuitable(world: World) -> Story:
    """Finished: another service is what he needs."""
    hand = yield from steps.begun(world, 9, 7, "assessor2")
    yield from steps.asked(hand, world.day(-7))
    yield from steps.assessed(hand, world.day(-2), recommendation="unsuitable")


def finished_declined(world: World) -> Story:
    """Finished: he decided against it."""
    hand = yield from steps.begun(world, 7, 10, "assessor2")
    yield from steps.asked(hand, world.day(-5))
    yield from steps.assessed(hand, world.day(-1), recommendation="declined")


def returned(world: World) -> Story:
    """Returned with two comments."""
    hand = yield from steps.begun(world, 11, 7)
    yield from steps.asked(hand, world.day(-9))
    yield from steps.assessed(hand, world.day(-4))
    yield world.moment(world.day(-3))
    signing.put_before_lead(hand)
    yield world.moment(world.day(-2))
    signing.give_back(hand)


def taken_back(world: World) -> Story:
    """The author took it back from the lead to add something."""
    hand = yield from steps.begun(world, 9, 8)
    yield from steps.asked(hand, world.day(-7))
    yield from steps.assessed(hand, world.day(-3))
    yield world.moment(world.day(-2))
    signing.put_before_lead(hand)
    yield world.moment(world.day(-1))
    signing.take_back(hand)


def signed_not_heard(world: World) -> Story:
    """Countersigned; he has not heard it yet."""
    hand = yield from steps.begun(world, 12, 6)
    yield from steps.asked(hand, world.day(-10))
    yield from steps.assessed(hand, world.day(-4))
    yield from steps.signed(hand, world.day(-3), world.day(-2))


def he_disagrees(world: World) -> Story:
    """He heard it and disagrees; his words go with it. To be released."""
    hand = yield from steps.begun(world, 13, 5)
    yield from steps.asked(hand, world.day(-11))
    yield from steps.assessed(hand, world.day(-5))
    yield from steps.signed(hand, world.day(-4), world.day(-3))
    yield world.moment(world.day(-2))
    signing.heard(hand, HisAnswer.DISAGREES, "I do not think that I need twelve sessions.")


def he_corrects(world: World) -> Story:
    """He put two things right; it was sent with his words."""
    hand = yield from steps.begun(world, 14, 6, "assessor2")
    yield from steps.asked(hand, world.day(-12))
    yield from steps.assessed(hand, world.day(-7))
    yield from steps.signed(hand, world.day(-6), world.day(-5))
    words = "I have two children, not three, and I stopped the tablets in spring."
    yield from steps.sent(hand, world.day(-3), answer=HisAnswer.CORRECTIONS, words=words)


def not_reached(world: World) -> Story:
    """Nobody could reach him in time: the report says so."""
    hand = yield from steps.begun(world, 15, 4, "assessor2")
    yield from steps.asked(hand, world.day(-13))
    yield from steps.assessed(hand, world.day(-8))
    yield from steps.signed(hand, world.day(-7), world.day(-6))
    words = "Three calls on two days were not answered. The report is due today."
    yield from steps.sent(hand, world.day(-4), answer=HisAnswer.NOT_REACHED, words=words)


def _released(
    world: World,
    ago: int,
    hearing_in: int,
    recommendation: str = "suitable",
    heard: tuple[HisAnswer, str] = (HisAnswer.AGREES, ""),
) -> Begun:
    hand = yield from steps.begun(world, ago + 9, hearing_in)
    yield from steps.asked(hand, world.day(-ago - 7))
    yield from steps.assessed(hand, world.day(-ago - 3), recommendation=recommendation)
    yield from steps.signed(hand, world.day(-ago - 2), world.day(-ago - 1))
    yield from steps.sent(hand, world.day(-ago), answer=heard[0], words=heard[1])
    return hand


def released(world: World) -> Story:
    """Sent to probation yesterday."""
    yield from _released(world, 1, 7)


def released_not_ready(world: World) -> Story:
    """Suitable but not ready; no interpreter could read it to him."""
    heard = (HisAnswer.NO_INTERPRETER, "No interpreter was free before the hearing.")
    yield from _released(world, 2, 6, "suitable_not_ready", heard)


def released_unsuitable(world: World) -> Story:
    """Not for this service; he was too unwell to hear it."""
    heard = (HisAnswer.TOO_UNWELL, "He was in hospital on both days.")
    yield from _released(world, 3, 5, "unsuitable", heard)


def released_declined(world: World) -> Story:
    """He decided against it, and did not want to hear the report."""
    heard = (HisAnswer.WOULD_NOT_HEAR, "He said that he does not want to hear it.")
    yield from _released(world, 3, 8, "declined", heard)


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
    hand = yield from steps.begun(world, 13, 9)
    yield from steps.asked(hand, world.day(-11))
    yield from steps.seen(hand, world.day(-6))
    yield world.moment(world.day(-4))
    court.end(hand, Ending.REMANDED)


def did_not_appear(world: World) -> Story:
    """Did not come to court; a warrant is out, and there is no date."""
    hand = yield from steps.begun(world, 8, -3)
    yield world.moment(world.day(-3), 16)
    court.hearing(hand, None)
    court.end(hand, Ending.FAILED_TO_APPEAR)


def came_back(world: World) -> Story:
    """Was remanded, is bailed, and goes on."""
    hand = yield from steps.begun(world, 15, 8)
    yield from steps.asked(hand, world.day(-13))
    yield world.moment(world.day(-11))
    court.end(hand, Ending.REMANDED)
    yield world.moment(world.day(-4))
    court.go_on(hand)


def long_paused(world: World) -> Story:
    """Remanded two weeks ago on another matter, and nothing was heard since: look again."""
    hand = yield from steps.begun(world, 14, 6)
    yield world.moment(world.day(-11), 16)
    court.end(hand, Ending.REMANDED)


STORIES = (
    part_way,
    to_be_taken_over,
    taken_over,
    waits_for_signature,
    waits_for_named_lead,
    finished,
    finished_unsuitable,
    finished_declined,
    returned,
    taken_back,
    signed_not_heard,
    he_disagrees,
    he_corrects,
    not_reached,
    released,
    released_not_ready,
    released_unsuitable,
    released_declined,
    addendum_waits,
    addendum_sent,
    remanded,
    did_not_appear,
    came_back,
    long_paused,
)
