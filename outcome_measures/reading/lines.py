"""The measures of a case as its page, its charts and the case page show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import String, bindparam, cast, func, literal, select

from mhtr.accounts.models import Staff
from mhtr.core.prepared import Prepared
from outcome_measures.definitions import NOT_REACHED, Answer, AnswerState, Instrument
from outcome_measures.episodes import sessions_of
from outcome_measures.goals.rules import (
    GOAL_INSTRUMENT,
    Goal,
    Rating,
    asked_of,
    of_goals,
    ratings_of,
    same_goals,
)
from outcome_measures.goals.service import goals_in_words
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.models import (
    AnswerCorrection,
    MeasureAnswer,
    MeasureMode,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.reading.choices import chosen
from outcome_measures.reading.queries import answer_words
from outcome_measures.reading.rules import Reading, of_highest, read
from outcome_measures.reading.sessions import held_without
from outcome_measures.reading.standing_totals import standing_total
from outcome_measures.scores import scoring
from outcome_measures.scores.score import Score
from outcome_measures.scores.typed import typed_score
from outcome_measures.series import ScorePoint, in_order
from outcome_measures.signing.service import all_in_force
from outcome_measures.time_points import Origin


@dataclass(frozen=True, slots=True)
class Risk:
    """A question about risk on one occasion: its answer in words, or why there is none."""

    question: str
    """Which it is, and whom it asks about."""
    words: str
    sign: bool
    """Whether a clinician has to look at it: above zero, or silence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One occasion as the table shows it. `score` is None while its form is not submitted."""

    ref: UUID
    context: str
    instrument: Instrument
    point: ScorePoint
    mode: MeasureMode
    who: str
    """Who entered it."""
    entered_by: int
    submitted_at: datetime | None
    state: OccasionState
    score: Score | None
    answered: int
    answers: Mapping[int, Answer]
    risks: tuple[Risk, ...]
    corrected: bool
    contact_id: int | None = None
    ratings: tuple[Rating, ...] = ()
    """Of goal-based outcomes: each goal in his words."""


def lines_of(case_id: int) -> tuple[Line, ...]:
    """Every occasion of a case in order, in one statement; his goals, if rated, in another.

    Unfinished ones are among them, without a score.
    """
    rows = _lines().all({"case": case_id})
    instruments = all_in_force()
    rated = any(row.instrument == GOAL_INSTRUMENT for row in rows)
    goals = goals_in_words(case_id) if rated else ()
    made = {str(row.ref): _line(row, instruments[row.instrument], goals) for row in rows}
    return tuple(made[p.occasion_ref] for p in in_order(line.point for line in made.values()))


@cache
def _lines() -> Prepared:
    """Made once: making it takes longer than asking it."""
    row = MeasureOccasion
    answer = (
        cast(MeasureAnswer.item, String)
        + literal("=")
        + cast(MeasureAnswer.state, String)
        + literal("=")
        + func.coalesce(cast(MeasureAnswer.value, String), "")
    )
    answers = (
        select(func.aggregate_strings(answer, ";"))
        .where(MeasureAnswer.occasion_id == row.id)
        .scalar_subquery()
    )
    corrected = select(AnswerCorrection.id).where(AnswerCorrection.occasion_id == row.id).exists()
    query = select(
        row.id,
        row.ref,
        row.contact_id,
        row.context,
        row.instrument,
        row.asked_on,
        row.point,
        row.session_number,
        row.origin,
        row.historic,
        row.mode,
        row.state,
        standing_total(),
        row.typed_parts,
        row.entered_by,
        row.submitted_at,
        row.goal_ids,
        Staff.name.label("who"),
        answers.label("answers"),
        corrected.label("corrected"),
    ).join(Staff, Staff.id == row.entered_by)
    kept = row.state != OccasionState.WITHDRAWN
    return Prepared(query.where(row.case_id == bindparam("case"), kept))


def _line(row: Any, instrument: Instrument, goals: Sequence[Goal]) -> Line:
    responses = _responses(row.answers or "")
    score: Score | None = None
    if row.state is OccasionState.SUBMITTED:
        score = (
            typed_score(instrument, row.typed_total, row.typed_parts)
            if row.typed_total is not None
            else _score(instrument, row.answers or "")
        )
    return Line(
        ref=row.ref,
        context=row.context,
        instrument=instrument,
        point=_point(row, instrument, score),
        mode=row.mode,
        who=row.who,
        entered_by=row.entered_by,
        submitted_at=row.submitted_at,
        state=row.state,
        score=score,
        answered=sum(
            responses.get(i.number, NOT_REACHED).value is not None for i in instrument.scored_items
        ),
        answers=responses,
        risks=tuple(_risks(instrument, responses, row)),
        corrected=row.corrected,
        contact_id=row.contact_id,
        ratings=ratings_of(responses, asked_of(goals, row.goal_ids or ()))
        if row.instrument == GOAL_INSTRUMENT
        else (),
    )


def _point(row: Any, instrument: Instrument, score: Score | None) -> ScorePoint:
    return ScorePoint(
        occasion_ref=str(row.ref),
        instrument=instrument.id,
        on=row.asked_on,
        total=score.total if score is not None else None,
        point=row.point,
        session_number=row.session_number,
        origin=row.origin,
        historic=row.historic,
        order=row.id,
    )


def _risks(instrument: Instrument, responses: Mapping[int, Answer], row: Any) -> Iterable[Risk]:
    for item in instrument.risk_items:
        question = f"Question {item.number} ({item.risk_to.words})"
        answer = responses.get(item.number)
        if answer is None and row.state is OccasionState.OPEN:
            yield Risk(question, "Not reached yet", sign=False)
        else:
            given = answer or NOT_REACHED
            typed = row.origin is Origin.TOTAL
            words = _capital(answer_words(instrument, item.number, given, beside_total=typed))
            if given.value is not None and words != str(given.value):
                words = f"{given.value}: {words}"
            yield Risk(question, words, sign=given.value != 0)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


@lru_cache(maxsize=20_000)
def _responses(answers: str) -> Mapping[int, Answer]:
    found = {}
    for part in answers.split(";") if answers else ():
        item, state, value = part.split("=")
        found[int(item)] = Answer(AnswerState(state), int(value) if value else None)
    return found


def _score(instrument: Instrument, answers: str) -> Score:
    if instrument is INSTRUMENTS.get(instrument.id):
        return _known_score(instrument.id, answers)
    # A rule was signed for it: that may be withdrawn, so its scores are not remembered.
    return scoring.score(instrument, _responses(answers))


@lru_cache(maxsize=20_000)
def _known_score(instrument: str, answers: str) -> Score:
    """The score of answers as the statement gives them; pages ask for the same ones often."""
    return scoring.score(INSTRUMENTS[instrument], _responses(answers))


def compared(lines: Sequence[Line]) -> list[Line]:
    """The lines that can be compared with the last complete one of their measure.

    Left out are totals of fewer or more questions, and ratings of other goals.
    """
    last = {line.instrument.id: line for line in lines if line.point.complete}
    return [
        line
        for line in lines
        if line.instrument.id not in last or _alike(last[line.instrument.id], line)
    ]


def _alike(last: Line, line: Line) -> bool:
    if line.instrument.id == GOAL_INSTRUMENT:
        return same_goals(last.ratings, line.ratings, complete=line.point.complete)
    return not line.point.complete or _highest(line) == _highest(last)


def _highest(line: Line) -> int:
    return line.score.highest if line.score is not None else 0


def _as_asked(lines: Iterable[Line]) -> dict[str, Instrument]:
    """Each instrument, its range that of the form he was asked last."""
    found = {line.instrument.id: line.instrument for line in lines}
    for line in lines:
        if not line.point.complete:
            continue
        if line.instrument.id == GOAL_INSTRUMENT:
            found[GOAL_INSTRUMENT] = of_goals(line.instrument, len(line.ratings))
        else:
            found[line.instrument.id] = of_highest(line.instrument, _highest(line))
    return found


def _finished(lines: Sequence[Line]) -> list[Line]:
    """Those that ended. One closed unfinished is no gap where the day has one submitted."""
    done, closed = OccasionState.SUBMITTED, OccasionState.CLOSED
    had = {(one.instrument.id, one.point.on) for one in lines if one.state is done}
    return [
        one
        for one in lines
        if one.state is done
        or (one.state is closed and (one.instrument.id, one.point.on) not in had)
    ]


def read_lines(lines: Sequence[Line], days: Mapping[date, int | None]) -> dict[str, Reading]:
    """The reading of each instrument that was asked, PHQ-9 and GAD-7 first.

    Forms that are still open are left out: nobody has finished with them.

    Args:
        days: those of the treatment sessions on record, as `sessions.session_days` finds them.
    """
    done = compared(_finished(lines))
    asked = _as_asked(done)
    points = [line.point for line in done]
    had = sessions_of((line.point for line in lines), days.items())
    choices, began = chosen(), had.first_on if had else None
    held = held_without(lines, days)
    return {
        name: read(
            asked[name],
            points,
            choices.baseline,
            began,
            every_session=name in choices.every_session,
            held=held(name),
        )
        for name in INSTRUMENTS
        if name in asked
    }
