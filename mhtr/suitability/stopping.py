"""He says no before release: no report will follow, probation hears at once, and work on it ends.

He may change his mind before the hearing: once he has agreed again and the assessment is open,
the request stands again with its date, and probation hears that too. Nobody outside the clinical
record is told what he said.
"""

from mhtr.accounts.models import Staff
from mhtr.cases import listeners, rules
from mhtr.cases import service as cases
from mhtr.cases.facts import Fact, FactKind, ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE, RESULTS
from mhtr.cases.wording import day_words
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.intake.concerned import leads_holding
from mhtr.suitability import due_service, news, report_work
from mhtr.suitability.concerned import current_request, no_report_since, those_asking
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.report_work import NOTHING_TO_SIGN
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

NO_REPORT = (
    "There will be no suitability report on a man you asked about. The assessment was not "
    "completed, and he is not going forward to treatment at present."
)
TAKEN_UP = "The assessment of a man you asked about is taken up again. The report is due on "
BECAUSE = "suitability.no_report"
ENDS = (
    TaskKind.REPORT_DUE,
    TaskKind.REPORT_LATE,
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
        FactKind.RESUMED,
        FactKind.CORRECTED,
        FactKind.STAGE_RECORDED,
    }
)

_GOES_ON = frozenset({FactKind.RESUMED, FactKind.STAGE_RECORDED})


def follow(case_id: int, kind: FactKind, by: int | None) -> None:
    """After a milestone: whether a report will follow has changed by it."""
    if kind not in _MAY_CHANGE_IT:
        return
    case, facts = cases.lock(case_id), cases.facts_of(case_id)
    if facts[-1].kind is not kind:
        return  # What another listener added to it was followed when it was added.
    if kind is FactKind.CORRECTED and _was_a_result(facts):
        return  # Another result may follow: see `follow_no_sentence`.
    before, now = _stopped_before(facts, kind), no_report_since(case_id) is not None
    if now and not before:
        _stop(case, by)
    elif before and not now and not case.paused and not rules.fold(facts, clock.today()).rests:
        if kind is FactKind.ASSESSMENT_REOPENED:
            tasks.settle(case.id, TaskKind.CONSENT_WITHDRAWN, by=by)
        _take_up(case, by)


def follow_no_sentence(case: Case, by: int) -> None:
    """He was not sentenced after all: where he said no, no report will follow still."""
    if no_report_since(case.id) is not None:
        _stop(case, by)


def _stopped_before(facts: list[Fact], kind: FactKind) -> bool:
    """Whether no report was to follow until the last fact; at any time of a pause that it ends.

    What he says while the case pauses or rests is taken up when it goes on.
    """
    since, today = len(facts) - 1, clock.today()
    if kind in _GOES_ON:
        held = rules.held_up_from(facts, today)
        since = since if held is None else held
    return any(
        rules.fold(facts[:end], today).no_report_since is not None
        for end in range(since, len(facts))
    )


def _was_a_result(facts: list[Fact]) -> bool:
    target = facts[-1].detail.get("fact_id")
    return any(fact.id == target and fact.kind in RESULTS for fact in facts)


def _stop(case: Case, by: int | None) -> None:
    for principal_id in leads_holding(case.id):
        news.tell(principal_id, case, _key(case), NOTHING_TO_SIGN)
    for task in tasks.open_tasks(case.id, *ENDS):
        tasks.withdraw(task, by=by, because=BECAUSE)
    case.report_due_on = None
    audit.record("suitability.stopped", by=by, case_id=case.id)
    request = current_request(case.id)
    if request is not None:
        tell_asker(case, request, _key(case), NO_REPORT)


def _take_up(case: Case, by: int | None) -> None:
    if case.state not in BEFORE_SENTENCE or case.progress is ReportProgress.RELEASED:
        return
    audit.record("suitability.taken_up_again", by=by, case_id=case.id)
    request = current_request(case.id)
    if request is not None:
        due_service.put_back(case, request, by=by)
        day = f"{request.due_on:%A} {day_words(request.due_on)}."
        tell_asker(case, request, _key(case), TAKEN_UP + day)
    if by is not None:
        report_work.go_on(case, by=by)


def _key(case: Case) -> str:
    return f"stopped:{case.id}:{case.version}"


def tell_asker(
    case: Case, request: ReportRequest, key: str, text: str, *, but: int | None = None
) -> None:
    """The author of the pre-sentence report, unless it was she (`but`), and her team."""
    told = those_asking(request)
    if request.author_id == but:
        told.discard(db.session.get_one(Staff, but).principal_id)
    for principal_id in told:
        news.tell(principal_id, case, key, text)


listeners.fact_added.append(follow)
