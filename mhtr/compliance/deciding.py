"""What probation may decide of an absence, and what a decision has to say: rules alone.

Nobody else decides, and nothing here prefers an answer. A decision that goes against him asks for
more: time for his evidence, proof that he was told, and words where either is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mhtr.cases.wording import day_words
from mhtr.compliance.attendance import MISSED, Happened
from mhtr.compliance.standing.facts import Notice, Opinion

OFFERED = (Opinion.EXCUSED, Opinion.NO_EXCUSE, Opinion.MORE_WANTED)
"""What a first decision may be. One that was made may also be taken back."""
OPINION_WORDS: Mapping[Opinion, str] = {
    Opinion.EXCUSED: "Accepted: there was a reasonable excuse",
    Opinion.NO_EXCUSE: "Not accepted: there was no reasonable excuse",
    Opinion.MORE_WANTED: "More evidence is wanted",
    Opinion.UNACCEPTABLE: "Called unacceptable, and not said whether there was an excuse",
    Opinion.TAKEN_BACK: "Take the decision back: nothing is decided",
}
MADE_WORDS: Mapping[Opinion, str] = {
    **OPINION_WORDS,
    Opinion.TAKEN_BACK: "Taken back: nothing is decided",
}
"""The same once it is made."""
UNTIL = "Enter the day until which evidence may come"
UNTIL_PAST = "The day until which evidence may come must be in the future"
WHY_AGAIN = "Say why the decision before is changed"
NOTICE = (
    "It is not proven that he was told of the session in a form he can use. Say why it should "
    "count against him in spite of that"
)
NOTHING_TO_TAKE_BACK = "Nothing is decided yet that could be taken back"
SAME = "This is what is decided already."
NO_ABSENCE = "There is nothing to decide: he came, it was voluntary, or it was not his doing."


@dataclass(frozen=True)
class Decision:
    """What somebody of probation decides."""

    opinion: Opinion
    until: date | None = None
    """For evidence that is wanted."""
    why: str = ""
    notice_why: str = ""
    """Why a notice that is not proven should count."""


@dataclass(frozen=True)
class Known:
    """What is on record when it is decided."""

    notice: Notice
    evidence_until: date
    """The last day on which his evidence may come."""
    before: Decision | None = None


def is_to_decide(happened: Happened, *, required: bool, described: bool) -> bool:
    """Whether a session can be decided on at all: a miss, or behaviour that was described."""
    return required and (happened in MISSED or described)


def evidence_until(asked_on: date, days: int, wanted_until: date | None = None) -> date:
    """The last day on which his evidence may come.

    Args:
        asked_on: the day on which the absence was recorded.
        days: calendar days, from the day after.
        wanted_until: the day to which a decision put it off.
    """
    first = asked_on + timedelta(days=days)
    return first if wanted_until is None else max(first, wanted_until)


def early(known: Known) -> str:
    """What a decision against him before his evidence is due has to explain."""
    day = day_words(known.evidence_until)
    return f"His evidence may come until {day}. Say why it is decided before"


def objections(decision: Decision, known: Known, today: date) -> tuple[tuple[str, str], ...]:
    """What is wrong with a decision: the field and words for it."""
    found = []
    if decision.opinion is Opinion.MORE_WANTED:
        if decision.until is None:
            found.append(("until", UNTIL))
        elif decision.until <= today:
            found.append(("until", UNTIL_PAST))
    if decision.opinion is Opinion.TAKEN_BACK and _undecided(known.before):
        found.append(("opinion", NOTHING_TO_TAKE_BACK))
    against = decision.opinion is Opinion.NO_EXCUSE
    if against and known.notice is not Notice.PROVEN and not decision.notice_why.strip():
        found.append(("notice_why", NOTICE))
    if not decision.why.strip() and (why := _why_wanted(decision, known, today)):
        found.append(("why", why))
    return tuple(found)


def _undecided(before: Decision | None) -> bool:
    return before is None or before.opinion is Opinion.TAKEN_BACK


def _why_wanted(decision: Decision, known: Known, today: date) -> str:
    if known.before is not None:
        return WHY_AGAIN
    if decision.opinion is Opinion.NO_EXCUSE and today <= known.evidence_until:
        return early(known)
    return ""
