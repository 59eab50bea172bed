"""What was answered above zero beside a report, for whoever writes it. It decides nothing.

Only pages of clinicians show it.
"""

from mhtr.suitability.models import Assessment
from mhtr.suitability.unsaved_measures import context_of
from mhtr.web.reads import shows
from outcome_measures.instruments.registry import recorded
from outcome_measures.reading.queries import of_context
from outcome_measures.risk.reviews import responses_of
from outcome_measures.scores.risk_signals import risk_signals


def risk_answered(assessment: Assessment) -> str:
    """What he answered above zero to a question about risk in the assessment's questionnaires."""
    found = []
    for occasion in sorted(of_context(context_of(assessment)).values(), key=lambda row: row.id):
        instrument = recorded(occasion.instrument)
        for signal in risk_signals(instrument, responses_of(occasion), submitted=False):
            if signal.value:
                shows("measure", occasion.id)
                found.append(f"{instrument.name}: {signal.reason.removesuffix('.')}")
    return "; ".join(found)
