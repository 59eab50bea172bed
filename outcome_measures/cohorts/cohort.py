"""A cohort: from the scores of each man to the sets of men that every figure counts.

An episode is over once his case has ended or was closed after sentence and at least one treatment
session with him is recorded (a contact at the time point "session"). A finished course is an ended
episode with two treatment sessions or more, on one day or on several: NHS Talking Therapies counts
attended appointments. Follow-up does not count.

Figures are sets of men, so that the men behind each can be shown to those who may see them.
Calculated by the NHS Talking Therapies rules (`change`); this is no Talking Therapies return.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from outcome_measures.change import Change, Totals, Tri, at_caseness, classes, improved_on, reliable
from outcome_measures.cohorts.statistics import Watched
from outcome_measures.definitions import Instrument
from outcome_measures.episodes import Sessions
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.series import (
    BaselineRule,
    Pair,
    ScorePoint,
    baseline,
    in_order,
    of_instrument,
    pair,
)
from outcome_measures.time_points import TimePoint

MEASURES: tuple[Instrument, ...] = (PHQ9, GAD7)
"""The measures every class rests on."""


class Figure(StrEnum):
    """What is counted. Those marked "not printed" only complete a sum."""

    EPISODES = "episodes"
    SHORT = "short"
    FINISHED = "finished"
    PAIRED = "paired"
    UNPAIRED = "unpaired"
    PAIRED_PHQ9 = "paired_phq9"
    UNPAIRED_PHQ9 = "unpaired_phq9"
    PAIRED_GAD7 = "paired_gad7"
    UNPAIRED_GAD7 = "unpaired_gad7"
    UNPAIRED_ONLY_PHQ9 = "unpaired_only_phq9"  # not printed
    UNPAIRED_ONLY_GAD7 = "unpaired_only_gad7"  # not printed
    NOT_A_CASE = "not_a_case"
    BASE = "base"
    BASE_PAIRED = "base_paired"
    BASE_UNPAIRED = "base_unpaired"
    NOT_A_CASE_UNPAIRED = "not_a_case_unpaired"  # not printed
    RECOVERED = "recovered"
    NOT_RECOVERED = "not_recovered"  # not printed
    RELIABLY_RECOVERED = "reliably_recovered"
    RECOVERED_ONLY = "recovered_only"  # not printed
    IMPROVED = "improved"
    IMPROVED_ONLY = "improved_only"  # not printed
    DETERIORATED = "deteriorated"
    NO_CHANGE = "no_change"
    ON_ONE = "on_one"
    ON_ONE_MIXED = "on_one_mixed"  # not printed
    NOT_ON_ONE = "not_on_one"  # not printed
    ONE_KNOWN = "one_known"
    ONE_UNKNOWN = "one_unknown"
    ONE_UNPAIRED = "one_unpaired"  # not printed
    ON_TWO = "on_two"
    NOT_ON_TWO = "not_on_two"  # not printed
    TWO_KNOWN = "two_known"
    TWO_UNKNOWN = "two_unknown"
    AT_END = "at_end"
    CARRIED = "carried"
    AT_END_IMPROVED = "at_end_improved"
    AT_END_OTHER = "at_end_other"  # not printed
    CARRIED_IMPROVED = "carried_improved"  # not printed


F = Figure


@dataclass(frozen=True)
class Episode:
    """One man's episode as far as his scores say. `ended_on` is None while it is open."""

    case_id: int
    ended_on: date | None
    sessions: Sessions
    firsts: Mapping[str, int]
    """Baseline total by instrument, with or without a later score."""
    pairs: Mapping[str, Pair]
    """By instrument; absent where there are no two scores to compare."""
    watched: Watched | None

    @cached_property
    def totals(self) -> Mapping[str, Totals]:
        """First and last total of each pair."""
        return {name: Totals(*held.totals) for name, held in self.pairs.items()}

    @cached_property
    def counted(self) -> frozenset[Figure]:
        """The figures that count him, but for those of three measures.

        Kept with the episode, which is remembered for as long as nothing of it changes.
        """
        return frozenset(_counted(self))


def episode(
    case_id: int,
    ended_on: date | None,
    sessions: Sessions,
    points: Sequence[ScorePoint],
    rule: BaselineRule,
) -> Episode:
    """An episode from all the scores of a case. The last score observed stands for the end."""
    firsts: dict[str, int] = {}
    pairs: dict[str, Pair] = {}
    for name in sorted({point.instrument for point in points}):
        own = of_instrument(points, name)
        first = baseline(own, rule, sessions.first_on)
        if first is not None and first.total is not None:
            firsts[name] = first.total
        both = pair(own, rule, sessions.first_on)
        if both is not None:
            pairs[name] = both
    return Episode(
        case_id, ended_on, sessions, firsts, pairs, _watched(points, rule, sessions.first_on)
    )


_NO_OUTCOME = frozenset({TimePoint.PRE_SENTENCE, TimePoint.FOLLOW_UP})
"""Scores that end no pair, so that no improvement is counted from them either."""


