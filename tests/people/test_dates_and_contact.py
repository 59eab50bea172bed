"""Birth, death, and what opens a way to reach him."""

from datetime import date

import pytest

from mhtr.people.rules import (
    EARLIEST_BIRTH,
    Fault,
)
from mhtr.people.sections import NO_FIXED_ABODE, Value
from tests.people.accepting import CHANNELS, DAY, TODAY, Fields, faults, made


@pytest.mark.parametrize(
    ("values", "held", "expected"),
    [
        ({"no_fixed_abode": True}, {}, {"no_fixed_abode": True, "postcode": NO_FIXED_ABODE}),
        (
            {"no_fixed_abode": True, "postcode": "SW1A 1AA"},
            {},
            {"no_fixed_abode": True, "postcode": NO_FIXED_ABODE},
        ),
        # Where his post may go has its own postcode: without it nobody could post a letter.
        (
            {"no_fixed_abode": True, "address": "c/o 1 High Street", "postcode": "SW1A 1AA"},
            {},
            {
                "no_fixed_abode": True,
                "address": "c/o 1 High Street\nSW1A 1AA",
                "postcode": NO_FIXED_ABODE,
            },
        ),
        # He is still without a home: a postcode alone does not change that.
        ({"postcode": "SW1A 1AA"}, {"no_fixed_abode": True}, {"postcode": NO_FIXED_ABODE}),
        ({"address": ""}, {"no_fixed_abode": True}, {"address": "", "postcode": NO_FIXED_ABODE}),
        # He has a home again.
        (
            {"no_fixed_abode": False},
            {"no_fixed_abode": True, "postcode": NO_FIXED_ABODE},
            {"no_fixed_abode": False, "postcode": ""},
        ),
        (
            {"no_fixed_abode": False, "postcode": "SW1A 1AA"},
            {"no_fixed_abode": True, "postcode": NO_FIXED_ABODE},
            {"no_fixed_abode": False, "postcode": "SW1A 1AA"},
        ),
        (
            {"no_fixed_abode": False},
            {"postcode": "SW1A 1AA"},
            {"no_fixed_abode": False},
        ),
        # Nothing was said about it.
        ({"phone": ""}, {"postcode": NO_FIXED_ABODE}, {"phone": ""}),
        ({"phone": ""}, {"no_fixed_abode": False, "postcode": "SW1A 1AA"}, {"phone": ""}),
    ],
)
def test_no_fixed_abode_has_a_postcode_of_its_own(
    values: Fields, held: Fields, expected: Fields
) -> None:
    assert made(values, held) == expected


BORN = Fault("born", "Date of birth must be in the past, after 1900")
DIED = Fault("died_on", "Date of death must be today or in the past")
DIED_BEFORE = Fault("died_on", "Date of death must be after the date of birth")


@pytest.mark.parametrize(
    ("born", "died", "expected"),
    [
        (date(1899, 12, 31), None, (BORN,)),
        (date(1900, 1, 1), None, ()),
        (TODAY - DAY, None, ()),
        (TODAY, None, (BORN,)),
        (TODAY + DAY, None, (BORN,)),
        (None, TODAY, ()),
        (None, TODAY + DAY, (DIED,)),
        ("", "", ()),
        (date(1990, 2, 3), date(1990, 2, 4), ()),
        (date(1990, 2, 3), date(1990, 2, 3), ()),
        (date(1990, 2, 3), date(1990, 2, 2), (DIED_BEFORE,)),
        (TODAY + 2 * DAY, TODAY + DAY, (BORN, DIED, DIED_BEFORE)),
    ],
)
def test_birth_and_death(born: Value, died: Value, expected: tuple[Fault, ...]) -> None:
    assert faults({"born": born, "died_on": died}) == expected
    assert faults({"died_on": died}, {"born": born}) == expected
    assert faults({"born": born}, {"died_on": died}) == expected
    assert date(1900, 1, 1) == EARLIEST_BIRTH


SELECT_HOW = (Fault("contact_known_how", "Select how you know"),)
SELECT_HOW_SAFE = (Fault("contact_known_how", "Select how you know that contact is safe"),)
ONLY_HE = (
    Fault(
        "contact_known_how",
        "Only he can say that a way of reaching him is safe: answer no or not known",
    ),
)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("answer", ["", None, "perhaps"])
def test_no_channel_is_left_without_an_answer(channel: str, answer: str | None) -> None:
    assert faults({channel: answer}) == (Fault(channel, "Select one of the answers"),)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("answer", "how", "expected"),
    [
        ("yes", "", SELECT_HOW_SAFE),
        ("yes", None, SELECT_HOW_SAFE),
        ("yes", "in_person", ()),
        ("yes", "telephone", ()),
        ("yes", "writing", ()),
        ("yes", "someone_else", ONLY_HE),
        ("yes", "guessed", SELECT_HOW),
        ("no", "", ()),
        ("no", "someone_else", ()),
        ("no", "guessed", SELECT_HOW),
        ("unknown", "", ()),
        ("unknown", "someone_else", ()),
    ],
)
def test_only_his_own_yes_opens_a_channel(
    channel: str, answer: Value, how: Value, expected: tuple[Fault, ...]
) -> None:
    assert faults({channel: answer, "contact_known_how": how}) == expected
    assert faults({"contact_known_how": how}, {channel: answer}) == expected
    assert faults({channel: answer}, {"contact_known_how": how}) == expected


@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_is_asked_where_the_form_does_not_ask_how(channel: str) -> None:
    assert faults({channel: "yes"}) == ()
