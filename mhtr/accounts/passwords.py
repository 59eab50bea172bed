"""Passwords: hashing that costs an attacker, and a strength check without composition rules.

OWASP Password Storage Cheat Sheet: Argon2id, 19 MiB, two passes, one lane. OWASP ASVS 5.0 6.2:
length and lists of known passwords instead of rules about characters.
"""

import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from werkzeug.exceptions import ServiceUnavailable
from zxcvbn import zxcvbn

from mhtr.accounts.breached import is_breached
from mhtr.accounts.everyday import is_everyday
from mhtr.core.database import db

SHORTEST = 12
STRONG_ENOUGH = 3
"""Score of zxcvbn, 0 to 4: 3 withstands 10^8 guesses."""
AT_ONCE = 4
"""Hashes computed at the same time by one process; each takes the configured memory."""
PATIENCE_SECONDS = 10
SERVICE_WORDS = ("mhtr", "nhs", "mental", "treatment", "probation", "programme")
ON_LISTS = "This password is on lists that attackers use. Choose words nobody would expect"
EASY = (
    "This password is easy to guess. Use three or four words that do not belong together, "
    "and no rows of keys, dates or repeats"
)
# zxcvbn's time grows with the square of the length.
_LOOKED_AT = 72

_slots = threading.BoundedSemaphore(AT_ONCE)


def hash_password(password: str) -> str:
    """The hash to store."""
    with _slot():
        return _hasher(_memory()).hash(_normal(password))


def verify(stored: str, password: str) -> bool:
    """Whether this is the password behind the hash.

    Without a stored hash (no such account, or none set yet) a dummy is verified, so that the
    answer takes the same work, and is False.
    """
    with _slot():
        try:
            _hasher(_memory()).verify(stored or _dummy(_memory()), _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return bool(stored)


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other costs than those of today."""
    return _hasher(_memory()).check_needs_rehash(stored)


def faults(password: str, *, about: Iterable[str]) -> tuple[str, ...]:
    """What is wrong with a new password, each fault saying what to do; empty when it is good.

    Args:
        about: names, e-mail address and the like of the person and the service.
    """
    if len(password) < SHORTEST:
        return (
            f"The password must be {SHORTEST} characters or more. Three or four words are good",
        )
    words = _words([*about, *SERVICE_WORDS])
    plain = _plain(password)
    if any(word in plain for word in words if len(word) >= 4) or "nhs" in plain:
        return ("Leave your name, your email address and the name of this service out of it",)
    if is_breached(password):
        return (ON_LISTS,)
    if is_everyday(password[:_LOOKED_AT]):
        return (EASY,)
    judged = zxcvbn(password[:_LOOKED_AT], user_inputs=sorted(words), max_length=_LOOKED_AT)
    if judged["score"] >= STRONG_ENOUGH:
        return ()
    known = any(match.get("dictionary_name") == "passwords" for match in judged["sequence"])
    if known and len(judged["sequence"]) == 1:
        return (ON_LISTS,)
    return (EASY,)


@contextmanager
def _slot() -> Iterator[None]:
    """One of a few places for hashing; nobody hashes while holding the database's write lock."""
    if db.session.info.get("writing"):
        raise RuntimeError("passwords are hashed outside the write transaction")
    if not _slots.acquire(timeout=PATIENCE_SECONDS):
        raise ServiceUnavailable
    try:
        yield
    finally:
        _slots.release()


def _memory() -> int:
    return int(current_app.config["ARGON2_MEMORY_KIB"])


@cache
def _hasher(memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=memory_kib, parallelism=1)


@cache
def _dummy(memory_kib: int) -> str:
    return _hasher(memory_kib).hash(secrets.token_urlsafe(32))


def _normal(password: str) -> str:
    """The same characters typed on another keyboard are the same password (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold()


def _words(texts: Iterable[str]) -> set[str]:
    found = {word for text in texts for word in re.split(r"[\W_]+", _plain(text)) if len(word) > 2}
    # Parts that every work address shares say nothing about the person.
    return found - {"com", "org", "gov", "example"}
