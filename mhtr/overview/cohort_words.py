"""How the figures of a cohort are written: one way on the page, in the PDF and in the CSV."""

from mhtr.core import formats
from mhtr.overview.cohort_figures import Report, Scores, Time
from mhtr.overview.cohort_queries import Asked
from mhtr.overview.cohort_traits import LABELS, Trait, words_of
from outcome_measures.cohorts.report import Rate
from outcome_measures.cohorts.statistics import RANKED_FROM, Interval

NOT_SHOWN = "not shown"
"""Fewer than five, or it would give such a number away."""
NONE = "–"


def number(value: int | None) -> str:
    """A count; a hidden one says so."""
    return NOT_SHOWN if value is None else f"{value:,}"


def number_of(value: int | None, of: int | None) -> str:
    """A count of a count: `12 of 20`."""
    if value is None and of is None:
        return NOT_SHOWN
    return f"{number(value)} of {number(of)}"


def percent(share: float | None) -> str:
    """A share in whole per cent."""
    return NONE if share is None else f"{100 * share:.0f}%"


def points(value: float | None, step: float | None = None) -> str:
    """A score, or a deviation of scores, in points: with no more decimals than its step has."""
    if value is None:
        return NONE
    return f"{value:.0f}" if step and step >= 1 else f"{value:.1f}"


def per_cent_between(interval: Interval | None) -> str:
    """An interval of a share: `38.7 to 78.1%`."""
    if interval is None:
        return NONE
    return f"{100 * interval.low:.1f} to {100 * interval.high:.1f}%"


def effect(one: Scores) -> str:
    """An effect size, in standard deviations: two decimals inside, one of what leaves."""
    value = one.values.effect if one.values else None
    return NONE if value is None else f"{value:.{_decimals(one)}f}"


def effect_between(one: Scores) -> str:
    """The interval of the effect size: `0.61 to 1.22`."""
    if one.interval is None:
        return NONE
    decimals = _decimals(one)
    return f"{one.interval.low:.{decimals}f} to {one.interval.high:.{decimals}f}"


def _decimals(one: Scores) -> int:
    return 2 if one.step is None else 1


def rate_words(rate: Rate) -> str:
    """A rate in one line: `60% (95% interval 38.7 to 78.1%), 12 of 20 men`."""
    if rate.share is None:
        return NOT_SHOWN if rate.number is None or rate.of is None else "nobody to count"
    return (
        f"{percent(rate.share)} (95% interval {per_cent_between(rate.interval)}), "
        f"{number(rate.number)} of {number(rate.of)} men"
    )


def covered(asked: Asked) -> str:
    """The period in words."""
    return f"{formats.day(asked.first)} to {formats.day(asked.last)}"


def narrowed(asked: Asked, trusts: dict[str, str]) -> str:
    """What the cohort is narrowed to, in words; empty for all of it."""
    return "; ".join(
        f"{LABELS[trait]}: {words_of(trait, code, trusts)}"
        for trait in Trait
        if (code := asked.narrowed.get(trait)) is not None
    )


def treatment_words(asked: Asked) -> str:
    """What "treatment he had" counts; empty where the report does not tell men apart by it."""
    if asked.compared is not Trait.PATHWAY and Trait.PATHWAY not in asked.narrowed:
        return ""
    return (
        "The treatment he had is that of the sessions of his courses at which he was seen; of a "
        "course without recorded attendance, as it was planned. Men who had more than one "
        "treatment, in one course or in several, are a group of their own. Men without a session "
        "of a course stand apart, by what was proposed to them: it is not what they had."
    )


def means(one: Scores) -> tuple[str, str]:
    """Mean and deviation before and after: `15.2 (4.6)`."""
    values = one.values
    if values is None:
        return NONE, NONE
    return (
        f"{points(values.mean_first, one.step)} ({points(values.sd_first, one.step)})",
        f"{points(values.mean_last, one.step)} ({points(values.sd_last, one.step)})",
    )


def averages_words(shown: Report) -> str:
    """How coarse means and times are in what leaves, so that nobody takes them for exact."""
    steps = "; ".join(
        f"{one.instrument.name} to the nearest {one.step:g} "
        f"{'point' if one.step <= 1 else 'points'}"
        for one in shown.scores
        if one.step
    )
    return (
        f"Means, deviations, effect sizes and times of fewer than {shown.averaged_from} men are "
        "not shown, nor scores that hardly differ. Others are rounded, the more so the fewer the "
        f"men{f': {steps}' if steps else ''}. The effect size is of the rounded means."
    )


def time_words(time: Time) -> str:
    """Time to improvement in a sentence."""
    counted = (
        "Days count from the first session to the first reliable improvement on PHQ-9 or GAD-7; "
        "men who did not improve count for as long as they were followed."
    )
    if time.days is None:
        return f"Time until half had improved reliably: not reached, or too few men. {counted}"
    of = f" ({time.followed} men followed)" if time.followed else ""
    return f"Time until half had improved reliably: {time.days} days{of}. {counted}"


def order_words(shown: Report) -> str:
    """In which order groups stand, and why."""
    if shown.ranked:
        return "In order of reliable recovery. Where intervals overlap, the order says little."
    if shown.may_be_ranked:
        return "In a fixed order, not that of the figures."
    return (
        "In a fixed order. They are not put in order of the figures: at least one group has fewer "
        f"than {RANKED_FROM} men, and its place would be chance."
    )


def left_out_words(number: int) -> str:
    """That groups are missing from a comparison that leaves."""
    return (
        f"{'One group is' if number == 1 else 'Some groups are'} not listed: too few men, or a "
        "number that would give such a group away."
    )


def third_words(shown: Report) -> str:
    """Which measure is the third of "two of three", or why that is not reported."""
    if shown.third is None:
        return "“Two of three measures” is not reported: no third measure has a rule in force."
    return (
        f"The third measure is {shown.third.name}; men without two scores of it are not left out."
    )
