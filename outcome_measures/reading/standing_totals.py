"""Totals that were typed in, as they count: beside a question left without an answer there is none.

Such a total is refused today; those that were saved before stay on record as they were typed.
"""

from typing import Any

from sqlalchemy import String, and_, case, cast, literal, null, select

from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.models import MeasureAnswer, MeasureOccasion
from outcome_measures.scores.total_checks import LEFT_OPEN


def standing_total() -> Any:
    """The column: the total that was typed in, or null where it does not count."""
    row, answer = MeasureOccasion, MeasureAnswer
    # Only questions about risk are answered beside a total.
    counting = [
        f"{one.id}:{item.number}"
        for one in INSTRUMENTS.values()
        for item in one.risk_items
        if item in one.scored_items
    ]
    open_ = select(answer.id).where(
        answer.occasion_id == row.id,
        answer.state.in_(sorted(LEFT_OPEN)),
        (row.instrument + literal(":") + cast(answer.item, String)).in_(counting),
    )
    left = and_(row.typed_total.is_not(None), open_.correlate(row).exists())
    return case((left, null()), else_=row.typed_total).label("typed_total")
