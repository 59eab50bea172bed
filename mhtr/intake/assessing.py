"""The assessor's task: open from the plea or finding on, until he begins."""

from mhtr.accounts.models import Staff
from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, FactKind, ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import queries, urgency
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind


def open_assessment(case: Case, *, by: int | None, again: str = "") -> None:
    """Give the assessor the man to assess, if an assessment may begin and has not.

    Before a plea or finding it may not: the task opens when that is recorded.

    Args:
        again: tells one opened later from the first.
    """
    must_be_writing()
    if not _may_begin(case) or case.assessor_id is None:
        return
    assessor = db.session.get_one(Staff, case.assessor_id)
    tasks.open_task(
        TaskKind.ASSESS,
        key=f"assess:{case.id}{again}",
        title=("Urgent: assess" if case.urgent else "Assess") + " a man allocated to you",
        owner_principal_id=assessor.principal_id,
        owner_staff_id=assessor.id,
        due_at=queries.due_in(urgency.assess_days(case)),
        by=by,
        case_id=case.id,
        endpoint="suitability.assessment",
        subject_ref=case.ref,
    )


def follow_stage(case_id: int, kind: FactKind, by: int | None) -> None:
    """A plea or finding lets the assessment begin; one taken back stops what has not begun."""
    if kind is not FactKind.STAGE_RECORDED:
        return
    case = cases.lock(case_id)
    waiting = tasks.open_tasks(case_id, TaskKind.ASSESS)
    if not waiting and not case.paused:
        open_assessment(case, by=by)
    elif not _may_begin(case) and case.progress is ReportProgress.NOT_STARTED:
        for task in waiting:
            tasks.withdraw(task, by=by, because="stage_before_plea")


def _may_begin(case: Case) -> bool:
    return (
        case.state in BEFORE_SENTENCE
        and case.stage in AFTER_PLEA_OR_FINDING
        and case.progress is ReportProgress.NOT_STARTED
    )


listeners.fact_added.append(follow_stage)
