"""Men whose referral has only just begun, or ended there."""

from dataclasses import replace
from datetime import timedelta

from mhtr.cases.facts import StageOfCase
from mhtr.core import clock
from mhtr.demo.acts import court, referring, triaging
from mhtr.demo.men import Man
from mhtr.demo.simulation import Story
from mhtr.demo.stories import steps
from mhtr.demo.stories.steps import Begun
from mhtr.demo.world import Hand, World
from mhtr.intake.court_case import Ending
from mhtr.intake.rules import DeclineReason


def urgent_now(world: World) -> Story:
    """Not safe: custody healthcare was told first. Nobody has triaged him yet."""
    yield world.simulation.now - timedelta(minutes=35)
    told = clock.now().astimezone(clock.LONDON) - timedelta(minutes=20)
    referring.refer(
        world,
        referring.answers(
            world,
            world.men.next(),
            clock.today(),
            stage="charged",
            hearing_on=world.day(6),
            safety="healthcare_told",
            told_whom="Custody nurse, Charing Cross",
            told_at=f"{told:%Y-%m-%dT%H:%M}",
            urgency="urgent",
            risk="high",
            notes="Said in his cell that he does not want to go on.",
        ),
    )


def untriaged(world: World) -> Story:
    """Came yesterday."""
    yield from steps.referred(world, world.day(-1), hearing_on=world.day(14))


def untriaged_under_investigation(world: World) -> Story:
    """Came yesterday, before any charge: health screening only."""
    yield from steps.referred(world, world.day(-1), stage="under_investigation")


def untriaged_with_gaps(world: World) -> Story:
    """No plea, no hearing, no telephone: to be chased."""
    yield from steps.referred(
        world,
        world.day(-2),
        stage="charged",
        phone="",
        screened_on="",
        willing="not_asked",
        agreed_how="",
    )


def triage_overdue(world: World) -> Story:
    """Waits longer than the service allows itself."""
    yield from steps.referred(world, world.day(-5), hearing_on=world.day(9))


def question_for_the_referrer(world: World) -> Story:
    """Triage waits for an answer."""
    hand = yield from steps.referred(
        world, world.day(-3), hearing_on=world.day(16), willing="unsure", agreed_how=""
    )
    yield world.moment(world.day(-2))
    triaging.ask(hand, "Did he say what made him unsure? Would he see us once, without a promise?")


def not_willing(world: World) -> Story:
    """Declined: he does not want it."""
    hand = yield from steps.referred(
        world, world.day(-9), hearing_on=world.day(12), willing="not_willing", agreed_how=""
    )
    yield world.moment(world.day(-8))
    triaging.decline(hand, DeclineReason.HE_IS_NOT_WILLING)


def needs_more(world: World) -> Story:
    """Declined: secondary care is what he needs."""
    hand = yield from steps.referred(
        world, world.day(-11), hearing_on=world.day(10), vulnerabilities="psychosis;housing"
    )
    yield world.moment(world.day(-10))
    triaging.decline(hand, DeclineReason.SECONDARY_CARE_NEED)


def unallocated(world: World) -> Story:
    """Accepted; nobody has him yet."""
    hand = yield from steps.referred(world, world.day(-4), hearing_on=world.day(15))
    yield world.moment(world.day(-3))
    triaging.ask(hand, "Can he come in the morning?")
    triaging.answer(hand, "Yes, on any day but Tuesday.")
    triaging.accept(hand, allocate=False)


def allocated(world: World) -> Story:
    """With an assessor; probation has not asked yet."""
    hand = yield from steps.referred(world, world.day(-4), hearing_on=world.day(18))
    yield from steps.taken_on(hand, world.day(-2))


def allocated_last_week(world: World) -> Story:
    """With the assessor for a week, and not begun: he did not answer the telephone."""
    yield from steps.begun(world, 8, 12)


def reallocated(world: World) -> Story:
    """Given to the assessor behind the one-click sign-in when a colleague went on leave."""
    hand = yield from steps.referred(world, world.day(-7), hearing_on=world.day(11))
    hand.assessor = world.staff("assessor3")
    yield from steps.taken_on(hand, world.day(-5))
    yield world.moment(world.day(-1))
    triaging.allocate(hand, "assessor")


