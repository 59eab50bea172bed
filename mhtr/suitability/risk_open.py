"""Signs of risk beside a report, for whoever writes, signs or releases it. They decide nothing.

Only pages of clinicians show them: what is open on the case, and what was answered above zero in
the questionnaires of the assessment.
"""

from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import clock, formats
from mhtr.core.database import db
from mhtr.suitability.models import Assessment
from mhtr.suitability.unsaved_measures import context_of
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.web.reads import shows
from outcome_measures.definitions import Answer
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import MeasureAnswer, MeasureOccasion
from outcome_measures.scores.risk_signals import risk_signals


def open_reviews(case_id: int) -> tuple[str, ...]:
    """Every risk review of a case that is open: with whom, and since when."""
    rows = db.session.execute(
        select(Task, Staff.name)
        .outerjoin(Staff, Staff.id == Task.owner_staff_id)
        .where(
            Task.case_id == case_id,
            Task.kind == TaskKind.RISK_REVIEW,
            Task.state == TaskState.OPEN,
        )
        .order_by(Task.due_at, Task.id)
    )
    now = clock.now()
    return tuple(_said(task, owner, now) for task, owner in rows)


def _said(task: Task, owner: str | None, now: datetime) -> str:
    age = formats.ago(task.created_at, now)
    raised = age if age == "just now" else f"{age} ago"
    late = ", overdue" if task.due_at < now else ""
    return f"A risk review is open, with {owner or 'nobody by name'}, raised {raised}{late}."


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
