"""Recovery codes: for when the phone is lost. Ten, each good once, only their hashes kept."""

import hashlib
import re
import secrets
import unicodedata

HOW_MANY = 10
# Without letters and digits that look alike in print.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4
"""16 characters of 31: 79 bits, beyond guessing even with the hashes in hand."""


def new_codes() -> list[str]:
    """Ten fresh codes, in groups for reading."""
    return [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
        for _ in range(HOW_MANY)
    ]


def code_hash(code: str) -> str:
    """What is stored of a code; the same however it is spaced or capitalised."""
    plain = re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKC", code).casefold())
    return hashlib.sha256(plain.encode()).hexdigest()
