"""Duplicate detection: who is asked about, and who stays apart."""

from datetime import date

import pytest

from mhtr.people.matching import Match, PersonSketch, Verdict, blocking_keys, compare
from mhtr.people.names import (
    PersonName,
    is_placeholder,
)
from tests.people.sketches import BORN, NHS, NONE, OTHER_NHS, POSSIBLE, sketch, verdict


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("John/Smith", "John/Smith"),
        ("John/Smith", "JOHN/SMITH"),
        ("José/Núñez", "Jose/Nunez"),
        ("Łukasz/Søndergård", "Lukasz/Sondergard"),
        ("Ömer/Yılmaz", "Omar/Yilmaz"),
        ("Sean/O'Brien", "Seán/OBrien"),
        ("Sean/O\u2019Brien", "Shaun/O Brien"),
        ("Ian/McDonald", "Ian/Mc Donald"),
        ("Paul/Smith-Jones", "Paul/Smith Jones"),
        ("Paul/Smith-Jones", "Paul/Smith"),
        ("Paul/Smith-Jones", "Paul/Jones"),
        ("Wei/Zhang", "Zhang/Wei"),
        ("Wei Ming/Li", "Weiming/Li"),
        ("Wei Ming/Li", "Li/Weiming"),
        ("Minh/Nguyễn", "Nguyen/Minh"),
        ("Mohammed/Ahmed", "Muhammad/Ahmad"),
        ("Mohamed/Hussein", "Mohammad/Hussain"),
        ("Mo/Hassan", "Mohamed/Hasan"),
        ("Abdul Rahman/Khan", "Abdulrahman/Khan"),
        ("Abdel-Rahman/Khan", "Abdurrahman/Khan"),
        ("Omar/al-Rashid", "Umar/Rashid"),
        ("Bill/Turner", "William/Turner"),
        ("Tony/Russo", "Anthony/Russo"),
        ("Tony/Russo", "Antonio/Russo"),
        ("Aleksandr/Ivanov", "Sasha/Ivanov"),
        ("John/Smith", "John Michael/Smith"),
        ("J/Smith", "John/Smith"),
        ("Jonathon/Smythe", "Jonathan/Smith"),
        ("Micheal/Okafor", "Michael/Okafore"),
        ("Kieran/Walsh", "Kieron/Walsh"),
        ("Carl/Jensen", "Karl/Jensen"),
        ("Ali/Khan", "Alli/Khan"),
        ("Piotr/Kaminski", "Piotr/Caminski"),
        ("Stephen/Clarke", "Steven/Clark"),
        ("Suleiman/", "/Suleiman"),
        ("Suleiman/", "Suleiman/Ahmadzai"),
        ("Mr John/Smith", "John/Smith"),
        ("محمد/علي", "محمد/علي"),
    ],
)
def test_the_same_name_written_differently_is_asked_about(one: str, two: str) -> None:
    assert verdict(sketch(one), sketch(two)) is POSSIBLE
    assert verdict(sketch(two), sketch(one)) is POSSIBLE


@pytest.mark.parametrize(
    ("one", "two"),
    [
        # Twins: same birthday and family name
        ("James/Carter", "Luke/Carter"),
        ("Hassan/Ali", "Hussain/Ali"),
        ("Abdullah/Khan", "Abdulrahman/Khan"),
        ("Christopher/Reid", "Christian/Reid"),
        ("Tim/Brown", "Tom/Brown"),
        ("Ryan/Doyle", "Bryan/Doyle"),
        ("Dean/Cole", "Deon/Cole"),
        ("Harry/Jones", "Larry/Jones"),
        ("Adam James/Hill", "Jacob James/Hill"),
        ("Mohammed Ali/Shah", "Mohammed Omar/Shah"),
        # Strangers born on one day
        ("John/Smith", "Peter/Novak"),
        ("Min/Li", "Min/Lin"),
        ("John/Smith", "John/Novak"),
        ("Al/Brown", "Brown/Brown"),
        ("J/S", "John/Smith"),
        ("J/S", "J K/S T"),
        ("John/", "Johnny/Smythers"),
    ],
)
def test_twins_and_strangers_born_on_one_day_stay_apart(one: str, two: str) -> None:
    assert verdict(sketch(one), sketch(two)) is NONE
    assert verdict(sketch(two), sketch(one)) is NONE


