"""Answers to a sign-in that failed, and the work they took."""

from typing import Any

import pytest

from mhtr.accounts import passwords
from tests.accounts.enrolled import give_password
from tests.pages import PageClient


def counted_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every verification the hasher really does, with the hash it is done against."""
    done: list[str] = []
    hasher = passwords._hasher(passwords._memory())
    passwords._dummy(passwords._memory())

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            done.append(stored)
            return hasher.verify(stored, password)

        def __getattr__(self, name: str) -> Any:
            return getattr(hasher, name)

    monkeypatch.setattr(passwords, "_hasher", lambda _memory: Counting())
    return done


def answer_to(client: PageClient, username: str, password: str) -> tuple[int, str, list[str]]:
    """Status, body and headers, without what differs between any two answers."""
    response = give_password(client, username, password)
    nonce = response.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]
    body = response.get_data(as_text=True).replace(nonce, "").replace(username, "")
    return response.status_code, body, sorted(name for name, _ in response.headers)
