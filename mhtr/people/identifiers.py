"""Identifiers of a person: read what somebody typed, return the one canonical form.

Every `parse_…` accepts spaces, any kind of dash, either case and digits of any script, and
raises `IdentifierError` for whatever cannot be that identifier. The reason is written for the
form field and never repeats the value, so that it may be logged.

Sources: NHS Data Dictionary (NHS number, GP practice code, postcode); the nhs-number package's
table of ranges; hmpps-accredited-programmes-manage-and-deliver-api (CRN);
hmpps-person-record PNCIdentifier.kt and CROIdentifier.kt (PNC, CRO).
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum

# Far longer than any identifier with its separators: keeps pasted documents out cheaply.
_LONGEST_INPUT = 64
_MINUS_SIGN = "\u2212"  # word processors put it in place of a hyphen
_CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_TEST_NHS_NUMBER = re.compile(r"999[0-9]{7}")
_CRN = re.compile(r"[A-Z][0-9]{6}")
_GP_PRACTICE = re.compile(r"[A-Z][0-9]{5}")
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_PNC_WITH_SLASH = re.compile(r"([0-9]{4}|[0-9]{2})/([0-9]{1,7})([A-Z])")
_PNC_SHORT = re.compile(r"([0-9]{2})([0-9]{1,7})([A-Z])")
_PNC_LONG = re.compile(r"([0-9]{4})([0-9]{6,7})([A-Z])")
_CRO_STANDARD = re.compile(r"([0-9]{1,6})/([0-9]{2})([A-Z])")
_CRO_SF = re.compile(r"SF([0-9]{2})/([0-9]{1,6})([A-Z])")


class IdentifierError(ValueError):
    """The text cannot be this identifier; `reason` says why, in words for the form field."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NhsNumberRange(StrEnum):
    """Which NHS numbers a caller accepts; numbers from 999 000 0000 up are never issued."""

    ANY = "any"
    ISSUED = "issued"
    TEST = "test"


def parse_nhs_number(text: str, *, accept: NhsNumberRange = NhsNumberRange.ANY) -> str:
    """Ten digits without spaces, check digit verified (weights 10 to 2, modulus 11).

    `accept=TEST` refuses issued numbers (demonstrations), `accept=ISSUED` refuses test numbers.
    """
    digits = _compact(text, "NHS number")
    if not digits.isdecimal():
        raise IdentifierError("An NHS number has only digits")
    if len(digits) != 10:
        raise IdentifierError(f"An NHS number has 10 digits; this has {len(digits)}")
    if len(set(digits)) == 1:
        # 000 000 0000 and its like pass the check digit: they are what people type to get on.
        raise IdentifierError("This is a placeholder, not an NHS number: leave it empty instead")
    weighted = sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False))
    if (11 - weighted % 11) % 11 != int(digits[9]):
        raise IdentifierError("This is not a valid NHS number: check each digit")
    if accept is NhsNumberRange.TEST and not is_test_nhs_number(digits):
        raise IdentifierError("Only NHS numbers that start with 999 may be used here")
    if accept is NhsNumberRange.ISSUED and is_test_nhs_number(digits):
        raise IdentifierError("NHS numbers that start with 999 are for tests and belong to nobody")
    return digits


def format_nhs_number(nhs_number: str) -> str:
    """A canonical NHS number as it is shown to people: 3, 3 and 4 digits."""
    return f"{nhs_number[:3]} {nhs_number[3:6]} {nhs_number[6:]}"


def is_test_nhs_number(nhs_number: str) -> bool:
    """Whether a canonical NHS number lies in the range kept for tests and never issued."""
    return _TEST_NHS_NUMBER.fullmatch(nhs_number) is not None


def parse_crn(text: str) -> str:
    """Case reference number of probation (nDelius): a letter and six digits."""
    compact = _compact(text, "CRN")
    if not _CRN.fullmatch(compact):
        raise IdentifierError("A CRN is one letter and 6 digits, for example X123456")
    return compact


