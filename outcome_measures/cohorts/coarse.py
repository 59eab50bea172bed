"""Means, deviations, effect sizes and times as they may leave the service: coarse ones.

A mean with decimals is a sum divided by a count, and few counts near the printed one give it: it
would tell the exact count, and with it every count that was hidden. Two such means of men who
differ by one would tell his score. So what leaves is rounded to a step that grows as the printed
count falls: at least so wide that the sum of the scores stays uncertain by a whole scale, and so
that each of the five counts a printed one stands for fits. Whether and how finely something is
shown depends on printed counts only, never on exact ones.
"""

from dataclasses import dataclass
from math import ceil, floor

from outcome_measures.cohorts.disclosure import FEWEST, SLACK
from outcome_measures.cohorts.statistics import Interval, PrePost, wilson

TENTHS = (1, 2, 5, 10, 20)
"""The steps there are, in tenths of a point."""
EFFECT_STEP = 0.1
"""Effect sizes are in tenths of a standard deviation."""
MANY = 100
INTERVAL_STEPS = (0.1, 0.2)
"""Ends of their intervals, of many men and of fewer: they narrow with the exact count."""
WEEK, FORTNIGHT = 7, 14
NEARLY = 1e-9


@dataclass(frozen=True, slots=True)
class Coarse:
    """Scores before and after as they leave, all to the nearest `step` points."""

    values: PrePost
    interval: Interval | None
    step: float


def step_for(shown: int, highest: int) -> float | None:
    """To which step scores of so many men are rounded, in points; None where no step is enough.

    Args:
        shown: the count as it is printed.
        highest: the top of the scale.
    """
    least = shown - SLACK
    return next((tenth / 10 for tenth in TENTHS if least * tenth >= 10 * highest), None)


def coarse(
    values: PrePost,
    interval: Interval | None,
    *,
    shown: int | None,
    highest: int,
    averaged_from: int,
) -> Coarse | None:
    """What may leave of scores before and after; None where nothing may.

    Nothing of a printed count below `averaged_from`, and nothing where scores hardly differ: a
    deviation of nought would say what everybody scored. The effect size is worked out from the
    printed means and deviation, so it tells nothing that they do not.
    """
    step = None if shown is None or shown < averaged_from else step_for(shown, highest)
    exact = (values.mean_first, values.sd_first, values.mean_last, values.sd_last)
    known = [value for value in exact if value is not None]
    if shown is None or step is None or len(known) < len(exact):
        return None
    mean_first, sd_first, mean_last, sd_last = (_to(value, step) for value in known)
    if not sd_first or not sd_last:
        return None
    effect = _to((mean_first - mean_last) / sd_first, EFFECT_STEP)
    printed = PrePost(shown, mean_first, sd_first, mean_last, sd_last, effect)
    return Coarse(printed, _outward(interval, effect, INTERVAL_STEPS[shown < MANY]), step)


def coarse_days(days: int | None, *, shown: int | None, averaged_from: int) -> int | None:
    """Days to whole weeks of many men, to fortnights of fewer; None of too few, or of no days."""
    if days is None or shown is None or shown < averaged_from:
        return None
    return round(_to(days, WEEK if shown >= MANY else FORTNIGHT))


def wilson_of_rounded(number: int, of: int) -> Interval | None:
    """An interval that holds the Wilson interval of all the counts that rounded ones stand for.

    Of 15 in 15 it may be 13 in 17: an interval of the printed counts would leave out what was
    found. None of nobody.
    """
    if of == 0:
        return None
    fewest = max(FEWEST, of - SLACK)
    low = wilson(max(FEWEST, number - SLACK), of + SLACK)
    high = wilson(min(number + SLACK, fewest), fewest)
    return Interval(low.low, high.high) if low and high else None


def _to(value: float, step: float) -> float:
    """To the nearest step, the half upwards."""
    return round(floor(value / step + 0.5 + NEARLY) * step, 1)


def _outward(interval: Interval | None, effect: float, step: float) -> Interval | None:
    """An interval no narrower than it was, that holds the printed effect size."""
    if interval is None:
        return None
    low, high = min(interval.low, effect), max(interval.high, effect)
    return Interval(
        round(floor(low / step + NEARLY) * step, 1), round(ceil(high / step - NEARLY) * step, 1)
    )
