"""What a chart of one measure shows, as values: which marks stand where, and which lines.

Nothing is drawn here. The values of a chart are also what it is remembered by.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from outcome_measures.definitions import Called, Instrument


class Mark(StrEnum):
    """What stands at one day of a chart. Each has a shape of its own, not only a colour."""

    SCORED = "scored"
    """A total scored from answers."""
    TYPED = "typed"
    """A total somebody typed in."""
    INCOMPLETE = "incomplete"
    """Asked, and not all answered: no total, so the line has a gap."""
    WITHOUT = "without"
    """A session that was held and at which it was not asked: no total, so the line has a gap."""
    MISSED = "missed"
    """A session he did not come to: no total, so the line has a gap."""


class Zone(StrEnum):
    """The parts of a chart, left to right. No line runs from one into another."""

    BEFORE = "before"
    """Before sentence."""
    COURSE = "course"
    """From sentence to discharge."""
    AFTER = "after"
    """Follow-up after discharge."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One mark. `total` is None where there is none."""

    on: date
    total: int | None
    mark: Mark
    zone: Zone
    session: int | None = None


@dataclass(frozen=True, slots=True)
class BandOfChart:
    """A severity band: totals from `low` to `high`, both included."""

    low: int
    high: int
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart. Lines lie at totals, in points; one that is None is not drawn."""

    name: str
    lowest: int
    highest: int
    bands: tuple[BandOfChart, ...]
    cut_off: int | None
    """From this total on it is a case."""
    first: int | None
    """The baseline, from which change is counted."""
    better: int | None
    """The nearest total that is a reliable improvement on the first score."""
    worse: int | None
    """The nearest total that is a reliable deterioration from it."""
    dots: tuple[Dot, ...]
    called: Called = Called.RELIABLE
    """What its source calls a change of so many points."""
    every_session: bool = False
    """Whether it is asked session by session: then one that was left out is a gap in the line."""
    screens: bool = False
    """A screen, never a diagnosis: from its cut-off on it is positive, and nobody is a case."""


def picture(
    instrument: Instrument,
    dots: Sequence[Dot],
    *,
    first: int | None,
    every_session: bool = False,
) -> Picture:
    """The chart of an instrument. Rules of it that are not verified are left out.

    Args:
        dots: in any order.
        first: the baseline's total, where there is a baseline.
        every_session: the service asks it at every session. So it did, whatever it does today,
            where two sessions running have it.
    """
    better, worse = _reliable(instrument, first)
    asked = (dot.session for dot in dots if dot.mark is not Mark.WITHOUT)
    caseness = instrument.caseness
    return Picture(
        name=instrument.name,
        lowest=instrument.lowest,
        highest=instrument.highest,
        bands=tuple(
            BandOfChart(band.low, band.high, band.label)
            for band in instrument.bands
            if band.source.verified
        ),
        cut_off=caseness.at_least if caseness and caseness.source.verified else None,
        first=first,
        better=better,
        worse=worse,
        called=instrument.reliable_change.called if instrument.reliable_change else Called.RELIABLE,
        dots=tuple(sorted(dots, key=_place)),
        every_session=every_session or session_by_session(asked),
        screens=instrument.screens_only,
    )


def session_by_session(numbers: Iterable[int | None]) -> bool:
    """Whether two sessions running have a measure, by the numbers of those that have it."""
    known = {number for number in numbers if number is not None}
    return any(number + 1 in known for number in known)


_ZONES = tuple(Zone)
_MARKS = tuple(Mark)


def _place(dot: Dot) -> tuple[int, date, int, int, int]:
    total = -1 if dot.total is None else dot.total
    return _ZONES.index(dot.zone), dot.on, dot.session or 0, _MARKS.index(dot.mark), total


def _reliable(instrument: Instrument, first: int | None) -> tuple[int | None, int | None]:
    rule = instrument.reliable_change
    if first is None or rule is None or not rule.source.verified:
        return None, None
    fewer, more = first - rule.points, first + rule.points
    better, worse = (fewer, more) if instrument.lower_is_better else (more, fewer)
    possible = range(instrument.lowest, instrument.highest + 1)
    return (better if better in possible else None, worse if worse in possible else None)


STYLE = 2
"""Goes up whenever the same values are drawn differently, so that no old drawing is shown."""


def content_key(shown: Picture, size: str) -> str:
    """The name of a drawing: the same for the same values and style, another for any other."""
    return hashlib.sha256(f"{STYLE} {size} {shown!r}".encode()).hexdigest()[:32]