def test_a_twin_is_asked_about_only_when_an_alias_matches() -> None:
    twin = sketch("James/Carter", aliases=("Luke/Carter",))
    found = compare(twin, sketch("Luke/Carter"))
    assert found.verdict is POSSIBLE
    assert "A name and an alias are the same" in found.reasons


@pytest.mark.parametrize(
    ("one", "two", "expected", "reason"),
    [
        ("1990-02-03", "1990-02-03", POSSIBLE, "The dates of birth are the same"),
        ("1990-02-03", "1990-03-02", POSSIBLE, "day and month swapped"),
        ("1990-02-03", "1990-02-08", POSSIBLE, "differ by one digit"),
        ("1990-02-03", "1991-02-03", POSSIBLE, "differ by one digit"),
        ("1990-02-03", "1980-02-03", POSSIBLE, "differ by one digit"),
        ("1989-02-03", "1998-02-03", POSSIBLE, "two digits exchanged"),
        ("1990-02-12", "1990-02-21", POSSIBLE, "two digits exchanged"),
        # Namesakes, and father and son
        ("1990-02-03", "1991-07-14", NONE, "The dates of birth differ"),
        ("1990-02-03", "1990-02-14", NONE, "The dates of birth differ"),
        ("1990-02-03", "1960-02-03", NONE, "The dates of birth differ"),
        ("1969-02-03", "1996-02-03", NONE, "The dates of birth differ"),
        ("1990-02-03", "1965-05-20", NONE, "The dates of birth differ"),
        ("1990-02-03", "1991-03-02", NONE, "The dates of birth differ"),
        ("1999-12-31", "2000-01-01", NONE, "The dates of birth differ"),
    ],
)
def test_one_name_with_two_birth_dates(one: str, two: str, expected: Verdict, reason: str) -> None:
    first, second = (sketch("John/Smith", date.fromisoformat(born)) for born in (one, two))
    found = compare(first, second)
    assert found.verdict is expected
    assert any(reason in said for said in found.reasons)
    assert verdict(second, first) is expected
    # The dates alone must bring such a pair together: the names may be alike without a shared key.
    nameless = [PersonSketch((), date.fromisoformat(born)) for born in (one, two)]
    if expected is POSSIBLE:
        assert blocking_keys(nameless[0]) & blocking_keys(nameless[1])


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("John/Smith", "John/Smith", POSSIBLE),
        ("Wei/Zhang", "Zhang/Wei", POSSIBLE),
        ("John/Smith", "Jack/Smith", NONE),
        ("John/Smith", "Peter/Smith", NONE),
    ],
)
def test_without_a_birth_date_only_the_same_name_is_asked_about(
    one: str, two: str, expected: Verdict
) -> None:
    assert verdict(sketch(one, None), sketch(two)) is expected
    assert verdict(sketch(one), sketch(two, None)) is expected


def test_without_a_birth_date_a_postcode_makes_up_for_an_alike_name() -> None:
    known = sketch("John/Smith", postcode="E1 6AN")
    assert verdict(sketch("Jack/Smith", None, postcode="e16an"), known) is POSSIBLE
    assert verdict(sketch("Jack/Smith", None, postcode="E2 6AN"), known) is NONE
    assert verdict(sketch("Peter/Smith", None, postcode="E1 6AN"), known) is NONE


