"""Whether his last score says that he is worse than before: a miss is then a welfare call."""

from collections.abc import Mapping, Sequence

from outcome_measures.change import Change, NoRule, Totals, reliable
from outcome_measures.definitions import Instrument
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.reading.queries import points_of
from outcome_measures.series import ScorePoint

LOOKED_AT: Mapping[str, Instrument] = {one.id: one for one in (PHQ9, GAD7)}


def is_worse(case_id: int) -> bool:
    """Whether his last score of PHQ-9 or GAD-7 is reliably worse than the one before, or in a
    higher band."""
    points = points_of([case_id]).get(case_id, ())
    return any(got_worse(one, _totals(points, one.id)) for one in LOOKED_AT.values())


def got_worse(instrument: Instrument, totals: Totals | None) -> bool:
    """Whether the later of two totals is reliably worse, or lies in a higher band."""
    if totals is None or totals.last <= totals.first:
        return False
    try:
        if reliable(instrument, totals) is Change.DETERIORATED:
            return True
    except NoRule:
        pass
    return _band(instrument, totals.last) > _band(instrument, totals.first)


def _band(instrument: Instrument, total: int) -> int:
    """Which band a total lies in, from 0; -1 outside every band."""
    bands = enumerate(instrument.bands)
    return next((n for n, one in bands if one.low <= total <= one.high), -1)


def _totals(points: Sequence[ScorePoint], instrument: str) -> Totals | None:
    """His last two complete totals, the earlier one first; None where there are no two."""
    found = [one.total for one in points if one.instrument == instrument and one.total is not None]
    return Totals(found[-2], found[-1]) if len(found) > 1 else None
