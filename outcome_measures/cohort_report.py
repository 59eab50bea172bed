"""The figures of a cohort as they are reported: rates with both denominators, and what they mean.

The same functions make the report for the service and, from protected counts, the one that leaves
it: a count that is None is hidden, and so is every rate that needs it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from outcome_measures.cohort import Figure, Members
from outcome_measures.disclosure import Sum, protected
from outcome_measures.statistics import RANKED_FROM, Interval, wilson

F = Figure
Counts = Mapping[Figure, int | None]

RULES = "Calculated by the NHS Talking Therapies rules, not a Talking Therapies recovery rate"
CARRIED_FORWARD = (
    "The last score on record stands for the end of treatment, even where sessions followed it "
    "(last observation carried forward)."
)

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
    (F.FINISHED, (F.ON_ONE, F.NOT_ON_ONE)),
    (F.ON_ONE, (F.IMPROVED, F.ON_ONE_MIXED)),
    (F.FINISHED, (F.ON_TWO, F.NOT_ON_TWO)),
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
        F.NOT_ON_TWO,
        F.AT_END_OTHER,
        F.CARRIED_IMPROVED,
    }
)
"""Counts that are not printed and could be worked out from those that are."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A figure in words: its name and what is counted."""

    label: str
    definition: str


MEANINGS: Mapping[Figure, Meaning] = {
    F.EPISODES: Meaning(
        "Episodes ended",
        "The case ended, or was closed after sentence, in the period, and at least one treatment "
        "session is on record.",
    ),
    F.FINISHED: Meaning(
        "Finished courses", "Ended, with two treatment sessions or more. Follow-up does not count."
    ),
    F.SHORT: Meaning("Ended after one session", "No finished course, so part of no rate."),
    F.BASE: Meaning(
        "Finished, less those not at caseness",
        "Finished courses without the men whose first PHQ-9 was below 10 and whose first GAD-7 "
        "was below 8. The denominator of both rates of recovery.",
    ),
    F.NOT_A_CASE: Meaning(
        "Not at caseness at the start", "First PHQ-9 below 10 and first GAD-7 below 8."
    ),
    F.RECOVERED: Meaning(
        "Recovery",
        "At caseness at the start (PHQ-9 at 10 or more, or GAD-7 at 8 or more), and below both "
        "cut-offs at the last scores.",
    ),
    F.RELIABLY_RECOVERED: Meaning("Reliable recovery", "Recovery and reliable improvement, both."),
    F.IMPROVED: Meaning(
        "Reliable improvement",
        "PHQ-9 fell by 6 points or more, or GAD-7 by 4 or more, and neither rose by as much.",
    ),
    F.DETERIORATED: Meaning(
        "Reliable deterioration",
        "PHQ-9 rose by 6 points or more, or GAD-7 by 4 or more, and neither fell by as much.",
    ),
    F.NO_CHANGE: Meaning(
        "No reliable change",
        "Both measured twice and neither of the two above; also where one measure improved "
        "reliably and the other got reliably worse.",
    ),
    F.ON_ONE: Meaning(
        "Improved on at least one measure",
        "PHQ-9 fell by 6 points or more, or GAD-7 by 4 or more, whatever the other did; as "
        "evaluations of MHTR services report.",
    ),
    F.ON_TWO: Meaning(
        "Improved on at least two of three measures",
        "As above, of PHQ-9, GAD-7 and the third measure of the service.",
    ),
    F.AT_END_IMPROVED: Meaning(
        "Reliable improvement, measured at the end",
        "Only men whose last scores are from their last session or later: shows what carrying the "
        "last score forward does to the rate.",
    ),
    F.PAIRED_PHQ9: Meaning("PHQ-9 paired", "A first and a last complete PHQ-9 on different days."),
    F.PAIRED_GAD7: Meaning("GAD-7 paired", "A first and a last complete GAD-7 on different days."),
    F.PAIRED: Meaning("Paired", "Both measures paired: a class can be given."),
    F.UNPAIRED: Meaning(
        "Not paired", "At least one measure without two complete scores: no class can be given."
    ),
    F.UNPAIRED_PHQ9: Meaning("PHQ-9 not paired", "No two complete PHQ-9 to compare."),
    F.UNPAIRED_GAD7: Meaning("GAD-7 not paired", "No two complete GAD-7 to compare."),
    F.BASE_PAIRED: Meaning("Paired, less those not at caseness", "Both measures paired."),
    F.BASE_UNPAIRED: Meaning(
        "Not paired, less those not at caseness", "They count as not recovered."
    ),
    F.AT_END: Meaning("Measured at the end", "Last scores from the last session or later."),
    F.CARRIED: Meaning(
        "Last score carried forward", "At least one session after one of the last scores."
    ),
}
"""The figures that are printed; the others only complete sums."""


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
    (F.ON_ONE, _ALL),
    (F.ON_TWO, _ALL),
    (F.AT_END_IMPROVED, (F.AT_END, F.AT_END, F.CARRIED)),
)
"""Each rate with its denominator, and which of that are paired and not paired."""


