"""Another therapist is proposed for a man, and those asked answer."""

from mhtr.core import clock
from mhtr.demo.world import Hand
from sessions.courses.queries import open_course
from sessions.therapists import service
from sessions.therapists.kinds import Booked, How, Party, Why
from sessions.therapists.queries import open_change
from sessions.therapists.service import Proposed, Said


def proposed(
    hand: Hand, to: str, why: Why, words: str, *, by: int, booked: Booked = Booked.MOVE
) -> None:
    """Somebody of the cast is proposed, from today on."""
    course = open_course(hand.case_id)
    if course is None:
        raise ValueError("he has a course")
    said = Proposed(hand.world.staff(to), why, words, clock.today(), booked)
    service.propose(course_id=course.id, said=said, by=by)


def answered(hand: Hand, party: Party, *, by: int, agrees: bool = True, words: str = "") -> None:
    """One of those asked answers; of him what he said on the telephone today."""
    said = Said(agrees, words)
    if party is Party.HIM:
        said = Said(agrees, words, How.TELEPHONE, clock.today())
    service.answer(change_id=_open(hand), party=party, said=said, by=by)


def withdrawn(hand: Hand, reason: str, *, by: int) -> None:
    """It is taken back."""
    service.withdraw(change_id=_open(hand), reason=reason, by=by)


def _open(hand: Hand) -> int:
    course = open_course(hand.case_id)
    change = open_change(course.id) if course is not None else None
    if change is None:
        raise ValueError("a change is proposed")
    return change.id
