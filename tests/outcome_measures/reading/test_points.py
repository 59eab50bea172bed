"""Scores of many cases in one statement: what counts, and what it says of each."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures.definitions import AnswerState
from outcome_measures.models import (
    MeasureAnswer,
    MeasureMode,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.reading import queries
from outcome_measures.time_points import Origin, TimePoint
from tests.suitability.journey import People, allocated

DAY = date(2026, 11, 2)
ANSWERS_OF_TWELVE = (2, 2, 2, 1, 1, 1, 1, 1, 1)


@pytest.fixture
def people(either_app: Flask) -> People:
    return allocated()


def measured(
    people: People,
    days: int,
    answers: tuple[int | None, ...] = (),
    *,
    instrument: str = "phq9",
    state: OccasionState = OccasionState.SUBMITTED,
    point: TimePoint = TimePoint.SESSION,
    typed: int | None = None,
) -> MeasureOccasion:
    with writing():
        made = MeasureOccasion(
            case_id=people.case.id,
            context=f"test:{days}",
            instrument=instrument,
            instrument_version="1",
            asked_on=DAY + timedelta(days),
            mode=MeasureMode.PAPER,
            state=state,
            point=point,
            entered_by=people.assessor.id,
            origin=Origin.ITEMS if typed is None else Origin.TOTAL,
            typed_total=typed,
            answers=[
                MeasureAnswer(
                    item=number,
                    state=AnswerState.SKIPPED if value is None else AnswerState.ANSWERED,
                    value=value,
                )
                for number, value in enumerate(answers, start=1)
            ],
        )
        db.session.add(made)
        db.session.flush()
        return made


def test_points_are_scored_as_the_instrument_says(people: People) -> None:
    # The tenth question of PHQ-9 is answered and not scored.
    measured(people, 7, (*ANSWERS_OF_TWELVE, 3))
    measured(people, 0, (2,) * 7, instrument="gad7", point=TimePoint.PRE_SENTENCE)
    measured(people, 14, (None, *ANSWERS_OF_TWELVE[1:]))
    measured(people, 21, (), typed=9)
    measured(people, 28, ())
    measured(people, 35, ANSWERS_OF_TWELVE, state=OccasionState.OPEN)
    measured(people, 42, ANSWERS_OF_TWELVE, state=OccasionState.CLOSED)
    points = queries.points_of([people.case.id])[people.case.id]
    assert [(point.instrument, point.total, point.origin) for point in points] == [
        ("gad7", 14, Origin.ITEMS),
        ("phq9", 12, Origin.ITEMS),
        ("phq9", None, Origin.ITEMS),
        ("phq9", 9, Origin.TOTAL),
        ("phq9", None, Origin.ITEMS),
    ]
    assert points[0].point is TimePoint.PRE_SENTENCE


def test_one_statement_for_any_number_of_cases(people: People) -> None:
    for days in range(5):
        measured(people, days, ANSWERS_OF_TWELVE)
    statements: list[str] = []

    def heard(_conn: object, _cursor: object, sql: str, *_: object) -> None:
        statements.append(sql)

    event.listen(db.engine, "before_cursor_execute", heard)
    try:
        case_id = people.case.id
        statements.clear()
        found = queries.points_of([case_id, case_id + 1, case_id + 2])
    finally:
        event.remove(db.engine, "before_cursor_execute", heard)
    assert len([sql for sql in statements if sql.startswith("SELECT")]) == 1
    assert list(found) == [case_id]
    assert len(found[case_id]) == 5


def test_of_no_cases_nothing_is_asked(people: People) -> None:
    assert queries.points_of([]) == {}
