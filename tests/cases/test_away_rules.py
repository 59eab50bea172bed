"""When a man under an order could not attend, from his facts."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.cases.away import Stay, objections_to_end, objections_to_start, stays
from mhtr.cases.facts import Away, Fact, FactKind
from mhtr.cases.rules import can, fold
from tests.cases.paths import PATH, fact, path, up_to

K = FactKind
TODAY = date(2026, 11, 21)
SENTENCED = date(2026, 11, 2)


def on(day: int, number: int, kind: FactKind, **detail: object) -> Fact:
    at = datetime(2026, 11, day, 12, tzinfo=UTC)
    return replace(fact(number, kind), on=at, recorded_at=at, detail=detail)


WENT = on(3, 50, K.AWAY, where="custody")
CAME = on(9, 51, K.BACK)
AGAIN = on(12, 52, K.AWAY, where="hospital")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([], ()),
        ([WENT], (Stay(Away.CUSTODY, date(2026, 11, 3), None, 50, 50),)),
        ([CAME, WENT], (Stay(Away.CUSTODY, date(2026, 11, 3), date(2026, 11, 9), 51, 50),)),
        ([WENT, on(10, 53, K.CORRECTED, fact_id=50)], ()),
        (
            [WENT, CAME, on(10, 53, K.CORRECTED, fact_id=51)],
            (Stay(Away.CUSTODY, date(2026, 11, 3), None, 50, 50),),
        ),
        ([CAME], ()),
        (
            [WENT, CAME, AGAIN],
            (
                Stay(Away.CUSTODY, date(2026, 11, 3), date(2026, 11, 9), 51, 50),
                Stay(Away.HOSPITAL, date(2026, 11, 12), None, 52, 52),
            ),
        ),
    ],
)
def test_what_counts_of_it(facts: list[Fact], expected: tuple[Stay, ...]) -> None:
    assert stays(facts, TODAY) == expected


@given(st.lists(st.sampled_from([K.AWAY, K.BACK]), max_size=8))
def test_only_the_last_stay_is_open_and_none_overlap(kinds: list[FactKind]) -> None:
    found = stays(path(*kinds), TODAY)
    for one, after in zip(found, found[1:], strict=False):
        if one.until is not None:
            assert one.until <= after.since
    standing = fold(path(*kinds), TODAY)
    assert (standing.away is not None) is bool(found and found[-1].until is None)


def test_it_is_recorded_under_an_order_alone_and_ends_whenever() -> None:
    under, over = up_to(K.TREATMENT_STARTED), up_to(K.TREATMENT_ENDED)
    away = fact(70, K.AWAY)
    assert can(K.AWAY, under, TODAY).allowed
    assert not can(K.AWAY, up_to(K.PROPOSED), TODAY).allowed
    assert not can(K.AWAY, over, TODAY).allowed
    assert not can(K.BACK, under, TODAY).allowed
    gone = [*under, replace(away, on=under[-1].on, recorded_at=under[-1].on)]
    assert can(K.BACK, gone, TODAY).allowed
    assert not can(K.AWAY, gone, TODAY).allowed
    assert can(K.TREATMENT_ENDED, gone, TODAY).allowed
    assert can(K.BACK, [*over, replace(away, on=over[-2].on)], TODAY).allowed
    assert fold(gone, TODAY).state is fold(under, TODAY).state


def test_it_is_said_where_he_is_and_since_when() -> None:
    facts = up_to(PATH[-3])
    gone = [*facts, replace(fact(70, K.AWAY), on=facts[-1].on, recorded_at=facts[-1].on)]
    day = facts[-1].day
    assert f"He is in custody since {day.day} October 2026 and cannot attend." in (
        fold(gone, TODAY).reasons
    )


ENDED = Stay(Away.CUSTODY, date(2026, 11, 3), date(2026, 11, 9), 51, 50)


@pytest.mark.parametrize(
    ("since", "known", "words"),
    [
        (date(2026, 11, 9), [ENDED], ""),
        (date(2026, 11, 8), [ENDED], "until 9 November 2026"),
        (date(2026, 11, 22), [], "in the future"),
        (date(2026, 11, 1), [], "before the sentence on 2 November 2026"),
        (SENTENCED, [], ""),
        (TODAY, [], ""),
    ],
)
def test_when_it_can_begin(since: date, known: list[Stay], words: str) -> None:
    assert words in " ".join(objections_to_start(since, known, SENTENCED, TODAY))
    assert bool(words) is bool(objections_to_start(since, known, SENTENCED, TODAY))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 3), ""),
        (date(2026, 11, 2), "began on 3 November 2026"),
        (date(2026, 11, 22), "in the future"),
    ],
)
def test_when_it_can_end(day: date, words: str) -> None:
    stay = Stay(Away.CUSTODY, date(2026, 11, 3), None, 50, 50)
    found = objections_to_end(day, stay, TODAY)
    assert bool(found) is bool(words)
    assert words in " ".join(found)
