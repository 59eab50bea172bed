"""Signs of risk beside a report, for whoever writes, signs or releases it. They decide nothing.

Only pages of clinicians show them: what is open on the case, and what was answered above zero in
the questionnaires of the assessment.
"""

from mhtr.core import clock, formats
from mhtr.suitability.assessment_queries import staff_name
from mhtr.suitability.models import Assessment
from mhtr.suitability.unsaved_measures import context_of
from mhtr.tasks.models import Task, TaskKind
from mhtr.tasks.service import open_tasks
from mhtr.web.reads import shows
from outcome_measures.instruments.registry import recorded
from outcome_measures.reading.queries import of_context
from outcome_measures.risk.reviews import responses_of
from outcome_measures.scores.risk_signals import risk_signals


def open_reviews(case_id: int) -> tuple[str, ...]:
    """Every risk review of a case that is open: with whom, and since when."""
    return tuple(_said(task) for task in open_tasks(case_id, TaskKind.RISK_REVIEW))


def _said(task: Task) -> str:
    owner = staff_name(task.owner_staff_id) if task.owner_staff_id else "nobody by name"
    age = formats.ago(task.created_at, clock.now())
    raised = age if age == "just now" else f"{age} ago"
    late = ", overdue" if task.due_at < clock.now() else ""
    return f"A risk review is open, with {owner}, raised {raised}{late}."


def above_zero(assessment: Assessment) -> str:
    """What he answered above zero to a question about risk in the assessment's questionnaires."""
    found = []
    for occasion in of_context(context_of(assessment)).values():
        instrument = recorded(occasion.instrument)
        signals = risk_signals(instrument, responses_of(occasion), submitted=False)
        said = [signal.reason.removesuffix(".") for signal in signals if signal.value]
        if said:
            shows("measure", occasion.id)
            found += [f"{instrument.name}: {one}" for one in said]
    return "; ".join(found)
