"""What the answer to "is this the same man?" leads to. Nothing is ever merged silently.

A practitioner's "yes" joins two records only where he also knows an identifier that is on the
other one: on a name and a birth date alone, his word would let him read the record of a namesake.
"""

from enum import StrEnum

from mhtr.people.matching import Verdict


class SameMan(StrEnum):
    """The practitioner's answer about one possible earlier record."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_SURE = "not_sure"


class Step(StrEnum):
    """What is done with a possible earlier record."""

    USE_RECORD = "use_record"
    ASK_BOTH = "ask_both"
    """A new record and a question, of which the other trust hears: it alone has that record."""
    ASK = "ask"
    """A new record, and a question for somebody who may see both."""
    NOTHING = "nothing"


def identity_step(
    verdict: Verdict, answer: SameMan | None, *, held: bool = True, died: bool = False
) -> Step:
    """The step for a match with this verdict.

    Args:
        answer: None where nobody could be asked.
        held: the trust that receives the referral has this record, or one that is linked to it.
        died: the record says that he has died: the death is wrong, or the match.
    """
    if verdict is Verdict.NONE:
        return Step.NOTHING
    if answer is SameMan.SAME and verdict is Verdict.SAME_IDENTIFIER and not died:
        return Step.USE_RECORD if held else Step.ASK_BOTH
    if answer is SameMan.DIFFERENT and verdict is Verdict.POSSIBLE:
        return Step.NOTHING
    return Step.ASK


def said(answer: SameMan | None) -> str:
    """The answer as a reason on the question it raised."""
    return {
        SameMan.SAME: "The referrer says that it is the same man",
        SameMan.DIFFERENT: "The referrer says that it is a different man",
        SameMan.NOT_SURE: "The referrer is not sure",
        None: "Nobody could be asked when the referral arrived",
    }[answer]
