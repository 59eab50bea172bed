"""Statistics of a cohort: intervals, means, effect size, time to improvement. Pure functions.

Chance comes from the caller: `bootstrap` is given which men each resample holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054
"""The standard normal deviate that leaves 2.5 % on each side."""
RANKED_FROM = 50
"""Below this many men a rate is too uncertain to put services or groups in an order by it."""
EFFECT_DENOMINATOR = "standard deviation of the first scores of the same men"
RESAMPLED_FROM = 5
"""A bootstrap of fewer men than this says more about chance than about them."""
COVERED = 0.95
ROUNDING = 1e-9
"""Products of shares such as 2/3 and 3/4 may miss a half by so much."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval, both ends included, in the unit of what it is about."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PrePost:
    """First and last scores of the same men, in points of one measure.

    `effect` is (mean of first - mean of last) / standard deviation of the first scores; positive
    means that scores fell. Standard deviations divide by n - 1. What too few men allow is None.
    """

    men: int
    mean_first: float | None
    sd_first: float | None
    mean_last: float | None
    sd_last: float | None
    effect: float | None


@dataclass(frozen=True, slots=True)
class Watched:
    """How many days from his first treatment session a man was followed, and to what end.

    Either he had improved then, or that is when he was last measured and nobody knows more.
    """

    days: int
    improved: bool


def wilson(number: int, of: int) -> Interval | None:
    """The Wilson score interval of a share, as shares of 1; None of nobody.

    Wilson EB, Journal of the American Statistical Association 1927; 22: 209-212.

    Raises:
        ValueError: the number is negative, or larger than what it is a share of.
    """
    if not 0 <= number <= of:
        raise ValueError("a share is of a number that is not smaller")
    if of == 0:
        return None
    share, square = number / of, Z95**2
    centre = (share + square / (2 * of)) / (1 + square / of)
    half = Z95 / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of**2))
    # At the ends the formula gives 0 and 1 but for rounding in the last place.
    return Interval(
        0.0 if number == 0 else max(0.0, centre - half),
        1.0 if number == of else min(1.0, centre + half),
    )


def pre_post(pairs: Sequence[tuple[int, int]]) -> PrePost:
    """Means, standard deviations and effect size of (first, last) scores."""
    first, last = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    sd_first = _sd(first)
    return PrePost(
        men=len(pairs),
        mean_first=fmean(first) if first else None,
        sd_first=sd_first,
        mean_last=fmean(last) if last else None,
        sd_last=_sd(last),
        effect=(fmean(first) - fmean(last)) / sd_first if sd_first else None,
    )


def _sd(values: Sequence[int]) -> float | None:
    return stdev(values) if len(values) > 1 else None


def bootstrap(pairs: Sequence[tuple[int, int]], draws: NDArray[np.intp]) -> Interval | None:
    """The percentile bootstrap interval of the effect size; None of too few men, or all alike.

    Efron B, Tibshirani RJ. An Introduction to the Bootstrap, 1993, chapter 13. Resamples in which
    every first score is the same have no effect size and are left out.

    Args:
        draws: one row a resample, each the places in `pairs` of as many men as there are.
    """
    if len(pairs) < RESAMPLED_FROM or draws.shape[1] != len(pairs):
        return None
    scores = np.asarray(pairs, dtype=float)
    first = scores[:, 0][draws]
    spread = first.std(axis=1, ddof=1)
    drop = (scores[:, 0] - scores[:, 1])[draws].mean(axis=1)
    usable = spread > 0
    if not usable.any():
        return None
    effects = drop[usable] / spread[usable]
    low, high = np.quantile(effects, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return Interval(float(low), float(high))


def median_time(watched: Sequence[Watched]) -> int | None:
    """Days until half had improved (Kaplan and Meier); None where half never did while followed.

    Men who did not improve count for as long as they were followed. Kaplan EL, Meier P, Journal of
    the American Statistical Association 1958; 53: 457-481.
    """
    share, at_risk = 1.0, len(watched)
    for days in sorted({one.days for one in watched}):
        today = [one for one in watched if one.days == days]
        improved = sum(one.improved for one in today)
        share *= 1 - improved / at_risk
        if share <= 0.5 + ROUNDING:
            return days
        at_risk -= len(today)
    return None
