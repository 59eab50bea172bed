"""A total that was typed in: its range, its parts, and nothing made up behind it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.definitions import Instrument
from outcome_measures.instruments.auditc import AUDITC
from outcome_measures.instruments.ders16 import DERS16
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.itq import ITQ
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.instruments.wsas import WSAS
from outcome_measures.scores.scoring import CaseStatus, InvalidTotal, score, typed_score
from tests.outcome_measures.cases import all_signed, answers

ALL = [one for i in INSTRUMENTS.values() for one in (i, all_signed(i))]


@given(st.sampled_from(ALL), st.data())
def test_it_says_what_the_same_total_from_answers_would(
    instrument: Instrument, data: st.DataObject
) -> None:
    total = data.draw(st.integers(instrument.lowest, instrument.highest))
    typed = typed_score(instrument, total)
    assert typed.typed_in and typed.complete
    assert (typed.total, typed.highest, typed.answered) == (total, instrument.highest, 0)
    assert (typed.at_least, typed.estimate, typed.screen) == (None, None, None)
    assert typed.caution == instrument.caution
    assert "typed in" in typed.reasons[0]


def test_phq9_has_band_and_caseness_and_no_answers() -> None:
    typed, scored = typed_score(PHQ9, 10), score(PHQ9, answers(PHQ9, [2, *[1] * 8]))
    assert (typed.band, typed.caseness) == (scored.band, CaseStatus.CASE)
    assert typed.reasons == (
        "A total of 10 out of 27 was typed in; no answers are on record.",
        *scored.reasons[1:],
    )
    assert not scored.typed_in


@given(st.sampled_from(ALL), st.one_of(st.integers(), st.booleans(), st.floats(), st.none()))
def test_only_whole_numbers_in_range_stand(instrument: Instrument, total: Any) -> None:
    if type(total) is int and instrument.lowest <= total <= instrument.highest:
        assert typed_score(instrument, total).total == total
        return
    with pytest.raises(InvalidTotal) as refusal:
        typed_score(instrument, total)
    assert refusal.value.problems == {
        "total": f"Total: enter a whole number from {instrument.lowest} to {instrument.highest}."
    }


def test_without_a_signature_there_is_no_band() -> None:
    unsigned = typed_score(WSAS, 20)
    assert unsigned.band is None
    assert "The severity bands are not yet verified, so none is shown." in unsigned.reasons
    signed = typed_score(all_signed(WSAS), 20)
    assert signed.band is not None and signed.band.label == "significant"


def test_the_tick_lowers_the_most_it_can_be_and_takes_the_band_away() -> None:
    signed = all_signed(WSAS)
    with_tick = typed_score(signed, 20, {"no_job": 1})
    assert (with_tick.highest, with_tick.band) == (32, None)
    assert with_tick.reasons[1] == (
        "“He has no job, for reasons unrelated to the problem” is ticked."
    )
    assert "whole form" in with_tick.reasons[2]
    without = typed_score(signed, 20, {"no_job": 0})
    assert (without.highest, without.band and without.band.label) == (40, "significant")
    with pytest.raises(InvalidTotal, match="from 0 to 32"):
        typed_score(WSAS, 33, {"no_job": 1})


@pytest.mark.parametrize("ticked", [2, -1, True, None, 1.0, "yes"])
def test_a_box_is_ticked_or_left(ticked: Any) -> None:
    with pytest.raises(InvalidTotal) as refusal:
        typed_score(WSAS, 12, {"no_job": ticked})
    assert "tick it or leave it" in refusal.value.problems["no_job"]


def test_every_problem_is_reported_at_once_beside_its_field() -> None:
    with pytest.raises(InvalidTotal) as refusal:
        typed_score(DERS16, 90, {"clarity": 11, "goals": 2, "awareness": 1})
    assert refusal.value.problems == {
        "awareness": "This is no part of DERS-16.",
        "clarity": "Clarity: enter a whole number from 2 to 10.",
        "goals": "Goals: enter a whole number from 3 to 15.",
        "total": "Total: enter a whole number from 16 to 80.",
    }
    assert "90" not in str(refusal.value)


PARTS = {"clarity": 4, "goals": 6, "impulse": 6, "strategies": 10, "nonacceptance": 6}


def test_all_subscales_add_up_to_the_total() -> None:
    assert typed_score(DERS16, 32, PARTS).total == 32
    with pytest.raises(InvalidTotal, match="do not add up"):
        typed_score(DERS16, 33, PARTS)
    some = {name: PARTS[name] for name in ("clarity", "goals")}
    assert typed_score(DERS16, 33, some).total == 33


def test_subscales_nobody_signed_are_checked_and_not_shown() -> None:
    unsigned = typed_score(DERS16, 32, PARTS)
    assert unsigned.subscales == ()
    assert unsigned.reasons[-1] == (
        "The subscale Non-acceptance is not yet verified, so it is not shown."
    )
    signed = typed_score(all_signed(DERS16), 32, PARTS)
    assert {part.id: part.total for part in signed.subscales} == PARTS
    assert (signed.subscales[0].lowest, signed.subscales[0].highest) == (2, 10)


def test_the_subscales_of_questions_are_typed_in_too() -> None:
    typed = typed_score(ITQ, 20, {"ptsd": 12, "dso": 8})
    assert [(part.id, part.total) for part in typed.subscales] == [("ptsd", 12), ("dso", 8)]
    assert (typed.screen, typed.caution) == (None, "A screen, never a diagnosis.")


def test_a_screen_is_positive_and_a_measure_is_a_case() -> None:
    assert typed_score(AUDITC, 5).reasons[-1] == "5 is at or above the cut-off of 5: positive."
    assert typed_score(AUDITC, 4).reasons[-1] == "4 is below the cut-off of 5: negative."
    assert typed_score(GAD7, 8).reasons[-1] == "8 is at or above the cut-off of 8: a case."


def test_what_has_no_questions_here_has_no_score_from_answers() -> None:
    result = score(WSAS, {})
    assert (result.complete, result.total) == (False, None)
    assert result.reasons == ("The questions are not in this program: its total is typed in.",)