def test_no_fixed_abode_is_not_a_shared_address() -> None:
    one = sketch("John/Smith", None, postcode="ZZ99 3VZ")
    assert verdict(one, sketch("Jack/Smith", postcode="ZZ99 3VZ")) is NONE
    assert not any("ZZ99" in key for key in blocking_keys(one))


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (sketch("John/Smith", nhs=NHS), sketch("John/Smith", nhs=NHS), Verdict.SAME_IDENTIFIER),
        (sketch("Bill/Smith", nhs=NHS), sketch("William/Smith", nhs=NHS), Verdict.SAME_IDENTIFIER),
        (sketch("John/Smith", None, nhs=NHS), sketch("John/Smith", nhs=NHS), "same_identifier"),
        (
            PersonSketch((), BORN, {"crn": "X123456"}),
            sketch("A/B", crn="X123456"),
            "same_identifier",
        ),
        # The number is the same, the man is not
        (sketch("John/Smith", nhs=NHS), sketch("Peter/Novak", nhs=NHS), Verdict.CONFLICT),
        (sketch("John/Smith", nhs=NHS), sketch("Luke/Smith", nhs=NHS), Verdict.CONFLICT),
        (
            sketch("John/Smith", nhs=NHS),
            sketch("John/Smith", date(1960, 5, 5), nhs=NHS),
            Verdict.CONFLICT,
        ),
        (
            sketch("John/Smith", nhs=NHS),
            sketch("John/Smith", date(1990, 3, 2), nhs=NHS),
            Verdict.CONFLICT,
        ),
        # One number is the same, another is not
        (
            sketch("John/Smith", nhs=NHS, crn="X123456"),
            sketch("John/Smith", nhs=NHS, crn="X654321"),
            Verdict.CONFLICT,
        ),
        # Same man by name and birth date, another number
        (sketch("John/Smith", nhs=NHS), sketch("John/Smith", nhs=OTHER_NHS), Verdict.CONFLICT),
        (sketch("Jon/Smyth", nhs=NHS), sketch("John/Smith", nhs=OTHER_NHS), Verdict.CONFLICT),
        # A number tells namesakes apart where the birth date does not settle it
        (sketch("John/Smith", None, nhs=NHS), sketch("John/Smith", nhs=OTHER_NHS), NONE),
        (
            sketch("John/Smith", date(1990, 2, 8), nhs=NHS),
            sketch("John/Smith", nhs=OTHER_NHS),
            NONE,
        ),
        # Numbers of different kinds say nothing about one another
        (sketch("John/Smith", nhs=NHS), sketch("John/Smith", crn="X123456"), POSSIBLE),
        (sketch("John/Smith", nhs=NHS), sketch("Peter/Novak", crn="X123456"), NONE),
    ],
)
def test_identifiers(one: PersonSketch, two: PersonSketch, expected: Verdict) -> None:
    assert verdict(one, two) == expected
    assert verdict(two, one) == expected


def test_reasons_name_the_fact_and_never_the_value() -> None:
    found = compare(
        sketch("John/Smith", nhs=NHS, crn="X123456"),
        sketch("John/Smith", nhs=NHS, crn="X654321"),
    )
    assert found == Match(
        Verdict.CONFLICT,
        (
            "The NHS number is the same",
            "The CRN differs",
            "The names are the same",
            "The dates of birth are the same",
        ),
    )


def test_nobody_matches_on_nothing() -> None:
    nobody = PersonSketch(())
    assert verdict(nobody, nobody) is NONE
    assert blocking_keys(nobody) == frozenset()
    marks_only = PersonSketch((PersonName("--", "..."),), BORN)
    assert verdict(marks_only, marks_only) is NONE


NO_NAMES = [
    "Unknown/Unknown",
    "UNKNOWN/Unknown",
    "Not known/Not known",
    "No/Name",
    "NK/NK",
    "Unknown/Male",
    "Mr/Unknown",
    "N K/",
    "Refused/Refused",
    "/Unknown",
    "Not/Given",
    "X/XX",
]


@pytest.mark.parametrize("name", NO_NAMES)
@pytest.mark.parametrize("born", [None, BORN])
def test_where_he_gave_no_name_nothing_is_matched_by_name(name: str, born: date | None) -> None:
    for other in ("Unknown/Unknown", name, "Tunde/Okafor"):
        one, two = sketch(name, born), sketch(other, born)
        assert verdict(one, two) is verdict(two, one) is NONE
    assert not any(key.startswith("name:") for key in blocking_keys(sketch(name, born)))
    # A number still says who he is, whatever name was written.
    for other in (name, "Tunde/Okafor"):
        found = verdict(sketch(name, nhs=NHS), sketch(other, nhs=NHS))
        assert found is Verdict.SAME_IDENTIFIER
    # So does a name he uses besides.
    aliased = sketch(name, BORN, aliases=("Tunde/Okafor",))
    assert verdict(aliased, sketch("Tunde/Okafor")) is POSSIBLE


def test_half_a_name_needs_more_than_itself() -> None:
    assert verdict(sketch("Unknown/Okafor", None), sketch("Unknown/Okafor", None)) is NONE
    assert verdict(sketch("Unknown/Okafor"), sketch("Unknown/Okafor")) is POSSIBLE
    assert verdict(sketch("Unknown/Okafor"), sketch("Unknown/Smith")) is NONE


@pytest.mark.parametrize("name", ["Man/Ng", "Given/Moyo", "Adult/Person", "Noah/Unwin", "Na/Li"])
def test_real_names_are_no_placeholders(name: str) -> None:
    assert not is_placeholder(PersonName(*name.split("/")))
    assert verdict(sketch(name), sketch(name)) is POSSIBLE