def parse_pnc(text: str, *, today: date) -> str:
    """Police National Computer id as `YYYY/nnnnnnnL`, check letter verified.

    A two-digit year later than that of `today` belongs to the last century. Without a slash,
    up to nine digits are read as a two-digit year and serial, ten and more as a four-digit year.
    """
    compact = _compact(text, "PNC number", slash=True)
    match = (
        _PNC_WITH_SLASH.fullmatch(compact)
        or _PNC_SHORT.fullmatch(compact)
        or _PNC_LONG.fullmatch(compact)
    )
    if not match:
        raise IdentifierError(
            "A PNC number is a year, a slash, up to 7 digits and a letter, for example 2002/73319Z"
        )
    year_text, serial, letter = match.groups()
    serial = serial.zfill(7)
    year = int(year_text)
    if len(year_text) == 2:
        year += 2000 if year <= today.year % 100 else 1900
    if not 1900 <= year <= today.year:
        raise IdentifierError("The year of a PNC number cannot be in the future or before 1900")
    _require_check_letter("PNC number", f"{year % 100:02}{serial}", letter)
    return f"{year}/{serial}{letter}"


def parse_cro(text: str) -> str:
    """Criminal Records Office number: `nnnnnn/YYL`, or `SFYY/nL` whose serial is never padded.

    The year keeps its two digits, as the canonical form does, so no date is needed to read it.
    """
    compact = _compact(text, "CRO number", slash=True)
    if match := _CRO_SF.fullmatch(compact):
        year, serial, letter = match.groups()
        _require_check_letter("CRO number", year + serial, letter)
        return f"SF{year}/{serial}{letter}"
    if match := _CRO_STANDARD.fullmatch(compact):
        serial, year, letter = match.groups()
        serial = serial.zfill(6)
        _require_check_letter("CRO number", year + serial, letter)
        return f"{serial}/{year}{letter}"
    raise IdentifierError(
        "A CRO number is up to 6 digits, a slash, 2 digits and a letter, for example 65656/91H"
    )


def parse_gp_practice_code(text: str) -> str:
    """ODS code of a GP practice: a letter and five digits.

    V81997 (no practice), V81998 (not applicable) and V81999 (not known) are valid codes; their
    meaning is in the code list `gp_practice_default`.
    """
    compact = _compact(text, "GP practice code")
    if not _GP_PRACTICE.fullmatch(compact):
        raise IdentifierError("A GP practice code is one letter and 5 digits")
    return compact


def parse_postcode(text: str) -> str:
    """UK postcode in capitals with one space; ZZ99 3VZ (no fixed abode) is accepted."""
    match = _POSTCODE.fullmatch(_compact(text, "postcode"))
    if not match:
        raise IdentifierError("Enter a full UK postcode, for example SW1A 1AA")
    return f"{match[1]} {match[2]}"


def _compact(text: str, kind: str, *, slash: bool = False) -> str:
    """Capitals and ASCII digits without separators; with `slash`, any dash becomes a slash."""
    if len(text) > _LONGEST_INPUT:
        raise IdentifierError(f"This is too long for a {kind}")
    kept: list[str] = []
    for character in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(character)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(character)))
        elif character in "/\\":
            kept.append("/")
        elif category == "Pd" or character == _MINUS_SIGN:
            kept.append("/" if slash else "")
        elif category[0] != "Z" and category not in ("Cc", "Cf"):
            kept.append(character.upper())
    compact = "".join(kept)
    if not compact:
        raise IdentifierError(f"Enter the {kind}")
    return compact


def _require_check_letter(kind: str, digits: str, letter: str) -> None:
    if _CHECK_LETTERS[int(digits) % 23] != letter:
        raise IdentifierError(
            f"This is not a valid {kind}: its last letter does not fit the digits"
        )
