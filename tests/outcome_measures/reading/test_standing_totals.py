"""A total saved beside a question he would not answer, as was possible once, counts for nothing."""

from datetime import date

import pytest
from flask import Flask

from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures.caseload.scores import points_in, texts_of
from outcome_measures.definitions import AnswerState
from outcome_measures.models import MeasureOccasion
from outcome_measures.reading.lines import lines_of
from outcome_measures.reading.queries import points_of, taken
from tests.outcome_measures.treatment import contact, forms, said, sentenced, type_total


def totals(case_id: int, occasion: MeasureOccasion) -> list[int | None]:
    (point,) = points_of([case_id])[case_id]
    (line,) = lines_of(case_id)
    (cell,) = points_in(texts_of([case_id], ["phq9"])[case_id])
    assert line.score is not None
    score = taken(occasion).score
    return [point.total, line.point.total, line.score.total, cell.total, score.total]


@pytest.mark.parametrize("state", [AnswerState.DECLINED, AnswerState.SKIPPED])
def test_no_reader_counts_it(either_app: Flask, state: AnswerState) -> None:
    people = sentenced()
    case_id = people.case.id
    made = contact(people, 1, on=date(2026, 11, 17), instruments=("phq9",))
    form = forms(made)["phq9"]
    type_total(people, form, 12, {9: said(0)})
    assert totals(case_id, form) == [12] * 5
    with writing():
        (answer,) = db.session.get_one(MeasureOccasion, form.id).answers
        answer.state, answer.value = state, None
    assert totals(case_id, db.session.get_one(MeasureOccasion, form.id)) == [None] * 5
    with writing():
        (answer,) = db.session.get_one(MeasureOccasion, form.id).answers
        answer.state = AnswerState.NOT_REACHED
    form = db.session.get_one(MeasureOccasion, form.id)
    assert totals(case_id, form) == [12] * 5, "what nobody knows may have been answered"
