"""What is accepted about a person, in which form, and what is said about the rest."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.people.identifiers import IdentifierError, NhsNumberRange
from mhtr.people.rules import (
    EARLIEST_BIRTH,
    OPTIONAL_KINDS,
    Accepts,
    Fault,
    accepts,
    canonical,
    canonical_identifier,
)
from mhtr.people.sections import KNOWN_HOW, NO_FIXED_ABODE, Value

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
FICTION = Accepts(NhsNumberRange.TEST, frozenset({"pnc", "cro"}), fictional=True)
REAL = Accepts(NhsNumberRange.ISSUED)
ANY_NUMBER = Accepts(NhsNumberRange.ANY)

Fields = dict[str, Value]


def faults(values: Fields, held: Fields | None = None) -> tuple[Fault, ...]:
    return canonical(values, FICTION, TODAY, held)[1]


def made(values: Fields, held: Fields | None = None) -> Fields:
    found, wrong = canonical(values, FICTION, TODAY, held)
    assert wrong == ()
    return found


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
        ({"interpreter": True, "language": None}, {"interpreter": True, "language": None}),
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


@pytest.mark.parametrize(
    ("values", "held", "expected"),
    [
        ({"no_fixed_abode": True}, {}, {"no_fixed_abode": True, "postcode": NO_FIXED_ABODE}),
        (
            {"no_fixed_abode": True, "postcode": "SW1A 1AA"},
            {},
            {"no_fixed_abode": True, "postcode": NO_FIXED_ABODE},
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
CHANNELS = ("safe_to_text", "safe_to_voicemail", "safe_to_write")


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
        ("", "", ()),
        (None, None, ()),
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
