"""A course of scores as a line the size of a word: attributes only, no style and no script.

Written by hand because fifty of them stand on one page and drawing one chart takes longer.
"""

from dataclasses import dataclass

from outcome_measures.reading import Reading, cut_off_of

WIDTH, HEIGHT, EDGE = 96, 28, 3
"""In CSS pixels; the edge leaves room for the mark of the last score."""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Where the parts lie, in CSS pixels from the upper left."""

    path: str
    """The line, broken wherever a form was not complete."""
    last_x: float
    last_y: float
    cut_off_y: float | None


def sparkline(reading: Reading) -> Sparkline | None:
    """The scores since sentence, each at its day; None with fewer than two."""
    scores, last = reading.scores, reading.last
    if last is None or last.total is None or len(scores) < 2:
        return None
    low, high = reading.instrument.lowest, reading.instrument.highest
    begin, days = scores[0].on, max((last.on - scores[0].on).days, 1)

    def x(number: int) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * number / days, 1)

    def y(total: int) -> float:
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (total - low) / (high - low), 1)

    parts, pen = [], "M"
    for point in reading.points:
        if point.total is None:
            pen = "M"
        elif point in scores:
            parts.append(f"{pen}{x((point.on - begin).days):g} {y(point.total):g}")
            pen = "L"
    cut_off = cut_off_of(reading.instrument)
    return Sparkline(
        path="".join(parts),
        last_x=x(days if last.on > begin else 0),
        last_y=y(last.total),
        cut_off_y=None if cut_off is None else y(cut_off),
    )
