"""One-time codes: the published values, the drift allowed, and no code twice."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from mhtr.accounts import recovery_codes, totp
from mhtr.accounts.browser import browser_name
from tests.conftest import NOON

# RFC 6238, appendix B, SHA-1; its eight digits cut to the six that authenticators show.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), RFC)
def test_published_codes(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert totp.matching_step(RFC_SECRET, code, now=now, last_step=0) == seconds // 30


@pytest.mark.parametrize(
    ("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_phone_may_be_one_step_off(steps: int, good: bool) -> None:
    here = totp.step_of(NOON)
    code = pyotp.TOTP(RFC_SECRET).generate_otp(here + steps)
    found = totp.matching_step(RFC_SECRET, code, now=NOON, last_step=0)
    assert found == (here + steps if good else None)


def test_a_code_is_good_once_and_older_ones_never_again() -> None:
    here = totp.step_of(NOON)
    codes = {step: pyotp.TOTP(RFC_SECRET).generate_otp(here + step) for step in (-1, 0, 1)}
    for step, code in codes.items():
        found = totp.matching_step(RFC_SECRET, code, now=NOON, last_step=here)
        assert found == (here + 1 if step == 1 else None)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12345६", "१२३४५६", "-12345"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert totp.matching_step(RFC_SECRET, typed, now=NOON, last_step=0) is None


def test_a_code_may_be_typed_in_groups() -> None:
    now = datetime.fromtimestamp(59, UTC)
    assert totp.matching_step(RFC_SECRET, "287 082", now=now, last_step=0) == 1
    assert (
        totp.matching_step(RFC_SECRET, "287 082", now=now + timedelta(minutes=2), last_step=0)
        is None
    )


def test_enrolment_names_service_and_account() -> None:
    uri = totp.enrolment_uri(RFC_SECRET, username="a@b.example", service="MHTR Programme")
    assert uri.startswith("otpauth://totp/MHTR%20Programme:a%40b.example?secret=GEZDGNBV")
    assert totp.qr_image(uri).startswith("data:image/svg+xml")
    assert len(totp.new_secret()) == 32 and totp.new_secret() != totp.new_secret()


def test_recovery_codes_are_ten_and_read_however_they_are_typed() -> None:
    codes = recovery_codes.new_codes()
    assert len(set(codes)) == 10
    first = codes[0]
    for typed in (first.upper(), first.replace("-", ""), f" {first.replace('-', ' ')} "):
        assert recovery_codes.code_hash(typed) == recovery_codes.code_hash(first)
    assert recovery_codes.code_hash(codes[1]) != recovery_codes.code_hash(first)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19 like Mac OS X) Version/19 Safari/604",
            "Safari on iPhone",
        ),
        ("", "A browser"),
    ],
)
def test_browsers_in_words(agent: str, name: str) -> None:
    assert browser_name(agent) == name
