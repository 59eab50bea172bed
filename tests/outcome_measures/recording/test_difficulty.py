"""The question on difficulty is asked only where the total is above zero, corrected ones too."""

import pytest
from flask import Flask

from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.models import MeasureOccasion
from outcome_measures.reading import queries
from outcome_measures.recording import service
from outcome_measures.risk.service import responses_of
from tests.outcome_measures import treatment
from tests.outcome_measures.treatment import DECLINED, correct, said, submit
from tests.suitability.journey import People

NOT_ASKED = Answer(AnswerState.NOT_APPLICABLE)
ZERO = {number: said(0) for number in range(1, 10)}


@pytest.fixture
def people(either_app: Flask) -> People:
    return treatment.sentenced()


def phq(people: People, answers: dict[int, Answer]) -> MeasureOccasion:
    form = treatment.forms(treatment.contact(people, 1, instruments=("phq9",)))["phq9"]
    submit(people, form, answers)
    return form


def difficulty(form: MeasureOccasion) -> Answer:
    return responses_of(form)[10]


@pytest.mark.parametrize("answer", [said(0), said(2), DECLINED])
def test_at_a_total_of_zero_it_cannot_be_answered_by_a_correction(
    people: People, answer: Answer
) -> None:
    form = phq(people, ZERO)
    version = form.version
    with pytest.raises(Refused, match="above 0"), writing():
        service.correct(form, 10, answer, reason="x", version=version, by=people.assessor.id)
    assert difficulty(form) == NOT_ASKED
    assert queries.taken(form).corrections == ()


def test_a_total_corrected_to_zero_rules_it_out_and_back_gives_it_back(people: People) -> None:
    form = phq(people, {**ZERO, 1: said(1), 10: said(2)})
    before = queries.taken(form).answers
    correct(people, form, 1, said(0))
    assert difficulty(form) == NOT_ASKED
    kept = [(one.what, one.before) for one in queries.taken(form).corrections]
    assert kept == [("Question 1", "Several days"), ("Question 10", "Very difficult")]
    correct(people, form, 1, said(1))
    assert queries.taken(form).answers == before
    assert len(queries.taken(form).corrections) == 4


def test_one_that_was_never_asked_stays_so_until_somebody_answers_it(people: People) -> None:
    form = phq(people, ZERO)
    correct(people, form, 1, said(1))
    assert difficulty(form) == NOT_ASKED
    correct(people, form, 10, said(1))
    assert difficulty(form) == said(1)


def test_while_the_total_is_unknown_it_is_not_ruled_out(people: People) -> None:
    form = phq(people, {**ZERO, 1: said(1), 10: said(2)})
    correct(people, form, 1, DECLINED)
    assert difficulty(form) == said(2)


def test_a_form_recorded_with_a_total_of_zero_never_has_it(people: People) -> None:
    assert difficulty(phq(people, {**ZERO, 10: said(3)})) == NOT_ASKED
