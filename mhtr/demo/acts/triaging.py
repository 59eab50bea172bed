"""A referral is taken on and given to an assessor, or not."""

from mhtr.demo.world import Hand
from mhtr.intake import questions, reopening, triage
from mhtr.intake.rules import DeclineReason


def accept(hand: Hand, *, allocate: bool = True) -> None:
    """Accept, and allocate at once unless told otherwise."""
    triage.accept(
        case_id=hand.case_id,
        version=hand.case.version,
        assessor_id=hand.assessor if allocate else None,
        by=hand.lead,
    )


def allocate(hand: Hand, assessor: str) -> None:
    """Give it to another assessor."""
    hand.assessor = hand.world.staff(assessor)
    triage.allocate(
        case_id=hand.case_id, version=hand.case.version, assessor_id=hand.assessor, by=hand.lead
    )


def decline(hand: Hand, reason: DeclineReason, words: str = "") -> None:
    """Decline with a reason."""
    triage.decline(
        case_id=hand.case_id, version=hand.case.version, reason=reason, words=words, by=hand.lead
    )


def ask(hand: Hand, question: str) -> None:
    """Ask the referrer something first."""
    triage.ask_referrer(
        case_id=hand.case_id, version=hand.case.version, question=question, by=hand.lead
    )


def ask_again(hand: Hand, words: str) -> None:
    """Who referred asks the service to look again at what it declined."""
    by = hand.world.staff("ld")
    reopening.ask_again(case_id=hand.case_id, version=hand.case.version, words=words, by=by)


def leave_closed(hand: Hand) -> None:
    """Asked to look again, leave it as it is."""
    reopening.leave_closed(case_id=hand.case_id, version=hand.case.version, by=hand.lead)


def answer(hand: Hand, words: str) -> None:
    """The referrer answers what he was asked."""
    questions.answer(case_id=hand.case_id, words=words, by=hand.world.staff("ld"))
