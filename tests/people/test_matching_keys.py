"""No pair that may be one man is overlooked, and most names are told apart without comparing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.people.matching import LONGEST_KEY, PersonSketch, Verdict, blocking_keys, compare
from mhtr.people.names import (
    PersonName,
    alike,
    has_words,
    may_be_alike,
    name_key,
)
from tests.people.sketches import BORN, NHS, NONE, POSSIBLE, sketch, verdict


def test_keys_fit_their_column_whatever_the_name() -> None:
    long = sketch("Ab " * 60 + "/" + "Cd " * 60)
    assert max(map(len, blocking_keys(long))) <= LONGEST_KEY
    assert blocking_keys(long) >= blocking_keys(sketch("/".join(["Ab " * 60, "Cd " * 60])))


def test_keys_are_few_and_leave_out_unknown_facts() -> None:
    assert blocking_keys(sketch("John/Smith", None, nhs=NHS)) == {f"nhs:{NHS}", "name:john smith"}
    assert len(blocking_keys(sketch("John/Smith", nhs=NHS, postcode="E1 6AN"))) <= 16


NAMES = st.builds(
    PersonName,
    st.sampled_from(
        ["John", "Jon", "Jack", "J", "Mohammed", "Muhammad", "Mo", "Wei Ming", "Weiming", "Peter"]
        + ["Sean", "Seán", "Hassan", "Hussain", "", "Abdul Rahman", "Abdulrahman", "O'"]
    ),
    st.sampled_from(
        [
            "Smith",
            "Smyth",
            "Smith-Jones",
            "Jones",
            "O'Brien",
            "OBrien",
            "Li",
            "Khan",
            "Zhang",
            "S",
            "",
        ]
    ),
)
BIRTHS = st.one_of(
    st.none(),
    st.just(BORN),
    st.sampled_from([date(1990, 3, 2), date(1990, 2, 8), date(1980, 2, 3), date(1990, 2, 28)]),
    st.builds(date, st.integers(1985, 1999), st.integers(1, 12), st.integers(1, 28)),
)
SKETCHES = st.builds(
    PersonSketch,
    st.lists(NAMES, max_size=3).map(tuple),
    BIRTHS,
    st.dictionaries(st.sampled_from(["nhs", "crn"]), st.sampled_from(["1", "2"]), max_size=2),
    st.sampled_from([None, "E1 6AN", "e16an", "ZZ99 3VZ"]),
)


@given(SKETCHES, SKETCHES)
def test_every_match_shares_a_key_and_the_order_never_matters(
    one: PersonSketch, two: PersonSketch
) -> None:
    found = compare(one, two)
    assert compare(two, one) == found
    assert found.reasons
    if found.verdict is not NONE:
        assert blocking_keys(one) & blocking_keys(two)


@given(st.dates(date(1930, 1, 1), date(2008, 12, 31)), st.integers(0, 7), st.integers(0, 9))
def test_birth_dates_near_enough_to_ask_share_a_key(born: date, place: int, digit: int) -> None:
    text = born.strftime("%Y%m%d")
    variants = [text[:place] + str(digit) + text[place + 1 :], text[:4] + text[6:] + text[4:6]]
    if place < 7:
        variants.append(text[:place] + text[place + 1] + text[place] + text[place + 2 :])
    for variant in variants:
        try:
            other = date(int(variant[:4]), int(variant[4:6]), int(variant[6:]))
        except ValueError:
            continue
        if verdict(sketch("John/Smith", born), sketch("John/Smith", other)) is not NONE:
            assert blocking_keys(PersonSketch((), born)) & blocking_keys(PersonSketch((), other))


@given(SKETCHES)
def test_whoever_is_entered_twice_is_found(one: PersonSketch) -> None:
    found = verdict(one, one)
    if one.identifiers:
        assert found is Verdict.SAME_IDENTIFIER
    elif any(name.given.strip("'") or name.family for name in one.names):
        assert found is POSSIBLE


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_may_be_a_name(given_name: str, family: str) -> None:
    one = PersonSketch((PersonName(given_name, family),), BORN)
    assert verdict(one, one) in (POSSIBLE, NONE)
    assert blocking_keys(one)


@given(NAMES, NAMES)
def test_no_names_that_are_alike_are_left_uncompared(one: PersonName, two: PersonName) -> None:
    if has_words(one) and has_words(two) and (name_key(one) == name_key(two) or alike(one, two)):
        assert may_be_alike(one, two)
        assert may_be_alike(two, one)


@pytest.mark.parametrize(
    ("one", "two", "worth"),
    [
        ("Bill/Turner", "William/Turner", True),
        ("Kamil/Caminski", "Camil/Kaminski", True),
        ("J/Turner", "Turner/John", True),
        ("Anna Maria/Li", "Annamar Ia/Li", True),
        ("Turner/", "Mark/Turner", True),
        ("John/Smith", "Tunde/Okafor", False),
        ("John/Smith", "John/Okafor", False),
        ("John Paul/Smith", "John/Okafor", False),
        ("/", "John/Smith", False),
        ("John/Smith", "\u2019/", False),
    ],
)
def test_most_names_are_told_apart_without_comparing(one: str, two: str, worth: bool) -> None:
    names = [PersonName(*full.split("/")) for full in (one, two)]
    assert may_be_alike(*names) is worth
    assert may_be_alike(*reversed(names)) is worth
