"""The outcomes report of a cohort: every figure with what belongs beside it.

For the service the counts are as they are. What leaves it (files, and the commissioner's page) is
made of protected counts, and of means, effect sizes and times of enough men, rounded so that they
tell no count and no man's score. Men still in treatment are left out of it: their figures change
from day to day, and the difference of two days can be one man.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from mhtr.overview import cohort_traits as traits
from mhtr.overview.cohort_queries import Asked, Cohort, Man
from mhtr.overview.cohort_traits import Trait
from outcome_measures.cohorts.coarse import coarse, coarse_days
from outcome_measures.cohorts.cohort import MEASURES, Figure, Members, members
from outcome_measures.cohorts.report import (
    Counts,
    Part,
    Rate,
    count,
    in_order,
    leaving,
    may_be_ranked,
    rates,
)
from outcome_measures.cohorts.statistics import Interval, PrePost, bootstrap, median_time, pre_post
from outcome_measures.definitions import Instrument

F = Figure
SEED = 20
"""Of the resampling: the same men give the same interval each time."""
RESAMPLES = 1000
OF_MEASURE = {
    "phq9": (F.PAIRED_PHQ9, F.UNPAIRED_PHQ9),
    "gad7": (F.PAIRED_GAD7, F.UNPAIRED_GAD7),
}


@dataclass(frozen=True)
class Scores:
    """First and last scores of one measure. Hidden or not to be had is None."""

    instrument: Instrument
    paired: int | None
    unpaired: int | None
    missing: float | None
    paired_figure: Figure
    unpaired_figure: Figure
    values: PrePost | None
    interval: Interval | None
    step: float | None = None
    """To how many points what leaves is rounded; None where nothing is."""


@dataclass(frozen=True)
class Time:
    """Days from the first session until half had improved reliably on a measure."""

    days: int | None
    followed: int | None
    """How many men had a later score that says so either way; None where hidden."""


@dataclass(frozen=True)
class Group:
    """One group of a comparison, its rates with what belongs beside them."""

    part: Part
    recovery: Rate
    improvement: Rate


@dataclass(frozen=True)
class Report:
    """Everything the page, the PDF and the CSV say."""

    asked: Asked
    leaves: bool
    counts: Counts
    rates: tuple[Rate, ...]
    scores: tuple[Scores, ...]
    time: Time
    interim: Counts
    interim_rates: tuple[Rate, ...]
    """Of men still in treatment. None of what leaves."""
    groups: tuple[Group, ...]
    third: Instrument | None
    """The third measure of "two of three"; without one that figure is not reported."""
    left_out: int
    """Groups that are not listed, because they have too few men for what leaves."""
    may_be_ranked: bool
    ranked: bool
    averaged_from: int
    """Means and times of fewer men do not leave."""

    @property
    def nobody(self) -> bool:
        """Whether no episode ended in the period, as far as the reader may know."""
        return not self.counts[F.EPISODES]


def found_in(men: Sequence[Man], third: Instrument | None = None) -> Members:
    """Which men each figure counts."""
    return members((man.episode for man in men), third)


def report(
    cohort: Cohort,
    asked: Asked,
    *,
    leaves: bool,
    today: date,
    trusts: Mapping[str, str],
    ranked: bool = False,
) -> Report:
    """The report of a cohort that was read as asked for."""
    third, is_third = cohort.third, cohort.third is not None
    whole, interim = found_in(cohort.ended, third), found_in(cohort.open, third)
    by_group = _by_group(cohort.ended, asked.compared, today, trusts)
    counts, of_groups = count(whole), {code: count(found) for code, found in by_group.items()}
    interim_counts: Counts = count(interim)
    if leaves:
        counts, of_groups = leaving(whole, by_group, third=is_third)
        interim_counts = dict.fromkeys(F)
    parts = [
        Part(code, traits.words_of(asked.compared, code, trusts), shown)
        for code, shown in of_groups.items()
        if asked.compared and shown[F.FINISHED] is not None
    ]
    return Report(
        asked=asked,
        leaves=leaves,
        counts=counts,
        rates=rates(counts, third=is_third, rounded=leaves),
        scores=tuple(_scores(one, cohort, whole, counts, leaves) for one in MEASURES),
        time=_time(cohort, whole[F.FINISHED], counts, leaves),
        interim=interim_counts,
        interim_rates=() if leaves else rates(interim_counts, third=is_third),
        third=third,
        groups=tuple(_group(part, leaves) for part in in_order(parts, ranked=ranked)),
        left_out=len(of_groups) - len(parts),
        may_be_ranked=may_be_ranked(parts),
        ranked=ranked and may_be_ranked(parts),
        averaged_from=cohort.averaged_from,
    )


def _group(part: Part, leaves: bool) -> Group:
    found = {rate.figure: rate for rate in rates(part.counts, rounded=leaves)}
    return Group(part, found[F.RELIABLY_RECOVERED], found[F.IMPROVED])


def _by_group(
    men: Sequence[Man], trait: Trait | None, today: date, trusts: Mapping[str, str]
) -> dict[str, Members]:
    """The men of each group there is, in the fixed order of the groups."""
    if trait is None:
        return {}
    there = {man.groups[trait] for man in men}
    known = [code for code, _ in traits.choices(trait, today, trusts)]
    ordered = [code for code in known if code in there] + sorted(there.difference(known))
    return {code: found_in([man for man in men if man.groups[trait] == code]) for code in ordered}


def _scores(
    instrument: Instrument, cohort: Cohort, whole: Members, counts: Counts, leaves: bool
) -> Scores:
    paired_figure, unpaired_figure = OF_MEASURE[instrument.id]
    paired, unpaired = counts[paired_figure], counts[unpaired_figure]
    pairs = [
        man.episode.pairs[instrument.id].totals
        for man in cohort.ended
        if man.episode.case_id in whole[paired_figure]
    ]
    of = counts[F.FINISHED]
    values, interval, step = _told(pairs, cohort, instrument, paired, leaves)
    return Scores(
        instrument,
        paired,
        unpaired,
        unpaired / of if unpaired is not None and of else None,
        paired_figure,
        unpaired_figure,
        values,
        interval,
        step,
    )


def _told(
    pairs: Sequence[tuple[int, int]],
    cohort: Cohort,
    instrument: Instrument,
    shown: int | None,
    leaves: bool,
) -> tuple[PrePost | None, Interval | None, float | None]:
    """Means, deviations and effect size with its interval; coarse ones, or none, of what leaves."""
    if not pairs or (leaves and (shown is None or shown < cohort.averaged_from)):
        return None, None, None
    values, interval = pre_post(pairs), _resampled(tuple(pairs))
    if not leaves:
        return values, interval, None
    found = coarse(
        values,
        interval,
        shown=shown,
        highest=instrument.highest,
        averaged_from=cohort.averaged_from,
    )
    return (found.values, found.interval, found.step) if found else (None, None, None)


@lru_cache(maxsize=64)
def _resampled(pairs: tuple[tuple[int, int], ...]) -> Interval | None:
    """Remembered by the scores: the same ones give the same interval."""
    draws = np.random.default_rng(SEED).integers(len(pairs), size=(RESAMPLES, len(pairs)))
    return bootstrap(pairs, draws)


def _time(cohort: Cohort, finished: Collection[int], counts: Counts, leaves: bool) -> Time:
    watched = [
        man.episode.watched
        for man in cohort.ended
        if man.episode.watched is not None and man.episode.case_id in finished
    ]
    days = median_time(watched)
    if not leaves:
        return Time(days, len(watched))
    # Everybody who is paired was followed, so the printed count of those stands for enough men.
    shown = counts[F.PAIRED]
    return Time(coarse_days(days, shown=shown, averaged_from=cohort.averaged_from), None)
