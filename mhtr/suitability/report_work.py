"""Work on a report stops when probation takes its request back, and goes on when it asks again."""

from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.reliance import doubts
from mhtr.cases.rules import CaseStanding
from mhtr.core import clock
from mhtr.core.transaction import must_be_writing
from mhtr.intake.concerned import leads_holding
from mhtr.suitability import addendum_asked, countersign_service, news
from mhtr.suitability.assessment_queries import last_decision, latest_assessment, pending_request
from mhtr.suitability.concerned import assessing, is_withdrawn
from mhtr.suitability.countersign_asking import ask_leads
from mhtr.suitability.models import Assessment, CountersignRequest, ReportRequest, Verdict
from mhtr.suitability.release_content import release_of
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

WITHDRAWN = "suitability.request_withdrawn"
TOLD = (
    "Probation withdrew its request for a report. Nothing is to be signed or released unless it "
    "asks again."
)
NOTHING_TO_SIGN = "A report before you is stopped. There is nothing to sign."
SIGN_AGAIN = "A report that was stopped goes on: it is before you to read and sign."
ON_AN_ADDENDUM = (
    TaskKind.COUNTERSIGN,
    TaskKind.REVISE,
    TaskKind.RELEASE,
    TaskKind.ADDENDUM_ASKED,
)
_WORK = (TaskKind.REPORT_DUE, TaskKind.REPORT_LATE, *ON_AN_ADDENDUM)


def stop(case: Case, request: ReportRequest, *, by: int) -> None:
    """Withdraw what is due; whoever assesses and whoever has the report to sign is told."""
    must_be_writing()
    for principal_id in leads_holding(case.id) | {assessing(case).principal_id}:
        news.tell(principal_id, case, f"answer:{request.id}:{request.version}", TOLD)
    for task in tasks.open_tasks(case.id, *_WORK):
        tasks.withdraw(task, by=by, because=WITHDRAWN)
    case.report_due_on = None


def rest(case: Case, *, by: int | None) -> None:
    """The report that went out may not be relied on: nothing is added to it until it may be."""
    must_be_writing()
    for principal_id in leads_holding(case.id):
        news.tell(principal_id, case, f"stopped:{case.id}:{case.version}", NOTHING_TO_SIGN)
    for task in tasks.open_tasks(case.id, *ON_AN_ADDENDUM):
        tasks.withdraw(task, by=by, because="suitability.may_not_stand")


def ask_addendum(case: Case, request: ReportRequest, *, by: int) -> None:
    """She asks again after the release: an addendum, once the report may be relied on."""
    addendum_asked.ask(case, request, by=by)
    if doubts(_standing(case)):
        rest(case, by=by)


def go_on(case: Case, *, by: int) -> None:
    """Open again what is next on a report that was begun, now that it is asked for."""
    must_be_writing()
    assessment = latest_assessment(case.id)
    standing = _standing(case)
    stands = not (standing.no_report_since or doubts(standing))
    if assessment is None or not stands or case.stage not in AFTER_PLEA_OR_FINDING:
        return
    if is_withdrawn(case.id):
        return  # Probation took its request back.
    if case.progress is ReportProgress.RELEASED:
        addendum_asked.not_written(case, by=by)
    waiting = pending_request(assessment.id)
    if waiting is not None:
        _before_the_lead_again(case, waiting, by=by)
    elif case.progress is ReportProgress.RELEASED:
        _on_an_addendum(case, assessment, by=by)
    else:
        _on_the_report(case, assessment, by=by)


def _standing(case: Case) -> CaseStanding:
    return rules.fold(cases.facts_of(case.id), clock.today())


def _before_the_lead_again(case: Case, waiting: CountersignRequest, *, by: int) -> None:
    if tasks.open_tasks(case.id, TaskKind.COUNTERSIGN):
        return
    ask_leads(case, waiting, by=by)
    for principal_id in leads_holding(case.id):
        news.tell(principal_id, case, f"goes_on:{case.id}:{case.version}", SIGN_AGAIN)


def _on_an_addendum(case: Case, assessment: Assessment, *, by: int) -> None:
    last = last_decision(assessment.id, addendum=True)
    if last is None:
        return
    request, decision = last
    if decision.verdict is Verdict.RETURNED:
        countersign_service.open_revision(case, assessment, request, by)
    elif release_of(decision.id) is None:
        countersign_service.open_release(case, assessment, request, by)


def _on_the_report(case: Case, assessment: Assessment, *, by: int) -> None:
    decided = last_decision(assessment.id)
    if decided is not None and case.progress is ReportProgress.COUNTERSIGNED:
        countersign_service.open_release(case, assessment, decided[0], by)
    elif decided is not None and case.progress is ReportProgress.RETURNED:
        countersign_service.open_revision(case, assessment, decided[0], by)
