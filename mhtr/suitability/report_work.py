"""Work on a report stops when probation takes its request back, and goes on when it asks again."""

from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, ReportProgress
from mhtr.cases.models import Case
from mhtr.core.transaction import must_be_writing
from mhtr.intake.concerned import leads_holding
from mhtr.suitability import countersign_service, news
from mhtr.suitability.assessment_queries import last_decision, latest_assessment, pending_request
from mhtr.suitability.concerned import (
    assessing,
    current_request,
    last_request,
    no_report_since,
)
from mhtr.suitability.countersign_asking import ask_leads
from mhtr.suitability.models import ReportRequest, Verdict
from mhtr.suitability.release_content import release_of
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

WITHDRAWN = "suitability.request_withdrawn"
TOLD = (
    "Probation withdrew its request for a report. Nothing is to be signed or released unless it "
    "asks again."
)
_WORK = (TaskKind.REPORT_DUE, TaskKind.COUNTERSIGN, TaskKind.REVISE, TaskKind.RELEASE)


def stop(case: Case, request: ReportRequest, *, by: int) -> None:
    """Withdraw what is due; whoever assesses and whoever has the report to sign is told."""
    must_be_writing()
    for principal_id in leads_holding(case.id) | {assessing(case).principal_id}:
        news.tell(principal_id, case, f"answer:{request.id}:{request.version}", TOLD)
    for task in tasks.open_tasks(case.id, *_WORK):
        tasks.withdraw(task, by=by, because=WITHDRAWN)
    case.report_due_on = None


def go_on(case: Case, *, by: int) -> None:
    """Open again what is next on a report that was begun, now that it is asked for."""
    must_be_writing()
    assessment = latest_assessment(case.id)
    if assessment is None or no_report_since(case.id) or case.stage not in AFTER_PLEA_OR_FINDING:
        return
    if last_request(case.id) is not None and current_request(case.id) is None:
        return  # Probation took its request back.
    waiting = pending_request(assessment.id)
    if waiting is not None:
        ask_leads(case, waiting, by=by)
        return
    added = last_decision(assessment.id, addendum=True)
    decided = last_decision(assessment.id)
    if added is not None and added[1].verdict is Verdict.COUNTERSIGNED:
        if release_of(added[1].id) is None:
            countersign_service.open_release(case, assessment, added[0], by)
    elif decided is not None and case.progress is ReportProgress.COUNTERSIGNED:
        countersign_service.open_release(case, assessment, decided[0], by)
    elif decided is not None and case.progress is ReportProgress.RETURNED:
        countersign_service.open_revision(case, assessment, decided[0], by)
