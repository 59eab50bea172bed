"""The ordinary course of a case that came by file, from triage to sentence, as far as it got."""

from collections.abc import Generator
from datetime import date, datetime, timedelta

from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, StageOfCase
from mhtr.core import clock
from mhtr.demo.acts import assessing, court, triaging
from mhtr.demo.simulation import Story, at, working_day
from mhtr.demo.stories import steps
from mhtr.demo.stories.steps import Stretch
from mhtr.demo.world import Hand, World
from mhtr.intake.court_case import Ending
from mhtr.intake.rules import DeclineReason
from mhtr.intake.triage_queries import criteria
from mhtr.suitability.outcome_service import Result

NOT_TAKEN_ON = 0.5
"""Of those looked at, the share that is declined at once."""
GO_NO_FURTHER = 0.85
"""Of those taken on, the share that ends before a report is asked for."""
ENDS_EARLY = (
    (DeclineReason.HE_IS_NOT_WILLING, ""),
    (DeclineReason.OTHER, "He has moved out of London. The service there was told."),
    (DeclineReason.ALREADY_KNOWN, ""),
    (DeclineReason.SECONDARY_CARE_NEED, ""),
)
RECOMMENDED = {"suitable": 80, "suitable_not_ready": 8, "unsuitable": 7, "declined": 5}
RESULTS = {
    Result.CO_MHTR: 45,
    Result.SSO_MHTR: 25,
    Result.OTHER_COMMUNITY: 15,
    Result.CUSTODY: 10,
    Result.OTHER: 5,
}


def course(world: World, case_id: int) -> Story:
    """From the day after it came."""
    chance, day = world.chance, clock.today()
    day = working_day(day, 1 + chance.randrange(0, 2))
    hand = Hand(world, case_id)
    if assessing.risk_task(hand):
        yield at(clock.today(), 15)
        assessing.look_into_sign(hand)
    yield world.moment(day)
    blocked = any(each.blocks for each in criteria(case_id))
    if blocked or chance.random() < NOT_TAKEN_ON:
        reasons = (DeclineReason.NOT_FOR_THIS_SERVICE, DeclineReason.HE_IS_NOT_WILLING)
        triaging.decline(hand, reasons[0] if blocked else reasons[1])
        return
    triaging.accept(hand)
    if chance.random() < GO_NO_FURTHER:
        yield world.moment(working_day(day, chance.randrange(1, 4)))
        triaging.decline(hand, *ENDS_EARLY[case_id % len(ENDS_EARLY)])
        return
    if hand.case.stage not in AFTER_PLEA_OR_FINDING:
        pleaded = yield from _to_plea(hand, day)
        if not pleaded:
            return
        day = max(day, clock.today())
    if hand.case.hearing_on is None or hand.case.hearing_on <= day:
        day = working_day(day, 1)
        yield world.moment(day)
        court.hearing(hand, working_day(day, chance.randrange(14, 30)))
    yield from _to_release(hand, working_day(day, chance.randrange(1, 3)))


def _to_plea(hand: Hand, day: date) -> Generator[datetime, None, bool]:
    """Until he pleads guilty (True), or the case ends (False)."""
    world, chance = hand.world, hand.world.chance
    yield world.moment(working_day(day, chance.randrange(2, 5)), 16)
    if chance.random() < 0.35:
        ends = (Ending.NO_FURTHER_ACTION, Ending.DISCONTINUED, Ending.ACQUITTED)
        court.end(hand, ends[hand.case_id % 3])
        return False
    court.stage(hand, StageOfCase.GUILTY_PLEA)
    court.hearing(hand, working_day(clock.today(), chance.randrange(15, 25)))
    return True


def _to_release(hand: Hand, day: date) -> Stretch:
    world, chance = hand.world, hand.world.chance
    yield from steps.asked(hand, day)
    recommendation = chance.choices(list(RECOMMENDED), list(RECOMMENDED.values()))[0]
    day = working_day(day, chance.randrange(1, 3))
    if chance.random() < 0.06:
        yield world.moment(day)
        court.end(hand, chance.choice((Ending.REMANDED, Ending.FAILED_TO_APPEAR)))
        return
    held = hand.case.hearing_on
    if held is not None and held <= working_day(day, 6):
        yield world.moment(day, 9)
        court.hearing(hand, working_day(day, 10 + chance.randrange(0, 10)))
    item_nine = chance.choices((0, 1, 2), (85, 10, 5))[0]
    yield from steps.assessed(hand, day, recommendation=recommendation, item_nine=item_nine)
    if item_nine:
        yield world.moment(day, 16)
        assessing.close_risk(hand)
    signed_on = working_day(day, 1 + chance.randrange(0, 2))
    yield from steps.signed(hand, day, signed_on)
    yield from steps.sent(hand, working_day(signed_on, 1 + chance.randrange(0, 2)))
    yield from _to_sentence(hand, recommendation)


def _to_sentence(hand: Hand, recommendation: str) -> Stretch:
    world, chance = hand.world, hand.world.chance
    held = hand.case.hearing_on
    if held is None or held <= clock.today():
        return
    suitable = recommendation.startswith("suitable")
    before = working_day(held - timedelta(days=1), -1)
    if before > clock.today():
        yield world.moment(before)
        court.proposed(hand, yes=suitable)
    if chance.random() < 0.15:
        yield world.moment(held, 16)
        held = working_day(held, 10)
        court.adjourned(hand, held)
    yield world.moment(working_day(held, chance.randrange(0, 2)), 16)
    result = chance.choices(list(RESULTS), list(RESULTS.values()))[0]
    court.sentenced(hand, result if suitable else Result.OTHER_COMMUNITY, proposed=None)
