"""What was answered above zero beside a report, for whoever writes it. It decides nothing.

Only pages of clinicians show it.
"""

from mhtr.suitability.models import Assessment
from mhtr.suitability.unsaved_measures import context_of
from mhtr.web.reads import shows
from outcome_measures.instruments.registry import recorded
from outcome_measures.reading.queries import of_context
from outcome_measures.risk.reviews import responses_of
from outcome_measures.scores.risk_signals import RiskSignal, risk_signals


def risk_answered(assessment: Assessment) -> str:
    """What he answered above zero to a question about risk in the assessment's questionnaires."""
    found = []
    for occasion in sorted(of_context(context_of(assessment)).values(), key=lambda row: row.id):
        instrument = recorded(occasion.instrument)
        for signal in risk_signals(instrument, responses_of(occasion), submitted=False):
            if signal.value:
                shows("measure", occasion.id)
                found.append(_said(instrument.name, signal))
    return "; ".join(found)


def _said(instrument: str, signal: RiskSignal) -> str:
    """`Question 9 of PHQ-9 (harm to himself) was answered “Several days”`."""
    question = f"Question {signal.item_number}"
    about = f" ({signal.to.words})" if signal.to else ""
    said = signal.reason.removeprefix(question).removesuffix(".")
    return f"{question} of {instrument}{about}{said}"
