"""What one score says beside its total: the result of its screen, its clinical score, its parts."""

from outcome_measures.definitions import Instrument
from outcome_measures.reading.words import Said
from outcome_measures.scores.score import Score


def beside_total(instrument: Instrument, score: Score) -> tuple[Said, ...]:
    """Each fact of a complete score by itself; what it has none of is left out."""
    found = []
    if score.screen is not None:
        found.append(Said("Screen", score.screen.reason))
    if score.mean is not None and instrument.mean is not None:
        found.append(Said(instrument.mean.label, str(score.mean)))
    for part in score.subscales:
        found.append(Said(part.name, f"{part.total} ({part.lowest} to {part.highest})"))
    return tuple(found)
