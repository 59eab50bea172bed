"""The figures of a cohort as they are reported: rates with both denominators, and what they mean.

The same functions make the report for the service and, from protected counts, the one that leaves
it: a count that is None is hidden, and so is every rate that needs it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from outcome_measures.cohorts.coarse import wilson_of_rounded
from outcome_measures.cohorts.cohort import Figure, Members
from outcome_measures.cohorts.disclosure import Sum, protected
from outcome_measures.cohorts.statistics import RANKED_FROM, Interval, wilson
from outcome_measures.cohorts.words import MEANINGS, Meaning

F = Figure
Counts = Mapping[Figure, int | None]

SUMS: tuple[tuple[Figure, tuple[Figure, ...]], ...] = (
    (F.EPISODES, (F.FINISHED, F.SHORT)),
    (F.FINISHED, (F.PAIRED, F.UNPAIRED)),
    (F.FINISHED, (F.PAIRED_PHQ9, F.UNPAIRED_PHQ9)),
    (F.FINISHED, (F.PAIRED_GAD7, F.UNPAIRED_GAD7)),
    (F.UNPAIRED, (F.UNPAIRED_PHQ9, F.UNPAIRED_ONLY_GAD7)),
    (F.UNPAIRED, (F.UNPAIRED_GAD7, F.UNPAIRED_ONLY_PHQ9)),
    (F.FINISHED, (F.BASE, F.NOT_A_CASE)),
    (F.BASE, (F.BASE_PAIRED, F.BASE_UNPAIRED)),
    (F.UNPAIRED, (F.BASE_UNPAIRED, F.NOT_A_CASE_UNPAIRED)),
    (F.BASE_PAIRED, (F.RECOVERED, F.NOT_RECOVERED)),
    (F.RECOVERED, (F.RELIABLY_RECOVERED, F.RECOVERED_ONLY)),
    (F.IMPROVED, (F.RELIABLY_RECOVERED, F.IMPROVED_ONLY)),
    (F.PAIRED, (F.IMPROVED, F.DETERIORATED, F.NO_CHANGE)),
    (F.FINISHED, (F.ONE_KNOWN, F.ONE_UNKNOWN)),
    (F.ONE_KNOWN, (F.ON_ONE, F.NOT_ON_ONE)),
    (F.ONE_KNOWN, (F.PAIRED, F.ONE_UNPAIRED)),
    (F.UNPAIRED, (F.ONE_UNKNOWN, F.ONE_UNPAIRED)),
    (F.ON_ONE, (F.IMPROVED, F.ON_ONE_MIXED)),
    (F.FINISHED, (F.TWO_KNOWN, F.TWO_UNKNOWN)),
    (F.TWO_KNOWN, (F.ON_TWO, F.NOT_ON_TWO)),
    (F.PAIRED, (F.AT_END, F.CARRIED)),
    (F.AT_END, (F.AT_END_IMPROVED, F.AT_END_OTHER)),
    (F.IMPROVED, (F.AT_END_IMPROVED, F.CARRIED_IMPROVED)),
)
"""What adds up to what: a test holds real cohorts against it."""
UNSAID = frozenset(
    {
        F.UNPAIRED_ONLY_PHQ9,
        F.UNPAIRED_ONLY_GAD7,
        F.NOT_A_CASE_UNPAIRED,
        F.NOT_RECOVERED,
        F.RECOVERED_ONLY,
        F.IMPROVED_ONLY,
        F.ON_ONE_MIXED,
        F.NOT_ON_ONE,
        F.ONE_UNPAIRED,
        F.NOT_ON_TWO,
        F.AT_END_OTHER,
        F.CARRIED_IMPROVED,
    }
)
"""Counts that are not printed and could be worked out from those that are."""
OF_THREE = frozenset({F.ON_TWO, F.NOT_ON_TWO, F.TWO_KNOWN, F.TWO_UNKNOWN})
"""Only where the service has a third measure."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with all that belongs beside it. What is hidden is None.

    Shares and the interval are parts of 1. `unpaired` men of the denominator have no class: they
    count in it all the same.
    """

    figure: Figure
    base: Figure
    number: int | None
    of: int | None
    share: float | None
    interval: Interval | None
    paired: int | None
    unpaired: int | None
    missing: float | None
    paired_figure: Figure
    unpaired_figure: Figure

    @property
    def meaning(self) -> Meaning:
        """The figure in words."""
        return MEANINGS[self.figure]


_ALL = (F.FINISHED, F.PAIRED, F.UNPAIRED)
_CASES = (F.BASE, F.BASE_PAIRED, F.BASE_UNPAIRED)
RATES: tuple[tuple[Figure, tuple[Figure, Figure, Figure]], ...] = (
    (F.RELIABLY_RECOVERED, _CASES),
    (F.RECOVERED, _CASES),
    (F.IMPROVED, _ALL),
    (F.NO_CHANGE, _ALL),
    (F.DETERIORATED, _ALL),
    (F.ON_ONE, (F.FINISHED, F.ONE_KNOWN, F.ONE_UNKNOWN)),
    (F.ON_TWO, (F.FINISHED, F.TWO_KNOWN, F.TWO_UNKNOWN)),
    (F.AT_END_IMPROVED, (F.AT_END, F.AT_END, F.CARRIED)),
)
"""Each rate with its denominator, and which of that are paired and not paired."""


def rates(counts: Counts, *, third: bool = False, rounded: bool = False) -> tuple[Rate, ...]:
    """Every rate of a cohort; "two of three" only where there is a third measure.

    Args:
        rounded: the counts are as they leave the service.
    """
    return tuple(
        rate(counts, figure, rounded=rounded)
        for figure, _ in RATES
        if third or figure is not F.ON_TWO
    )


def rate(counts: Counts, figure: Figure, *, rounded: bool = False) -> Rate:
    """One rate with what belongs beside it."""
    base, paired, unpaired = dict(RATES)[figure]
    number, of = counts[figure], counts[base]
    between = wilson_of_rounded if rounded else wilson
    without = counts[unpaired]
    # Of men whose last score was carried forward the share is one of all paired men.
    whole = counts[F.PAIRED] if base is F.AT_END else of
    return Rate(
        figure=figure,
        base=base,
        number=number,
        of=of,
        share=number / of if number is not None and of else None,
        interval=between(number, of) if number is not None and of is not None else None,
        paired=counts[paired],
        unpaired=without,
        missing=without / whole if without is not None and whole else None,
        paired_figure=paired,
        unpaired_figure=unpaired,
    )


def count(found: Members) -> dict[Figure, int | None]:
    """How many men each figure counts."""
    return {figure: len(ids) for figure, ids in found.items()}


COMPARED = (F.FINISHED, F.PAIRED, F.UNPAIRED, F.BASE, F.RELIABLY_RECOVERED, F.IMPROVED)
"""What is compared between groups. Each adds up to the figure of the whole cohort."""


@dataclass(frozen=True, slots=True)
class Part:
    """One group of a comparison; together the groups are the whole cohort."""

    code: str
    label: str
    counts: Counts


_IN_A_PART = frozenset(
    {
        *COMPARED,
        F.NOT_A_CASE,
        F.BASE_PAIRED,
        F.BASE_UNPAIRED,
        F.NOT_A_CASE_UNPAIRED,
        F.RECOVERED,
        F.NOT_RECOVERED,
        F.RECOVERED_ONLY,
        F.IMPROVED_ONLY,
        F.DETERIORATED,
        F.NO_CHANGE,
    }
)
"""What a reader could work out of a group, printed or not."""
Shown = dict[Figure, int | None]


def leaving(
    whole: Members, parts: Mapping[str, Members] | None = None, *, third: bool = False
) -> tuple[Shown, dict[str, Shown]]:
    """The counts of a cohort and of its parts, hidden and rounded so that they may leave.

    The whole is decided first and is the same beside whatever parts: what one comparison hides of
    it, another would show.
    """
    used = frozenset(F) if third else frozenset(F) - OF_THREE
    counts = {str(f): len(whole[f]) for f in sorted(used)}
    unsaid = {str(f) for f in UNSAID & used}
    decided = protected(counts, _sums("", used), unsaid, keep=(F.FINISHED, F.BASE))
    told = {f: decided.get(str(f)) for f in F}
    if not parts:
        return told, {}
    sums = _sums("", used)
    for code, found in parts.items():
        counts |= {f"{code}/{f}": len(found[f]) for f in sorted(_IN_A_PART)}
        unsaid |= {f"{code}/{f}" for f in _IN_A_PART.difference(COMPARED)}
        sums += _sums(f"{code}/", _IN_A_PART)
    sums += [Sum(str(f), tuple(f"{code}/{f}" for code in parts)) for f in sorted(_IN_A_PART)]
    unsaid |= {name for name, value in decided.items() if value is None}
    kept = {f"{code}/{F.FINISHED}" for code in parts}
    shown = protected(counts, sums, unsaid, decided, kept)
    return told, {code: {f: shown.get(f"{code}/{f}") for f in F} for code in parts}


def _sums(at: str, names: frozenset[Figure]) -> list[Sum]:
    return [
        Sum(f"{at}{total}", tuple(f"{at}{part}" for part in of))
        for total, of in SUMS
        if names.issuperset((total, *of))
    ]


def may_be_ranked(parts: Collection[Part]) -> bool:
    """Whether groups may be put in an order by a rate: none of them rests on too few men."""
    return len(parts) > 1 and all((part.counts[F.BASE] or 0) >= RANKED_FROM for part in parts)


def in_order(parts: Sequence[Part], *, ranked: bool) -> list[Part]:
    """As given; or by reliable recovery, highest first, where that is asked for and allowed."""
    if not ranked or not may_be_ranked(parts):
        return list(parts)
    return sorted(parts, key=lambda part: -(rate(part.counts, F.RELIABLY_RECOVERED).share or 0))
