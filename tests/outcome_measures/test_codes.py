"""Codes: which may be entered, and what each stands for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.codes import NO_CODE, Coded, System, checked, snomed_fault
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.registry import INSTRUMENTS


def with_check(digits: str) -> str:
    """These digits with the check digit that belongs to them."""
    (digit,) = (one for one in "0123456789" if checked(digits + one))
    return digits + digit


@pytest.mark.parametrize("digits", ["2363", "123451", "0"])
def test_published_examples_of_the_check_digit(digits: str) -> None:
    """Verhoeff's own 236 and 12345."""
    assert checked(digits)


@given(st.from_regex(r"[1-9][0-9]{3,14}", fullmatch=True), st.data())
def test_one_digit_wrong_or_two_exchanged_are_noticed(number: str, data: st.DataObject) -> None:
    code = with_check(f"{number}10")
    assert snomed_fault(code) == ""
    at = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != code[at]]))
    assert not checked(code[:at] + other + code[at + 1 :])
    if at and code[at] != code[at - 1]:
        swapped = [*code]
        swapped[at - 1], swapped[at] = swapped[at], swapped[at - 1]
        assert not checked("".join(swapped))


@pytest.mark.parametrize(
    "code",
    [
        "", "12345", "1" * 19, "seven", "-720433", " 9999990", "٩٩٩٩٩٩٩", "44261-6",
        with_check("99999901"), with_check("99999911"), with_check("99999920"),
        with_check("09999900"),
    ],
)  # fmt: skip
def test_what_is_no_concept_is_refused_without_repeating_it(code: str) -> None:
    fault = snomed_fault(code)
    assert fault
    assert not code or code not in fault


def test_none_stands_for_no_code() -> None:
    assert snomed_fault(NO_CODE) == ""


def test_every_instrument_has_codes_and_none_ships_a_snomed_one() -> None:
    for instrument in INSTRUMENTS.values():
        assert {code.system for code in instrument.codes} <= {System.LOINC}
    said = {one.name: [(code.what, code.code) for code in one.codes] for one in (PHQ9, GAD7)}
    assert said == {
        "PHQ-9": [(Coded.QUESTIONNAIRE, "44249-1"), (Coded.SCORE, "44261-6")],
        "GAD-7": [(Coded.QUESTIONNAIRE, "69737-5"), (Coded.SCORE, "70274-6")],
    }
