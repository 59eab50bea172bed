"""Makers of scores for tests of what is read from them."""

from datetime import date, timedelta

from outcome_measures.series import ScorePoint
from outcome_measures.time_points import Origin, TimePoint

FIRST_SESSION = date(2026, 8, 3)


def session(
    number: int, total: int | None, *, instrument: str = "phq9", origin: Origin = Origin.ITEMS
) -> ScorePoint:
    """A score at a weekly treatment session."""
    return ScorePoint(
        occasion_ref=f"{instrument}-{number}",
        instrument=instrument,
        on=FIRST_SESSION + timedelta(days=7 * (number - 1)),
        total=total,
        point=TimePoint.SESSION,
        session_number=number,
        origin=origin,
        order=number,
    )


def apart(
    total: int | None,
    point: TimePoint = TimePoint.PRE_SENTENCE,
    on: date = date(2026, 5, 4),
    *,
    instrument: str = "phq9",
) -> ScorePoint:
    """A score before sentence, between sessions or at follow-up."""
    return ScorePoint(f"{instrument}-{point}-{on}", instrument, on, total, point)


def course(*totals: int | None, instrument: str = "phq9") -> list[ScorePoint]:
    """Scores at sessions one, two and so on; None: not complete."""
    return [session(n, total, instrument=instrument) for n, total in enumerate(totals, start=1)]
