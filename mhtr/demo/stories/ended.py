"""Courses that are finished while the requirement runs, and what is said and reported then.

They are told with a chance of their own: what the other stories draw stays as it is.
"""

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime

from mhtr.compliance.attendance import Happened
from mhtr.demo.acts import attending, reporting
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import discharged, reviewed
from mhtr.demo.stories.attended import sentenced
from mhtr.demo.world import Hand, World
from mhtr.demo.year import phrases
from mhtr.ending.application_rules import StepKind
from mhtr.ending.finish_rules import FurtherAnswer
from mhtr.ending.report_grounds import DatedFact, Draft, Ground
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
    """His planned sessions are finished for some days: is further treatment required?

    The review at the middle waits for his officer's signature, the one at the end is arranged.
    """
    hand = yield from _held(told, 11, 4, 13)
    yield from discharged.plan_in_two_versions(hand)
    yield from reviewed.middle_without_his_officer(hand)
    yield from reviewed.end_to_come(hand)


def report_drafted(told: World) -> Story:
    """More is required than the order gives time for: a report waits for whom the order names."""
    hand = yield from _held(told, 8, 7, 14)
    yield at(told.day(-5), 15)
    why = "He has begun to leave the house alone, and the last step is still to be taken."
    reporting.answered(hand, FurtherAnswer.NEEDED, why)
    yield at(told.day(-2), 14)
    reporting.drafted(
        hand,
        Draft(
            ground=Ground.LONGER,
            facts=(DatedFact(told.day(-7), "The last of four planned sessions was held."),),
            opinion="He uses what he learnt, and needs some more sessions to keep to it.",
            proposed="That the requirement runs three months longer.",
        ),
    )
    yield from discharged.waits_for_a_lead(hand)


def report_sent(told: World) -> Story:
    """No more is required: the report was sent and issued anew; his officer is to apply."""
    hand = yield from _held(told, 9, 14, 10)
    yield at(told.day(-13), 15)
    reporting.answered(hand, FurtherAnswer.NOT_NEEDED)
    yield at(told.day(-12), 14)
    draft = Draft(
        ground=Ground.NO_FURTHER,
        facts=(DatedFact(told.day(-14), "The last of four planned sessions was held."),),
        opinion="He knows the signs that he looks out for, and what he does then.",
    )
    row = reporting.drafted(hand, draft)
    yield at(told.day(-11), 15)
    reporting.signed(hand, row)
    yield at(told.day(-9), 11)
    reporting.anew(hand, row)
    facts = (*draft.facts, DatedFact(told.day(-13), "He said himself that he needs no more."))
    again = "That he said so himself was left out."
    reporting.written(hand, row, replace(draft, facts=facts, why_again=again))
    yield at(told.day(-8), 15)
    reporting.signed(hand, row)
    yield from reviewed.end_signed_anew(hand)
    yield from discharged.put_right(hand)


def before_the_court(told: World) -> Story:
    """An application was made on the report, and a hearing is set."""
    hand = yield from _held(told, 10, 27, 14)
    yield at(told.day(-26), 15)
    reporting.answered(hand, FurtherAnswer.NOT_NEEDED)
    draft = Draft(
        ground=Ground.NO_FURTHER,
        facts=(DatedFact(told.day(-27), "The last of four planned sessions was held."),),
        opinion="He met the two aims that he came with, and knows whom to ring.",
    )
    row = reporting.drafted(hand, draft)
    yield at(told.day(-25), 15)
    reporting.signed(hand, row)
    yield from discharged.no_more_to_his_gp(hand)
    yield at(told.day(-20), 11)
    reporting.before_court(hand, StepKind.APPLIED)
    reporting.before_court(hand, StepKind.HEARING, 40)


STORIES = (question_open, report_drafted, report_sent, before_the_court)
