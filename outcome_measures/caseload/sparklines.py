"""A course of scores as a line the size of a word: attributes only, no style and no script.

Written by hand because fifty of them stand on one page and drawing one chart takes longer.
"""

from dataclasses import dataclass

from outcome_measures.reading.rules import Reading, cut_off_of

WIDTH, HEIGHT, EDGE = 96, 28, 3
"""In CSS pixels; the edge leaves room for the mark of the last score."""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Where the parts lie, in CSS pixels from the upper left."""

    path: str
    """The line, broken wherever a form was not complete or a session went by without one."""
    last_x: float
    last_y: float
    cut_off_y: float | None


def sparkline(reading: Reading) -> Sparkline | None:
    """The scores since sentence, each at its day; None with fewer than two."""
    course = reading.course
    scores = [point for point in course if point.total is not None]
    if len(scores) < 2:
        return None
    low, high = reading.instrument.lowest, reading.instrument.highest
    begin = scores[0].on.toordinal()
    days = max(scores[-1].on.toordinal() - begin, 1)
    wide, tall = (WIDTH - 2 * EDGE) / days, (HEIGHT - 2 * EDGE) / (high - low)

    def y(total: int) -> float:
        return round(HEIGHT - EDGE - tall * (total - low), 1)

    parts, pen, x, before = [], "M", 0.0, 0
    for point in course:
        number = point.session_number or 0
        if reading.every_session and number > before + 1:
            pen = "M"
        before = number or before
        if point.total is None:
            pen = "M"
            continue
        x = round(EDGE + wide * (point.on.toordinal() - begin), 1)
        parts.append(f"{pen}{x:g} {y(point.total):g}")
        pen = "L"
    cut_off = cut_off_of(reading.instrument)
    return Sparkline(
        path="".join(parts),
        last_x=x,
        last_y=y(scores[-1].total or 0),
        cut_off_y=None if cut_off is None else y(cut_off),
    )
