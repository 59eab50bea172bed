"""What the pages of what probation tells show: one page for probation, another for the service."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from mhtr.core import formats
from mhtr.core.working_days import WEEKDAYS
from mhtr.probation.word_acts import MADE
from mhtr.probation.word_models import ProbationWord
from mhtr.probation.word_queries import Step, Word
from mhtr.probation.word_rules import (
    CLINICAL,
    SOURCE_WORDS,
    STATE_COLOURS,
    STATE_WORDS,
    SUBJECT_WORDS,
    StepKind,
    may,
)

STEP_WORDS = {
    StepKind.RECEIVED: "Received by the service",
    StepKind.CHANGED: "Acted on",
    StepKind.NOTHING: "Seen to, nothing to change",
    StepKind.WITHDRAWN: "Taken back",
    StepKind.REPLACED: "Said anew",
}


@dataclass(frozen=True)
class StepLine:
    """One step, for whoever reads it."""

    at: datetime
    words: str
    by: str
    more: str


@dataclass(frozen=True)
class Line:
    """One thing that was told, for whoever reads it."""

    ref: uuid.UUID
    at: datetime
    by: str
    subject: str
    fact: str
    why: str
    when: str
    times: str
    source: str
    urgent: bool
    state: str
    colour: str
    clinical: bool
    is_open: bool
    may_change: bool
    steps: tuple[StepLine, ...]


def for_probation(word: Word) -> Line:
    """As probation reads it: what it said, that it was received, and not what came of it."""
    return _line(word, tuple(_step(one, inside=False) for one in word.steps), reads_why=True)


def for_service(word: Word, *, clinician: bool) -> Line:
    """As the service reads it; why, and why nothing was changed by a risk, for clinicians alone."""
    hides = word.row.subject in CLINICAL and not clinician
    steps = tuple(_step(one, inside=not hides) for one in word.steps)
    return _line(word, steps, reads_why=clinician)


def _line(word: Word, steps: tuple[StepLine, ...], *, reads_why: bool) -> Line:
    row, state = word.row, word.state
    return Line(
        ref=row.ref,
        at=row.created_at,
        by=word.by,
        subject=SUBJECT_WORDS[row.subject],
        fact=", ".join(part for part in (row.fact or "", row.postcode) if part),
        why=(row.why or "") if reads_why else "",
        when=_when(row.first_day, row.last_day),
        times=_times(row),
        source=SOURCE_WORDS[row.source],
        urgent=row.urgent,
        state=STATE_WORDS[state],
        colour=STATE_COLOURS[state],
        clinical=row.subject in CLINICAL,
        is_open=word.is_open,
        may_change=may(StepKind.WITHDRAWN, state),
        steps=steps,
    )


def _when(first: date | None, last: date | None) -> str:
    since = f"Since {formats.day(first)}" if first else ""
    until = f"until {formats.day(last)}" if last else ""
    words = " ".join(part for part in (since, until) if part)
    return words[:1].upper() + words[1:]


def _times(row: ProbationWord) -> str:
    if row.weekday is None or row.starts is None or row.ends is None:
        return ""
    return f"{WEEKDAYS[row.weekday]}, {row.starts:%H:%M} to {row.ends:%H:%M}"


def _step(one: Step, *, inside: bool) -> StepLine:
    row = one.row
    said = (row.words or "") if inside else ""
    made = MADE.get(row.what, "") if inside else ""
    more = ". ".join(part for part in (made, said, row.back_why or "") if part)
    return StepLine(row.created_at, STEP_WORDS[row.kind], one.by, more)
