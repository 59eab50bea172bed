"""The measures of a case in words: what was asked, the score, its band and the cut-off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from mhtr.core.database import db
from outcome_measures.definitions import Answer
from outcome_measures.instruments.registry import find_instrument
from outcome_measures.models import MeasureOccasion, OccasionState
from outcome_measures.scoring import CaseStatus, score

CASENESS = {
    CaseStatus.CASE: "at or above the cut-off",
    CaseStatus.NOT_A_CASE: "below the cut-off",
}


@dataclass(frozen=True)
class Measure:
    """One occasion. `words` never holds a total of an incomplete form."""

    instrument: str
    asked_on: date
    submitted_at: datetime | None
    entered_by: int
    title: str
    words: str


def measures_of(case_id: int) -> list[Measure]:
    """Every occasion of a case, oldest first, the unfinished ones included."""
    rows = db.session.scalars(
        select(MeasureOccasion)
        .where(MeasureOccasion.case_id == case_id)
        .order_by(MeasureOccasion.asked_on, MeasureOccasion.id)
    )
    return [_measure(row) for row in rows]


def latest(found: Iterable[Measure]) -> list[Measure]:
    """The last occasion of each instrument."""
    return list({measure.instrument: measure for measure in found}.values())


def _measure(row: MeasureOccasion) -> Measure:
    instrument = find_instrument(row.instrument)
    scored = score(instrument, {a.item: Answer(a.state, a.value) for a in row.answers})
    if scored.total is None:
        words = f"{scored.answered} of {scored.questions} questions answered: no total"
    else:
        parts = [f"{scored.total} out of {instrument.highest}"]
        if scored.band is not None:
            parts.append(scored.band.label.lower())
        if scored.caseness in CASENESS:
            parts.append(CASENESS[scored.caseness])
        words = ", ".join(parts)
    title = f"{instrument.name} asked"
    if row.state is OccasionState.OPEN:
        title = f"{instrument.name} begun, not finished"
    return Measure(instrument.name, row.asked_on, row.submitted_at, row.entered_by, title, words)
