"""Plans for later and letters of men whose sessions are finished; parts of their stories."""

from mhtr.demo.acts import lettering
from mhtr.demo.simulation import Story, at
from mhtr.demo.world import Hand
from mhtr.discharge.letter_kinds import LetterKind
from mhtr.discharge.rules import Sent, Stance, To
from mhtr.people.models import ConsentDecision


def plan_in_two_versions(hand: Hand) -> Story:
    """Written with him, then agreed; his summary is still to be written."""
    told = hand.world
    yield at(told.day(-4), 16)
    lettering.planned(hand, helps="Walking the dog before work.")
    yield at(told.day(-4), 17)
    lettering.planned(hand, Stance.AGREED)


def waits_for_a_lead(hand: Hand) -> Story:
    """He sees some of his plan otherwise; his summary waits for a signature."""
    told = hand.world
    yield at(told.day(-2), 15)
    lettering.planned(hand, Stance.DISSENTS, dissent="I would not ring the clinic. I ring Josie.")
    lettering.gp_may_know(hand)
    row = lettering.drafted(hand, LetterKind.SUMMARY, plan=True)
    yield at(told.day(-1), 10)
    lettering.signed(hand, row)


def put_right(hand: Hand) -> Story:
    """He and his GP had his summary; it was put right, and only he has the new one so far."""
    told = hand.world
    yield at(told.day(-5), 16)
    lettering.planned(hand, Stance.AGREED)
    lettering.gp_may_know(hand)
    lettering.referred_on(hand, "talking-therapies", "Example NHS Talking Therapies")
    row = lettering.drafted(hand, LetterKind.SUMMARY, plan=True)
    yield at(told.day(-4), 10)
    first = lettering.complete(hand, row)
    lettering.copied(hand, first, To.HIM, Sent.HANDED)
    lettering.copied(hand, first, To.GP, Sent.SECURE_MAIL)
    yield at(told.day(-3), 10)
    second = lettering.anew(hand, row, "It did not say that crowds are still hard.")
    mistaken = lettering.copied(hand, second, To.GP, Sent.POST)
    lettering.taken_back(hand, mistaken)
    lettering.copied(hand, second, To.HIM, Sent.HANDED)


def no_more_to_his_gp(hand: Hand) -> Story:
    """A risk went to his GP without his word; then he agreed, and took it back."""
    told = hand.world
    yield at(told.day(-25), 16)
    lettering.gp_may_know(hand, ConsentDecision.REFUSED)
    risk = lettering.complete(hand, lettering.drafted(hand, LetterKind.RISK))
    why = "He has thoughts of ending his life, and his GP gives him tablets that could do it."
    lettering.copied(hand, risk, To.GP, Sent.SECURE_MAIL, exception=why)
    start = lettering.complete(hand, lettering.drafted(hand, LetterKind.START))
    lettering.copied(hand, start, To.HIM, Sent.HANDED)
    yield at(told.day(-24), 15)
    lettering.gp_may_know(hand)
    lettering.copied(hand, start, To.GP, Sent.POST)
    yield at(told.day(-23), 15)
    lettering.complete(hand, lettering.drafted(hand, LetterKind.SUMMARY))
    ended = lettering.complete(hand, lettering.drafted(hand, LetterKind.DISCHARGE))
    lettering.copied(hand, ended, To.HIM, Sent.NOT_WANTED)
    yield at(told.day(-22), 15)
    lettering.gp_may_know(hand, ConsentDecision.WITHDRAWN)
