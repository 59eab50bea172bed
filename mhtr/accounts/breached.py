"""Passwords known from breaches, as hashes in one sorted file; nothing is asked over a network."""

import hashlib
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent / "known_passwords" / "breached.bin"
SHORTEST = 12
"""Shorter passwords are refused for their length."""
_BYTES = 8


def folded(password: str) -> str:
    """Letters and digits in lower case, without accents: `You'll` and `youll` are one."""
    plain = unicodedata.normalize("NFKD", password).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def is_breached(password: str) -> bool:
    """Whether it is on the list, as it is or without digits put before or after it."""
    whole = folded(password)
    return any(_listed(_key(form)) for form in (whole, whole.strip("0123456789")))


def pack(passwords: Iterable[str], *, onto: bytes = b"") -> bytes:
    """The file for these passwords and those packed before."""
    keys = {onto[at : at + _BYTES] for at in range(0, len(onto), _BYTES)}
    # The length counts as typed: what is folded may be shorter.
    keys |= {_key(folded(one)) for one in passwords if len(one) >= SHORTEST}
    return b"".join(sorted(keys))


def add(source: Path, *, to: Path = FILE) -> int:
    """Add a published list, one password a line. Returns how many the file then holds.

    Lines that are no UTF-8 are read as far as they go: leaked lists hold a few.
    """
    with source.open(encoding="utf-8", errors="ignore") as lines:
        packed = pack((line.strip() for line in lines), onto=to.read_bytes())
    to.write_bytes(packed)
    _held.cache_clear()
    return len(packed) // _BYTES


def _key(form: str) -> bytes:
    return hashlib.sha256(form.encode()).digest()[:_BYTES]


@cache
def _held() -> bytes:
    return FILE.read_bytes()


def _listed(key: bytes) -> bool:
    held = _held()
    place = bisect_left(
        range(len(held) // _BYTES), key, key=lambda n: held[n * _BYTES : (n + 1) * _BYTES]
    )
    return held[place * _BYTES : (place + 1) * _BYTES] == key
