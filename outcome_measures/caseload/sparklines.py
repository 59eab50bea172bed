"""A course of scores as a line the size of a word: attributes only, no style and no script.

Written by hand because fifty of them stand on one page and drawing one chart takes longer.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

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
