"""Court orders that changed or ended.

They are told with a chance of their own: what the other stories draw stays as it is.
"""

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime
from random import Random

from mhtr.cases.facts import Away
from mhtr.demo.acts import coursing, court, ordering
from mhtr.demo.men import Men
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import steps
from mhtr.demo.world import Hand, World
from mhtr.orders.directing import Practitioner
from mhtr.orders.induction import Item, Outcome
from mhtr.suitability.outcome_service import Result
from sessions.courses.kinds import Priority

SUCCESSOR = Practitioner("Dr Ingrid Halloran", "PYL000812")
SEED = 6
FIRST = 250_000
"""Their numbers: those of the seed are the programme's own men's."""
"""Gives numbers of a range that no other men of the demonstration have."""


def _sentenced(
    told: World, place: int, ago: int, result: Result
) -> Generator[datetime, None, Hand]:
    world = replace(told, chance=Random(SEED + place))  # noqa: S311  (fiction needs no secrecy)
    men = Men(SEED, told.today, first=FIRST)
    man = [men.next() for _ in range(place)][-1]
    hand = yield from steps.referred(
        world, world.day(-ago - 22), man=man, hearing_on=world.day(-ago)
    )
    hand.assessor, hand.lead = world.staff("assessor"), world.staff("lead")
    days = (world.day(-ago - 20), world.day(-ago - 15), world.day(-ago - 12), world.day(-ago - 9))
    yield from steps.through_to_release(hand, days)
    yield at(world.day(-ago), 16)
    court.sentenced(hand, result, proposed=True)
    return hand


def order_extended(told: World) -> Story:
    """A community order whose end the court moved on an application."""
    hand = yield from _sentenced(told, 1, 30, Result.CO_MHTR)
    yield at(told.day(-28), 10)
    order = ordering.ordered(hand)
    ordering.supervised(hand)
    coursing.made(hand, "trauma", Priority.SOON)
    coursing.skipped(hand, 3, "Covered with the team at his hostel, with notes of it.")
    coursing.added(hand, 5, "He asked for a session on strong feelings before memories.")
    yield at(told.day(-4), 15)
    ordering.extended(hand, order, months=3)
    ordering.spoken_with(hand, Item.SPOKEN, outcome=Outcome.COULD_NOT)
    yield at(told.day(-2), 11)
    ordering.spoken_with(hand, Item.SPOKEN, Item.PROBATION, Item.RISK)
    ordering.spoken_with(hand, Item.TIMES, outcome=Outcome.CHANGED)
    coursing.on_another_pathway(
        hand, "sequence", "He would rather begin with skills; memories are not for now."
    )
    coursing.repeated(hand, 2, "Twice, because his first language is not English.")
    coursing.skipped(hand, 8, "Agreed with him: he avoids nothing that matters here.")
    coursing.sooner(hand, "Four weeks since the sentence, and nobody has seen him yet.")


def order_revoked(told: World) -> Story:
    """The court revoked the order before treatment began."""
    hand = yield from _sentenced(told, 2, 20, Result.SSO_MHTR)
    yield at(told.day(-19), 10)
    order = ordering.ordered(hand)
    ordering.supervised_by_name(hand, "Marcus Oyelaran")
    coursing.made(hand, "group")
    yield at(told.day(-2), 15)
    ordering.revoked(hand, order)


def cannot_finish(told: World) -> Story:
    """A short requirement, and nobody has seen him yet: his sessions no longer fit."""
    hand = yield from _sentenced(told, 3, 40, Result.CO_MHTR)
    yield at(told.day(-38), 10)
    ordering.ordered(hand, months=3)
    ordering.supervised(hand)


def directed_by_another(told: World) -> Story:
    """The psychologist whom the order names has left; probation was given written notice."""
    hand = yield from _sentenced(told, 4, 26, Result.CO_MHTR)
    yield at(told.day(-25), 10)
    order = ordering.ordered(hand)
    ordering.supervised(hand)
    yield at(told.day(-9), 14)
    ordering.directed_by(hand, order, SUCCESSOR)
    yield at(told.day(-8), 9)
    ordering.told_who_directs(hand, order, "Camden and Islington duty mailbox")


def nobody_directs_yet(told: World) -> Story:
    """The same, and nobody was told yet."""
    hand = yield from _sentenced(told, 5, 33, Result.SSO_MHTR)
    yield at(told.day(-32), 10)
    order = ordering.ordered(hand)
    ordering.supervised(hand)
    yield at(told.day(-1), 14)
    ordering.directed_by(hand, order, None)


def in_custody(told: World) -> Story:
    """He was in hospital for a week, and is in custody now."""
    hand = yield from _sentenced(told, 6, 38, Result.CO_MHTR)
    yield at(told.day(-37), 10)
    ordering.ordered(hand)
    ordering.supervised(hand)
    yield at(told.day(-24), 9)
    ordering.cannot_attend(hand, Away.HOSPITAL)
    yield at(told.day(-17), 15)
    ordering.can_attend(hand)
    yield at(told.day(-3), 11)
    ordering.cannot_attend(hand, Away.CUSTODY)


def in_hospital_and_nobody_to_write_to(told: World) -> Story:
    """His officer does not sign in and no mailbox is known: somebody has to ring."""
    hand = yield from _sentenced(told, 7, 36, Result.CO_MHTR)
    yield at(told.day(-35), 11)
    ordering.ordered(hand)
    ordering.supervised_elsewhere(hand, "Marcus Oyelaran")
    yield at(told.day(-1), 16)
    ordering.cannot_attend(hand, Away.HOSPITAL)


STORIES = (
    order_extended,
    order_revoked,
    cannot_finish,
    directed_by_another,
    nobody_directs_yet,
    in_custody,
    in_hospital_and_nobody_to_write_to,
)
