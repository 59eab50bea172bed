"""How charts look: colours, dashes, shapes and formats. Everything differs in more than colour."""

from dataclasses import dataclass
from typing import Any

from outcome_measures.charts.content import Mark

INK, MUTED, SCORE = "#212b32", "#4c6272", "#003087"
BANDS = ("#ffffff", "#e8edee")
"""By turns. They also part in greyscale; each is named in words."""
DASHES: dict[str, Any] = {
    "first": (0, (5, 3)),
    "cut_off": "solid",
    "reliable": (0, (7, 2.5, 1.2, 2.5)),
}
COLOURS = {"first": SCORE, "cut_off": "#8a1538", "reliable": "#00574a"}
WIDTHS = {"first": 1.1, "cut_off": 1.5, "reliable": 1.2}
MARKERS: dict[str, dict[str, Any]] = {
    Mark.SCORED: {"marker": "o", "markersize": 5, "color": SCORE},
    Mark.TYPED: {"marker": "s", "markersize": 5.5, "color": SCORE, "markerfacecolor": "white"},
    Mark.INCOMPLETE: {"marker": "x", "markersize": 5.5, "color": INK, "markeredgewidth": 1.5},
    Mark.WITHOUT: {"marker": "|", "markersize": 9, "color": INK, "markeredgewidth": 1.8},
    Mark.MISSED: {"marker": "v", "markersize": 5.5, "color": INK, "markerfacecolor": "white"},
}
FEWEST_DAYS = 42
"""A course is drawn as if it lasted at least so long, so that a fortnight does not look like it."""
STRIP = 0.075
"""Height of the strip below the lowest total, for marks without one: a part of the range."""
SIDE, BREAK = 0.17, 0.05
"""Widths of the zones beside the course and of the gap between: parts of the course's width."""


BEFORE_WORDS = 36
"""In the key, pixels from the left of a column to its words, and free after them."""
WIDEST = 0.57
"""Mean width of a letter in the widest of the usual sans serif fonts: parts of its size."""


@dataclass(frozen=True)
class Size:
    """A format, in CSS pixels; `below` the plot stand the days, then the key."""

    width: int
    plot: int
    left: int
    right: int
    below: int
    columns: int
    font: float = 11.0
    line: float = 15.0
    above: int = 8


SIZES = {
    "narrow": Size(width=320, plot=190, left=26, right=78, below=46, columns=1),
    "wide": Size(width=640, plot=240, left=30, right=94, below=50, columns=2, font=12, line=17),
}
"""By name: one for a phone or the side of a page, one for a desk and for paper."""
