"""What stands for a chart, for whoever does not see it."""

from collections.abc import Collection
from datetime import date

from outcome_measures.reading.rules import Reading, days_without_him
from outcome_measures.reading.words import MORE_IS_BETTER, day, headline


def alt(reading: Reading, missed: Collection[date] = (), *, screened: str = "") -> str:
    """What the chart shows: the finding first, then what is missing from the line.

    Args:
        missed: days of treatment sessions he did not come to.
        screened: what its screen found, as a sentence; that comes before any sum.
    """
    parts = [f"Chart: {screened}{headline(reading)}"]
    scores = reading.scores
    if len(scores) > 1:
        first, last = scores[0], scores[-1]
        parts.append(
            f"{len(scores)} scores since sentence, from {first.total} on {day(first.on)} to "
            f"{last.total} on {day(last.on)}."
        )
    gaps = []
    if reading.incomplete:
        gaps.append(f"{len(reading.incomplete)} not complete")
    if reading.without:
        gaps.append(f"{_sessions(len(reading.without))} without {reading.instrument.name}")
    if absent := days_without_him(reading, missed):
        gaps.append(f"{_sessions(len(absent))} missed")
    if gaps:
        parts.append(f"Gaps: {', '.join(gaps)}.")
    if not reading.instrument.lower_is_better:
        parts.append(f"{MORE_IS_BETTER.capitalize()}.")
    parts.append("The numbers are in the table.")
    return " ".join(parts)


def _sessions(number: int) -> str:
    return f"{number} session{'' if number == 1 else 's'}"
