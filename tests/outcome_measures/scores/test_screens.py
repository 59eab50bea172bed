"""Screens over single answers: three-valued, labelled, and off until verified."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.definitions import Answer, AnswerState, Instrument, Source
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.itq import ITQ
from outcome_measures.instruments.pcl5 import PCL5
from outcome_measures.scores.scoring import score
from outcome_measures.scores.screens import ScreenResult, screened

NEITHER = "neither PTSD nor complex PTSD"


def result_of(instrument: Instrument, values: dict[int, int]) -> ScreenResult:
    result = screened(instrument, values)
    assert result is not None
    return result


def itq(*present: int, missing: tuple[int, ...] = ()) -> str | None:
    values = {n: 2 if n in present else 0 for n in range(1, 19) if n not in missing}
    return result_of(ITQ, values).label


PTSD, DSO = (1, 3, 5, 7), (10, 12, 14, 16)


@pytest.mark.parametrize(
    ("present", "missing", "label"),
    [
        ((), (), NEITHER),
        (PTSD, (), "PTSD"),
        (DSO, (), NEITHER),
        ((*PTSD, *DSO), (), "complex PTSD"),
        ((*PTSD, *DSO), (2, 4, 6, 8, 9), "complex PTSD"),
        ((1, 3, 5), (7,), None),
        ((1, 3, 5), (7, 10, 12), None),
        ((1, 3), (7,), NEITHER),
        (PTSD, (10, 11), "PTSD"),
        ((*PTSD, 12, 14, 16), (10,), None),
        ((*PTSD, *DSO), (1, 2), None),
        ((), tuple(range(1, 10)), None),
        (DSO, tuple(range(1, 10)), None),
    ],
)
def test_missing_answers_leave_it_open_only_where_they_could_change_it(
    present: tuple[int, ...], missing: tuple[int, ...], label: str | None
) -> None:
    assert itq(*present, missing=missing) == label


ANSWERS = st.dictionaries(st.integers(1, 18), st.integers(0, 4))


@given(ANSWERS, ANSWERS)
def test_what_is_said_of_some_answers_is_said_whatever_the_rest_are(
    known: dict[int, int], rest: dict[int, int]
) -> None:
    before = result_of(ITQ, known)
    after = result_of(ITQ, {**rest, **known})
    if before.label is not None:
        assert after.label == before.label
    complete = result_of(ITQ, {**dict.fromkeys(range(1, 19), 0), **rest, **known})
    assert complete.label in ("PTSD", "complex PTSD", NEITHER)


@given(st.dictionaries(st.integers(1, 20), st.integers(0, 4), min_size=20))
def test_more_of_a_symptom_never_takes_the_pattern_away(values: dict[int, int]) -> None:
    before = result_of(PCL5, values).label
    if before == "symptom pattern of PTSD":
        for number in values:
            assert result_of(PCL5, {**values, number: 4}).label == before


def test_it_is_said_with_its_reasons_and_its_caution() -> None:
    values = {number: Answer(AnswerState.ANSWERED, 2) for number in range(1, 19)}
    result = score(ITQ, values)
    assert result.screen is not None
    assert result.screen.label == "complex PTSD"
    assert result.screen.caution == result.caution == "A screen, never a diagnosis."
    assert result.reasons[-1] == (
        "Complex PTSD. PTSD symptoms: present; disturbances in self-organisation: present. It "
        "counts only after exposure to a traumatic event, which a clinician asks about."
    )


def test_an_answer_that_is_not_scored_leaves_the_total_and_not_the_screen() -> None:
    values = {n: Answer(AnswerState.ANSWERED, 2) for n in range(1, 19) if n not in (7, 8, 9)}
    result = score(ITQ, values)
    assert (result.total, result.screen and result.screen.label) == (24, None)


def test_without_a_verified_source_it_says_nothing() -> None:
    assert PCL5.screen is not None
    unread = Source("recalled", "https://example.org/", verified=False)
    off = replace(PCL5, screen=replace(PCL5.screen, source=unread))
    result = result_of(off, dict.fromkeys(range(1, 21), 4))
    assert (result.label, result.patterns) == (None, ())
    assert "not yet verified" in result.reason
    assert screened(GAD7, {}) is None
