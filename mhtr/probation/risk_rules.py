"""Risk of which clinicians tell probation: what must be said, on which basis, and how it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST = 2000
NO_WORDS = "Enter what probation must know"
NO_BASIS = "Select on what basis you tell it"
NOT_AGREED = (
    "His consent to tell probation more is not on record. Record it under Consent, or tell it "
    "without his agreement and say why"
)
NO_WHY = "Say why it is told without his agreement: who could be harmed, and why it cannot wait"
NO_APPROVER = "Select the clinical lead who approved it"
NO_TOLD = "Select whether he was told"
NO_NOT_TOLD = "Say why he was not told"
URGENT_WITHIN = timedelta(hours=1)


class Basis(StrEnum):
    """On what it rests that it goes to probation."""

    CONSENT = "consent"
    EXCEPTION = "exception"


class ToldHim(StrEnum):
    """Whether he knows that probation is told."""

    TOLD = "told"
    NOT_TOLD = "not_told"


class StepKind(StrEnum):
    """What became of it."""

    ACKNOWLEDGED = "acknowledged"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class State(StrEnum):
    """How it stands: the last of its steps."""

    WAITS = "waits"
    ACKNOWLEDGED = "acknowledged"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


BASIS_WORDS: Mapping[Basis, str] = {
    Basis.CONSENT: "With his agreement",
    Basis.EXCEPTION: "Without his agreement, to keep somebody from serious harm",
}
TOLD_WORDS: Mapping[ToldHim, str] = {
    ToldHim.TOLD: "He was told that probation is told",
    ToldHim.NOT_TOLD: "He was not told. Speak with us before you mention it to him",
}
STATE_WORDS: Mapping[State, str] = {
    State.WAITS: "Not acknowledged yet",
    State.ACKNOWLEDGED: "Acknowledged",
    State.WITHDRAWN: "Taken back",
    State.REPLACED: "Said anew",
}
COLOURS: Mapping[State, str] = {
    State.WAITS: "orange",
    State.ACKNOWLEDGED: "green",
    State.WITHDRAWN: "grey",
    State.REPLACED: "grey",
}
OVER = frozenset({State.WITHDRAWN, State.REPLACED})


@dataclass(frozen=True)
class Said:
    """What a clinician tells probation. `words` is all that probation reads of the matter."""

    words: str
    urgent: bool
    basis: Basis
    told_him: ToldHim
    why: str = ""
    approver_id: int | None = None
    not_told_why: str = ""


def objections(said: Said, *, agreed: bool, approvers: Iterable[int]) -> list[tuple[str, str]]:
    """What is missing: field and words, in the order of the form.

    Args:
        agreed: whether his consent to tell probation more holds.
        approvers: clinical leads who may approve it; never who writes it.
    """
    found = [] if said.words.strip() else [("words", NO_WORDS)]
    if said.basis is Basis.CONSENT:
        found += [] if agreed else [("basis", NOT_AGREED)]
    else:
        found += [] if said.why.strip() else [("why", NO_WHY)]
        found += [] if said.approver_id in set(approvers) else [("approver", NO_APPROVER)]
    if said.told_him is ToldHim.NOT_TOLD and not said.not_told_why.strip():
        found.append(("not_told_why", NO_NOT_TOLD))
    return found


def state_of(steps: Iterable[StepKind]) -> State:
    """How it stands after its steps, in their order; what is over stays over."""
    state = State.WAITS
    for kind in steps:
        if state not in OVER:
            state = State(kind.value)
    return state


def may(kind: StepKind, state: State) -> bool:
    """Whether a step may follow."""
    if kind is StepKind.ACKNOWLEDGED:
        return state is State.WAITS
    return state not in OVER


def is_late(due_at: datetime, passed_on: datetime | None, now: datetime) -> bool:
    """Whether nobody acknowledged it in time, since it was told or since it was passed on."""
    return now >= (due_at if passed_on is None else passed_on + URGENT_WITHIN)
