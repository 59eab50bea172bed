"""Time-based one-time codes (RFC 6238): six digits, 30 seconds, each good once."""

import hmac
import re
import unicodedata
from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
DRIFT = 1
"""Steps by which the phone's clock may be off, either way."""


def new_secret() -> str:
    """A fresh secret of 160 bits in base32."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, *, username: str, service: str) -> str:
    """The address an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=service)


def qr_image(uri: str) -> str:
    """The QR code as an SVG `data:` address, black on white with its quiet zone."""
    code = segno.make(uri, error="m", micro=False)
    return code.svg_data_uri(scale=5, border=4, light="white")


def in_groups(secret: str) -> str:
    """The secret in groups of four, for typing."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def step_of(moment: datetime) -> int:
    """The number of the 30-second step."""
    return int(moment.timestamp()) // STEP_SECONDS


def matching_step(secret: str, code: str, *, now: datetime, last_step: int) -> int | None:
    """The step whose code this is, or None.

    Only steps after `last_step` count: a code that was used, or is older than one used, is
    worth nothing even while its time lasts.
    """
    typed = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code))
    if not re.fullmatch(r"[0-9]{6}", typed):
        return None
    generator = pyotp.TOTP(secret)
    found = None
    for step in range(step_of(now) - DRIFT, step_of(now) + DRIFT + 1):
        right = hmac.compare_digest(generator.generate_otp(step), typed)
        if right and step > last_step:
            found = step
    return found