def _watched(points: Iterable[ScorePoint], rule: BaselineRule, start: date) -> Watched | None:
    """Until the first reliable improvement on either measure, or the last score without one."""
    last: date | None = None
    improved: list[date] = []
    given = in_order(points)
    for instrument in MEASURES:
        own = of_instrument(given, instrument.id)
        first = baseline(own, rule, start)
        if first is None or first.total is None:
            continue
        for later in own:
            if later.total is None or later.on <= first.on or later.point in _NO_OUTCOME:
                continue
            last = max(last or later.on, later.on)
            if reliable(instrument, Totals(first.total, later.total)) is Change.IMPROVED:
                improved.append(later.on)
    if last is None:
        return None
    until = min(improved, default=last)
    return Watched(max(0, (until - start).days), bool(improved))


Members = Mapping[Figure, frozenset[int]]


def members(episodes: Iterable[Episode], third: Instrument | None = None) -> Members:
    """Which men each figure counts, by case. Open episodes and ended ones are not mixed.

    For open episodes "finished" holds all of them: every figure of theirs is interim.

    Args:
        third: the measure that makes "two of three", where it has a rule that is signed for.

    Raises:
        ValueError: some episodes have ended and others have not.
    """
    found: dict[Figure, set[int]] = {figure: set() for figure in Figure}
    given = list(episodes)
    if len({one.ended_on is None for one in given}) > 1:
        raise ValueError("open episodes are reported apart from ended ones")
    for one in given:
        for figure in _figures_of(one, third):
            found[figure].add(one.case_id)
    return {figure: frozenset(ids) for figure, ids in found.items()}


def _figures_of(one: Episode, third: Instrument | None) -> frozenset[Figure]:
    if third is None or F.FINISHED not in one.counted:
        return one.counted
    changes = [_change(one, instrument) for instrument in (*MEASURES, third)]
    return one.counted | _ON_TWO[improved_on(2, changes)]


def _change(one: Episode, instrument: Instrument) -> Change | None:
    totals = one.totals.get(instrument.id)
    return None if totals is None else reliable(instrument, totals)


def _counted(one: Episode) -> set[Figure]:
    phq, gad = one.totals.get(PHQ9.id), one.totals.get(GAD7.id)
    ended = one.ended_on is not None
    found = classes(phq, gad, treatment_contacts=one.sessions.number, episode_ended=ended)
    if ended and found.completed_course is not Tri.YES:
        return {F.EPISODES, F.SHORT}
    counted = {F.EPISODES, F.FINISHED}
    counted.add(F.PAIRED_PHQ9 if phq else F.UNPAIRED_PHQ9)
    counted.add(F.PAIRED_GAD7 if gad else F.UNPAIRED_GAD7)
    is_case = at_caseness(one.firsts.get(PHQ9.id), one.firsts.get(GAD7.id)) is not Tri.NO
    counted.add(F.BASE if is_case else F.NOT_A_CASE)
    improved = found.reliable_improvement is Tri.YES
    counted |= _on_measures(one, improved)
    if not (phq and gad):
        counted.add(F.UNPAIRED)
        counted.add(F.BASE_UNPAIRED if is_case else F.NOT_A_CASE_UNPAIRED)
        if not phq and gad:
            counted.add(F.UNPAIRED_ONLY_PHQ9)
        if not gad and phq:
            counted.add(F.UNPAIRED_ONLY_GAD7)
        return counted
    counted.add(F.PAIRED)
    recovered = found.recovery is Tri.YES
    if improved:
        counted.add(F.IMPROVED)
    else:
        worse = found.reliable_deterioration is Tri.YES
        counted.add(F.DETERIORATED if worse else F.NO_CHANGE)
    if is_case:
        counted |= {F.BASE_PAIRED, F.RECOVERED if recovered else F.NOT_RECOVERED}
    if recovered:
        counted.add(F.RELIABLY_RECOVERED if improved else F.RECOVERED_ONLY)
    if improved and not recovered:
        counted.add(F.IMPROVED_ONLY)
    return counted | _at_end(one, improved)


def _on_measures(one: Episode, improved: bool) -> set[Figure]:
    """Improved on at least one of the two."""
    changes = [_change(one, instrument) for instrument in MEASURES]
    on_one = improved_on(1, changes)
    found = set(_ON_ONE[on_one])
    if on_one is Tri.YES and not improved:
        found.add(F.ON_ONE_MIXED)
    if on_one is Tri.YES and None in changes:
        found.add(F.ONE_UNPAIRED)
    return found


_ON_ONE: Mapping[Tri, frozenset[Figure]] = {
    Tri.YES: frozenset({F.ON_ONE, F.ONE_KNOWN}),
    Tri.NO: frozenset({F.NOT_ON_ONE, F.ONE_KNOWN}),
    Tri.NA: frozenset({F.ONE_UNKNOWN}),
}
_ON_TWO: Mapping[Tri, frozenset[Figure]] = {
    Tri.YES: frozenset({F.ON_TWO, F.TWO_KNOWN}),
    Tri.NO: frozenset({F.NOT_ON_TWO, F.TWO_KNOWN}),
    Tri.NA: frozenset({F.TWO_UNKNOWN}),
}


def _at_end(one: Episode, improved: bool) -> set[Figure]:
    """Whether both last scores are from the last session or after it, or carried forward."""
    last = min(one.pairs[instrument.id].last.on for instrument in MEASURES)
    if last < one.sessions.last_on:
        return {F.CARRIED, *((F.CARRIED_IMPROVED,) if improved else ())}
    return {F.AT_END, F.AT_END_IMPROVED if improved else F.AT_END_OTHER}
