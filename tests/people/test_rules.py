"""What is accepted about a person, in which form, and what is said about the rest."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.people.identifiers import IdentifierError, NhsNumberRange
from mhtr.people.rules import (
    OPTIONAL_KINDS,
    Accepts,
    Fault,
    accepts,
    canonical,
    canonical_identifier,
)
from mhtr.people.sections import KNOWN_HOW
from tests.people.accepting import CHANNELS, DAY, FICTION, TODAY, Fields, faults, made

REAL = Accepts(NhsNumberRange.ISSUED)
ANY_NUMBER = Accepts(NhsNumberRange.ANY)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, Accepts(NhsNumberRange.ISSUED, frozenset(), False)),
        ({"DEMO": True}, Accepts(NhsNumberRange.TEST, frozenset(), True)),
        ({"TESTING": True}, Accepts(NhsNumberRange.TEST, frozenset(), True)),
        ({"DEMO": False, "TESTING": False}, Accepts(NhsNumberRange.ISSUED, frozenset(), False)),
        ({"IDENTIFIERS": ["pnc"]}, Accepts(NhsNumberRange.ISSUED, frozenset({"pnc"}))),
        ({"IDENTIFIERS": ("CRO", "PNC")}, Accepts(NhsNumberRange.ISSUED, OPTIONAL_KINDS)),
        ({"IDENTIFIERS": {"cro"}}, Accepts(NhsNumberRange.ISSUED, frozenset({"cro"}))),
        ({"IDENTIFIERS": frozenset({"cro"})}, Accepts(NhsNumberRange.ISSUED, frozenset({"cro"}))),
        ({"IDENTIFIERS": ["nhs", "passport"]}, Accepts(NhsNumberRange.ISSUED, frozenset())),
        ({"IDENTIFIERS": None}, Accepts(NhsNumberRange.ISSUED, frozenset())),
        ({"IDENTIFIERS": 7}, Accepts(NhsNumberRange.ISSUED, frozenset())),
    ],
)
def test_what_an_installation_accepts(config: dict[str, object], expected: Accepts) -> None:
    assert accepts(config) == expected


@pytest.mark.parametrize(
    ("extra", "kinds"),
    [
        (frozenset(), ("nhs", "crn")),
        (frozenset({"pnc"}), ("nhs", "crn", "pnc")),
        (frozenset({"cro"}), ("nhs", "crn", "cro")),
        (frozenset({"cro", "pnc"}), ("nhs", "crn", "pnc", "cro")),
    ],
)
def test_the_kinds_in_use_and_their_order(extra: frozenset[str], kinds: tuple[str, ...]) -> None:
    settings = Accepts(NhsNumberRange.TEST, extra)
    assert settings.kinds == kinds
    assert {kind for kind in ("nhs", "crn", "pnc", "cro") if settings.takes(kind)} == set(kinds)


def test_optional_identifiers_and_fiction_are_off_unless_switched_on() -> None:
    assert OPTIONAL_KINDS == {"pnc", "cro"}
    assert (REAL.extra, REAL.fictional) == (frozenset(), False)


@pytest.mark.parametrize(
    ("kind", "text", "canonical_form"),
    [
        ("nhs", "999 000 0018", "9990000018"),
        ("crn", "x 123456", "X123456"),
        ("pnc", "2002/73319z", "2002/0073319Z"),
        ("pnc", "02/73319Z", "2002/0073319Z"),
        ("cro", "65656/91h", "065656/91H"),
    ],
)
def test_identifiers_in_their_one_form(kind: str, text: str, canonical_form: str) -> None:
    assert canonical_identifier(kind, text, FICTION, TODAY) == canonical_form
    assert made({kind: f"  {text} "}) == {kind: canonical_form}


@pytest.mark.parametrize("kind", sorted(OPTIONAL_KINDS))
def test_a_kind_that_is_switched_off_is_refused(kind: str) -> None:
    text = {"pnc": "2002/73319Z", "cro": "65656/91H"}[kind]
    with pytest.raises(IdentifierError) as refused:
        canonical_identifier(kind, text, Accepts(NhsNumberRange.TEST), TODAY)
    assert refused.value.reason == "This kind of identifier is not in use here"


def test_the_year_of_a_police_number_is_read_on_the_day() -> None:
    with pytest.raises(IdentifierError) as refused:
        canonical_identifier("pnc", "2002/73319Z", FICTION, date(2001, 12, 31))
    assert "in the future" in refused.value.reason


@pytest.mark.parametrize(
    ("settings", "values", "fault"),
    [
        (
            REAL,
            {"nhs": "9990000018"},
            Fault("nhs", "NHS numbers that start with 999 are for tests and belong to nobody"),
        ),
        (
            REAL,
            {"phone": "07700 900123"},
            Fault("phone", "This number is reserved for fiction and reaches nobody"),
        ),
        (REAL, {"pnc": "2002/73319Z"}, Fault("pnc", "This kind of identifier is not in use here")),
        (
            FICTION,
            {"phone": "020 7123 4567"},
            Fault(
                "phone",
                "Only telephone numbers reserved for fiction may be used here,"
                " such as 07700 900123",
            ),
        ),
        (
            FICTION,
            {"crn": "123"},
            Fault("crn", "A CRN is one letter and 6 digits, for example X123456"),
        ),
        (
            FICTION,
            {"postcode": "SW1A"},
            Fault("postcode", "Enter a full UK postcode, for example SW1A 1AA"),
        ),
        (
            FICTION,
            {"gp_practice_code": "81997"},
            Fault("gp_practice_code", "A GP practice code is one letter and 5 digits"),
        ),
    ],
)
def test_what_cannot_be_accepted_is_left_out_and_named(
    settings: Accepts, values: Fields, fault: Fault
) -> None:
    assert canonical(values, settings, TODAY) == ({}, (fault,))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"nhs": "999 000 0018"}, {"nhs": "9990000018"}),
        ({"phone": "07700 900123"}, {"phone": "+447700900123"}),
        ({"postcode": "sw1a1aa"}, {"postcode": "SW1A 1AA"}),
        ({"gp_practice_code": "v81997"}, {"gp_practice_code": "V81997"}),
        ({"family_name": "  Okafor "}, {"family_name": "Okafor"}),
        ({"address": "1 The Street\nTown "}, {"address": "1 The Street\nTown"}),
        # Nothing typed is nothing held, of whatever kind the field is.
        ({"nhs": " ", "phone": "", "postcode": "\t"}, {"nhs": "", "phone": "", "postcode": ""}),
        ({"interpreter": "yes", "language": None}, {"interpreter": "yes", "language": None}),
        ({"needs": ("a", "b"), "born": TODAY - DAY}, {"needs": ("a", "b"), "born": TODAY - DAY}),
        ({}, {}),
    ],
)
def test_values_in_their_one_form(values: Fields, expected: Fields) -> None:
    assert made(values) == expected


def test_one_bad_value_does_not_hide_the_others() -> None:
    found, wrong = canonical(
        {"crn": "?", "family_name": " Okafor", "postcode": "no", "nhs": "9990000018"},
        FICTION,
        TODAY,
    )
    assert found == {"family_name": "Okafor", "nhs": "9990000018"}
    assert [fault.field for fault in wrong] == ["crn", "postcode"]


NAMELESS = (Fault("family_name", "Enter at least one name"),)


@pytest.mark.parametrize(
    ("values", "held", "expected"),
    [
        ({"given_name": "", "family_name": ""}, None, NAMELESS),
        ({"given_name": " ", "family_name": " "}, None, NAMELESS),
        ({"given_name": ""}, None, NAMELESS),
        ({"given_name": "Tunde", "family_name": ""}, None, ()),
        ({"given_name": "Tunde"}, None, ()),
        ({"given_name": "", "family_name": "Okafor"}, None, ()),
        ({"given_name": ""}, {"family_name": "Okafor"}, ()),
        ({"family_name": ""}, {"given_name": "Tunde"}, ()),
        ({"family_name": ""}, {"given_name": ""}, NAMELESS),
        ({"family_name": ""}, None, ()),
        ({"phone": ""}, None, ()),
    ],
)
def test_one_name_is_enough(
    values: Fields, held: Fields | None, expected: tuple[Fault, ...]
) -> None:
    assert faults(values, held) == expected


@given(
    st.dictionaries(
        st.sampled_from([*CHANNELS, "given_name", "family_name", "postcode", "nhs", "crn"]),
        st.text(max_size=12),
    ),
    st.sampled_from(["", "guessed", *KNOWN_HOW]),
)
def test_what_was_accepted_once_is_accepted_as_it_is(values: dict[str, str], how: str) -> None:
    found, wrong = canonical({**values, "contact_known_how": how}, ANY_NUMBER, TODAY)
    if not wrong:
        assert canonical(found, ANY_NUMBER, TODAY) == (found, ())
        assert canonical({}, ANY_NUMBER, TODAY, held=found) == ({}, ())
