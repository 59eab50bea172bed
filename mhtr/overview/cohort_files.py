"""The outcomes report as a CSV file. It leaves the service, so it is made of what may leave."""

import csv
import io
from collections.abc import Iterable, Iterator

from mhtr.core.formats import safe_cell
from mhtr.overview import cohort_words as words
from mhtr.overview.cohort_figures import Report
from outcome_measures.cohorts.report import Rate
from outcome_measures.cohorts.statistics import EFFECT_DENOMINATOR
from outcome_measures.cohorts.words import CARRIED_FORWARD, MEANINGS, RULES

COLUMNS = (
    "Section",
    "Group",
    "Figure",
    "Men",
    "Of",
    "Of whom",
    "Per cent",
    "95% interval, from",
    "95% interval, to",
    "Paired",
    "Not paired",
    "Per cent not paired",
    "Value",
    "Meaning",
)
HOW_SHOWN = (
    "Counts below five are not shown, nor counts that would give one away; others are rounded to "
    "the nearest five. Rates and intervals are made of the rounded counts. Men still in treatment "
    "are not reported outside the service."
)
EFFECT = "effect size"
ENDED, COMPARED, SCORES = "Ended", "Comparison", "Scores"
_LINES = (
    ("mean of first scores", "points"),
    ("standard deviation of first scores", "points"),
    ("mean of last scores", "points"),
    ("standard deviation of last scores", "points"),
    (EFFECT, f"mean fall divided by the {EFFECT_DENOMINATOR}; interval by bootstrap"),
)

Cells = tuple[object, ...]


def to_csv(shown: Report, heading: Iterable[str]) -> str:
    """The file's text: what it is about, a line each, then a heading and a line a figure."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    told = words.treatment_words(shown.asked)
    notes = (
        RULES,
        HOW_SHOWN,
        words.averages_words(shown),
        CARRIED_FORWARD,
        *([told] if told else []),
    )
    for line in (*heading, *notes):
        writer.writerow([safe_cell(line)])
    writer.writerow([])
    writer.writerow(COLUMNS)
    for row in _rows(shown):
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()


def _rows(shown: Report) -> Iterator[Cells]:
    for rate in shown.rates:
        yield _rate(ENDED, "", rate)
    yield from _scores(shown)
    for group in shown.groups:
        for rate in (group.recovery, group.improvement):
            yield _rate(COMPARED, group.part.label, rate)


def _rate(section: str, group: str, rate: Rate) -> Cells:
    known = rate.interval
    return (
        section,
        group,
        rate.meaning.label,
        words.number(rate.number),
        words.number(rate.of),
        MEANINGS[rate.base].label,
        "" if rate.share is None else f"{100 * rate.share:.0f}",
        f"{100 * known.low:.1f}" if known else "",
        f"{100 * known.high:.1f}" if known else "",
        words.number(rate.paired),
        words.number(rate.unpaired),
        "" if rate.missing is None else f"{100 * rate.missing:.0f}",
        "",
        rate.meaning.definition,
    )


def _scores(shown: Report) -> Iterator[Cells]:
    for one in shown.scores:
        values, name = one.values, one.instrument.name
        told = [words.NOT_SHOWN] * 5
        if values is not None:
            known = (values.mean_first, values.sd_first, values.mean_last, values.sd_last)
            told = [*(words.points(value, one.step) for value in known), words.effect(one)]
        missing = "" if one.missing is None else f"{100 * one.missing:.0f}"
        for (label, meaning), value in zip(_LINES, told, strict=True):
            interval = one.interval if label == EFFECT else None
            yield (
                SCORES,
                "",
                f"{name}, {label}",
                words.number(one.paired),
                "",
                "",
                "",
                f"{interval.low:.1f}" if interval else "",
                f"{interval.high:.1f}" if interval else "",
                words.number(one.paired),
                words.number(one.unpaired),
                missing,
                value,
                meaning,
            )
    days = shown.time.days
    yield (
        *(SCORES, "", "Days until half had improved reliably"),
        *([""] * 9),
        "" if days is None else str(days),
        "from the first session, on PHQ-9 or GAD-7, to whole weeks; men who did not improve count "
        "for as long as they were followed; empty where half never did, or where too few men "
        "were followed",
    )
