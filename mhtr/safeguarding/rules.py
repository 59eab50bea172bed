"""What a safeguarding referral must say, and what may follow what: values and dates alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mhtr.safeguarding.kinds import Agreed, Kind, Knows, State, StepKind

LONGEST = 4000
"""Characters of a text."""
DAYS = 1
"""Working days in which it should be acknowledged: a local authority decides within one working day
of a referral of a child what it will do (Working Together to Safeguard Children, 2023), and the
same is asked here of an adult's.
"""
NO_KIND = "Select who is at risk"
NO_AUTHORITY = "Enter the local authority of the address of whoever is at risk"
NO_SENT = "Say how it goes there, and to whom"
NO_ABOUT = "Say who is at risk: name, age, address, and how he knows them"
NO_CONCERN = "Say what the concern is"
NO_DONE = "Say what was done so far, or that nothing was"
NO_AGREED = "Say whether agreement was asked for"
NO_OVERRIDE = "Say why it is made without agreement"
NO_KNOWS = "Say whether he knows of it"
NO_NOT_TOLD = "Say why he was not told"
NO_WHY = "Say why it is put right"
NO_DAY = "Enter the day"
NOT_YET = "This day has not come yet"
BEFORE = "This day lies before the day on which the referral was made"
NO_WORDS = {
    StepKind.ACKNOWLEDGED: "Say who acknowledged it, and any reference they gave",
    StepKind.OUTCOME: "Say what the authority decided",
    StepKind.CLOSED: "Say why nothing more is needed here",
    StepKind.TAKEN_BACK: "Say what was wrong",
}
MEANWHILE = "Something was recorded of it meanwhile. Read it again."
OVER = "It is closed. Take the closing back first, where it was a mistake."


@dataclass(frozen=True)
class Said:
    """What a referral says.

    Args:
        authority: the local authority to which it goes.
        sent_how: how it goes there.
        about: who is at risk.
        override_why: why it is made without agreement; empty where there is one.
    """

    kind: Kind
    authority: str
    sent_how: str
    about: str
    concern: str
    done: str
    agreed: Agreed
    override_why: str
    knows: Knows
    not_told_why: str


def objections(said: Said) -> list[tuple[str, str]]:
    """What is missing: field and words, in their order."""
    needed = [
        ("authority", said.authority, NO_AUTHORITY),
        ("sent_how", said.sent_how, NO_SENT),
        ("about", said.about, NO_ABOUT),
        ("concern", said.concern, NO_CONCERN),
        ("done", said.done, NO_DONE),
    ]
    if said.agreed is not Agreed.YES:
        needed.append(("override_why", said.override_why, NO_OVERRIDE))
    if said.knows is Knows.NOT_TOLD:
        needed.append(("not_told_why", said.not_told_why, NO_NOT_TOLD))
    return [(field, words) for field, text, words in needed if not text.strip()]


_NEXT = {
    State.MADE: StepKind.ACKNOWLEDGED,
    State.ACKNOWLEDGED: StepKind.OUTCOME,
    State.OUTCOME: StepKind.CLOSED,
}
_AFTER = {
    StepKind.ACKNOWLEDGED: State.ACKNOWLEDGED,
    StepKind.OUTCOME: State.OUTCOME,
    StepKind.CLOSED: State.CLOSED,
}


def counting(steps: Sequence[StepKind]) -> list[StepKind]:
    """The steps that count, of those about its newest version, in order."""
    found: list[StepKind] = []
    for one in steps:
        if one is not StepKind.TAKEN_BACK:
            found.append(one)
        elif found:
            found.pop()
    return found


def state_of(steps: Sequence[StepKind]) -> State:
    """Where it stands, by the steps about its newest version: what is put right goes out anew."""
    found = counting(steps)
    return _AFTER[found[-1]] if found else State.MADE


def possible(steps: Sequence[StepKind]) -> tuple[StepKind, ...]:
    """What may be recorded next."""
    state = state_of(steps)
    following = (_NEXT[state],) if state in _NEXT else ()
    return (*following, *((StepKind.TAKEN_BACK,) if counting(steps) else ()))


def step_objections(
    kind: StepKind, on: date, words: str, *, made_on: date, today: date
) -> list[tuple[str, str]]:
    """What is wrong with a step: field and words.

    Args:
        made_on: the day on which its newest version was made.
    """
    found = []
    if on > today:
        found.append(("on", NOT_YET))
    elif on < made_on:
        found.append(("on", BEFORE))
    if not words.strip():
        found.append(("words", NO_WORDS[kind]))
    return found
