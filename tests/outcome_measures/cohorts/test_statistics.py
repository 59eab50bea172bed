"""Statistics of a cohort against published values and against what must always hold."""

from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.cohorts.statistics import (
    Interval,
    Watched,
    bootstrap,
    median_time,
    pre_post,
    wilson,
)

PAIRS = st.lists(st.tuples(st.integers(0, 27), st.integers(0, 27)), min_size=5, max_size=60)


@pytest.mark.parametrize(
    ("number", "of", "low", "high"),
    [
        (12, 20, 38.7, 78.1),  # the example of the service's reference on measures
        (81, 263, 25.5, 36.6),  # Newcombe, Statistics in Medicine 1998; 17: 857, table I, method 3
        (15, 148, 6.2, 16.0),  # the same
        (0, 20, 0.0, 16.1),  # the same
        (1, 29, 0.6, 17.2),  # the same
        (29, 29, 88.3, 100.0),  # mirrored from 0 of 29: 0.0 to 11.7
    ],
)
def test_wilson_agrees_with_what_is_published(
    number: int, of: int, low: float, high: float
) -> None:
    found = wilson(number, of)
    assert found is not None
    assert (round(100 * found.low, 1), round(100 * found.high, 1)) == (low, high)


@given(st.integers(1, 2000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilson_holds_the_share_and_stays_within_nought_and_one(given_: tuple[int, int]) -> None:
    number, of = given_
    found, other = wilson(number, of), wilson(of - number, of)
    assert found is not None and other is not None
    assert 0 <= found.low <= number / of <= found.high <= 1
    assert isclose(found.low, 1 - other.high, abs_tol=1e-12)


@given(st.integers(1, 400), st.integers(2, 9))
def test_wilson_narrows_with_more_men(half: int, times: int) -> None:
    few, many = wilson(half, 2 * half), wilson(half * times, 2 * half * times)
    assert few is not None and many is not None
    assert many.high - many.low < few.high - few.low


def test_wilson_of_nobody_and_of_nonsense() -> None:
    assert wilson(0, 0) is None
    for number, of in ((3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="share"):
            wilson(number, of)


def test_means_deviations_and_effect_size_by_hand() -> None:
    found = pre_post([(18, 9), (14, 8), (10, 10)])
    assert (found.men, found.mean_first, found.mean_last) == (3, 14, 9)
    assert found.sd_first == 4
    assert found.sd_last == 1
    assert found.effect == (14 - 9) / 4


def test_what_too_few_men_allow_is_left_out() -> None:
    assert pre_post([]).mean_first is None
    one = pre_post([(18, 9)])
    assert (one.mean_first, one.sd_first, one.effect) == (18, None, None)
    alike = pre_post([(12, 9), (12, 3)])
    assert (alike.sd_first, alike.effect) == (0, None)


@given(PAIRS)
def test_the_effect_is_none_of_a_copy_and_turns_with_its_sign(pairs: list[tuple[int, int]]) -> None:
    effect = pre_post(pairs).effect
    assert pre_post([(first, first) for first, _ in pairs]).effect in (0, None)
    if effect is not None:
        moved = pre_post([(first + 3, last + 3) for first, last in pairs]).effect
        assert moved is not None and isclose(effect, moved, abs_tol=1e-9)


def draws(
    men: int, times: int = 400, seed: int = 5
) -> np.ndarray[tuple[int, int], np.dtype[np.intp]]:
    return np.random.default_rng(seed).integers(men, size=(times, men))


@given(st.integers(0, 10_000))
def test_the_bootstrap_holds_the_effect_of_ordinary_data(seed: int) -> None:
    chance = np.random.default_rng(seed)
    first = chance.integers(8, 25, size=60)
    last = np.clip(first - chance.integers(-4, 12, size=60), 0, 27)
    pairs = list(zip(first.tolist(), last.tolist(), strict=True))
    found, effect = bootstrap(pairs, draws(60)), pre_post(pairs).effect
    assert found is not None and effect is not None
    assert found.low < effect < found.high


def test_the_bootstrap_is_the_same_each_time_and_follows_its_draws() -> None:
    pairs = [(18, 9), (14, 8), (10, 10), (22, 15), (9, 4), (16, 17)]
    assert bootstrap(pairs, draws(6)) == bootstrap(pairs, draws(6))
    assert bootstrap(pairs, draws(6)) != bootstrap(pairs, draws(6, seed=6))
    as_they_are = np.array([[0, 1, 2, 3, 4, 5]])
    effect = pre_post(pairs).effect
    found = bootstrap(pairs, as_they_are)
    assert effect is not None and found is not None
    assert isclose(found.low, effect) and isclose(found.high, effect)


def test_the_bootstrap_says_nothing_of_too_few_men_or_of_men_all_alike() -> None:
    assert bootstrap([(10, 5)] * 4, draws(4)) is None
    assert bootstrap([(10, 5)] * 6, draws(6)) is None
    assert bootstrap([(10, 5)] * 6, draws(7)) is None


W = Watched


@pytest.mark.parametrize(
    ("watched", "days"),
    [
        ([], None),
        ([W(10, False)], None),
        ([W(10, True)], 10),
        ([W(7, True), W(14, True), W(21, True)], 14),
        ([W(7, True), W(14, True)], 7),  # half is enough
        ([W(7, True), W(30, False), W(30, False)], None),
        # The one who left on day 5 does not count as never improved: 3 at risk, then 2.
        ([W(5, False), W(7, True), W(14, True), W(21, True)], 14),
        # Improved on a day on which another was last measured: both were at risk.
        ([W(7, True), W(7, False), W(9, True)], 9),
        ([W(4, True), W(6, True), W(6, True), W(8, False)], 6),
        # 3/4 x 2/3 is a half.
        ([W(1, True), W(2, True), W(3, False), W(3, False)], 2),
    ],
)
def test_days_until_half_have_improved(watched: list[Watched], days: int | None) -> None:
    assert median_time(watched) == days
    assert median_time(list(reversed(watched))) == days


def test_kaplan_and_meier_on_published_data() -> None:
    """Freireich 1963, the 6-MP arm, as in every textbook: median remission 23 weeks."""
    relapsed = (6, 6, 6, 7, 10, 13, 16, 22, 23)
    still = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    assert median_time([W(t, True) for t in relapsed] + [W(t, False) for t in still]) == 23


def test_an_interval_is_a_value() -> None:
    assert Interval(0.1, 0.2) == Interval(0.1, 0.2)
