"""What an incident record must say, and who may review it: values and dates alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.safeguarding.rules import LONGEST

__all__ = ["LONGEST", "Candour", "Harm", "Happened", "Harmed", "State", "StepKind"]


class Harmed(StrEnum):
    """Who was harmed, or could have been."""

    HE = "he"
    STAFF = "staff"
    SOMEBODY = "somebody"
    NOBODY = "nobody"


HARMED_WORDS: Mapping[Harmed, str] = {
    Harmed.HE: "He",
    Harmed.STAFF: "A member of staff",
    Harmed.SOMEBODY: "Somebody else",
    Harmed.NOBODY: "Nobody: it could have harmed somebody",
}


class Harm(StrEnum):
    """How badly, by the degrees of harm that the NHS records events by."""

    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    SEVERE = "severe"
    FATAL = "fatal"


HARM_WORDS: Mapping[Harm, str] = {
    Harm.NONE: "No harm",
    Harm.LOW: "Low harm",
    Harm.MODERATE: "Moderate harm",
    Harm.SEVERE: "Severe harm",
    Harm.FATAL: "Death",
}
NOTIFIABLE = frozenset({Harm.MODERATE, Harm.SEVERE, Harm.FATAL})
"""Harm to him from which the duty of candour follows (Health and Social Care Act 2008 (Regulated
Activities) Regulations 2014, reg 20): he, or whoever acts for him, is told and apologised to.
"""


class Candour(StrEnum):
    """The duty of candour."""

    NOT_OWED = "not_owed"
    TO_DO = "to_do"
    DONE = "done"


CANDOUR_WORDS: Mapping[Candour, str] = {
    Candour.NOT_OWED: "It does not apply",
    Candour.TO_DO: "It applies, and is still to be done",
    Candour.DONE: "It applies, and was done",
}


class StepKind(StrEnum):
    """What a clinical lead did with it."""

    CLOSED = "closed"
    REOPENED = "reopened"


STEP_WORDS: Mapping[StepKind, str] = {
    StepKind.CLOSED: "Reviewed and closed",
    StepKind.REOPENED: "Opened again",
}


class State(StrEnum):
    """Where it stands."""

    WAITS = "waits"
    CLOSED = "closed"


STATE_WORDS: Mapping[State, tuple[str, str]] = {
    State.WAITS: ("Waits for review", "yellow"),
    State.CLOSED: ("Closed", "grey"),
}
NO_WHAT = "Say what happened"
NO_DAY = "Enter the day on which it happened"
NOT_YET = "This day has not come yet"
NO_PLACE = "Say where it happened"
NO_HARMED = "Say who was harmed, or could have been"
NO_HARM = "Say how badly"
NO_HARM_WORDS = "Say how they were harmed"
NOBODY_HARMED = "Where nobody was harmed, select “No harm”"
NO_DONE = "Say what was done at once"
NO_REPORTED = "Say to whom it was reported, or that it was to nobody yet"
NO_CANDOUR = "Say whether the duty of candour applies"
CANDOUR_OWED = "It applies: he came to harm that is moderate or worse"
NO_CANDOUR_WORDS = "Say who told him, when and in which way he was apologised to"
NO_WHY = "Say why it is put right"
NO_LEARNING = "Say what was learned, or why it is opened again"
CANDOUR_FIRST = "The duty of candour is still to be done: put the record right when it is"
LEAD_ONLY = "Only a clinical lead reviews an incident."
NOT_HIS_OWN = "Another clinical lead reviews it: nobody reviews what he wrote himself."
MEANWHILE = "Something was recorded of it meanwhile. Read it again."
OVER = "It is closed. A clinical lead opens it again first."


@dataclass(frozen=True)
class Happened:
    """What an incident record says.

    Args:
        at: the time of day, as it is known, in words; empty where it is not.
        harm_words: how somebody was harmed.
    """

    on: date
    at: str
    place: str
    what: str
    harmed: Harmed
    harm: Harm
    harm_words: str
    done: str
    reported: str
    candour: Candour
    candour_words: str


def objections(said: Happened, today: date) -> list[tuple[str, str]]:
    """What is missing or cannot be: field and words, in their order."""
    needed = [
        ("place", said.place, NO_PLACE),
        ("what", said.what, NO_WHAT),
        ("done", said.done, NO_DONE),
        ("reported", said.reported, NO_REPORTED),
    ]
    if said.harm is not Harm.NONE:
        needed.append(("harm_words", said.harm_words, NO_HARM_WORDS))
    if said.candour is Candour.DONE:
        needed.append(("candour_words", said.candour_words, NO_CANDOUR_WORDS))
    found = [("on", NOT_YET)] if said.on > today else []
    found += [(field, words) for field, text, words in needed if not text.strip()]
    if said.harmed is Harmed.NOBODY and said.harm is not Harm.NONE:
        found.append(("harm", NOBODY_HARMED))
    if owed(said.harmed, said.harm) and said.candour is Candour.NOT_OWED:
        found.append(("candour", CANDOUR_OWED))
    return found


def owed(harmed: Harmed, harm: Harm) -> bool:
    """Whether the duty of candour follows from the harm."""
    return harmed is Harmed.HE and harm in NOTIFIABLE


def state_of(steps: Sequence[StepKind]) -> State:
    """Where it stands, by its steps in order."""
    return State.CLOSED if steps and steps[-1] is StepKind.CLOSED else State.WAITS


def why_not_review(
    *, is_lead: bool, by: int, writers: Sequence[int], candour: Candour, state: State
) -> tuple[str, ...]:
    """Why somebody may not close it, or open it again; empty where he may.

    Args:
        writers: who wrote each of its versions.
    """
    if not is_lead:
        return (LEAD_ONLY,)
    if by in writers:
        return (NOT_HIS_OWN,)
    if state is State.WAITS and candour is Candour.TO_DO:
        return (CANDOUR_FIRST,)
    return ()
