"""What an agreement of a trust with probation may change of compliance reports, and who signs it.

The wall says of each row whether reports hold it (`InReports`). An agreement moves only the rows
between its two ends: what the order cannot be supervised without stays in, what never passes out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.core.roles import Role
from mhtr.wall.items import BY_KEY, ITEMS
from mhtr.wall.kinds import InReports, Item

OF_TRUST = (Role.PRIVACY_OFFICER, Role.CLINICAL_LEAD)
"""Who speaks for the trust: its own."""
OF_PROBATION = Role.SENIOR_PROBATION
CHANGE = (*OF_TRUST, OF_PROBATION)
NOT_YOURS = (
    "Only a privacy officer or clinical lead of this trust, or a senior probation officer, changes "
    "what it agreed with probation."
)
NOT_BOTH = "Somebody else has to sign it: nobody signs what he proposed himself."
ONE_OF_EACH = "One of the two has to be of the trust, the other a senior probation officer."
PASSED = "The day from which it should hold has passed. Propose it anew from a later day."
ANSWERED = "It was signed, turned down or taken back meanwhile."
NEVER = "This may never be in a compliance report, whatever is agreed"
NEEDED = "The order cannot be supervised without this: no agreement leaves it out"
NO_SUCH = "Select whether reports hold it"
SAME = "It is so on that day already"
TWO = "A change of this waits for its signature. Sign it, or take it back, first"
NO_REASON = "Say why it is agreed"
NO_CLAUSE = "Say where it is agreed: the document, its date and the clause"
BY_A_DAY = "Enter the day from which it holds"
NOT_PAST = "An agreement cannot change in the past"


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


class Side(StrEnum):
    """For whom somebody speaks."""

    TRUST = "trust"
    PROBATION = "probation"


@dataclass(frozen=True)
class Proposed:
    """That reports hold a row of the wall from a day on, or hold it no more."""

    item: str
    held: bool
    first_day: date
    reason: str
    clause: str


def carried() -> tuple[Item, ...]:
    """Rows of the wall that a compliance report holds, or could, in the order of the wall."""
    return tuple(one for one in ITEMS if one.in_reports is not InReports.NEVER)


def by_default(item: Item) -> bool:
    """Whether reports hold it where nothing is agreed."""
    return item.in_reports in (InReports.ALWAYS, InReports.UNLESS)


def may_change(item: Item) -> bool:
    """Whether an agreement decides about it at all."""
    return item.in_reports in (InReports.UNLESS, InReports.IF_AGREED)


def held_under(agreed: Mapping[str, bool]) -> frozenset[str]:
    """The rows that reports hold where this is agreed, whatever it says of the others."""
    return frozenset(
        one.key
        for one in ITEMS
        if (agreed.get(one.key, by_default(one)) if may_change(one) else by_default(one))
    )


def objections(said: Proposed, held: bool, *, waiting: bool, today: date) -> list[tuple[str, str]]:
    """What is wrong with a proposal: field and words, in their order.

    Args:
        held: whether reports hold the row on its first day as things are.
        waiting: whether another change of it waits for its signature.
    """
    found, row = [], BY_KEY.get(said.item)
    if row is None or row.in_reports is InReports.NEVER:
        found.append(("held", NEVER))
    elif row.in_reports is InReports.ALWAYS:
        found.append(("held", NEEDED))
    elif waiting:
        found.append(("held", TWO))
    elif held == said.held:
        found.append(("held", SAME))
    if said.first_day < today:
        found.append(("first_day", NOT_PAST))
    if not said.reason.strip():
        found.append(("reason", NO_REASON))
    if not said.clause.strip():
        found.append(("clause", NO_CLAUSE))
    return found


def side_of(roles: Collection[Role], *, own_trust: bool) -> Side | None:
    """For whom somebody with these roles speaks; None: for nobody.

    Args:
        own_trust: whether he works in the trust whose agreement it is.
    """
    if own_trust and {*OF_TRUST} & {*roles}:
        return Side.TRUST
    return Side.PROBATION if OF_PROBATION in roles else None


def why_not_sign(
    *,
    by: int,
    side: Side | None,
    proposer: int,
    proposer_side: Side,
    first_day: date,
    today: date,
) -> tuple[str, ...]:
    """Why somebody may not sign a proposal; empty where he may."""
    found = []
    if side is None:
        found.append(NOT_YOURS)
    elif side is proposer_side:
        found.append(ONE_OF_EACH)
    if by == proposer:
        found.append(NOT_BOTH)
    if first_day < today:
        found.append(PASSED)
    return tuple(found)
