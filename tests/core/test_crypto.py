"""Encrypted columns: unreadable at rest, bound to their place, old keys still decrypt."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from mhtr.core.crypto import KeyRing, UnreadableSecret
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import Person
from tests.makers import make_person

ONE, TWO = b"1" * 32, b"2" * 32


def ring(**keys: bytes) -> KeyRing:
    made = KeyRing()
    made.set({int(name[1:]): key for name, key in keys.items()})
    return made


@given(st.text())
def test_what_is_encrypted_decrypts(words: str) -> None:
    keys = ring(k1=ONE)
    words = words.encode("utf-8", "replace").decode()
    assert keys.decrypt(keys.encrypt(words, "a.b"), "a.b") == words


def test_a_value_moved_to_another_column_does_not_decrypt() -> None:
    keys = ring(k1=ONE)
    with pytest.raises(UnreadableSecret):
        keys.decrypt(keys.encrypt("words", "a.b"), "a.c")


def test_the_newest_key_encrypts_and_older_ones_still_decrypt() -> None:
    old = ring(k1=ONE).encrypt("words", "a.b")
    both = ring(k1=ONE, k2=TWO)
    assert both.decrypt(old, "a.b") == "words"
    assert both.encrypt("words", "a.b")[0] == 2


@pytest.mark.parametrize("damage", [b"", b"\x07" + b"x" * 40])
def test_an_unknown_key_version_is_refused(damage: bytes) -> None:
    with pytest.raises(UnreadableSecret):
        ring(k1=ONE).decrypt(damage, "a.b")


def test_damage_is_noticed() -> None:
    keys = ring(k1=ONE)
    sealed = bytearray(keys.encrypt("words", "a.b"))
    sealed[-1] ^= 1
    with pytest.raises(UnreadableSecret):
        keys.decrypt(bytes(sealed), "a.b")


def test_the_same_words_are_never_stored_alike() -> None:
    keys = ring(k1=ONE)
    assert keys.encrypt("words", "a.b") != keys.encrypt("words", "a.b")


def test_the_database_holds_no_readable_text(either_app: Flask) -> None:
    person = make_person()
    with writing():
        db.session.get_one(Person, person.id).contact_phrase = "the canary phrase"
    stored = db.session.execute(text("SELECT contact_phrase FROM people")).scalar_one()
    assert b"canary" not in bytes(stored)
    db.session.expire_all()
    assert db.session.get_one(Person, person.id).contact_phrase == "the canary phrase"
