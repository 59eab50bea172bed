"""Identifiers: published vectors, and what holds for any text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.people.identifiers import (
    IdentifierError,
    NhsNumberRange,
    format_nhs_number,
    is_test_nhs_number,
    parse_crn,
    parse_cro,
    parse_gp_practice_code,
    parse_nhs_number,
    parse_pnc,
    parse_postcode,
)

TODAY = date(2026, 11, 21)
PARSERS = {
    "nhs": parse_nhs_number,
    "crn": parse_crn,
    "pnc": lambda text: parse_pnc(text, today=TODAY),
    "cro": parse_cro,
    "gp": parse_gp_practice_code,
    "postcode": parse_postcode,
}


@pytest.mark.parametrize(
    "text", ["9990000018", "9990000026", "9990000034", "9990000042", "9990000050"]
)
def test_nhs_numbers_computed_in_the_standard_are_valid(text: str) -> None:
    assert parse_nhs_number(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "999 000 0018",
        " 999-000-0018 ",
        "999\u2013000\u20140018",
        "999\u00a0000\u202f0018",
        "\u200b9990000018\ufeff",
        "９９９００００018",
        "٩٩٩٠٠٠٠٠١٨",
        "999\u2212000\u22120018",
    ],
)
def test_nhs_number_tolerates_separators_and_digits_of_other_scripts(text: str) -> None:
    assert parse_nhs_number(text) == "9990000018"


@pytest.mark.parametrize("last", "0123456789")
def test_no_check_digit_fits_the_first_nine_digits_999000000(last: str) -> None:
    with pytest.raises(IdentifierError):
        parse_nhs_number("999000000" + last)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Enter the NHS number"),
        (" - ", "Enter the NHS number"),
        ("999 000 001", "this has 9"),
        ("999 000 00180", "this has 11"),
        ("999 000 0019", "check each digit"),
        ("999 000 001O", "only digits"),
        ("999/000/0018", "only digits"),
        ("4444444444", "placeholder"),
        ("0000000000", "placeholder"),
        ("9" * 65, "too long"),
    ],
)
def test_refused_nhs_numbers_say_why(text: str, reason: str) -> None:
    with pytest.raises(IdentifierError, match=reason) as caught:
        parse_nhs_number(text)
    assert caught.value.reason == str(caught.value)


def test_the_reason_never_repeats_what_was_typed() -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_nhs_number("9990000019")
    assert "9990000019" not in caught.value.reason


def test_ranges_of_nhs_numbers() -> None:
    assert is_test_nhs_number("9990000018")
    assert not is_test_nhs_number("9989999999")
    assert parse_nhs_number("9990000018", accept=NhsNumberRange.TEST) == "9990000018"
    with pytest.raises(IdentifierError, match="belong to nobody"):
        parse_nhs_number("9990000018", accept=NhsNumberRange.ISSUED)
    # Built, not copied: a number outside the test range that carries a right check digit.
    outside = _with_check_digit("123456788")
    assert parse_nhs_number(outside, accept=NhsNumberRange.ISSUED) == outside
    with pytest.raises(IdentifierError, match="start with 999"):
        parse_nhs_number(outside, accept=NhsNumberRange.TEST)


def _check_digit(nine: str) -> int:
    return (11 - sum(int(d) * (10 - n) for n, d in enumerate(nine)) % 11) % 11


def _with_check_digit(nine: str) -> str:
    return f"{nine}{_check_digit(nine)}"


def test_check_digit_ten_is_never_valid() -> None:
    # 999000000: the sum leaves 10 as check; neither "0" nor "10" may stand in for it.
    for text in ("9990000000", "99900000010"):
        with pytest.raises(IdentifierError):
            parse_nhs_number(text)


def _valid_nhs_numbers() -> st.SearchStrategy[str]:
    serials = st.integers(0, 999_998).map(lambda n: f"999{n:06}")
    return serials.filter(lambda nine: _check_digit(nine) < 10).map(_with_check_digit)


@given(_valid_nhs_numbers())
def test_nhs_number_survives_formatting(number: str) -> None:
    shown = format_nhs_number(number)
    assert [len(part) for part in shown.split(" ")] == [3, 3, 4]
    assert parse_nhs_number(shown) == number


@given(_valid_nhs_numbers(), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_detected(number: str, place: int, shift: int) -> None:
    wrong = str((int(number[place]) + shift) % 10)
    with pytest.raises(IdentifierError):
        parse_nhs_number(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("02/73319Z", "2002/0073319Z"),
        ("81/34U", "1981/0000034U"),
        ("00/223R", "2000/0000223R"),
        ("79/163001B", "1979/0163001B"),
        ("0273319Z", "2002/0073319Z"),
        ("79163001B", "1979/0163001B"),
        ("033Y", "2003/0000003Y"),
        ("67/9893091D", "1967/9893091D"),
        ("20020073319Z", "2002/0073319Z"),
        ("2002/73319z", "2002/0073319Z"),
        ("1979 / 0163001 b", "1979/0163001B"),
        ("1979-0163001B", "1979/0163001B"),
        ("1979163001B", "1979/0163001B"),
    ],
)
def test_published_pnc_numbers(text: str, canonical: str) -> None:
    assert parse_pnc(text, today=TODAY) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "20030011985Z",
        "20120052494O",
        "20230583843N",
        "2001/0171310S",
        "TOTALLYINVALID",
        "1X23/1234567A",
        "1923[1234567A",
        "1923/1Z34567A",
        "1923/1234567AA",
        "123/73319Z",
        "02/Z",
        "0102/73319Z",
        "",
    ],
)
def test_refused_pnc_numbers(text: str) -> None:
    with pytest.raises(IdentifierError):
        parse_pnc(text, today=TODAY)


def test_two_digit_pnc_year_is_read_against_today() -> None:
    assert parse_pnc("26/34" + _letter("260000034"), today=TODAY).startswith("2026/")
    assert parse_pnc("27/34" + _letter("270000034"), today=TODAY).startswith("1927/")
    assert parse_pnc("27/34" + _letter("270000034"), today=date(2027, 1, 1)).startswith("2027/")
    with pytest.raises(IdentifierError, match="future"):
        parse_pnc("2027/34" + _letter("270000034"), today=TODAY)


def _letter(digits: str) -> str:
    return "ZABCDEFGHJKLMNPQRTUVWXY"[int(digits) % 23]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("65656/91H", "065656/91H"),
        ("065656/91h", "065656/91H"),
        ("65656-91H", "065656/91H"),
        ("SF05/482703J", "SF05/482703J"),
        ("sf 05 / 482703 j", "SF05/482703J"),
        ("SF83/50058Z", "SF83/50058Z"),
    ],
)
def test_published_cro_numbers(text: str, canonical: str) -> None:
    assert parse_cro(text) == canonical


@pytest.mark.parametrize(
    "text", ["85227/65G", "SF05/482703K", "1234567/91H", "65656/1991H", "/91H"]
)
def test_refused_cro_numbers(text: str) -> None:
    with pytest.raises(IdentifierError):
        parse_cro(text)


@pytest.mark.parametrize(
    ("kind", "text", "canonical"),
    [
        ("crn", "x 123456", "X123456"),
        ("crn", "X123456", "X123456"),
        ("gp", "v81999", "V81999"),
        ("gp", "E-84 012", "E84012"),
        ("postcode", "sw1a1aa", "SW1A 1AA"),
        ("postcode", " Sw1A-1aA ", "SW1A 1AA"),
        ("postcode", "E1 6AN", "E1 6AN"),
        ("postcode", "zz993vz", "ZZ99 3VZ"),
        ("postcode", "n17 9qu", "N17 9QU"),
    ],
)
def test_other_identifiers_become_canonical(kind: str, text: str, canonical: str) -> None:
    assert PARSERS[kind](text) == canonical


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("crn", "XX12345"),
        ("crn", "X12345"),
        ("crn", "X1234567"),
        ("crn", "1234567"),
        ("crn", "Х123456"),  # the first letter is Cyrillic
        ("gp", "V8199"),
        ("gp", "81999V"),
        ("postcode", "SW1A"),
        ("postcode", "SW1A 1A"),
        ("postcode", "1AA SW1A"),
        ("postcode", "ABC1 1AA"),
    ],
)
def test_other_identifiers_refused(kind: str, text: str) -> None:
    with pytest.raises(IdentifierError):
        PARSERS[kind](text)


@pytest.mark.parametrize("kind", PARSERS)
@given(
    text=st.text(max_size=80)
    | st.text(st.sampled_from("0123456789 /-SFABXZ٣９²"), max_size=16)
    | st.from_regex(r"[0-9]{2,4}/?[0-9]{1,7}[A-Z]|[0-9]{1,6}/[0-9]{2}[A-Z]", fullmatch=True)
)
def test_any_text_is_canonical_after_parsing_or_refused(kind: str, text: str) -> None:
    try:
        canonical = PARSERS[kind](text)
    except IdentifierError as refused:
        assert refused.reason
    else:
        assert canonical.isascii()
        assert PARSERS[kind](canonical) == canonical
