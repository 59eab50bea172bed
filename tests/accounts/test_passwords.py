"""Passwords: strong by length and surprise, hashed away from the database's lock."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import extract_parameters
from flask import Flask
from werkzeug.exceptions import ServiceUnavailable
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from mhtr.accounts import breached, passwords
from mhtr.core.transaction import writing

ABOUT = ("Tunde Okafor", "t.okafor@northtrust.example", "North Trust", "MHTR Programme Manager")


@pytest.mark.parametrize(
    "password",
    [
        "copper lantern walrus drift",
        "Vu8#kq0zP!2rTbLm",
        "niezapominajka szumi wieczorem",
        "żółw gęś jaźń łódź ćma",
        "the rain forgot my bicycle",
        "blue bicycle river",
        "kitchen garden sunday",
        "bluebicycleriver",
        "a" * 3 + " violin thunder marmalade " + "b" * 900,
    ],
)
def test_good_passwords(password: str) -> None:
    assert passwords.faults(password, about=ABOUT) == ()


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short1!", "12 characters or more"),
        ("elevenchars", "12 characters or more"),
        ("password1234", "lists that attackers use|easy to guess"),
        ("qwertyuiop123", "easy to guess|lists"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("123456789012", "easy to guess|lists"),
        ("P@ssw0rd2026!", "easy to guess|lists"),
        ("Okafor walrus drift copper", "Leave your name"),
        ("northtrust walrus lantern", "Leave your name"),
        ("MHTR lantern walrus copper", "Leave your name"),
        ("my NHS lantern walrus drift", "Leave your name"),
        ("correcthorsebatterystaple", "lists that attackers use"),
        ("Correct horse battery staple!", "lists that attackers use"),
        ("youllneverwalkalone", "lists that attackers use"),
        ("You'll never walk alone 1892", "lists that attackers use"),
        ("liverpoolfc1892", "easy to guess"),
        ("thisismypassword", "easy to guess"),
        ("this is my password", "easy to guess"),
        ("th1sismyp@ssword!", "easy to guess"),
        ("manchesterunited1999", "lists that attackers use"),
        ("crystalpalace1905", "lists that attackers use"),
        ("Chelsea Football Club", "easy to guess"),
        ("Autumn2026!!", "easy to guess"),
        ("Summer-2026-Summer", "easy to guess"),
        ("mynameisjohn1980", "easy to guess"),
        ("openthedoorplease", "easy to guess"),
    ],
)
def test_bad_passwords_and_what_to_do(password: str, words: str) -> None:
    import re

    found = passwords.faults(password, about=ABOUT)
    assert len(found) == 1 and re.search(words, found[0]), found


def test_the_shipped_list_is_what_its_page_says() -> None:
    phrases = (breached.FILE.parent / "phrases.txt").read_text(encoding="utf-8").split()
    leaked = FREQUENCY_LISTS["passwords"]
    assert breached.FILE.read_bytes() == breached.pack([*leaked, *phrases])
    long_ones = [one for one in [*leaked, *phrases] if len(one) >= passwords.SHORTEST]
    assert len(long_ones) > 300 and all(map(breached.is_breached, long_ones))
    assert not breached.is_breached("copper lantern walrus drift")


def test_a_published_list_is_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = "copper lantern walrus drift"
    assert passwords.faults(good, about=()) == ()
    shelf, bought = tmp_path / "breached.bin", tmp_path / "list.txt"
    shelf.write_bytes(breached.FILE.read_bytes())
    bought.write_bytes(b"short\n\xff\xfe\nCopperLanternWalrusDrift\n")
    monkeypatch.setattr(breached, "FILE", shelf)
    before = len(shelf.read_bytes())
    assert breached.add(bought, to=shelf) == before // 8 + 1
    assert passwords.faults(good, about=()) == (passwords.ON_LISTS,)
    assert breached.is_breached("youllneverwalkalone")
    breached._held.cache_clear()


def test_no_kind_of_character_is_demanded() -> None:
    assert passwords.faults("copperlanternwalrusdrift", about=()) == ()


def test_a_password_is_verified_against_its_hash_only(app: Flask) -> None:
    stored = passwords.hash_password("copper lantern walrus drift")
    assert stored.startswith("$argon2id$") and "copper" not in stored
    assert passwords.verify(stored, "copper lantern walrus drift")
    assert not passwords.verify(stored, "copper lantern walrus drif")
    assert not passwords.verify("", "")
    assert not passwords.verify("not a hash", "copper lantern walrus drift")


def test_the_same_characters_from_another_keyboard_are_the_same_password(app: Flask) -> None:
    stored = passwords.hash_password("cafe\u0301 lantern walrus")
    assert passwords.verify(stored, "caf\u00e9 lantern walrus")


def test_the_cost_is_the_configured_one(app: Flask) -> None:
    used = extract_parameters(passwords.hash_password("copper lantern walrus"))
    assert (used.time_cost, used.parallelism) == (2, 1)
    assert used.memory_cost == app.config["ARGON2_MEMORY_KIB"]
    assert not passwords.is_outdated(passwords.hash_password("copper lantern walrus"))
    dearer = passwords._hasher(16).hash("copper lantern walrus")
    assert passwords.is_outdated(dearer)


def test_nothing_is_hashed_inside_a_write_transaction(app: Flask) -> None:
    with writing(), pytest.raises(RuntimeError, match="outside the write transaction"):
        passwords.verify("", "anything")
    with writing(), pytest.raises(RuntimeError, match="outside the write transaction"):
        passwords.hash_password("anything")


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(passwords, "_slots", threading.BoundedSemaphore(1))
    yield


def test_hashing_is_bounded(app: Flask, no_patience: None) -> None:
    with passwords._slot(), pytest.raises(ServiceUnavailable):
        passwords.verify("", "anything")
    assert not passwords.verify("", "anything")  # the place is free again
