"""Men whom others than Liaison and Diversion referred, and those a case system sent."""

from mhtr.core import clock
from mhtr.demo.acts import referring, triaging
from mhtr.demo.simulation import Story
from mhtr.demo.stories import steps
from mhtr.demo.world import FACE_COURT, Hand, World
from mhtr.intake.rules import DeclineReason
from mhtr.suitability.deadlines import PsrType

SYSTEM_OF = "ld-west"
"""The team whose case system sends referrals by itself."""


def from_court_probation(world: World) -> Story:
    """The court probation officer refers, and asks for the report when he is taken on."""
    hand = yield from steps.referred(
        world,
        world.day(-4),
        by="court",
        source="court-probation",
        psr="",
        place=FACE_COURT,
        hearing_on=world.day(13),
    )
    hand.assessor, hand.officer = world.staff("assessor2"), world.staff("court")
    yield from steps.taken_on(hand, world.day(-3))
    yield from steps.asked(hand, world.day(-1), psr=PsrType.NOT_KNOWN)


def from_probation(world: World) -> Story:
    """His probation practitioner refers; taken on yesterday."""
    hand = yield from steps.referred(
        world,
        world.day(-2),
        by="probation",
        source="probation",
        place=FACE_COURT,
        hearing_on=world.day(15),
    )
    yield from steps.taken_on(hand, world.day(-1))


def from_a_judge(world: World) -> Story:
    """A judge wrote; the administrator entered it. Not triaged yet."""
    yield from steps.referred(
        world,
        world.day(-1),
        by="admin",
        source="judiciary",
        hearing_purpose="other",
        place="letter",
        hearing_on=world.day(10),
    )


def from_his_solicitor(world: World) -> Story:
    """His solicitor wrote, although he is in treatment elsewhere already."""
    hand = yield from steps.referred(
        world,
        world.day(-5),
        by="admin",
        source="defence",
        place="",
        hearing_on=world.day(9),
    )
    yield world.moment(world.day(-4))
    triaging.decline(hand, DeclineReason.ALREADY_KNOWN)


def from_himself(world: World) -> Story:
    """He rang himself; he has been seen."""
    hand = yield from steps.referred(
        world, world.day(-7), by="admin", source="self", place="telephone", hearing_on=world.day(12)
    )
    yield from steps.taken_on(hand, world.day(-6))
    yield from steps.under_way(hand, world.day(-5), world.day(-3))


def by_api(world: World) -> Story:
    """The case system of the team sends one man, and another a few days later."""
    yield world.moment(world.day(-9))
    token = referring.make_token(world, SYSTEM_OF)
    yield world.moment(world.day(-5))
    hand = Hand(world, _sent(world, token, "CS-20417"))
    yield from steps.taken_on(hand, world.day(-4))
    yield world.moment(world.day(-1))
    _sent(world, token, "CS-20533")


def _sent(world: World, token: str, reference: str) -> int:
    given = referring.answers(
        world,
        world.men.next(),
        clock.today(),
        hearing_on=world.day(14),
        external_reference=reference,
    )
    return referring.send(token, given)


STORIES = (
    from_court_probation,
    from_probation,
    from_a_judge,
    from_his_solicitor,
    from_himself,
    by_api,
)
