"""Scoring rules: completeness, words, refusals, and rules that are not verified yet."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.definitions import (
    Answer,
    AnswerState,
    Instrument,
    Responses,
    Source,
)
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.scores.scoring import (
    CaseStatus,
    InvalidResponses,
    items_to_ask,
    missing_items,
    score,
)
from tests.outcome_measures.cases import all_signed, answers

UNANSWERED = [state for state in AnswerState if state is not AnswerState.ANSWERED]
UNVERIFIED = Source("recalled, not read", "https://example.org/", verified=False)


def any_answer(instrument: Instrument, number: int) -> st.SearchStrategy[Answer]:
    values = instrument.item(number).values
    answered = st.sampled_from([Answer(AnswerState.ANSWERED, value) for value in values])
    return st.one_of(answered, st.sampled_from([Answer(state) for state in UNANSWERED]))


# Scored as they are, and as they will be once every rule is signed.
BY_ITEMS = [one for i in INSTRUMENTS.values() if i.items for one in (i, all_signed(i))]


@st.composite
def forms(draw: st.DrawFn) -> tuple[Instrument, Responses]:
    instrument = draw(st.sampled_from(BY_ITEMS))
    fields = {item.number: any_answer(instrument, item.number) for item in instrument.items}
    return instrument, draw(st.fixed_dictionaries({}, optional=fields))


@given(forms())
def test_an_incomplete_form_never_has_a_total_band_or_class(
    form: tuple[Instrument, Responses],
) -> None:
    instrument, responses = form
    result = score(instrument, responses)
    complete = not missing_items(instrument, responses)
    assert result.complete == complete
    assert (result.total is not None) == complete
    whole = complete and result.questions == len(instrument.scored_items)
    bands, caseness = instrument.bands, instrument.caseness
    banded = whole and bool(bands) and all(band.source.verified for band in bands)
    classed = whole and caseness is not None and caseness.source.verified
    assert (result.band is not None) == banded
    assert (result.caseness is not CaseStatus.NOT_CLASSIFIABLE) == classed
    assert (result.at_least is None) == complete
    if complete:
        assert result.estimate is None
    else:
        assert (result.screen, result.subscales, result.mean) == (None, (), None)


@given(forms())
def test_totals_and_lower_bounds_stay_in_range(form: tuple[Instrument, Responses]) -> None:
    instrument, responses = form
    result = score(instrument, responses)
    figure = result.total if result.total is not None else result.at_least
    assert figure is not None
    assert instrument.lowest <= figure <= result.highest <= instrument.highest
    assert 0 <= result.answered <= result.questions <= len(instrument.scored_items)
    if result.estimate:
        assert figure <= result.estimate.value <= instrument.highest


@given(forms())
def test_subscales_lie_in_their_ranges_and_make_the_total_where_they_cover_it(
    form: tuple[Instrument, Responses],
) -> None:
    instrument, responses = form
    result = score(instrument, responses)
    for part in result.subscales:
        assert part.lowest <= part.total <= part.highest
    if instrument.subscales_make_total and result.subscales:
        assert sum(part.total for part in result.subscales) == result.total


@given(forms(), st.randoms(use_true_random=False))
def test_the_order_of_recording_never_matters(
    form: tuple[Instrument, Responses], random: Any
) -> None:
    instrument, responses = form
    numbers = list(responses)
    random.shuffle(numbers)
    assert score(instrument, {n: responses[n] for n in numbers}) == score(instrument, responses)


@given(forms(), st.data())
def test_one_point_more_on_one_question_is_one_point_more_in_all(
    form: tuple[Instrument, Responses], data: st.DataObject
) -> None:
    instrument, responses = form
    zeros = {
        item.number: Answer(
            AnswerState.ANSWERED, data.draw(st.sampled_from(sorted(item.values)[:-1]))
        )
        for item in instrument.scored_items
    }
    raised = data.draw(st.sampled_from(sorted(zeros)))
    value = zeros[raised].value
    assert value is not None
    before = score(instrument, {**responses, **zeros})
    after = score(
        instrument, {**responses, **zeros, raised: Answer(AnswerState.ANSWERED, value + 1)}
    )
    assert before.total is not None
    assert after.total == before.total + 1


@pytest.mark.parametrize("state", UNANSWERED)
def test_no_answer_is_never_a_zero(state: AnswerState) -> None:
    responses = answers(PHQ9, [0] * 9) | {4: Answer(state)}
    result = score(PHQ9, responses)
    assert not result.complete
    assert (result.answered, result.questions) == (8, 9)


def test_an_absent_question_is_not_reached() -> None:
    responses = answers(GAD7, [1] * 7)
    del responses[7]
    result = score(GAD7, responses)
    assert not result.complete
    assert "question 7 not reached" in result.reasons[1]


def test_reasons_of_a_complete_form() -> None:
    result = score(GAD7, answers(GAD7, [2, 1, 1, 1, 1, 1, 1]))
    assert result.reasons == (
        "All 7 questions answered: 8 out of 21.",
        "8 lies in the band 5 to 9: mild.",
        "8 is at or above the cut-off of 8: a case.",
    )
    assert (result.instrument_id, result.instrument_version) == ("gad7", GAD7.version)


def test_reasons_of_an_incomplete_form() -> None:
    responses = answers(PHQ9, [2, 2, 2, 2, 2, 2, 1, 0, 0])
    responses |= {8: Answer(AnswerState.DECLINED), 9: Answer(AnswerState.SKIPPED)}
    result = score(PHQ9, responses)
    assert result.at_least == 13
    assert result.reasons == (
        "7 of 9 questions answered, so there is no total, band or caseness.",
        "Without an answer: question 8 “I'd rather not say”; question 9 skipped.",
        "The total would be at least 13.",
        "Estimate from 7 of 9 answers, not a score, not used in any outcome: 16.7.",
    )


def test_the_estimate_says_that_it_is_none_of_the_outcomes() -> None:
    result = score(PHQ9, answers(PHQ9, [None, *[3] * 8]))
    assert result.estimate is not None
    assert result.estimate.value == Decimal("27.0")
    assert "not a score" in result.estimate.label
    assert (result.total, result.band) == (None, None)
    assert result.caseness is CaseStatus.NOT_CLASSIFIABLE


@pytest.mark.parametrize("difficulty", [0, 1, 2, 3])
def test_the_difficulty_question_of_phq9_is_not_scored(difficulty: int) -> None:
    form = answers(PHQ9, [1] * 9)
    with_difficulty = form | {10: Answer(AnswerState.ANSWERED, difficulty)}
    assert score(PHQ9, with_difficulty) == score(PHQ9, form)


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        ([0] * 9, False),
        ([0, 0, 0, 0, 0, 0, 0, 0, 1], True),
        ([None, *[0] * 8], False),
        ([None, 1, *[0] * 7], True),
        ([None] * 9, False),
    ],
)
def test_the_difficulty_question_is_asked_only_above_zero(
    values: list[int | None], asked: bool
) -> None:
    numbers = [item.number for item in items_to_ask(PHQ9, answers(PHQ9, values))]
    assert numbers == list(range(1, 11 if asked else 10))


def test_every_question_of_gad7_is_always_asked() -> None:
    assert items_to_ask(GAD7, {}) == GAD7.items


@pytest.mark.parametrize("value", [-1, 4, 27, True, False, 1.0, 1.5, "1", Decimal(1)])
def test_a_value_that_is_not_an_option_is_refused(value: Any) -> None:
    responses = answers(PHQ9, [1] * 9) | {3: Answer(AnswerState.ANSWERED, value)}
    with pytest.raises(InvalidResponses) as refusal:
        score(PHQ9, responses)
    assert refusal.value.problems == {3: "Question 3: choose 0, 1, 2 or 3."}


def test_the_unscored_question_is_checked_too() -> None:
    responses = answers(PHQ9, [1] * 9) | {10: Answer(AnswerState.ANSWERED, 4)}
    with pytest.raises(InvalidResponses) as refusal:
        score(PHQ9, responses)
    assert list(refusal.value.problems) == [10]


@pytest.mark.parametrize("number", [0, 8, -1, "1", True])
def test_an_item_of_another_form_is_refused(number: Any) -> None:
    with pytest.raises(InvalidResponses) as refusal:
        score(GAD7, {number: Answer(AnswerState.ANSWERED, 1)})
    assert refusal.value.problems == {number: f"Question {number} is not part of GAD-7."}


def test_every_problem_is_reported_at_once() -> None:
    responses: dict[int, Answer] = {
        1: Answer(AnswerState.ANSWERED, 9),
        2: Answer(AnswerState.ANSWERED),
        3: Answer(AnswerState.DECLINED, 2),
        4: Answer(AnswerState.ANSWERED, 2),
        11: Answer(AnswerState.ANSWERED, 1),
    }
    with pytest.raises(InvalidResponses) as refusal:
        score(GAD7, responses)
    assert refusal.value.problems == {
        11: "Question 11 is not part of GAD-7.",
        1: "Question 1: choose 0, 1, 2 or 3.",
        2: "Question 2 is marked answered but has no answer.",
        3: "Question 3 has an answer but is marked “I'd rather not say”.",
    }
    assert "Question 2 is marked answered" in str(refusal.value)


@pytest.mark.parametrize("answer", [2, None, Answer("answered", 2)])  # type: ignore[arg-type]
def test_only_recorded_answers_are_scored(answer: Any) -> None:
    with pytest.raises(InvalidResponses) as refusal:
        score(GAD7, {1: answer})
    assert refusal.value.problems == {1: "Question 1: this is not a recorded answer."}


def test_an_unverified_cut_off_is_not_applied() -> None:
    assert PHQ9.caseness is not None
    unsigned = replace(PHQ9, caseness=replace(PHQ9.caseness, source=UNVERIFIED))
    result = score(unsigned, answers(PHQ9, [3] * 9))
    assert (result.total, result.caseness) == (27, CaseStatus.NOT_CLASSIFIABLE)
    assert "not yet verified" in result.reasons[2]


def test_unverified_bands_are_not_shown() -> None:
    unsigned = replace(PHQ9, bands=tuple(replace(band, source=UNVERIFIED) for band in PHQ9.bands))
    result = score(unsigned, answers(PHQ9, [3] * 9))
    assert (result.total, result.band, result.caseness) == (27, None, CaseStatus.CASE)
    assert "not yet verified" in result.reasons[1]


def test_an_unverified_estimate_is_not_made() -> None:
    assert PHQ9.estimate_rule is not None
    unsigned = replace(PHQ9, estimate_rule=replace(PHQ9.estimate_rule, source=UNVERIFIED))
    assert score(unsigned, answers(PHQ9, [None, *[3] * 8])).estimate is None


def test_nothing_answered_gives_no_estimate_whatever_the_rule_allows() -> None:
    assert PHQ9.estimate_rule is not None
    lenient = replace(PHQ9, estimate_rule=replace(PHQ9.estimate_rule, max_missing=9))
    assert score(lenient, {}).estimate is None


def test_an_instrument_without_bands_or_cut_off_says_so() -> None:
    bare = replace(GAD7, bands=(), caseness=None)
    result = score(bare, answers(GAD7, [3] * 7))
    assert (result.total, result.band, result.caseness) == (21, None, CaseStatus.NOT_CLASSIFIABLE)
    assert result.reasons[1:] == (
        "No severity bands are published for this questionnaire.",
        "No cut-off is published for this questionnaire.",
    )


def test_the_lower_bound_counts_the_lowest_option_of_a_missing_question() -> None:
    one_to_five = tuple(replace(GAD7.items[0].options[0], value=value) for value in range(1, 6))
    from_one = replace(
        GAD7,
        items=tuple(replace(item, options=one_to_five) for item in GAD7.items),
        bands=(),
        caseness=None,
    )
    assert (from_one.lowest, from_one.highest) == (7, 35)
    assert score(from_one, answers(GAD7, [5, None, None, None, None, None, None])).at_least == 11
