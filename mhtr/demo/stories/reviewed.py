"""Three-way reviews of men whose planned sessions are finished; parts of their stories."""

from mhtr.demo.acts import reviewing
from mhtr.demo.acts.reviewing import BOTH
from mhtr.demo.simulation import Story, at
from mhtr.demo.world import Hand
from mhtr.reviews.rules import Party, Signs, Topic, WhyNot
from sessions.courses.kinds import ReviewPoint
from sessions.therapies import SessionMode

BUS = "The 29 does not come in the morning. I leave at eight and am late all the same."
LATER = "From now on he is seen at eleven."


def middle_without_his_officer(hand: Hand) -> Story:
    """Called off once, then held by telephone without his officer, who is still to sign."""
    told = hand.world
    yield at(told.day(-3), 9)
    row = reviewing.found_due(hand, ReviewPoint.MIDDLE)
    reviewing.arranged(hand, row, at(told.day(-2), 10))
    reviewing.brought(hand, row, Topic.OBSTACLES, BUS)
    reviewing.brought(hand, row, Topic.ADJUSTMENTS, LATER, Party.THERAPIST)
    reviewing.brought(
        hand, row, Topic.HIS, "I do not want my sister to know that I come here.", mine=False
    )
    yield at(told.day(-2), 11)
    reviewing.happened(hand, row, at(told.day(-2), 10), why_not=WhyNot.OFFICER_COULD_NOT)
    reviewing.arranged(hand, row, at(told.day(-1), 9), SessionMode.TELEPHONE)
    yield at(told.day(-1), 10)
    reviewing.happened(hand, row, at(told.day(-1), 9), (Party.HIM,))
    reviewing.signed(hand, row, Party.THERAPIST, Party.HIM)


def end_to_come(hand: Hand) -> Story:
    """Arranged for next week, with a point of each; one that he was not asked about yet."""
    told = hand.world
    yield at(told.day(-1), 14)
    row = reviewing.found_due(hand, ReviewPoint.END)
    reviewing.arranged(hand, row, at(told.day(4), 10))
    first = reviewing.brought(
        hand, row, Topic.NEXT, "I look for work and have two interviews.", his=None
    )
    yield at(told.day(-1), 14, 30)
    reviewing.brought(hand, row, Topic.NEXT, "I look for work.", instead=first)
    reviewing.brought(
        hand, row, Topic.HIS, "Whom I ring when it gets bad again.", his=False, mine=False
    )
    yield at(told.day(-1), 16)
    reviewing.probation_brings(
        hand, row, Topic.NEXT, "What is left of the order, and how often we meet from now on."
    )


def end_signed_anew(hand: Hand) -> Story:
    """Signed by all three, and again after his officer put a point of its own right.

    At the middle none was held: it was asked for too late.
    """
    told = hand.world
    yield at(told.day(-8), 16)
    middle = reviewing.found_due(hand, ReviewPoint.MIDDLE)
    reviewing.arranged(hand, middle, at(told.day(-6), 9))
    reviewing.happened(hand, middle, at(told.day(-6), 9), why_not=WhyNot.NO_LONGER)
    row = reviewing.found_due(hand, ReviewPoint.END)
    reviewing.arranged(hand, row, at(told.day(-6), 9))
    reviewing.probation_brings(hand, row, Topic.ATTENDANCE, "He came to everything of ours.")
    reviewing.brought(hand, row, Topic.NEXT, "I ring the clinic myself if I need to.")
    yield at(told.day(-6), 10)
    reviewing.happened(hand, row, at(told.day(-6), 9), BOTH)
    reviewing.signed(hand, row, Party.THERAPIST)
    reviewing.signed(hand, row, Party.HIM, signs=Signs.DISAGREES)
    reviewing.signed(hand, row, Party.OFFICER)
    yield at(told.day(-5), 11)
    reviewing.brought(hand, row, Topic.ATTENDANCE, "I was late once, because of my child.")
    yield at(told.day(-5), 15)
    reviewing.signed(hand, row, *reviewing.ALL_SIGN)
