"""The outcomes report as an accessible PDF, with its chart."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from mhtr.core.pdf import compile_pdf
from mhtr.overview import cohort_charts as charts
from mhtr.overview import cohort_words as words
from mhtr.overview.cohort_figures import Report, Scores
from mhtr.overview.cohort_files import HOW_SHOWN
from mhtr.overview.cohort_traits import LABELS
from outcome_measures.cohorts.cohort import Figure
from outcome_measures.cohorts.report import Rate
from outcome_measures.cohorts.statistics import EFFECT_DENOMINATOR
from outcome_measures.cohorts.words import CARRIED_FORWARD, MEANINGS, RULES

_LAYOUT = Path(__file__).parent / "cohort.typ"
TITLE = "Outcomes report"
_RATE_COLUMNS = ["Figure", "Men", "Rate", "95% interval", "Paired", "Not paired", "Missing"]
_SCORE_COLUMNS = [
    "Measure",
    "Paired",
    "Not paired",
    "Missing",
    "Before (SD)",
    "After (SD)",
    "Effect size",
    "95% interval",
]
_GROUP_COLUMNS = [
    "Group",
    "Finished",
    "Paired",
    "Not paired",
    "Missing",
    "Reliable recovery",
    "Reliable improvement",
]


def compiled(shown: Report, heading: Sequence[str], today: date) -> bytes:
    """The report as PDF/UA-1. The same figures give the same bytes.

    Raises `typst.TypstError` where the layout cannot be made accessible.
    """
    return compile_pdf(_LAYOUT, _data(shown, heading), today)


def _data(shown: Report, heading: Sequence[str]) -> dict[str, Any]:
    service, *about = heading
    told = words.treatment_words(shown.asked)
    return {
        "title": TITLE,
        "service": service,
        "heading": [service, *about],
        "notes": [f"{RULES}.", HOW_SHOWN, *([told] if told else [])],
        "footer": f"{TITLE}, {words.covered(shown.asked)}. {RULES}.",
        "chart": _chart(shown),
        "tables": [_ended(shown), _scores(shown), *_compared(shown)],
    }


def _chart(shown: Report) -> dict[str, str] | None:
    if not charts.drawable(shown):
        return None
    return {
        "title": charts.title_of(shown),
        "svg": charts.for_paper(shown).decode(),
        "alt": charts.alternative(shown),
    }


def _ended(shown: Report) -> dict[str, Any]:
    finished = words.number(shown.counts[Figure.FINISHED])
    base = words.number(shown.counts[Figure.BASE])
    return {
        "title": "Finished courses",
        "notes": [
            f"Finished courses: {finished}. {MEANINGS[Figure.FINISHED].definition}",
            f"{MEANINGS[Figure.BASE].label}: {base}. {MEANINGS[Figure.BASE].definition}",
        ],
        "columns": _RATE_COLUMNS,
        "rows": [_rate(rate) for rate in shown.rates],
        "after": [CARRIED_FORWARD, words.third_words(shown)],
    }


def _rate(rate: Rate) -> list[Any]:
    return [
        [rate.meaning.label, rate.meaning.definition],
        words.number_of(rate.number, rate.of),
        words.percent(rate.share),
        words.per_cent_between(rate.interval),
        words.number(rate.paired),
        words.number(rate.unpaired),
        words.percent(rate.missing),
    ]


def _scores(shown: Report) -> dict[str, Any]:
    return {
        "title": "Scores before and after",
        "notes": [],
        "columns": _SCORE_COLUMNS,
        "rows": [_measure(one) for one in shown.scores],
        "after": [
            f"Effect size: mean fall of the score divided by the {EFFECT_DENOMINATOR}; its "
            "interval is by bootstrap. Means are of paired men.",
            words.averages_words(shown),
            words.time_words(shown.time),
        ],
    }


def _measure(one: Scores) -> list[Any]:
    return [
        [one.instrument.name, ""],
        words.number(one.paired),
        words.number(one.unpaired),
        words.percent(one.missing),
        *words.means(one),
        words.effect(one),
        words.effect_between(one),
    ]


def _compared(shown: Report) -> list[dict[str, Any]]:
    if shown.asked.compared is None:
        return []
    return [
        {
            "title": f"Compared by {LABELS[shown.asked.compared].lower()}",
            "notes": [words.order_words(shown)],
            "columns": _GROUP_COLUMNS,
            "rows": [
                [
                    [group.part.label, ""],
                    words.number(group.part.counts[Figure.FINISHED]),
                    words.number(group.improvement.paired),
                    words.number(group.improvement.unpaired),
                    words.percent(group.improvement.missing),
                    words.rate_words(group.recovery),
                    words.rate_words(group.improvement),
                ]
                for group in shown.groups
            ],
            "after": [words.left_out_words(shown.left_out)] if shown.left_out else [],
        }
    ]
