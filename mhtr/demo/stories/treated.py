"""Men treated to the end. Many like them are made of copies (`mhtr.demo.finished`).

They are told with a chance of their own: what the other stories draw stays as it is.
"""

from dataclasses import replace
from random import Random

from mhtr.cases.facts import FactKind
from mhtr.demo.acts import course, coursing, court, ordering
from mhtr.demo.men import Men
from mhtr.demo.simulation import Story, at, working_day
from mhtr.demo.stories import steps
from mhtr.demo.world import FACE_COURT, World
from mhtr.suitability.outcome_service import Result

SEED = 4
"""Gives numbers of a range that no other men of the demonstration have."""
SESSIONS = 8
WEEK = 5
"""Working days from one session to the next."""
REFERRED, SENTENCED, FIRST_SESSION = -90, -68, -62
OTHER_COURT = "B01KR"
"""Another trust's."""


def _treated(told: World, place: int, court_code: str, group: str) -> Story:
    chance = Random(SEED + place)  # noqa: S311  (fiction needs no secrecy)
    world = replace(told, chance=chance)
    men = Men(SEED, told.today)
    man = [men.next() for _ in range(place)][-1]
    hand = yield from steps.referred(
        world, world.day(REFERRED), man=man, hearing_on=world.day(SENTENCED), court=court_code
    )
    if court_code == FACE_COURT:
        hand.assessor, hand.lead = world.staff("assessor"), world.staff("lead")
    yield from steps.through_to_release(
        hand,
        (world.day(-88), world.day(-83), world.day(-80), world.day(-77)),
    )
    yield world.moment(world.day(SENTENCED), 16)
    court.sentenced(hand, Result.CO_MHTR, proposed=True)
    yield at(world.day(SENTENCED + 1), 11)
    ordering.ordered(hand, sessions=SESSIONS)
    ordering.supervised_by_name(hand, "Marcus Oyelaran")
    coursing.made(hand, "skills")
    yield world.moment(world.day(SENTENCED + 3))
    course.says_ethnic_group(hand, group)
    ordering.spoken_with(hand)
    first = world.day(FIRST_SESSION)
    yield at(first, 10)
    course.milestone(hand, FactKind.TREATMENT_STARTED)
    for number in range(1, SESSIONS + 1):
        yield at(working_day(first, WEEK * (number - 1)), 10, 30)
        course.session(hand, number, (18 - number, 15 - number))
    over = working_day(first, WEEK * SESSIONS)
    yield at(over, 15)
    course.milestone(hand, FactKind.TREATMENT_ENDED, planned=True)
    yield at(working_day(over, 3), 12)
    course.milestone(hand, FactKind.DISCHARGED)
    told.treated.append(hand.case_id)


def treated_here(world: World) -> Story:
    """At the trust of the clinical lead behind the one-click sign-in."""
    return _treated(world, 1, FACE_COURT, "A")


def treated_elsewhere(world: World) -> Story:
    """At another trust."""
    return _treated(world, 2, OTHER_COURT, "M")


STORIES = (treated_here, treated_elsewhere)
