"""The wall as a table: what its rows may say, and what is made of them."""

import hashlib
import re

import pytest

from mhtr.core.access import PROBATION_ROLES
from mhtr.people.consent_wording import TELLINGS, TOLD_NOT_ASKED, TOLD_VERSION
from mhtr.people.models import ConsentItem
from mhtr.wall import items
from mhtr.wall.items import ITEMS
from mhtr.wall.kinds import (
    EACH_TIME,
    OUTSIDE,
    PROBATION,
    SERVICE,
    SIDE_WORDS,
    SIDES,
    Basis,
    Default,
    Holder,
    Item,
    Sees,
    Side,
)

ACROSS = {Holder.SERVICE: OUTSIDE, Holder.PROBATION: SERVICE}


def test_every_side_has_a_field_and_words() -> None:
    assert set(SIDES) == set(Side) == set(SIDE_WORDS)
    assert len(PROBATION) == len(PROBATION_ROLES)


def test_each_row_is_there_once() -> None:
    assert len({one.key for one in ITEMS}) == len({one.name for one in ITEMS}) == len(ITEMS)
    assert set(items.BY_KEY) == {one.key for one in ITEMS}


@pytest.mark.parametrize("one", ITEMS, ids=lambda one: one.key)
def test_what_a_row_may_say(one: Item) -> None:
    assert one.name and one.purpose and one.rests_on
    crosses = any(one.goes_to(side) for side in ACROSS.get(one.holder, ()))
    if one.basis is Basis.OWN:
        assert not crosses and one.default is Default.STAYS
    elif one.holder in ACROSS:
        assert crosses
    assert (one.basis is Basis.CONSENT) == bool(one.consent)
    if one.basis is Basis.ORDER:
        assert one.default is Default.GOES and not one.withdrawal_stops
    if one.basis is Basis.CONSENT:
        assert one.consent in {EACH_TIME, *ConsentItem} and one.withdrawal_stops
        each = one.consent == EACH_TIME
        assert one.default is (Default.EACH_TIME if each else Default.ASKED)
    if one.basis is Basis.EXCEPTION:
        assert one.default is Default.EACH_TIME
    if one.holder is Holder.SERVICE and crosses:
        assert one.told, "he is not told of it"


def test_no_therapy_crosses() -> None:
    for key in ("session_note", "scores", "risk_answer", "reason_detail", "concern", "assessment"):
        assert {side for side in SIDES if items.goes(key, side)} == {Side.CLINICIANS}


def test_no_breach_paper_crosses() -> None:
    for key in ("decision", "other_warnings", "breach_papers"):
        seen = {side for side in SIDES if items.goes(key, side)}
        assert seen == {Side.OFFICER, Side.SENIOR}
    assert items.BY_KEY["standing"].seen.by(Side.CLINICIANS) is Sees.PART


def test_what_is_told_is_never_asked() -> None:
    told, asked = items.told_not_asked(), items.only_if_agreed()
    assert told and asked and not set(told) & set(asked)
    listed = {*told, *asked, *items.stays_here(), *items.by_exception()}
    assert {one for one in ITEMS if one.told} == listed


def test_every_item_of_consent_that_lets_something_out_is_asked_about() -> None:
    asked = {one.consent for one in items.only_if_agreed()}
    inside = {ConsentItem.TREATMENT, ConsentItem.LINK_WORKER}  # nothing leaves the service by them
    assert asked == {EACH_TIME, *ConsentItem} - inside


def test_what_he_is_told_is_made_of_the_rows() -> None:
    assert TOLD_NOT_ASKED.items == tuple(one.told for one in items.told_not_asked())
    assert "do not need your agreement" in TOLD_NOT_ASKED.before
    assert len({one.version for one in TELLINGS}) == len(TELLINGS)
    assert TOLD_VERSION == TELLINGS[-1].version


READ_TO_HIM = {
    "told-1": "78ae84e21707",
    "told-2": "28d43f5d0035",
    "told-3": "3e7e9cc535d4",
    "told-4": "7a1e4c7ddfe0",
    "told-5": "e0310877abd8",
}
"""A text that was read to somebody is never changed: another one is a new version."""


@pytest.mark.parametrize("one", TELLINGS, ids=lambda one: one.version)
def test_a_text_that_was_read_to_him_is_never_changed(one: object) -> None:
    version, said = one.version, repr((one.before, one.items, one.after))  # type: ignore[attr-defined]
    assert hashlib.sha256(said.encode()).hexdigest()[:12] == READ_TO_HIM[version]


@pytest.mark.parametrize("one", [one for one in ITEMS if one.told], ids=lambda one: one.key)
def test_what_he_reads_is_in_plain_words(one: Item) -> None:
    words = re.findall(r"[A-Za-z’']+", one.told)
    for sentence in re.split(r"[.:]", one.told):
        assert len(sentence.split()) <= 20, sentence
    assert all(len(word) <= 11 for word in words), max(words, key=len)
    assert not re.search(r"\b(his|him|he|offender|comply|requirement)\b", one.told)
