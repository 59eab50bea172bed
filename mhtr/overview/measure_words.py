"""The measures of a case in words: what was asked, the score, its band and the cut-off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mhtr.cases.models import Case
from outcome_measures.listeners import days_missed
from outcome_measures.models import OccasionState
from outcome_measures.reading import words
from outcome_measures.reading.lines import Line, read_lines
from outcome_measures.reading.routes import Image, image_of
from outcome_measures.reading.sessions import session_days
from outcome_measures.scores.score import CaseStatus
from outcome_measures.signing.rules import waiting_for
from outcome_measures.time_points import Origin

CASENESS = {
    CaseStatus.CASE: "at or above the cut-off",
    CaseStatus.NOT_A_CASE: "below the cut-off",
}
CHARTS = ("phq9", "gad7")
"""Measures with a chart of their own beside what happened."""


@dataclass(frozen=True)
class Measure:
    """One occasion. `words` never holds a total of an incomplete form."""

    ref: UUID
    instrument: str
    asked_on: date
    submitted_at: datetime | None
    entered_by: int
    title: str
    words: str


@dataclass(frozen=True)
class Card:
    """One measure beside what happened: its finding with a chart, or its last occasion in words."""

    finding: str
    image: Image | None
    last: Measure


def measures_of(lines: Iterable[Line]) -> list[Measure]:
    """Every occasion of a case, oldest first, the unfinished ones included."""
    return [_measure(line) for line in lines]


def cards(case: Case, lines: Sequence[Line]) -> list[Card]:
    """Each measure that was asked; with a chart from the second score on."""
    last = {line.instrument.id: _measure(line) for line in lines}
    readings = read_lines(lines, session_days(case.id, lines)) if lines else {}
    missed = days_missed(case.id) if readings else frozenset()
    made = []
    for name, measure in last.items():
        reading = readings.get(name)
        finding = words.headline(reading) if reading and reading.pair else ""
        drawn = reading if finding and name in CHARTS else None
        made.append(Card(finding, image_of(case.ref, drawn, missed) if drawn else None, measure))
    return sorted(made, key=lambda card: card.image is None)


def _measure(line: Line) -> Measure:
    instrument, score = line.instrument, line.score
    if score is not None and not instrument.installed:
        said = score.reasons[0]
    elif score is None or score.total is None:
        questions = len(instrument.scored_items)
        said = f"{line.answered} of {questions} questions answered: no total"
    else:
        parts = [f"{score.total} out of {score.highest or instrument.highest}"]
        if score.band is not None:
            parts.append(score.band.label.lower())
        if score.caseness in CASENESS:
            parts.append(CASENESS[score.caseness])
        if line.point.origin is Origin.TOTAL:
            parts.append("total typed in")
        if waiting_for(instrument):
            parts.append("no clinical lead stands for the words of its form")
        said = ", ".join(parts)
    title = f"{instrument.name} asked"
    if line.state is OccasionState.OPEN:
        title = f"{instrument.name} begun, not finished"
    return Measure(
        line.ref,
        instrument.name,
        line.point.on,
        line.submitted_at,
        line.entered_by,
        title,
        said,
    )
