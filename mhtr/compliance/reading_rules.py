"""Who may propose and sign another reading of the law, and what a proposal must say."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.compliance.standing.reading_words import SAYS, value_of
from mhtr.compliance.standing.readings import Readings
from mhtr.core.roles import Role

CHANGE = (Role.SENIOR_PROBATION, Role.SERVICE_MANAGER)
"""Who proposes and signs. Of two, one is of probation: its officers answer for what they are told.
"""
NOT_YOURS = "Only a senior probation officer or a service manager changes how the law is read."
NOT_BOTH = "Somebody else has to sign it: nobody signs what he proposed himself."
ONE_OF_PROBATION = "One of the two has to be a senior probation officer."
LEFT = "Whoever proposed it changes no reading any more. Turn it down, and propose it yourself."
PASSED = "The day from which it should hold has passed. Propose it anew from a later day."
ANSWERED = "It was signed, turned down or taken back meanwhile."
NO_SUCH = "Select a reading"
SAME = "This reading holds on that day already"
TWO = "A change of this point waits for its signature. Sign it, or take it back, first"
NO_REASON = "Say why it is to be read in this way"
NO_NOTE = "Say whose legal advice it rests on, and when it was given"
BY_A_DAY = "Enter the day from which it holds"
NOT_PAST = "A reading cannot change in the past"


class Answer(StrEnum):
    """What became of a proposal."""

    SIGNED = "signed"
    TURNED_DOWN = "turned_down"
    TAKEN_BACK = "taken_back"


ANSWER_WORDS = {
    Answer.SIGNED: "Signed",
    Answer.TURNED_DOWN: "Turned down",
    Answer.TAKEN_BACK: "Taken back",
}


@dataclass(frozen=True)
class Proposed:
    """Another reading of one point, as somebody proposes it."""

    point: str
    value: str
    first_day: date
    reason: str
    legal_note: str


def objections(
    said: Proposed, held: Readings, *, waiting: bool, today: date
) -> list[tuple[str, str]]:
    """What is wrong with a proposal: field and words, in their order.

    Args:
        held: the readings that hold on its first day.
        waiting: whether another change of the point waits for its signature.
    """
    found = []
    if said.value not in SAYS[said.point]:
        found.append(("value", NO_SUCH))
    elif waiting:
        found.append(("value", TWO))
    elif value_of(held, said.point) == said.value:
        found.append(("value", SAME))
    if said.first_day < today:
        found.append(("first_day", NOT_PAST))
    if not said.reason.strip():
        found.append(("reason", NO_REASON))
    if not said.legal_note.strip():
        found.append(("legal_note", NO_NOTE))
    return found


def why_not_sign(
    *,
    by: int,
    roles: Collection[Role],
    proposer: int,
    proposer_roles: Collection[Role],
    first_day: date,
    today: date,
) -> tuple[str, ...]:
    """Why somebody may not sign a proposal; empty where he may.

    Args:
        proposer_roles: of whoever proposed it, then and now.
    """
    found = []
    if not {*CHANGE} & {*roles}:
        found.append(NOT_YOURS)
    elif Role.SENIOR_PROBATION not in {*roles, *proposer_roles}:
        found.append(ONE_OF_PROBATION)
    if by == proposer:
        found.append(NOT_BOTH)
    elif not {*CHANGE} & {*proposer_roles}:
        found.append(LEFT)
    if first_day < today:
        found.append(PASSED)
    return tuple(found)
