"""A risk item at one or more, or without an answer, always signals; nothing else matters."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.scores.scoring import InvalidResponses, RiskSignal, risk_signals
from tests.outcome_measures.cases import answers

ZERO = Answer(AnswerState.ANSWERED, 0)
PUT_ASIDE = [AnswerState.SKIPPED, AnswerState.DECLINED, AnswerState.NOT_APPLICABLE]

anything = st.one_of(
    st.sampled_from([Answer(AnswerState.ANSWERED, value) for value in range(4)]),
    st.sampled_from([Answer(s) for s in AnswerState if s is not AnswerState.ANSWERED]),
)
# Everything but item 9, sound or not: even an answer that scoring refuses.
the_rest = st.dictionaries(
    st.integers(0, 12).filter(lambda number: number != 9),
    anything | st.builds(Answer, st.just(AnswerState.ANSWERED), st.integers()),
)


@given(the_rest, st.integers(1, 3), st.booleans())
def test_one_or_more_signals_whatever_the_rest_holds(
    rest: dict[int, Answer], value: int, submitted: bool
) -> None:
    form = rest | {9: Answer(AnswerState.ANSWERED, value)}
    (signal,) = risk_signals(PHQ9, form, submitted=submitted)
    assert (signal.item_number, signal.value) == (9, value)


@given(the_rest, st.sampled_from([None, *(s for s in AnswerState if s != "answered")]))
def test_no_answer_to_item_9_on_a_submitted_form_always_signals(
    rest: dict[int, Answer], state: AnswerState | None
) -> None:
    form = rest if state is None else rest | {9: Answer(state)}
    (signal,) = risk_signals(PHQ9, form, submitted=True)
    assert (signal.item_number, signal.value) == (9, None)


@given(the_rest, st.booleans())
def test_zero_does_not_signal(rest: dict[int, Answer], submitted: bool) -> None:
    assert risk_signals(PHQ9, rest | {9: ZERO}, submitted=submitted) == ()


@pytest.mark.parametrize("submitted", [False, True])
@pytest.mark.parametrize("state", PUT_ASIDE)
def test_an_item_put_aside_signals_before_the_form_is_handed_in(
    state: AnswerState, submitted: bool
) -> None:
    assert len(risk_signals(PHQ9, {9: Answer(state)}, submitted=submitted)) == 1


@pytest.mark.parametrize("form", [{}, {9: Answer(AnswerState.NOT_REACHED)}])
def test_an_item_not_reached_waits_for_the_form_to_end(form: dict[int, Answer]) -> None:
    assert risk_signals(PHQ9, form, submitted=False) == ()
    assert len(risk_signals(PHQ9, form, submitted=True)) == 1


def test_a_minimal_total_still_signals() -> None:
    assert risk_signals(PHQ9, answers(PHQ9, [0] * 8 + [3]), submitted=True) == (
        RiskSignal(9, "Question 9 was answered “Nearly every day”.", 3),
    )


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (AnswerState.SKIPPED, "Question 9 has no answer: skipped."),
        (AnswerState.DECLINED, "Question 9 has no answer: “I'd rather not say”."),
        (AnswerState.NOT_APPLICABLE, "Question 9 has no answer: not applicable."),
        (AnswerState.NOT_REACHED, "Question 9 had no answer when the form ended."),
    ],
)
def test_reasons_are_words(state: AnswerState, reason: str) -> None:
    assert risk_signals(PHQ9, {9: Answer(state)}, submitted=True) == (RiskSignal(9, reason, None),)


@pytest.mark.parametrize("value", [4, -1, True, 1.0, None])
def test_an_impossible_answer_to_the_risk_item_is_refused_not_passed_over(value: Any) -> None:
    with pytest.raises(InvalidResponses) as refusal:
        risk_signals(PHQ9, {9: Answer(AnswerState.ANSWERED, value)}, submitted=True)
    assert list(refusal.value.problems) == [9]


def test_gad7_has_no_risk_item() -> None:
    assert GAD7.risk_items == ()
    assert risk_signals(GAD7, {}, submitted=True) == ()


def test_every_risk_item_signals_for_itself() -> None:
    two = replace(
        PHQ9, items=tuple(replace(item, risk=item.number in (2, 9)) for item in PHQ9.items)
    )
    signals = risk_signals(two, {2: Answer(AnswerState.ANSWERED, 1)}, submitted=True)
    assert [(signal.item_number, signal.value) for signal in signals] == [(2, 1), (9, None)]


def test_a_signal_carries_no_level_of_risk() -> None:
    assert [field.name for field in fields(RiskSignal)] == ["item_number", "reason", "value", "to"]
