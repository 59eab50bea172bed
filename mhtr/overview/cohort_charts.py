"""The chart of a cohort: rates with their intervals, and mean scores before and after.

Readable in greyscale: what differs differs in shape, and every number stands beside its mark. It
holds nothing that the tables of the report do not.
"""

import io
from typing import TYPE_CHECKING

from mhtr.overview.cohort_figures import Report, Scores
from mhtr.overview.cohort_words import percent, points, rate_words
from outcome_measures.charts.svg import svg_of
from outcome_measures.cohorts.report import Rate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, LINE = "#212b32", "#4c6272", "#768692"


def title_of(shown: Report) -> str:
    """What is on the chart, and nothing else: few men have no mean."""
    parts = {
        "rates with 95% intervals": bool(_rates(shown)),
        "mean scores before and after": bool(_scores(shown)),
    }
    said = ", and ".join(words for words, there in parts.items() if there) or "nothing to draw"
    return said[0].upper() + said[1:]


def drawable(shown: Report) -> bool:
    """Whether there is anything to draw."""
    return bool(_rates(shown) or _scores(shown))


def for_screen(shown: Report) -> bytes:
    """The chart as SVG for a page: letters stay letters."""
    return svg_of(_figure(shown), title=title_of(shown))


def for_paper(shown: Report) -> bytes:
    """The chart as SVG for a PDF: letters as outlines, so that no font is missing."""
    import matplotlib

    made = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "mhtr"}):
        _figure(shown).savefig(made, format="svg", metadata={"Date": None})
    return made.getvalue()


def alternative(shown: Report) -> str:
    """What the chart shows, for whoever cannot see it."""
    said = [f"{rate.meaning.label}: {rate_words(rate)}" for rate in _rates(shown)]
    for one in _scores(shown):
        if one.values is not None:
            said.append(
                f"{one.instrument.name}: mean {points(one.values.mean_first, one.step)} before "
                f"and {points(one.values.mean_last, one.step)} after"
            )
    return ". ".join(said) + "."


def _rates(shown: Report) -> list[Rate]:
    return [rate for rate in shown.rates if rate.share is not None]


def _scores(shown: Report) -> list[Scores]:
    return [one for one in shown.scores if one.values is not None]


def _figure(shown: Report) -> "Figure":
    from matplotlib.figure import Figure

    drawn, scored = _rates(shown), _scores(shown)
    rows = [count + 1.2 for count in (len(drawn), len(scored)) if count]
    if not rows:
        return _nothing(Figure(figsize=(6.6, 0.8)))
    figure = Figure(figsize=(6.6, 0.42 * sum(rows) + 0.5), layout="constrained")
    axes = figure.subplots(len(rows), 1, squeeze=False, height_ratios=rows)[:, 0].tolist()
    if drawn:
        _draw_rates(axes.pop(0), drawn)
    if scored:
        _draw_scores(axes.pop(0), scored)
    return figure


def _nothing(figure: "Figure") -> "Figure":
    figure.text(0.5, 0.5, "There is nothing to draw.", ha="center", va="center", color=SOFT)
    return figure


def _draw_rates(axes: "Axes", drawn: list[Rate]) -> None:
    for place, rate in enumerate(reversed(drawn)):
        if rate.share is None or rate.interval is None:
            continue
        low, high = 100 * rate.interval.low, 100 * rate.interval.high
        axes.plot([low, high], [place, place], color=LINE, linewidth=2.5, solid_capstyle="butt")
        axes.plot([low, high], [place, place], "|", color=INK, markersize=9)
        axes.plot([100 * rate.share], [place], "o", color=INK, markersize=7)
        axes.text(103, place, percent(rate.share), va="center", color=INK, fontsize=11)
    _plain(axes, [rate.meaning.label for rate in reversed(drawn)])
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 25))
    axes.set_xlabel("per cent, with 95% interval", color=SOFT, fontsize=10)


def _draw_scores(axes: "Axes", scored: list[Scores]) -> None:
    for place, one in enumerate(reversed(scored)):
        values = one.values
        if values is None or values.mean_first is None or values.mean_last is None:
            continue
        axes.plot([values.mean_first, values.mean_last], [place, place], color=LINE, linewidth=2)
        axes.plot(
            [values.mean_first], [place], "s", color=INK, markerfacecolor="white", markersize=8
        )
        axes.plot([values.mean_last], [place], "o", color=INK, markersize=7)
        for score, beside in ((values.mean_first, values.mean_last), (values.mean_last, None)):
            axes.annotate(
                points(score, one.step),
                (score, place),
                xytext=(0, 9),
                textcoords="offset points",
                ha="center",
                color=INK,
                fontsize=10,
                fontweight="bold" if beside is None else "normal",
            )
    _plain(axes, [one.instrument.name for one in reversed(scored)])
    axes.set_xlim(0, max(one.instrument.highest for one in scored))
    axes.set_ylim(-0.5, len(scored) - 0.3)
    axes.set_xlabel("mean score: open square before, filled circle after", color=SOFT, fontsize=10)


def _plain(axes: "Axes", labels: list[str]) -> None:
    axes.set_yticks(range(len(labels)), labels, color=INK, fontsize=11)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", colors=SOFT, labelsize=10)
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.grid(axis="x", color="#d8dde0", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
