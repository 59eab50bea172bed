"""Reports that another team asks for: waiting, handed over, declined, a case apart, too late.

And a report that nobody at probation can go on with any more.
"""

from mhtr.accounts import organisation_service
from mhtr.accounts import service as accounts
from mhtr.accounts.models import Team
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.demo.acts import court, requesting
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import steps
from mhtr.demo.world import Hand, World
from mhtr.intake.court_case import Ending
from mhtr.suitability import parting, take_over
from mhtr.suitability.concerned import current_request


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


def taken_for_the_same(world: World) -> Story:
    """Handed over as the same prosecution; the other team finds that it is another one."""
    hand = yield from steps.begun(world, 8, 11)
    yield from steps.asked(hand, world.day(-6))
    yield at(world.day(-5), 10)
    question = requesting.ask_about_another_hearing(hand, "court-city")
    yield at(world.day(-5), 14)
    take_over.hand_over(case_id=question.case_id, question_ref=question.ref, by=hand.officer)
    yield at(world.day(-4), 9)
    request = current_request(hand.case_id)
    if request is None:
        raise ValueError("nobody asked for a report")
    parting.part(
        request_id=request.id,
        reason="Ours is the matter of October, with a number of its own. Both stand.",
        version=request.version,
        by=world.staff("court-city"),
    )


def nobody_left_to_read(world: World) -> Story:
    """Her court has closed and she has left: the service looks for who takes the request on."""
    hand = yield from steps.begun(world, 9, 12)
    hand.officer = world.staff("court-blackfriars")
    yield from steps.asked(hand, world.day(-7))
    yield from steps.seen(hand, world.day(-4))
    yield at(world.day(-2), 17)
    accounts.disable(hand.officer, by=None)
    team = db.session.get_one(Team, world.cast.teams["psr-blackfriars"])
    organisation_service.close(team, by=None)


def too_late(world: World) -> Story:
    """The prosecution is discontinued before anybody answers."""
    hand = yield from steps.begun(world, 8, 9)
    yield from steps.asked(hand, world.day(-6))
    yield at(world.day(-5), 10)
    requesting.ask_of_others(hand, "probation")
    yield at(world.day(-5), 12)
    court.end(hand, Ending.DISCONTINUED)


STORIES = (
    waiting,
    handed_over,
    declined,
    another_prosecution,
    taken_for_the_same,
    nobody_left_to_read,
    too_late,
)
