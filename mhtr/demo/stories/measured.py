"""A man in treatment whose measures were recorded in every way there is.

He is told with a chance of his own: what the other stories draw stays as it is.
"""

from dataclasses import replace
from random import Random

from mhtr.cases.facts import FactKind
from mhtr.demo.acts import assessing, course, coursing, court, measuring, ordering
from mhtr.demo.men import Men
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import steps
from mhtr.demo.world import Hand, World
from mhtr.suitability.outcome_service import Result
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.models import MeasureMode

SEED = 5
PLACE = 60
"""His place among the men of that seed: his numbers are nobody else's."""
DECLINED, SEVERAL_DAYS = Answer(AnswerState.DECLINED), Answer(AnswerState.ANSWERED, 1)


def in_every_way(told: World) -> Story:
    """A question declined, a total without question 9, one form left, two slips, one open risk."""
    world = replace(told, chance=Random(SEED))  # noqa: S311  (fiction needs no secrecy)
    men = Men(SEED, told.today)
    man = [men.next() for _ in range(PLACE)][-1]
    hand = yield from steps.referred(world, world.day(-62), man=man, hearing_on=world.day(-40))
    hand.assessor, hand.lead = world.staff("assessor"), world.staff("lead")
    days = (world.day(-60), world.day(-55), world.day(-52), world.day(-49))
    yield from steps.through_to_release(hand, days)
    yield world.moment(world.day(-40), 16)
    court.sentenced(hand, Result.SSO_MHTR, proposed=True)
    ordering.with_unpaid_work(hand, ordering.ordered(hand))
    ordering.supervised(hand)
    coursing.made(hand)
    yield world.moment(world.day(-37))
    ordering.spoken_with(hand)
    yield at(world.day(-26), 14)
    course.milestone(hand, FactKind.TREATMENT_STARTED)
    yield from _sessions(world, hand)


def _sessions(world: World, hand: Hand) -> Story:
    course.session(hand, 1, (17, 14))
    yield at(world.day(-21), 14)
    contact = measuring.session(hand, 2)
    measuring.submitted(hand, contact, "phq9", measuring.answers("phq9", 16, q4=DECLINED))
    measuring.submitted(hand, contact, "gad7", measuring.answers("gad7", 13))
    measuring.closed(hand, contact)
    yield at(world.day(-16), 11)
    contact = measuring.session(hand, 3, mode=MeasureMode.TELEPHONE)
    measuring.typed(hand, contact, "phq9", 13)
    measuring.typed(hand, contact, "gad7", 11)
    yield at(world.day(-16), 12)
    assessing.close_risk(hand)
    measuring.closed(hand, contact)
    yield from _later_sessions(world, hand)


def _later_sessions(world: World, hand: Hand) -> steps.Stretch:
    yield at(world.day(-11), 14)
    contact = measuring.session(hand, 14, asked=("phq9",))
    measuring.renumbered(hand, contact, 4)
    measuring.submitted(hand, contact, "phq9", measuring.answers("phq9", 12))
    measuring.corrected(hand, contact, "phq9", 5, SEVERAL_DAYS)
    measuring.closed(hand, contact)
    yield at(world.day(-6), 14)
    contact = measuring.session(hand, 5)
    measuring.submitted(hand, contact, "phq9", measuring.answers("phq9", 11))
    half = {number: SEVERAL_DAYS for number in range(1, 4)}
    measuring.begun(hand, contact, "gad7", half)
    measuring.closed(hand, contact)
    yield at(world.day(-4), 10)
    contact = measuring.session(hand, 6, asked=("gad7",))
    measuring.submitted(hand, contact, "gad7", measuring.answers("gad7", 19))
    measuring.taken_back(hand, contact)
    yield at(world.day(-1), 15)
    contact = measuring.session(hand, 6)
    measuring.submitted(hand, contact, "phq9", measuring.answers("phq9", 10, q9=SEVERAL_DAYS))


STORIES = (in_every_way,)
