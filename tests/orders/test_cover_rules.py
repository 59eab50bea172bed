"""When somebody may cover for an officer: a table."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.orders.cover_rules import (
    BACKWARDS,
    NOT_HIMSELF,
    OTHER_UNIT,
    PAST,
    TOO_LONG,
    Cover,
    Known,
    objections,
)

TODAY = date(2026, 11, 23)
ANN, BEN, CLEO, ELSEWHERE = 1, 2, 3, 9
UNIT = (ANN, BEN, CLEO)


def cover(
    of: int = ANN, by: int = BEN, starts: int = 0, ends: int = 6, case: int | None = None
) -> Cover:
    return Cover(of, by, TODAY + timedelta(days=starts), TODAY + timedelta(days=ends), case)


def wrong(wanted: Cover, *known: Cover) -> list[str]:
    return [field for field, _ in objections(wanted, Known(known, UNIT, TODAY))]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (cover(starts=-1), PAST),
        (cover(starts=3, ends=2), BACKWARDS),
        (cover(ends=366), TOO_LONG),
        (cover(by=ANN), NOT_HIMSELF),
        (cover(by=ELSEWHERE), OTHER_UNIT),
        (cover(of=ELSEWHERE), OTHER_UNIT),
    ],
)
def test_days_and_people_that_do_not_fit(wanted: Cover, words: str) -> None:
    assert [said for _, said in objections(wanted, Known((), UNIT, TODAY))] == [words]


@pytest.mark.parametrize(
    ("wanted", "known", "field"),
    [
        # Two cover for all of one officer's men on the same day.
        (cover(by=CLEO), cover(), "first"),
        (cover(by=CLEO, starts=6, ends=9), cover(), "first"),
        (cover(by=CLEO, starts=7, ends=9), cover(), None),
        # One man, beside cover for all: another colleague may have him, the same need not.
        (cover(by=CLEO, case=5), cover(), None),
        (cover(by=BEN, case=5), cover(), "cover"),
        (cover(by=CLEO, case=5), cover(case=5), "first"),
        (cover(by=CLEO, case=6), cover(case=5), None),
        # Whoever is away covers for nobody, and nobody goes away who covers.
        (cover(by=BEN), cover(of=BEN, by=CLEO), "cover"),
        (cover(by=BEN, case=5), cover(of=BEN, by=CLEO), "cover"),
        (cover(of=BEN, by=CLEO), cover(of=ANN, by=BEN), "first"),
        (cover(of=BEN, by=CLEO, case=7), cover(of=ANN, by=BEN), None),
        (cover(of=CLEO, by=BEN), cover(of=ANN, by=BEN), None),
    ],
)
def test_covers_that_have_a_day_in_common(wanted: Cover, known: Cover, field: str | None) -> None:
    assert wrong(wanted, known) == ([field] if field else [])


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(0, 9), st.integers(0, 5)),
        max_size=12,
    )
)
def test_no_day_ever_has_two_covers_for_one_officer_or_cover_by_who_is_away(
    asked: list[tuple[int, int, int, int]],
) -> None:
    held: list[Cover] = []
    for officer, by, starts, days in asked:
        wanted = cover(officer, by, starts, starts + days)
        if not objections(wanted, Known(held, (1, 2, 3, 4), TODAY)):
            held.append(wanted)
    for day in (TODAY + timedelta(days=n) for n in range(15)):
        now = [one for one in held if one.on(day)]
        away = [one.officer_id for one in now]
        assert len(away) == len(set(away))
        assert not {one.cover_id for one in now} & set(away)
