"""What he agrees to: withdrawn, given again, refused."""

from datetime import timedelta

from mhtr.demo.acts import assessing, court, persons
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import steps
from mhtr.demo.stories.steps import Begun
from mhtr.demo.world import World
from mhtr.intake.court_case import Ending
from mhtr.people.models import ConsentDecision, ConsentItem


def consent_withdrawn(world: World) -> Story:
    """He takes his consent back before release: nothing goes out."""
    hand = yield from steps.begun(world, 12, 8)
    yield from steps.asked(hand, world.day(-10))
    yield from steps.assessed(hand, world.day(-5))
    yield from steps.signed(hand, world.day(-4), world.day(-3))
    yield world.simulation.now - timedelta(minutes=100)
    persons.consent(hand, ConsentItem.TREATMENT, decision=ConsentDecision.WITHDRAWN)


def consent_given_again(world: World) -> Story:
    """He took it back, thought about it, and agrees again, also to more being told."""
    hand = yield from steps.begun(world, 14, 9, "assessor2")
    yield from steps.asked(hand, world.day(-12))
    yield from steps.seen(hand, world.day(-8))
    yield world.moment(world.day(-6))
    persons.consent(hand, ConsentItem.ASSESSMENT, decision=ConsentDecision.WITHDRAWN)
    yield world.moment(world.day(-3))
    persons.consent(
        hand,
        ConsentItem.ASSESSMENT,
        ConsentItem.GP,
        ConsentItem.LINK_WORKER,
        ConsentItem.SHARING_MORE,
    )


def not_to_others(world: World) -> Story:
    """He agrees to the assessment, but nobody else is to be told: GP and link worker refused."""
    hand = yield from steps.begun(world, 9, 10, "assessor2")
    yield from steps.asked(hand, world.day(-7))
    yield from steps.seen(hand, world.day(-5))
    persons.consent(hand, ConsentItem.GP, ConsentItem.LINK_WORKER, decision=ConsentDecision.REFUSED)


def treatment_refused(world: World) -> Story:
    """Assessed; asked about treatment for the first time, he says no. The report will say so."""
    hand = yield from steps.begun(world, 10, 9, "assessor2")
    yield from steps.asked(hand, world.day(-8))
    yield at(world.day(-4), 13)
    assessing.start(hand)
    persons.told(hand)
    assessing.agree(hand, treatment=False)
    assessing.measure(hand, "phq9")
    assessing.measure(hand, "gad7")
    assessing.write(hand, recommendation="declined")
    assessing.finish(hand)


def _says_no(world: World, ago: int, hearing_in: int) -> Begun:
    """Asked first whether he agrees to be assessed, he says no: finished as declined."""
    hand = yield from steps.begun(world, ago, hearing_in)
    yield from steps.asked(hand, world.day(2 - ago))
    yield at(world.day(5 - ago), 14)
    assessing.start(hand)
    assessing.refused(hand)
    yield at(world.day(5 - ago), 14, 20)
    assessing.finish(hand)
    return hand


def assessment_declined(world: World) -> Story:
    """He does not want to be assessed: no report follows, and probation knows that much."""
    yield from _says_no(world, 8, 8)


def closed_he_declined(world: World) -> Story:
    """The same, thought over for two days; then the case was closed."""
    hand = yield from _says_no(world, 11, 6)
    yield world.moment(world.day(-3))
    court.end(hand, Ending.HE_DECLINED)


def changed_his_mind(world: World) -> Story:
    """He said no, agrees two days later, and the assessment is taken up again."""
    hand = yield from _says_no(world, 9, 11)
    yield world.moment(world.day(-2))
    persons.consent(hand, ConsentItem.ASSESSMENT)
    assessing.reopen(hand)


def closed_he_withdrew(world: World) -> Story:
    """Assessed and signed; before release he takes his consent back, and stays with it."""
    hand = yield from steps.begun(world, 14, 7)
    yield from steps.asked(hand, world.day(-12))
    yield from steps.assessed(hand, world.day(-8))
    yield from steps.signed(hand, world.day(-7), world.day(-6))
    yield world.moment(world.day(-5))
    persons.consent(hand, ConsentItem.ASSESSMENT, decision=ConsentDecision.WITHDRAWN)
    yield world.moment(world.day(-2))
    court.end(hand, Ending.HE_WITHDREW)


def closed_not_suitable(world: World) -> Story:
    """Found unsuitable before probation asked for anything; he is helped elsewhere."""
    hand = yield from steps.begun(world, 10, 9, "assessor2")
    yield from steps.assessed(hand, world.day(-5), recommendation="unsuitable")
    yield world.moment(world.day(-3))
    court.end(hand, Ending.NOT_SUITABLE)


STORIES = (
    consent_withdrawn,
    consent_given_again,
    not_to_others,
    treatment_refused,
    assessment_declined,
    closed_he_declined,
    changed_his_mind,
    closed_he_withdrew,
    closed_not_suitable,
)
