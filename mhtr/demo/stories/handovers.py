"""Reports that another team asks for: waiting, handed over, declined, a case apart, too late."""

from mhtr.core.access import Role
from mhtr.demo.acts import court, requesting
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import steps
from mhtr.demo.world import Hand, World
from mhtr.intake.court_case import Ending
from mhtr.suitability import take_over


def _administrator(hand: Hand) -> int:
    return hand.world.staff(hand.world.cast.at(hand.trust, Role.ADMINISTRATOR)[0])


def waiting(world: World) -> Story:
    """The officer who supervises him asks twice; nobody has answered yet."""
    hand = yield from steps.begun(world, 6, 10)
    yield from steps.asked(hand, world.day(-4))
    yield at(world.day(-1), 10)
    requesting.ask_of_others(hand, "probation")
    yield at(world.day(-1), 15)
    requesting.ask_of_others(hand, "probation")


def handed_over(world: World) -> Story:
    """The report is released; another team has him now and is given it. Both go on reading it."""
    hand = yield from steps.referred(world, world.day(-12), hearing_on=world.day(7))
    hand.assessor, hand.officer = world.staff("assessor"), world.staff("court")
    days = (world.day(-11), world.day(-8), world.day(-6), world.day(-4))
    yield from steps.through_to_release(hand, days)
    yield at(world.day(-2), 11)
    question = requesting.ask_of_others(hand, "court-city")
    yield at(world.day(-2), 13)
    take_over.hand_over(
        case_id=question.case_id, question_ref=question.ref, by=_administrator(hand)
    )


def declined(world: World) -> Story:
    """The author keeps it: the other team had the wrong man in mind."""
    hand = yield from steps.begun(world, 5, 9)
    yield from steps.asked(hand, world.day(-3))
    yield at(world.day(-2), 10)
    question = requesting.ask_of_others(hand, "probation")
    yield at(world.day(-2), 14)
    take_over.decline(
        case_id=question.case_id,
        question_ref=question.ref,
        reason="We write for this hearing. Ring us if you need something else.",
        by=hand.officer,
    )


def another_prosecution(world: World) -> Story:
    """The author says that it is another prosecution: it becomes a case of its own."""
    hand = yield from steps.begun(world, 6, 9)
    yield from steps.asked(hand, world.day(-4))
    yield at(world.day(-3), 11)
    question = requesting.ask_about_another_hearing(hand, "probation")
    yield at(world.day(-3), 15)
    take_over.other_prosecution(
        case_id=question.case_id, question_ref=question.ref, by=hand.officer
    )


def too_late(world: World) -> Story:
    """The prosecution is discontinued before anybody answers."""
    hand = yield from steps.begun(world, 8, 9)
    yield from steps.asked(hand, world.day(-6))
    yield at(world.day(-5), 10)
    requesting.ask_of_others(hand, "probation")
    yield at(world.day(-5), 12)
    court.end(hand, Ending.DISCONTINUED)


STORIES = (waiting, handed_over, declined, another_prosecution, too_late)
