"""Reading measures of cases the caller has found in his viewer's scope."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core.database import db
from outcome_measures import scoring
from outcome_measures.definitions import NOT_REACHED, Answer, Instrument
from outcome_measures.instruments.registry import find_instrument
from outcome_measures.models import AnswerCorrection, MeasureOccasion
from outcome_measures.risk import responses_of


@dataclass(frozen=True)
class Correction:
    """What an answer was before it was corrected."""

    item: int
    before: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Answered:
    """One question with its answer in words."""

    number: int
    text: str
    words: str
    value: int | None


@dataclass(frozen=True)
class Taken:
    """One measure as it stands: its answers, score and corrections."""

    occasion: MeasureOccasion
    instrument: Instrument
    score: scoring.Score
    answers: tuple[Answered, ...]
    corrections: tuple[Correction, ...]


def of_context(context: str) -> dict[str, MeasureOccasion]:
    """The measures of one context, by instrument."""
    rows = db.session.scalars(select(MeasureOccasion).where(MeasureOccasion.context == context))
    return {row.instrument: row for row in rows}


def taken(occasion: MeasureOccasion) -> Taken:
    """A measure with its score, its answers in words, and what was corrected."""
    instrument = find_instrument(occasion.instrument)
    responses = responses_of(occasion)
    return Taken(
        occasion,
        instrument,
        scoring.score(instrument, responses),
        tuple(
            Answered(
                item.number,
                item.text,
                answer_words(instrument, item.number, responses.get(item.number, NOT_REACHED)),
                responses.get(item.number, NOT_REACHED).value,
            )
            for item in instrument.items
        ),
        _corrections(occasion, instrument),
    )


def answer_words(instrument: Instrument, item: int, answer: Answer) -> str:
    """An answer as a clinician reads it: its option's words, or why there is none."""
    for option in instrument.item(item).options:
        if answer.value is not None and option.value == answer.value:
            return option.label
    return answer.state.words


def _corrections(occasion: MeasureOccasion, instrument: Instrument) -> tuple[Correction, ...]:
    rows = db.session.execute(
        select(AnswerCorrection, Staff.name)
        .join(Staff, Staff.id == AnswerCorrection.by_id)
        .where(AnswerCorrection.occasion_id == occasion.id)
        .order_by(AnswerCorrection.id)
    )
    return tuple(
        Correction(
            row.item,
            answer_words(instrument, row.item, Answer(row.before_state, row.before_value)),
            name,
            row.created_at,
            row.reason,
        )
        for row, name in rows
    )
