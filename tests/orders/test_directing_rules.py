"""Whom an order names, and who directs: when it counts that they differ."""

from datetime import date

import pytest

from mhtr.orders.directing import (
    NUMBER,
    Practitioner,
    named_from,
    objections,
    same,
    still_named,
)
from mhtr.orders.terms import OrderKind, Period, Terms, Treatment
from tests.orders.makers import MADE

AMARA = Practitioner("Dr Amara Lindqvist", "PYL000456")
IVOR = Practitioner("Dr Ivor Brandt", "PYL000777")
FIRST, SECOND = date(2027, 1, 31), date(2027, 4, 30)


def terms(*periods: Period) -> Terms:
    return Terms(OrderKind.COMMUNITY, MADE, MADE, periods, ends_on=date(2027, 11, 15))


def period(who: Practitioner, starts: date, ends: date) -> Period:
    return Period(starts, ends, Treatment.PRACTITIONER, who.name, who.registration)


ONE_AFTER_THE_OTHER = terms(period(AMARA, MADE, FIRST), period(IVOR, date(2027, 2, 1), SECOND))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (AMARA, AMARA, True),
        (AMARA, Practitioner("dr  amara LINDQVIST"), True),
        (AMARA, Practitioner("Dr Amara Lindqvist-Moss", "PYL000456"), True),
        (AMARA, Practitioner("Dr Amara Lindqvist", "PYL000457"), False),
        (AMARA, IVOR, False),
    ],
)
def test_one_person_by_registration_else_by_name(
    one: Practitioner, other: Practitioner, expected: bool
) -> None:
    assert same(one, other) is same(other, one) is expected


def test_only_periods_to_come_and_only_practitioners_are_named() -> None:
    assert named_from(ONE_AFTER_THE_OTHER, FIRST) == (AMARA, IVOR)
    assert named_from(ONE_AFTER_THE_OTHER, date(2027, 2, 1)) == (IVOR,)
    clinic = Period(MADE, SECOND, Treatment.INSTITUTION, "Northside Clinic")
    assert named_from(terms(clinic), MADE) == ()


def test_whoever_leaves_after_his_own_period_leaves_nothing_to_tell() -> None:
    assert still_named(AMARA, FIRST, ONE_AFTER_THE_OTHER)
    assert not still_named(AMARA, date(2027, 2, 1), ONE_AFTER_THE_OTHER)


@pytest.mark.parametrize(
    ("was", "now", "since", "known", "words"),
    [
        (AMARA, IVOR, date(2026, 12, 1), [], ""),
        (AMARA, None, SECOND, [], "names nobody of that name"),
        (AMARA, None, date(2026, 11, 15), [], "made on 16 November 2026"),
        (AMARA, None, date(2027, 5, 1), [], "over by 30 April 2027"),
        (AMARA, Practitioner("Dr Amara Lindqvist"), MADE, [], "That is whom the order names"),
        (AMARA, IVOR, MADE, [AMARA], "recorded already"),
        (IVOR, None, MADE, [AMARA], ""),
    ],
)
def test_what_can_be_recorded(
    was: Practitioner,
    now: Practitioner | None,
    since: date,
    known: list[Practitioner],
    words: str,
) -> None:
    found = objections(was, now, since, ONE_AFTER_THE_OTHER, known)
    assert bool(found) is bool(words)
    assert not words or any(words in one for one in found)


@pytest.mark.parametrize(
    ("typed", "fits"), [("PYL1", True), ("PYL0004567", False), ("1234567", True), ("PL12", False)]
)
def test_a_registration_is_of_the_two_registers(typed: str, fits: bool) -> None:
    assert bool(NUMBER.fullmatch(typed)) is fits
