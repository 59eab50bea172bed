"""Courses that are finished while the requirement runs, and what is said and reported then.

They are told with a chance of their own: what the other stories draw stays as it is.
"""

from collections.abc import Generator
from datetime import datetime

from mhtr.compliance.attendance import Happened
from mhtr.demo.acts import attending
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories.attended import sentenced
from mhtr.demo.world import Hand, World

HOUR = 8
"""When nobody else has a session with her."""
WORK = (
    "What brings him, and what he wants from this",
    "Five areas of one bad day",
    "Thoughts before a quarrel, and after it",
    "What he keeps doing, and the signs he looks out for",
)


def _held(
    told: World, place: int, last: int, *, officer: str = ""
) -> Generator[datetime, None, Hand]:
    """All four sessions of a brief course were held, the last so many working days ago."""
    hand = yield from sentenced(told, place, last + 24, officer)
    days = [told.day(-last - ago) for ago in (16, 10, 5, 0)]
    yield at(told.day(-last - 20), 15)
    places = attending.booked(hand, [at(day, HOUR) for day in days], brief=True)
    for day, where, work in zip(days, places, WORK, strict=True):
        yield at(day, 9)
        attending.happened(hand, where, Happened.SEEN)
        attending.noted(hand, where, {"work": work, "risk": "Asked, none said."})
    return hand


def question_open(told: World) -> Story:
    """His planned sessions are finished since yesterday: is further treatment required?"""
    yield from _held(told, 21, 1)


STORIES = (question_open,)
