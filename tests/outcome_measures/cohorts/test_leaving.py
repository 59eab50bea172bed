"""The figures of a cohort outside the service: no man's few can be worked out from them."""

from collections.abc import Mapping, Sequence
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from outcome_measures.cohorts.cohort import Episode, Figure, members
from outcome_measures.cohorts.disclosure import FEWEST, SLACK, rounded
from outcome_measures.cohorts.report import COMPARED, OF_THREE, SUMS, UNSAID, leaving, rates
from tests.counts import count
from tests.outcome_measures.cohorts.men import cohorts, man

F = Figure
Counts = Mapping[Figure, int | None]


def at_most(value: int | None) -> float:
    return inf if value is None else value + SLACK


def at_least(value: int | None) -> int:
    return 0 if value is None else max(FEWEST, value - SLACK)


def narrow(whole: int | None, others: Sequence[int | None]) -> float:
    """How many numbers a count can be, by taking its other parts from the total."""
    low = max(0, at_least(whole) - sum(at_most(one) for one in others))
    high = at_most(whole) - sum(at_least(one) for one in others)
    return high - low


def attack(true: Mapping[Figure, frozenset[int]], shown: Counts) -> None:
    """Add and subtract the printed figures in every way the sums allow."""
    for total, parts in SUMS:
        if OF_THREE & {total, *parts}:
            continue
        for part in parts:
            if len(true[part]) >= FEWEST or shown[part] is not None:
                continue
            others = [shown[other] for other in parts if other is not part]
            assert narrow(shown[total], others) >= FEWEST - 1, (total, part, shown)
        if len(true[total]) < FEWEST:
            assert sum(at_most(shown[part]) for part in parts) >= FEWEST - 1


@given(cohorts(largest=60))
@settings(max_examples=count(60, 400))
def test_nothing_small_is_printed_and_nothing_small_comes_back(episodes: list[Episode]) -> None:
    true = members(episodes)
    shown, _ = leaving(true)
    for figure, said in shown.items():
        assert said is None or (len(true[figure]) >= FEWEST and said == rounded(len(true[figure])))
        assert said is None or figure not in UNSAID
    attack(true, shown)


@given(cohorts(largest=80), st.integers(1, 5))
@settings(max_examples=count(40, 300))
def test_groups_give_nothing_away_either(episodes: list[Episode], groups: int) -> None:
    found = {
        str(code): members([one for one in episodes if one.case_id % groups == code])
        for code in range(groups)
    }
    true = members(episodes)
    whole, parts = leaving(true, found)
    assert whole == leaving(true)[0]
    attack(true, whole)
    for figure in COMPARED:
        for code, shown in parts.items():
            if shown[figure] is None and len(found[code][figure]) < FEWEST:
                others = [held[figure] for other, held in parts.items() if other != code]
                assert narrow(whole[figure], others) >= FEWEST - 1, (figure, code)


@given(cohorts(largest=60))
@settings(max_examples=count(40, 200))
def test_rates_are_made_of_what_is_printed_and_of_nothing_else(episodes: list[Episode]) -> None:
    shown, _ = leaving(members(episodes))
    for one in rates(shown):
        if shown[one.figure] is None or shown[one.base] is None:
            assert one.share is None and one.interval is None
        elif one.of:
            assert one.number is not None and one.share == one.number / one.of


def test_a_large_cohort_is_still_told() -> None:
    well = [man(number, (18, 15), (6, 5)) for number in range(1, 61)]
    same = [man(number, (18, 15), (18, 14)) for number in range(61, 101)]
    lost = [man(number, (18, 15), sessions=4) for number in range(101, 121)]
    shown, _ = leaving(members([*well, *same, *lost]))
    assert (shown[F.FINISHED], shown[F.RELIABLY_RECOVERED], shown[F.UNPAIRED]) == (120, 60, 20)
    assert shown[F.IMPROVED] == 60 and shown[F.BASE] == 120
    assert shown[F.DETERIORATED] is None


def test_a_cohort_of_few_is_told_nothing_of() -> None:
    shown, parts = leaving(members([man(1, (18, 15), (6, 5))]))
    assert set(shown.values()) == {None} and parts == {}