def not_guilty_then_found_guilty(world: World) -> Story:
    """A finding after trial: only now a report is possible."""
    hand = yield from steps.referred(
        world, world.day(-15), stage="not_guilty_plea", hearing_on=world.day(-5)
    )
    yield from steps.taken_on(hand, world.day(-13))
    yield world.moment(world.day(-4))
    court.stage(hand, StageOfCase.FOUND_GUILTY)
    court.hearing(hand, world.day(12))
    yield from steps.under_way(hand, world.day(-3), world.day(-1))


def released_under_investigation(world: World) -> Story:
    """Interviewed and let go while the police look further: everything waits."""
    hand = yield from steps.referred(world, world.day(-7), stage="under_investigation")
    yield from steps.taken_on(hand, world.day(-6))
    yield world.moment(world.day(-5))
    court.end(hand, Ending.RELEASED_UNDER_INVESTIGATION)


def too_young(world: World) -> Story:
    """Seventeen: the service for young people is told."""
    man = replace(world.men.next(), born=world.today - timedelta(days=17 * 365))
    yield from _turned_away(world, DeclineReason.UNDER_AGE, man=man)


def prosecution_ended(world: World) -> Story:
    """The case was over before anybody looked at the referral."""
    yield from _turned_away(world, DeclineReason.PROSECUTION_ENDED, stage="charged")


def not_for_this_service(world: World) -> Story:
    """He asks for help with gambling alone: a service for that is named to him."""
    yield from _turned_away(world, DeclineReason.NOT_FOR_THIS_SERVICE)


def _turned_away(
    world: World, reason: DeclineReason, *, man: Man | None = None, **given: str
) -> Story:
    hand: Hand = yield from steps.referred(
        world, world.day(-6), man=man, hearing_on=world.day(9), **given
    )
    yield world.moment(world.day(-5))
    triaging.decline(hand, reason)


def _closed(world: World, reason: Ending, ago: int, stage: str) -> Story:
    hand: Hand = yield from steps.referred(world, world.day(-ago), stage=stage)
    yield from steps.taken_on(hand, world.day(1 - ago))
    yield world.moment(world.day(4 - ago))
    court.end(hand, reason)


def no_further_action(world: World) -> Story:
    """The police take it no further."""
    return _closed(world, Ending.NO_FURTHER_ACTION, 14, "under_investigation")


def discontinued(world: World) -> Story:
    """The prosecution is dropped."""
    return _closed(world, Ending.DISCONTINUED, 18, "charged")


def acquitted(world: World) -> Story:
    """Found not guilty."""
    return _closed(world, Ending.ACQUITTED, 21, "not_guilty_plea")


def reopened(world: World) -> Story:
    """Dropped, then charged after all: the case goes on."""
    hand = yield from steps.referred(world, world.day(-17), stage="under_investigation")
    yield from steps.taken_on(hand, world.day(-16))
    yield world.moment(world.day(-12))
    court.end(hand, Ending.NO_FURTHER_ACTION)
    yield world.moment(world.day(-3))
    court.go_on(hand)
    court.stage(hand, StageOfCase.CHARGED)


def _declined_and_asked_again(world: World, ago: int) -> Begun:
    hand = yield from steps.referred(world, world.day(-ago), hearing_on=world.day(9))
    yield world.moment(world.day(1 - ago))
    triaging.decline(hand, DeclineReason.SECONDARY_CARE_NEED)
    yield world.moment(world.day(2 - ago))
    triaging.ask_again(hand, "His care coordinator says that he is not on their caseload.")
    return hand


def asked_to_look_again(world: World) -> Story:
    """Declined; who referred asks the service to look again, and nobody has answered."""
    yield from _declined_and_asked_again(world, 4)


def stays_closed(world: World) -> Story:
    """Asked to look again, the service stands by its answer."""
    hand = yield from _declined_and_asked_again(world, 9)
    yield world.moment(world.day(-6))
    triaging.leave_closed(hand)


STORIES = (
    urgent_now,
    untriaged,
    untriaged_under_investigation,
    untriaged_with_gaps,
    triage_overdue,
    question_for_the_referrer,
    not_willing,
    needs_more,
    unallocated,
    allocated,
    allocated_last_week,
    reallocated,
    not_guilty_then_found_guilty,
    released_under_investigation,
    too_young,
    prosecution_ended,
    not_for_this_service,
    no_further_action,
    discontinued,
    acquitted,
    reopened,
    asked_to_look_again,
    stays_closed,
)
