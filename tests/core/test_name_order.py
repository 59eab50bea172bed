"""Names stand in lists where an English reader looks for them, alike on both databases."""

import importlib
import random

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from mhtr.core import schema
from mhtr.core.database import db
from mhtr.core.name_order import LONGEST, sort_name, sort_words
from mhtr.core.transaction import writing
from mhtr.people.models import Person
from mhtr.people.putting import apply
from tests.makers import make_person

IN_ORDER = [
    ("Amir", "Al-Hassan"),
    ("Bao", "al Hassan"),
    ("Ciaran", "Älund"),
    ("Bogdan", "Čapek"),
    ("An", "Cole"),
    ("Ann", "Cole"),
    ("Huy", "Đặng"),
    ("Hari", "desai"),
    ("Rui", "de Souza"),
    ("Ola", "Devlin"),
    ("Sean", "O'Brien"),
    ("Tom", "O’Brien"),
    ("Una", "Obrien"),
    ("Søren", "Ørsted"),
    ("Deniz", "Şahin"),
    ("Kai", "Smith"),
    ("Kai", "Smith-Jones"),
    ("Zoë", "Yilmaz"),
    ("Jan", "Zeman"),
    ("Milda", "Žukas"),
    ("Ana", "Zuluaga"),
]


def test_where_each_stands() -> None:
    assert sorted(IN_ORDER, key=lambda name: sort_name(*name)) == IN_ORDER


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        ("Huy", "Đặng", "dang huy"),
        ("Ana", "Łukasz", "lukasz ana"),
        ("İbrahim", "IŞIK", "isik ibrahim"),
        ("Sean", "O’Brien", "obrien sean"),
        ("Rui", "de Souza", "desouza rui"),
        ("Jo Ann", "St. John", "stjohn joann"),
        ("Pelé", "", "pele"),
        ("", "Pelé", "pele"),
        ("", "", ""),
        ("Max", "Weiß", "weiss max"),
        ("伟", "李", "李 伟"),
    ],
)
def test_keys(first: str, last: str, key: str) -> None:
    assert sort_name(first, last) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Łucja  Žukas", "lucja zukas"),
        ("Dr. Siân O’Brien-Đặng", "dr sian obriendang"),
        ("McLeod House", "mcleod house"),
        ("St. George's – Tooting", "st georges tooting"),
        (" – ", ""),
        ("李 伟", "李 伟"),
        ("Team 2", "team 2"),
    ],
)
def test_keys_word_by_word(name: str, key: str) -> None:
    assert sort_words(name) == key


def test_whole_names_stand_word_by_word() -> None:
    names = ["Ann Cole", "Anna Bell", "Mac Donald", "MacDonald", "Mc Donald", "South London"]
    assert sorted([*names[::-1], "Southwark"], key=sort_words) == [*names, "Southwark"]


@given(st.text(max_size=300))
def test_a_key_of_words_is_short_and_plain_and_the_migration_makes_the_same(name: str) -> None:
    migration = importlib.import_module(
        "mhtr.migrations.versions.0032_staff_teams_and_organisations_in_order"
    )
    key = sort_words(name)
    assert len(key) <= LONGEST and all(c.isalnum() or c == " " for c in key)
    assert key == key.strip() and "  " not in key
    assert key == migration._key(name)


@given(st.text(max_size=100), st.text(max_size=100))
def test_a_key_is_short_and_plain_and_the_migration_makes_the_same(first: str, last: str) -> None:
    migration = importlib.import_module("mhtr.migrations.versions.0018_names_in_order")
    key = sort_name(first, last)
    assert len(key) <= LONGEST and all(c.isalnum() or c == " " for c in key)
    assert key == migration._key(first, last)


def test_lists_by_name_are_alike_on_both_databases(either_app: Flask) -> None:
    """Also page by page, and from the other end."""
    people = list(IN_ORDER)
    random.Random(7).shuffle(people)
    for first, last in people:
        make_person(first, last)
    db.session.remove()
    column = Person.sort_name
    query = select(Person.given_name, Person.family_name)
    pages = [
        name
        for start in range(0, len(IN_ORDER), 4)
        for name in db.session.execute(query.order_by(column, Person.id).offset(start).limit(4))
    ]
    assert [tuple(name) for name in pages] == IN_ORDER
    down = db.session.execute(query.order_by(column.desc(), Person.id.desc()))
    assert [tuple(name) for name in down] == IN_ORDER[::-1]


def test_names_recorded_before_get_their_place_when_the_database_is_upgraded(
    either_app: Flask,
) -> None:
    make_person("Huy", "Đặng")
    make_person("Rui", "de Souza")
    db.session.remove()
    schema.downgrade("0017")
    schema.upgrade()
    assert list(db.session.scalars(select(Person.sort_name).order_by(Person.id))) == [
        "dang huy",
        "desouza rui",
    ]


def test_a_name_that_changes_changes_its_place(either_app: Flask) -> None:
    person = make_person("Tunde", "Okafor")
    with writing():
        apply(db.session.merge(person), {"family_name": "Đặng"})
    db.session.expire_all()
    assert person.sort_name == "dang tunde"