def rates(counts: Counts, *, third: bool = False) -> tuple[Rate, ...]:
    """Every rate of a cohort; "two of three" only where there is a third measure."""
    return tuple(rate(counts, figure) for figure, _ in RATES if third or figure is not F.ON_TWO)


def rate(counts: Counts, figure: Figure) -> Rate:
    """One rate with what belongs beside it."""
    base, paired, unpaired = dict(RATES)[figure]
    number, of = counts[figure], counts[base]
    known = number is not None and of is not None
    without = counts[unpaired]
    # Of men whose last score was carried forward the share is one of all paired men.
    whole = counts[F.PAIRED] if base is F.AT_END else of
    return Rate(
        figure=figure,
        base=base,
        number=number,
        of=of,
        share=number / of if number is not None and of else None,
        interval=wilson(number, of) if known and number is not None and of is not None else None,
        paired=counts[paired],
        unpaired=without,
        missing=without / whole if without is not None and whole else None,
        paired_figure=paired,
        unpaired_figure=unpaired,
    )


def count(found: Members) -> dict[Figure, int | None]:
    """How many men each figure counts."""
    return {figure: len(ids) for figure, ids in found.items()}


COMPARED = (
    F.FINISHED,
    F.UNPAIRED,
    F.BASE,
    F.RECOVERED,
    F.RELIABLY_RECOVERED,
    F.IMPROVED,
    F.DETERIORATED,
)
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
        F.PAIRED,
        F.NOT_A_CASE,
        F.BASE_PAIRED,
        F.BASE_UNPAIRED,
        F.NOT_A_CASE_UNPAIRED,
        F.NOT_RECOVERED,
        F.RECOVERED_ONLY,
        F.IMPROVED_ONLY,
        F.NO_CHANGE,
    }
)
"""What a reader could work out of a group, printed or not."""
Shown = dict[Figure, int | None]


def leaving(
    whole: Members, parts: Mapping[str, Members] | None = None, *, third: bool = False
) -> tuple[Shown, dict[str, Shown]]:
    """The counts of a cohort and of its parts, hidden and rounded so that they may leave.

    A part with a hidden count is hidden whole.
    """
    groups = parts or {}
    of_all = frozenset(F) if third else frozenset(F) - {F.ON_TWO, F.NOT_ON_TWO}
    used = {"": of_all, **{f"{code}/": _IN_A_PART for code in groups}}
    found = {"": whole, **{f"{code}/": held for code, held in groups.items()}}
    counts = {f"{at}{f}": len(found[at][f]) for at, names in used.items() for f in sorted(names)}
    sums = [
        Sum(f"{at}{total}", tuple(f"{at}{part}" for part in of))
        for at, names in used.items()
        for total, of in SUMS
        if names.issuperset((total, *of))
    ]
    if groups:
        sums += [Sum(str(f), tuple(f"{code}/{f}" for code in groups)) for f in sorted(_IN_A_PART)]
    shown = protected(
        counts,
        sums,
        together=[frozenset(f"{code}/{f}" for f in COMPARED) for code in groups],
        unsaid={f"{f}" for f in UNSAID & of_all}
        | {f"{code}/{f}" for code in groups for f in _IN_A_PART.difference(COMPARED)},
    )
    return (
        {f: shown.get(str(f)) for f in F},
        {code: {f: shown.get(f"{code}/{f}") for f in F} for code in groups},
    )


def may_be_ranked(parts: Collection[Part]) -> bool:
    """Whether groups may be put in an order by a rate: none of them rests on too few men."""
    return len(parts) > 1 and all((part.counts[F.BASE] or 0) >= RANKED_FROM for part in parts)


def in_order(parts: Sequence[Part], *, ranked: bool) -> list[Part]:
    """As given; or by reliable recovery, highest first, where that is asked for and allowed."""
    if not ranked or not may_be_ranked(parts):
        return list(parts)
    return sorted(parts, key=lambda part: -(rate(part.counts, F.RELIABLY_RECOVERED).share or 0))
