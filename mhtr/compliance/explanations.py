"""What a man says of a session he missed, and the papers he shows: rules alone.

He gives it after he knows who reads what. Probation is given a kind of reason, and the words that
he wants it to have; the detail is for his clinicians. A paper can be seen by a clinician, who says
what it shows, and stays with him.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mhtr.compliance.attendance import REASON_WORDS, ReasonGiven
from mhtr.compliance.contact_rules import Way
from mhtr.compliance.standing.facts import Opinion


class Side(StrEnum):
    """Who recorded it."""

    SERVICE = "service"
    PROBATION = "probation"


class GivenBy(StrEnum):
    """Who said it."""

    HIMSELF = "himself"
    FOR_HIM = "for_him"


class Paper(StrEnum):
    """What he shows for it."""

    NONE = "none"
    PROMISED = "promised"
    FIT_NOTE = "fit_note"
    MEDICAL = "medical"
    COURT = "court"
    WORK = "work"
    HOUSING = "housing"
    TRAVEL = "travel"
    OTHER = "other"


class SeenBy(StrEnum):
    """Where a paper is, and who says what it shows."""

    CLINICIAN = "clinician"
    PASSED_ON = "passed_on"
    PROBATION = "probation"


class BearsOut(StrEnum):
    """Whether a paper shows what he says: said by who saw it, never worked out."""

    YES = "yes"
    IN_PART = "in_part"
    NO = "no"


REASONS: Mapping[ReasonGiven, str] = {
    reason: words for reason, words in REASON_WORDS.items() if reason is not ReasonGiven.NONE_YET
}
"""The kinds of reasons that he is prompted with."""
GIVEN_BY_WORDS: Mapping[GivenBy, str] = {
    GivenBy.HIMSELF: "He said it himself",
    GivenBy.FOR_HIM: "Somebody said it for him",
}
PAPER_WORDS: Mapping[Paper, str] = {
    Paper.NONE: "Nothing, or nothing yet",
    Paper.PROMISED: "He will bring or send something",
    Paper.FIT_NOTE: "A fit note",
    Paper.MEDICAL: "A letter or card of a surgery, pharmacy or hospital",
    Paper.COURT: "A paper of a court, the police or a solicitor",
    Paper.WORK: "A paper of his employer, college or jobcentre",
    Paper.HOUSING: "A paper of a hostel, landlord or council",
    Paper.TRAVEL: "A ticket, or a notice about travel",
    Paper.OTHER: "Something else, or he does not want the kind to be named",
}
SEEN_WORDS: Mapping[SeenBy, str] = {
    SeenBy.CLINICIAN: "A clinician has seen it; it is not passed on",
    SeenBy.PASSED_ON: "He agreed that probation has it, and it was passed on",
    SeenBy.PROBATION: "Probation has seen it",
}
BEARS_WORDS: Mapping[BearsOut, str] = {
    BearsOut.YES: "It shows what he says",
    BearsOut.IN_PART: "It shows part of what he says",
    BearsOut.NO: "It does not show what he says",
}
NOT_SHOWN = frozenset({Paper.NONE, Paper.PROMISED})
"""There is nothing yet that anybody could have seen."""
AGAINST_HIM = frozenset({Opinion.NO_EXCUSE, Opinion.UNACCEPTABLE})
"""Decisions that what he says later opens again."""

NOTHING_SAID = frozenset({ReasonGiven.NONE_YET, ReasonGiven.NOT_SAID})
"""What is recorded as a reason and is none."""

FUTURE = "This lies in the future. Record it once he has said it."
TOLD_FIRST = (
    "Tell him first who reads what he says, and ask again. Until then record only that he was "
    "tried to be reached."
)
KIND_FIRST = "He gave a reason: select which kind it is, or “Another reason”."
NOTHING_SEEN = "Nothing was shown yet. Leave this out, or select what he showed."
WHO_SAW = "Select who has seen it"
SHOWS_WHAT = "Select what it shows"
WHOSE_EYES: Mapping[SeenBy, str] = {
    SeenBy.CLINICIAN: "Only a clinician says what a paper shows that stays with him.",
    SeenBy.PASSED_ON: "Only the service passes a paper on. Select that you have seen it.",
    SeenBy.PROBATION: "Only probation says that it has seen a paper.",
}
DAYS_WRONG = "The last day that it covers must not be before the first"


@dataclass(frozen=True)
class Shown:
    """A paper, and what who saw it says of it."""

    paper: Paper = Paper.NONE
    seen_by: SeenBy | None = None
    bears_out: BearsOut | None = None
    first_day: date | None = None
    """The first day that it covers."""
    last_day: date | None = None


@dataclass(frozen=True)
class Explanation:
    """What he says of one missed session."""

    at: datetime
    way: Way
    given_by: GivenBy
    reason: ReasonGiven
    knew_readers: bool
    """He knew who reads what before he answered."""
    for_probation: str = ""
    for_clinicians: str = ""
    shown: Shown = Shown()


def offered(*, clinician: bool, side: Side) -> tuple[SeenBy, ...]:
    """What somebody may say of who has seen a paper."""
    if side is Side.PROBATION:
        return (SeenBy.PROBATION,)
    return (SeenBy.CLINICIAN, SeenBy.PASSED_ON) if clinician else (SeenBy.PASSED_ON,)


def objections(
    said: Explanation, *, clinician: bool, side: Side, now: datetime
) -> tuple[tuple[str, str], ...]:
    """What is wrong with it: the field and words for it; empty where nothing is."""
    found = []
    if said.at > now:
        found.append(("on", FUTURE))
    if not said.knew_readers:
        found.append(("knew_readers", TOLD_FIRST))
    if said.reason is ReasonGiven.NOT_SAID and (said.for_probation or said.for_clinicians):
        found.append(("reason", KIND_FIRST))
    found.extend(_of_paper(said.shown, offered(clinician=clinician, side=side)))
    return tuple(found)


def _of_paper(shown: Shown, may: tuple[SeenBy, ...]) -> list[tuple[str, str]]:
    if shown.paper in NOT_SHOWN:
        said = (shown.seen_by, shown.bears_out, shown.first_day, shown.last_day)
        return [("paper", NOTHING_SEEN)] if any(part is not None for part in said) else []
    found = []
    if shown.seen_by is None:
        found.append(("seen_by", WHO_SAW))
    elif shown.seen_by not in may:
        found.append(("seen_by", WHOSE_EYES[shown.seen_by]))
    if shown.bears_out is None:
        found.append(("bears_out", SHOWS_WHAT))
    first, last = shown.first_day, shown.last_day
    if first is not None and last is not None and last < first:
        found.append(("last_day", DAYS_WRONG))
    return found


def covers(shown: Shown, on: date) -> bool | None:
    """Whether a paper covers a day; None where it names no days."""
    if shown.first_day is None and shown.last_day is None:
        return None
    first = shown.first_day or shown.last_day
    last = shown.last_day or shown.first_day
    return first is not None and last is not None and first <= on <= last


def reason_now(recorded: ReasonGiven, said: Sequence[ReasonGiven]) -> ReasonGiven:
    """The kind of reason that stands: what he said last, else what was recorded at the time.

    That he gave none when he was asked takes nothing back that he said.

    Args:
        said: the kinds that he gave and that count, the first one first.
    """
    given = [one for one in (recorded, *said) if one not in NOTHING_SAID]
    if given:
        return given[-1]
    return said[-1] if said else recorded


def reopens(opinion: Opinion, *, known: int, latest: int) -> bool:
    """Whether what he said since opens a decision against him again.

    The decision stands until probation decides anew; but it waits for that.

    Args:
        known: the number of the last explanation that whoever decided had before him, 0 for none.
        latest: the number of the last one that counts now, 0 for none.
    """
    return opinion in AGAINST_HIM and latest > known
