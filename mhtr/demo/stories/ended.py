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
from mhtr.demo.year import phrases
from sessions.therapies import Therapy


def _held(told: World, place: int, last: int, hour: int) -> Generator[datetime, None, Hand]:
    """All four sessions of a brief course were held, the last so many working days ago.

    Args:
        hour: of his sessions, with a therapist whom no other story books.
    """
    hand = yield from sentenced(told, place, last + 24)
    hand.assessor = told.staff("assessor3")
    days = [told.day(-last - ago) for ago in (16, 10, 5, 0)]
    yield at(told.day(-last - 20), 15)
    places = attending.booked(hand, [at(day, hour) for day in days], brief=True)
    for day, where in zip(days, places, strict=True):
        yield at(day, hour + 1)
        attending.happened(hand, where, Happened.SEEN)
        attending.noted(hand, where, phrases.note(Therapy.CBT, hand.world.chance))
        attending.signed(hand, where)
    return hand


def question_open(told: World) -> Story:
    """His planned sessions are finished for some days: is further treatment required?"""
    yield from _held(told, 11, 4, 13)


STORIES = (question_open,)
