"""The last scores of many people at once, read as one text a man.

What is made of a text is remembered by the text, so a man whose scores are as they were costs
next to nothing. Whatever changes a score changes the text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import String, bindparam, cast, func, literal, select

from mhtr.core.prepared import Prepared
from outcome_measures.caseload.sparklines import drawn, sparkline
from outcome_measures.definitions import AnswerState
from outcome_measures.episodes import first_day
from outcome_measures.instruments.registry import INSTRUMENTS, recorded
from outcome_measures.listeners import attended_texts, days_missed_of
from outcome_measures.models import (
    MeasureAnswer,
    MeasureContact,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.reading import words
from outcome_measures.reading.choices import chosen
from outcome_measures.reading.packed import fits, packed_answers, total_of_packed
from outcome_measures.reading.queries import total_of
from outcome_measures.reading.rules import Reading, read
from outcome_measures.reading.standing_totals import standing_total
from outcome_measures.series import BaselineRule, ScorePoint
from outcome_measures.sessions_on_record import IS_SESSION
from outcome_measures.time_points import Origin, TimePoint

COLUMNS = ("phq9", "gad7")
"""Measures with a column of their own. Every rule of theirs is verified: no signature is read."""


@dataclass(frozen=True)
class Cell:
    """One measure of one man."""

    instrument: str
    total: int | None
    on: date | None
    """The day of that score: a form that was not complete may have come after it."""
    words: str
    line: Markup
    """As it is drawn; empty with fewer than two scores."""
    change: int | None


@dataclass(frozen=True)
class Measured:
    """What the scores of one man come to."""

    cells: tuple[Cell, ...] = ()
    """One for each column."""
    measured_on: date | None = None
    """The last day on which he was asked, with a score or without."""


def cells_of(case_ids: Sequence[int]) -> dict[int, Measured]:
    """The cells of every case; in as many statements as for one."""
    choices = chosen()
    texts = texts_of(case_ids, COLUMNS)
    began, missed = _first_days(case_ids), days_missed_of(case_ids)
    return {
        case_id: _cells(
            texts.get(case_id, ""),
            choices.baseline,
            choices.every_session,
            began.get(case_id),
            missed[case_id],
        )
        for case_id in case_ids
    }


def _first_days(case_ids: Sequence[int]) -> dict[int, date]:
    """The day of the first treatment session of each case that is on record as one."""
    found = {case_id: [held_on] for case_id, held_on in _FIRST_CONTACTS.all({"cases": case_ids})}
    for case_id, seen in attended_texts(case_ids).items():
        found.setdefault(case_id, []).append(first_day(seen))
    return {case_id: min(days) for case_id, days in found.items() if days}


def texts_of(case_ids: Sequence[int], instruments: Sequence[str]) -> dict[int, str]:
    """The scores of each case in these measures as one text, for `points_in`; in one statement."""
    wanted = {"cases": case_ids, "instruments": instruments}
    all_fit = all(fits(recorded(name)) for name in instruments)
    return {row[0]: row[1] for row in (_PACKED if all_fit else _TEXTS).all(wanted)}


def points_in(text: str) -> tuple[ScorePoint, ...]:
    """The scores that a text stands for, named by their keys."""
    return tuple(_points(text))


@lru_cache(maxsize=4_000)
def _cells(
    text: str,
    rule: BaselineRule,
    each: frozenset[str],
    held: date | None,
    missed: frozenset[date],
) -> Measured:
    points = points_in(text)
    days = [point.on for point in points if point.point is TimePoint.SESSION]
    began = min([*days, *([held] if held else [])], default=None)
    readings = (
        read(INSTRUMENTS[name], points, rule, began, every_session=name in each) for name in COLUMNS
    )
    cells = tuple(_cell(one, missed) for one in readings)
    return Measured(cells, max((point.on for point in points), default=None))


def _points(text: str) -> Iterator[ScorePoint]:
    for line in text.split("\n") if text else ():
        key, name, on, point, session, origin, typed, answers = line.split("|")
        yield ScorePoint(
            occasion_ref=key,
            instrument=name,
            on=date.fromisoformat(on),
            total=int(typed) if typed else _total(name, answers),
            point=TimePoint(point),
            session_number=int(session) if session else None,
            origin=Origin(origin),
            order=int(key),
        )


def _total(instrument: str, answers: str) -> int | None:
    """Of answers as a text, or as the number that `packed` makes of them."""
    if "=" in answers or not answers:
        return total_of(instrument, answers)
    return total_of_packed(instrument, int(answers))


def _cell(reading: Reading, missed: frozenset[date]) -> Cell:
    shown = reading.follow_up or reading.last or reading.before_sentence
    return Cell(
        instrument=reading.instrument.name,
        total=None if shown is None else shown.total,
        on=None if shown is None else shown.on,
        words=words.brief(reading),
        line=drawn(sparkline(reading, missed)),
        change=None if reading.totals is None else -reading.totals.drop,
    )


def _joined(*parts: Any) -> Any:
    """Columns as one text; what is not there is empty."""
    made: Any = func.coalesce(cast(parts[0], String), "")
    for part in parts[1:]:
        made = made + literal("|") + func.coalesce(cast(part, String), "")
    return made


def _answers() -> Any:
    row, answer = MeasureOccasion, MeasureAnswer
    value = func.coalesce(cast(answer.value, String), "")
    return (
        select(func.aggregate_strings(cast(answer.item, String) + literal("=") + value, ";"))
        .where(
            answer.occasion_id == row.id,
            answer.state.in_((AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE)),
        )
        .scalar_subquery()
    )


def _texts(answers: Any) -> Any:
    row = MeasureOccasion
    line = _joined(
        row.id,
        row.instrument,
        row.asked_on,
        row.point,
        row.session_number,
        row.origin,
        standing_total(),
        answers,
    )
    return (
        select(row.case_id, func.aggregate_strings(line, "\n"))
        .where(
            row.case_id.in_(bindparam("cases", expanding=True)),
            row.instrument.in_(bindparam("instruments", expanding=True)),
            row.state == OccasionState.SUBMITTED,
        )
        .group_by(row.case_id)
    )


_TEXTS, _PACKED = Prepared(_texts(_answers())), Prepared(_texts(packed_answers()))
_FIRST_CONTACTS = Prepared(
    select(MeasureContact.case_id, func.min(MeasureContact.held_on))
    .where(MeasureContact.case_id.in_(bindparam("cases", expanding=True)), IS_SESSION)
    .group_by(MeasureContact.case_id)
)
