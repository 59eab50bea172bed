"""Means outside the service: they tell no count more exactly, and no man's score."""

from dataclasses import replace
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcome_measures.cohorts.coarse import Coarse, coarse, coarse_days, step_for
from outcome_measures.cohorts.disclosure import SLACK, rounded
from outcome_measures.cohorts.statistics import Interval, bootstrap, pre_post
from tests.counts import count

HIGHEST = 27
FROM = 30
Pairs = list[tuple[int, int]]


def told(pairs: Pairs, shown: int | None = None) -> Coarse | None:
    """What is printed of some men, whose count is printed rounded."""
    draws = np.random.default_rng(20).integers(len(pairs), size=(120, len(pairs)))
    said = rounded(len(pairs)) if shown is None else shown
    interval = bootstrap(pairs, draws)
    return coarse(
        pre_post(pairs), interval, shown=said, highest=HIGHEST, averaged_from=FROM
    )  # fmt: skip


def some(men: int, seed: int) -> Pairs:
    chance = np.random.default_rng(seed)
    first = chance.integers(6, 26, size=men)
    last = np.clip(first - chance.integers(-5, 15, size=men), 0, HIGHEST)
    return list(zip(first.tolist(), last.tolist(), strict=True))


@given(st.integers(20, 3000), st.sampled_from((21, 27, 40)))
def test_the_sum_of_scores_stays_uncertain_by_a_whole_scale(shown: int, highest: int) -> None:
    step = step_for(shown, highest)
    if step is not None:
        assert (shown - SLACK) * step >= highest - 1e-9


@pytest.mark.parametrize(
    ("shown", "step"), [(30, 1.0), (55, 1.0), (60, 0.5), (140, 0.2), (300, 0.1), (15, None)]
)
def test_the_step_widens_as_men_get_fewer(shown: int, step: float | None) -> None:
    assert step_for(shown, HIGHEST) == step


@given(st.integers(28, 600), st.integers(0, 10_000))
@settings(max_examples=count(60, 500))
def test_both_means_fit_each_of_the_five_counts(men: int, seed: int) -> None:
    """The attack that gave the exact count: of which counts near it can both means be made?"""
    printed = told(some(men, seed))
    assert printed is not None
    for number in range(printed.values.men - SLACK, printed.values.men + SLACK + 1):
        for mean in (printed.values.mean_first, printed.values.mean_last):
            assert mean is not None
            low, high = (mean - printed.step / 2) * number, (mean + printed.step / 2) * number
            assert ceil(low + 1e-6) <= floor(high - 1e-6), (number, mean)


def other_men(pairs: Pairs, number: int, printed: Coarse) -> bool:
    """Whether so many men could have given everything that is printed: men like these are tried."""
    chance = np.random.default_rng(number)
    for trial in range(600):
        places = chance.permutation(len(pairs))[:number]
        more = chance.integers(len(pairs), size=max(0, number - len(pairs)))
        tried = np.asarray(pairs)[np.concatenate([places, more])]
        moved = chance.random(tried.shape) < 0.02 * (trial % 20)
        tried = np.clip(tried + moved * chance.integers(-4, 5, size=tried.shape), 0, HIGHEST)
        if told([(int(one), int(two)) for one, two in tried], printed.values.men) == printed:
            return True
    return False


@given(st.integers(28, 90), st.integers(0, 10_000))
@settings(max_examples=count(15, 60), deadline=None)
def test_means_deviations_effect_and_interval_together_fit_each_count(men: int, seed: int) -> None:
    pairs = some(men, seed)
    printed = told(pairs)
    assert printed is not None
    for number in range(printed.values.men - SLACK, printed.values.men + SLACK + 1):
        assert other_men(pairs, number, printed), (men, number)


@given(st.integers(28, 200), st.integers(0, 10_000), st.integers(0, 27), st.integers(0, 27))
@settings(max_examples=count(60, 400))
def test_a_man_more_is_not_told_from_another_man_more(
    men: int, seed: int, first: int, last: int
) -> None:
    """Of two reports that differ by a man, even with both counts known: any score, or nearly."""
    without, with_him = told(some(men, seed)), told([*some(men, seed), (first, last)])
    assert without is not None and with_him is not None
    before, after = without.values, with_him.values
    for one, other in ((before.mean_first, after.mean_first), (before.mean_last, after.mean_last)):
        assert one is not None and other is not None
        least = (other - with_him.step / 2) * (men + 1) - (one + without.step / 2) * men
        most = (other + with_him.step / 2) * (men + 1) - (one - without.step / 2) * men
        assert most - least >= 2 * HIGHEST * 0.9


def test_nothing_of_few_men_and_the_exact_count_does_not_decide() -> None:
    assert told(some(27, 1)) is None and told(some(28, 1)) is not None
    # The same rounded count: whether something is shown says no more than the count does.
    assert all((told(some(men, 1)) is None) == (men < 28) for men in range(23, 33))
    assert coarse(pre_post(some(40, 1)), None, shown=None, highest=27, averaged_from=30) is None


def test_nothing_of_men_who_all_scored_alike() -> None:
    assert told([(18, 6)] * 40) is None
    assert told([*some(40, 2)[:20], *[(18, 6)] * 20]) is not None


def test_the_effect_is_of_the_printed_means_and_within_the_printed_interval() -> None:
    printed = told(some(40, 3))
    assert printed is not None and printed.interval is not None
    values = printed.values
    assert values.mean_first is not None and values.mean_last is not None and values.sd_first
    assert values.effect == round((values.mean_first - values.mean_last) / values.sd_first, 1)
    assert printed.interval.low <= values.effect <= printed.interval.high
    assert values.mean_first == round(values.mean_first)


def test_an_interval_is_never_printed_narrower() -> None:
    values = replace(pre_post(some(40, 3)), mean_first=18.2, mean_last=9.1, sd_first=5.2)
    found = coarse(values, Interval(1.23, 1.27), shown=40, highest=27, averaged_from=30)
    assert found is not None and found.interval == Interval(1.2, 1.8)
    many = coarse(values, Interval(1.23, 1.31), shown=600, highest=27, averaged_from=30)
    assert many is not None and many.interval == Interval(1.2, 1.8)


@pytest.mark.parametrize(
    ("days", "shown", "said"),
    [(37, 30, 42), (37, 100, 35), (34, 60, 28), (37, 25, None), (37, None, None), (None, 90, None)],
)
def test_days_leave_as_weeks(days: int | None, shown: int | None, said: int | None) -> None:
    assert coarse_days(days, shown=shown, averaged_from=FROM) == said
