"""What pages show of a risk that probation is told: each side its own."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mhtr.core import formats
from mhtr.probation.risk_queries import Step, Told
from mhtr.probation.risk_rules import (
    BASIS_WORDS,
    COLOURS,
    OVER,
    STATE_WORDS,
    TOLD_WORDS,
    Said,
    State,
    StepKind,
)


@dataclass(frozen=True)
class Read:
    """All that probation reads of it, before it is sent and after. Nothing else is passed on."""

    words: str
    """Empty where it was taken back before anybody of probation acknowledged it."""
    urgent: bool
    basis: str
    told_him: str


@dataclass(frozen=True)
class Card:
    """One of them in a list."""

    ref: uuid.UUID
    read: Read
    at: datetime
    by: str
    to: str
    state: str
    colour: str
    steps: tuple[str, ...]
    waits: bool
    over: bool
    why: str = ""
    """Of an exception; empty on probation's side, as the two below."""
    approver: str = ""
    not_told_why: str = ""


STEP_WORDS = {
    StepKind.ACKNOWLEDGED: "Acknowledged by",
    StepKind.WITHDRAWN: "Taken back by",
    StepKind.REPLACED: "Said anew by",
}


def read_of(said: Said) -> Read:
    """What probation would read of something that is not sent yet."""
    return Read(said.words.strip(), said.urgent, BASIS_WORDS[said.basis], TOLD_WORDS[said.told_him])


def card(told: Told, *, clinical: bool) -> Card:
    """One of them, as a side reads it; its words only where `Told.is_read`."""
    row = told.row
    words = row.words if clinical or told.is_read else ""
    return Card(
        ref=row.ref,
        read=Read(words, row.urgent, BASIS_WORDS[row.basis], TOLD_WORDS[row.told_him]),
        at=row.created_at,
        by=told.by,
        to=told.to,
        state=STATE_WORDS[told.state],
        colour=COLOURS[told.state],
        steps=tuple(_steps(told.steps)),
        waits=told.state is State.WAITS,
        over=told.state in OVER,
        why=(row.why or "") if clinical else "",
        approver=told.approver if clinical else "",
        not_told_why=(row.not_told_why or "") if clinical else "",
    )


def _steps(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in steps:
        words = f"{STEP_WORDS[step.row.kind]} {step.by}, {formats.moment(step.at)}"
        yield f"{words}. {step.row.words}" if step.row.words else words
