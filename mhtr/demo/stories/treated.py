"""Men sentenced two weeks ago whose treatment is about to begin: those in treatment are like them.

`mhtr.demo.year` makes many men of each, some weeks further back, and writes their treatment.
They are told with a chance of their own: what the other stories draw stays as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from random import Random

from mhtr.demo.acts import course, coursing, court, ordering
from mhtr.demo.men import Men
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import steps
from mhtr.demo.world import FACE_COURT, World
from mhtr.suitability.outcome_service import Result

SEED = 4
"""Gives numbers of a range that no other men of the demonstration have."""
SENTENCED = -9
OTHER_COURT = "B01KR"
"""Another trust's."""


@dataclass(frozen=True)
class Begun:
    """What a man has in common with those who are like him."""

    therapist: str
    pathway: str
    result: Result = Result.CO_MHTR
    officer: str = "probation"
    """Who supervises him, and reads here what is recorded of his sessions."""
    court: str = FACE_COURT
    lead: str = "lead"
    begins: tuple[time, ...] = (time(9), time(10, 30), time(13, 30), time(15))
    """When the weekly times of the men like him begin."""


BEGUN = (
    # Most men of the stories are hers.
    Begun("assessor", "cbt", begins=(time(9, 30), time(15, 45))),
    Begun("assessor2", "sequence", Result.SSO_MHTR, officer="probation2"),
    Begun("assessor3", "cbt"),
    Begun("assessor-nelft", "cbt", officer="probation3", court=OTHER_COURT, lead="lead-nelft"),
)


def _begun(told: World, place: int, said: Begun) -> Story:
    world = replace(told, chance=Random(SEED + place))  # noqa: S311  (fiction needs no secrecy)
    men = Men(SEED, told.today)
    man = [men.next() for _ in range(place)][-1]
    hand = yield from steps.referred(
        world, world.day(SENTENCED - 22), man=man, hearing_on=world.day(SENTENCED), court=said.court
    )
    hand.assessor, hand.lead = world.staff(said.therapist), world.staff(said.lead)
    days = (-20, -15, -12, -9)
    yield from steps.through_to_release(
        hand,
        (
            world.day(SENTENCED + days[0]),
            world.day(SENTENCED + days[1]),
            world.day(SENTENCED + days[2]),
            world.day(SENTENCED + days[3]),
        ),
    )
    yield world.moment(world.day(SENTENCED), 16)
    court.sentenced(hand, said.result, proposed=True)
    yield at(world.day(SENTENCED + 1), 11)
    ordering.ordered(hand)
    ordering.supervised(hand, said.officer)
    coursing.made(hand, said.pathway)
    yield world.moment(world.day(SENTENCED + 3))
    course.says_ethnic_group(hand, "A")
    ordering.spoken_with(hand)
    told.treated[hand.case_id] = said.begins


def _story(place: int, said: Begun) -> Callable[[World], Story]:
    def told(world: World) -> Story:
        return _begun(world, place, said)

    return told


STORIES = tuple(_story(place, said) for place, said in enumerate(BEGUN, 1))
