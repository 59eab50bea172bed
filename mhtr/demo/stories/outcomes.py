"""Men whose hearing has come: adjourned, forgotten, sentenced."""

from mhtr.demo.acts import court, ordering, requesting, triaging
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import steps
from mhtr.demo.world import World
from mhtr.suitability import take_over
from mhtr.suitability.court_result import Correction
from mhtr.suitability.outcome_service import Result

CROWN_COURT = "C01SW"
"""In another trust's area."""


def adjourned_twice(world: World) -> Story:
    """No sentence at the first hearing, nor at the second; the third is coming."""
    hand = yield from steps.heard(world, 12)
    yield world.moment(world.day(-12), 16)
    court.adjourned(hand, world.day(-4))
    yield world.moment(world.day(-4), 16)
    court.adjourned(hand, world.day(9))


def moved_court(world: World) -> Story:
    """Committed to the Crown Court for sentence, then brought forward; another trust has it now.

    The author there asks too, the one before hands it over, and somebody there has begun.
    """
    hand = yield from steps.referred(world, world.day(-10), hearing_on=world.day(-6))
    yield from steps.taken_on(hand, world.day(-9))
    yield from steps.asked(hand, world.day(-8))
    yield world.moment(world.day(-6), 16)
    court.hearing(hand, world.day(20), court=CROWN_COURT)
    hand.lead = world.staff("lead-slam")
    yield world.moment(world.day(-5))
    triaging.allocate(hand, "assessor-slam2")
    yield world.moment(world.day(-4))
    court.hearing(hand, world.day(14), court=CROWN_COURT)
    yield at(world.day(-3), 10)
    question = requesting.ask_of_others(hand, "court-city")
    yield at(world.day(-3), 12)
    take_over.hand_over(case_id=question.case_id, question_ref=question.ref, by=hand.officer)
    hand.officer = world.staff("court-city")
    yield from steps.seen(hand, world.day(-2))


def moved_trust(world: World) -> Story:
    """Committed yesterday to a court that another trust covers: nobody there has him yet."""
    hand = yield from steps.begun(world, 4, -1)
    yield world.moment(world.day(-1), 16)
    court.hearing(hand, world.day(18), court=CROWN_COURT)


def result_awaited(world: World) -> Story:
    """The hearing was two days ago and nobody has recorded what the court did."""
    yield from steps.heard(world, 2)


def result_long_awaited(world: World) -> Story:
    """The same, some days earlier; it was proposed."""
    hand = yield from steps.heard(world, 4)
    yield world.moment(world.day(-6))
    court.proposed(hand, yes=True)


def proposed(world: World) -> Story:
    """Proposed; the hearing is coming."""
    hand = yield from steps.heard(world, -5)
    yield world.moment(world.day(-1))
    court.proposed(hand, yes=True)


def not_proposed(world: World) -> Story:
    """Released, but the pre-sentence report did not propose it."""
    hand = yield from steps.heard(world, -4)
    yield world.moment(world.day(-1))
    court.proposed(hand, yes=False)


def _sentenced(world: World, ago: int, result: Result, yes: bool) -> Story:
    hand = yield from steps.heard(world, ago)
    yield world.moment(world.day(-ago), 16)
    court.sentenced(hand, result, proposed=yes)


def community_order(world: World) -> Story:
    """A community order with the requirement."""
    return _sentenced(world, 3, Result.CO_MHTR, True)


def suspended_sentence(world: World) -> Story:
    """A suspended sentence order with the requirement."""
    hand = yield from steps.heard(world, 8)
    yield world.moment(world.day(-8), 16)
    court.sentenced(hand, Result.SSO_MHTR)
    yield at(world.day(-6), 11)
    ordering.ordered(hand)


def other_community(world: World) -> Story:
    """Proposed; the court made an order without it."""
    return _sentenced(world, 5, Result.OTHER_COMMUNITY, True)


def custody(world: World) -> Story:
    """Not proposed; custody."""
    return _sentenced(world, 9, Result.CUSTODY, False)


def fine(world: World) -> Story:
    """Proposed; the court fined him instead, recorded wrongly at first."""
    hand = yield from steps.heard(world, 6)
    yield world.moment(world.day(-6), 16)
    court.sentenced(hand, Result.OTHER_COMMUNITY)
    yield world.moment(world.day(-5), 10)
    wrong = Correction.WRONG_ANSWER
    court.sentenced(hand, Result.OTHER, proposed=None, correction=wrong)


STORIES = (
    adjourned_twice,
    moved_court,
    moved_trust,
    result_awaited,
    result_long_awaited,
    proposed,
    not_proposed,
    community_order,
    suspended_sentence,
    other_community,
    custody,
    fine,
)
