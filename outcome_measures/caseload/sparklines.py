"""A course of scores as a line the size of a word: attributes only, no style and no script.

Written by hand because fifty of them stand on one page and drawing one chart takes longer.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from outcome_measures.reading.rules import Reading, cut_off_of, days_without_him

WIDTH, HEIGHT, EDGE = 96, 28, 3
"""In CSS pixels; the edge leaves room for the mark of the last score."""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Where the parts lie, in CSS pixels from the upper left."""

    path: str
    """The line, broken by a form that was not complete and a session missed or without one."""
    last_x: float
    last_y: float
    cut_off_y: float | None
    missed_x: tuple[float, ...] = ()
    """Sessions he missed: marked under the line."""


def sparkline(reading: Reading, missed: Collection[date] = ()) -> Sparkline | None:
    """The scores since sentence, each at its day; None with fewer than two.

    Args:
        missed: days of treatment sessions he did not come to, as on the chart.
    """
    scores = [point for point in reading.course if point.total is not None]
    if len(scores) < 2:
        return None
    begin = scores[0].on
    absent = [day for day in days_without_him(reading, missed) if day > begin]
    wide = (WIDTH - 2 * EDGE) / max((max([scores[-1].on, *absent]) - begin).days, 1)
    low, high = reading.instrument.lowest, reading.instrument.highest
    tall = (HEIGHT - 2 * EDGE) / (high - low)

    def x(day: date) -> float:
        return round(EDGE + wide * (day - begin).days, 1)

    def y(total: int) -> float:
        return round(HEIGHT - EDGE - tall * (total - low), 1)

    cut_off = cut_off_of(reading.instrument)
    drawn = (f"{pen}{x(on):g} {y(total):g}" for pen, on, total in _strokes(reading, absent))
    return Sparkline(
        path="".join(drawn),
        last_x=x(scores[-1].on),
        last_y=y(scores[-1].total or 0),
        cut_off_y=None if cut_off is None else y(cut_off),
        missed_x=tuple(x(day) for day in absent),
    )


_CUT_OFF = Markup('<path d="M0 {}H{}" fill="none" stroke="#4c6272" stroke-dasharray="3 3"/>')
_DRAWN = Markup(
    '<svg class="app-spark__line" width="{w}" height="{h}" viewBox="0 0 {w} {h}"'
    ' aria-hidden="true" focusable="false">{cut_off}<path d="{path}" fill="none" stroke="#003087"'
    ' stroke-width="1.75" stroke-linejoin="round"/>'
    '<circle cx="{x}" cy="{y}" r="2.75" fill="#003087"/>{missed}</svg>'
)
_MISSED = Markup('<path d="M{} {}h5l-2.5 -4z" fill="#4c6272"/>')


def drawn(line: Sparkline | None) -> Markup:
    """The line as a page holds it; empty where there is none. The words beside it say it all."""
    if line is None:
        return Markup()
    at = line.cut_off_y
    return _DRAWN.format(
        w=WIDTH,
        h=HEIGHT,
        cut_off=Markup() if at is None else _CUT_OFF.format(at, WIDTH),
        path=line.path,
        x=line.last_x,
        y=line.last_y,
        missed=Markup().join(_MISSED.format(x - 2.5, HEIGHT) for x in line.missed_x),
    )


def _strokes(reading: Reading, absent: Collection[date]) -> Iterator[tuple[str, date, int]]:
    """Each score with how the pen gets to it: lifted after whatever breaks the line."""
    pen, before, breaks = "M", 0, sorted(absent)
    for point in reading.course:
        number = point.session_number or 0
        if reading.every_session and number > before + 1:
            pen = "M"
        before = number or before
        while breaks and breaks[0] < point.on:
            pen = "M"
            breaks.pop(0)
        if point.total is None:
            pen = "M"
            continue
        yield pen, point.on, point.total
        pen = "L"
