"""What every question of every questionnaire offers."""

import pytest

from outcome_measures.definitions import AnswerState, Instrument
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.recording.measure_forms import RATHER_NOT, answers_to, one_answer

ASKED = [one for one in INSTRUMENTS.values() if one.items]


@pytest.mark.parametrize("instrument", ASKED, ids=lambda one: one.id)
def test_each_can_be_left_unsaid_and_that_is_no_zero(instrument: Instrument) -> None:
    for item in instrument.items:
        offered = answers_to(item)
        unsaid = [value for value, words in offered if words == RATHER_NOT]
        assert len(unsaid) == 1, f"question {item.number}"
        answer = one_answer(unsaid[0])
        assert (answer.state, answer.value) == (AnswerState.DECLINED, None)
        values = [one_answer(value).value for value, _ in offered if value != unsaid[0]]
        assert {option.value for option in item.options} <= set(values)
