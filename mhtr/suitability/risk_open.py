"""What was answered above zero beside a report, for whoever writes it. It decides nothing.

Only pages of clinicians show it.
"""

from sqlalchemy import select

from mhtr.core.database import db
from mhtr.suitability.models import Assessment
from mhtr.suitability.unsaved_measures import context_of
from mhtr.web.reads import shows
from outcome_measures.definitions import Answer
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import MeasureAnswer, MeasureOccasion
from outcome_measures.scores.risk_signals import risk_signals


def above_zero(assessment: Assessment) -> str:
    """What he answered above zero to a question about risk in the assessment's questionnaires."""
    rows = db.session.execute(
        select(MeasureOccasion.id, MeasureOccasion.instrument, MeasureAnswer)
        .join(MeasureAnswer, MeasureAnswer.occasion_id == MeasureOccasion.id)
        .where(MeasureOccasion.context == context_of(assessment), MeasureAnswer.value > 0)
        .order_by(MeasureOccasion.id, MeasureAnswer.item)
    )
    found = []
    for occasion_id, name, row in rows:
        instrument, answer = recorded(name), Answer(row.state, row.value)
        for signal in risk_signals(instrument, {row.item: answer}, submitted=False):
            shows("measure", occasion_id)
            found.append(f"{instrument.name}: {signal.reason.removesuffix('.')}")
    return "; ".join(found)
