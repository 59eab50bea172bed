"""He says no before release: no report will follow, probation hears at once, and work on it ends.

He may change his mind before the hearing: once he has agreed again and the assessment is open,
the request stands again with its date, and probation hears that too. Nobody outside the clinical
record is told what he said.
"""

from mhtr.accounts.models import Staff, Team
from mhtr.cases import listeners, rules
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.cases.wording import day_words
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.intake.concerned import leads_holding
from mhtr.suitability import due_service, news, report_work
from mhtr.suitability.concerned import current_request
from mhtr.suitability.models import ReportRequest
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

NO_REPORT = (
    "There will be no suitability report on a man you asked about. The assessment was not "
    "completed, and he is not going forward to treatment at present."
)
TAKEN_UP = "The assessment of a man you asked about is taken up again. The report is due on "
NOTHING_TO_SIGN = "A report before you is stopped. There is nothing to sign."
BECAUSE = "suitability.no_report"
ENDS = (
    TaskKind.REPORT_DUE,
    TaskKind.ANSWER_DATE,
    TaskKind.COUNTERSIGN,
    TaskKind.REVISE,
    TaskKind.RELEASE,
)
"""Work on a report that will not follow. What he said is a task of its own."""
_MAY_CHANGE_IT = frozenset(
    {
        FactKind.CONSENT_WITHDRAWN,
        FactKind.CONSENT_GIVEN,
        FactKind.ASSESSMENT_FINISHED,
        FactKind.ASSESSMENT_REOPENED,
        FactKind.REOPENED,
        FactKind.CORRECTED,
    }
)


def follow(case_id: int, kind: FactKind, by: int | None) -> None:
    """After a milestone: whether a report will follow has changed by it."""
    if kind not in _MAY_CHANGE_IT:
        return
    case, today, facts = cases.lock(case_id), clock.today(), cases.facts_of(case_id)
    before = rules.fold(facts[:-1], today).no_report_since
    now = rules.fold(facts, today).no_report_since
    if now is not None and before is None:
        _stop(case, by)
    elif now is None and before is not None:
        _take_up(case, by)


def _stop(case: Case, by: int | None) -> None:
    for principal_id in leads_holding(case.id):
        news.tell(principal_id, case, f"stopped:{case.id}:{case.version}", NOTHING_TO_SIGN)
    for task in tasks.open_tasks(case.id, *ENDS):
        tasks.withdraw(task, by=by, because=BECAUSE)
    case.report_due_on = None
    audit.record("suitability.stopped", by=by, case_id=case.id)
    request = current_request(case.id)
    if request is not None:
        _tell_asker(case, request, NO_REPORT)


def _take_up(case: Case, by: int | None) -> None:
    if case.state not in BEFORE_SENTENCE or case.progress is ReportProgress.RELEASED:
        return
    audit.record("suitability.taken_up_again", by=by, case_id=case.id)
    request = current_request(case.id)
    if request is not None:
        due_service.put_back(case, request, by=by)
        day = f"{request.due_on:%A} {day_words(request.due_on)}."
        _tell_asker(case, request, TAKEN_UP + day)
    if by is not None:
        report_work.go_on(case, by=by)


def _tell_asker(case: Case, request: ReportRequest, text: str) -> None:
    """The author of the pre-sentence report and her team."""
    told = {db.session.get_one(Staff, request.author_id).principal_id}
    if request.team_id is not None:
        told.add(db.session.get_one(Team, request.team_id).principal_id)
    for principal_id in told:
        news.tell(principal_id, case, f"stopped:{case.id}:{case.version}", text)


listeners.fact_added.append(follow)
