"""What each figure of a cohort is called, and what is counted."""

from collections.abc import Mapping
from dataclasses import dataclass

from outcome_measures.cohorts.cohort import Figure

F = Figure

RULES = "Calculated by the NHS Talking Therapies rules, not a Talking Therapies recovery rate"
CARRIED_FORWARD = (
    "The last score on record stands for the end of treatment, even where sessions followed it "
    "(last observation carried forward)."
)


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
        "Finished courses",
        "Ended, with two treatment sessions or more, on one day or several. Follow-up does not "
        "count.",
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
    F.ONE_KNOWN: Meaning(
        "Known for at least one",
        "It can be told whether PHQ-9 or GAD-7 improved: both are paired, or the one that is did.",
    ),
    F.ONE_UNKNOWN: Meaning(
        "Not known for at least one",
        "A measure without two complete scores could decide it. They count as not improved.",
    ),
    F.TWO_KNOWN: Meaning(
        "Known for two of three", "It can be told whether two of the three measures improved."
    ),
    F.TWO_UNKNOWN: Meaning(
        "Not known for two of three",
        "Measures without two complete scores could decide it. They count as not improved.",
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
