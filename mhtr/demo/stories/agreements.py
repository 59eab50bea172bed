"""What he agrees to: withdrawn, given again, refused."""

from datetime import timedelta

from mhtr.demo.acts import assessing, persons
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import steps
from mhtr.demo.world import World
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


STORIES = (consent_withdrawn, consent_given_again, not_to_others, treatment_refused)
