"""What is withdrawn when a case closes or pauses, and what begins again when it goes on."""

from collections.abc import Collection
from datetime import datetime, time

from sqlalchemy import select, update

from mhtr.accounts.models import Staff
from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import (
    CaseState,
    CloseReason,
    FactKind,
    PauseReason,
    ReportProgress,
    StageOfCase,
)
from mhtr.cases.models import Case
from mhtr.cases.reliance import doubts
from mhtr.cases.rules import CaseStanding
from mhtr.cases.standing import HEARINGS, RESULTS
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.intake import allocating, policy, queries, urgency
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState

K = TaskKind
_UNSENT = (OutboxState.WAITING, OutboxState.HELD)

CONVICTED = (StageOfCase.FOUND_GUILTY, StageOfCase.AWAITING_SENTENCE)
FOUND_GUILTY = (
    "On record he was found guilty or awaits sentence. If that is wrong, record the stage of his "
    "case anew first, then that he was acquitted."
)
STAYS = frozenset(
    {
        K.RISK_REVIEW,
        K.IDENTITY_QUESTION,
        K.ONWARD_REFERRAL,
        K.BREAK_GLASS_REVIEW,
        K.FLAG_REVIEW,
        K.FLAG_MAN,
        K.CONSENT_WITHDRAWN,
        K.PAST_ANSWER,
        K.RECORD_OUTCOME,
        K.WELFARE_CALL,
        K.SIGN_OFF_NOTE,
        K.LETTER,
        K.SIGN_LETTER,
        K.FINISH_NOTE,
        K.TELL_PROBATION,
        K.DECIDE_LATE,
        K.RISK_TOLD,
        K.SAFEGUARDING,
        K.SEND_PAPERS,
        K.RELEASED_REPORT,
    }
)
"""Tasks about the man or the record rather than the court case: closing does not end them."""
STAYS_WHILE_PAUSED = STAYS | {
    K.RESULT_AWAITED,
    K.CHASE_HEARING,
    K.PAUSED_CASE,
    K.TAKE_OVER,
    K.CONFIRM_CONSENT,
    K.ASK_CONTACT,
    K.ANSWER_QUESTION,
}
"""What can still be done on a paused case: the court may decide, or set a new date; the referrer
answers."""
BEGINS_AGAIN = (K.ASSESS, K.COUNTERSIGN, K.REVISE, K.RELEASE, K.ADDENDUM_ASKED)
"""Work under way that nothing else opens again. The report's own date is worked out anew."""

RESTS = (*BEGINS_AGAIN, K.REPORT_DUE, K.REPORT_LATE, K.ANSWER_DATE)
"""What rests while no plea or finding is on record any more."""

TOWARDS_A_REPORT = (
    K.TRIAGE,
    K.ALLOCATE,
    K.ASSESS,
    K.ADDENDUM_ASKED,
    K.COUNTERSIGN,
    K.REVISE,
    K.RELEASE,
)
"""Work towards a report for the court. After a release the last three are about an addendum."""
ON_A_REPORT = frozenset({K.COUNTERSIGN, K.REVISE, K.RELEASE, K.ADDENDUM_ASKED})
_BESIDE_A_SENTENCE = (
    RESULTS
    | HEARINGS
    | {
        FactKind.CORRECTED,
        FactKind.PROPOSED,
        FactKind.NOT_PROPOSED,
        FactKind.STAGE_RECORDED,
        FactKind.CLOSED,
        FactKind.REOPENED,
    }
)


def check_acquittal(case: Case, reason: PauseReason | CloseReason) -> None:
    """Refuse an acquittal that contradicts the stage on record.

    Raises:
        Refused: he was found guilty, as far as is known.
    """
    if reason is CloseReason.ACQUITTED and case.stage in CONVICTED:
        raise Refused(FOUND_GUILTY)


def withdraw_tasks(case_id: int, *, by: int | None) -> None:
    """Withdraw what need no longer be done once the case is closed."""
    _withdraw(case_id, STAYS, "case_closed", by)


def withdraw_while_paused(case: Case, *, by: int | None) -> None:
    """Withdraw what cannot be done on a paused case, and see that somebody looks at it again."""
    _withdraw(case.id, STAYS_WHILE_PAUSED, "case_paused", by)
    _look_again(case, "A paused case: does it go on?", by=by)


def rest(case: Case, *, by: int | None) -> None:
    """Withdraw work on a report whose plea or finding was taken back, as in a pause."""
    must_be_writing()
    for task in tasks.open_tasks(case.id, *RESTS):
        tasks.withdraw(task, by=by, because="stage_before_plea")
    _look_again(case, "No plea or finding any more: does the case go on?", by=by)


def _look_again(case: Case, title: str, *, by: int | None) -> None:
    look_again = queries.due_in(int(values(policy.PAUSED_DAYS)["paused_days"]))
    for task in tasks.open_tasks(case.id, K.PAUSED_CASE):
        tasks.change(task, title=title, by=by)
        tasks.move(task, due_at=look_again, by=by)
        return
    referral = queries.referral_of(case.id)
    if case.assessor_id is not None:
        assessor = db.session.get_one(Staff, case.assessor_id)
        owner, owner_staff = assessor.principal_id, assessor.id
    elif referral is not None:
        owner, owner_staff = queries.organisation_principal(referral.trust_id), None
    else:
        return
    tasks.open_task(
        K.PAUSED_CASE,
        key=f"paused:{case.id}:{case.version}",
        title=title,
        owner_principal_id=owner,
        owner_staff_id=owner_staff,
        due_at=look_again,
        by=by,
        case_id=case.id,
        endpoint="intake.hearing",
        subject_ref=case.ref,
    )


def withdraw_at_sentence(case: Case, *, by: int) -> None:
    """Withdraw what can no longer be done once the court has sentenced without a report.

    Where it made the requirement and nobody has him yet, somebody must be found: whether the
    service accepts him is no question any more.
    """
    tasks.settle(case.id, K.PAUSED_CASE, by=by)
    made = case.state is CaseState.SENTENCED_WITH_MHTR
    for task in tasks.open_tasks(case.id, *TOWARDS_A_REPORT):
        about_addendum = (
            case.progress is ReportProgress.RELEASED and task.kind is not K.ADDENDUM_ASKED
        )
        if not (about_addendum or (made and task.kind is K.ALLOCATE)):
            tasks.withdraw(task, by=by, because="sentenced")
    referral = queries.referral_of(case.id)
    # Asked again for each result: another one, recorded by mistake, may have ended the search.
    sought = case.assessor_id is not None or bool(tasks.open_tasks(case.id, K.ALLOCATE))
    if made and referral is not None and not sought:
        allocating.open_allocation(case, referral.trust_id, by=by)


def put_back_after_sentence(case: Case, *, by: int) -> None:
    """He was not sentenced after all: open again what the sentence interrupted."""
    must_be_writing()
    if case.paused:
        withdraw_while_paused(case, by=by)
        return
    since: datetime | None = None
    for fact in reversed(cases.facts_of(case.id)):
        if fact.kind not in _BESIDE_A_SENTENCE:
            break
        since = fact.recorded_at if fact.kind in RESULTS else since
    found = _withdrawn(case.id, TOWARDS_A_REPORT, since) if since else []
    for task in _wanted(case, found):
        if not tasks.open_tasks(case.id, task.kind):
            tasks.reopen(task, due_at=_due_again(case, task), by=by)
            _to_the_trust_if_moved(case, task, by)
    if tasks.open_tasks(case.id, K.TRIAGE):
        # The order alone had somebody found; now the service is asked again whether it takes him.
        for task in tasks.open_tasks(case.id, K.ALLOCATE):
            tasks.withdraw(task, by=by, because="not_sentenced")


def withdraw_messages(case_id: int) -> None:
    """Withdraw what waits to be sent about a case."""
    must_be_writing()
    db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.case_id == case_id, OutboxMessage.state.in_(_UNSENT))
        .values(state=OutboxState.WITHDRAWN)
    )


def put_back(case: Case, *, by: int | None) -> None:
    """Open again the work that the last pause, closing or rest interrupted."""
    must_be_writing()
    tasks.settle(case.id, K.PAUSED_CASE, by=by)
    if _standing(case).rests:
        rest(case, by=by)
    for task in _wanted(case, _interrupted(case.id)):
        nobody_assesses = task.kind is K.ASSESS and case.assessor_id is None
        if not nobody_assesses and not tasks.open_tasks(case.id, task.kind):
            tasks.reopen(task, due_at=_due_again(case, task), by=by)
            _to_the_trust_if_moved(case, task, by)


def _wanted(case: Case, found: list[Task]) -> list[Task]:
    """Without work on a report that rests, or will not follow because he said no, or may not be
    relied on any more."""
    standing = _standing(case)
    if standing.rests:
        return [task for task in found if task.kind not in RESTS]
    if standing.no_report_since is None and not doubts(standing):
        return found
    return [task for task in found if task.kind not in ON_A_REPORT]


def _standing(case: Case) -> CaseStanding:
    return rules.fold(cases.facts_of(case.id), clock.today())


def _withdraw(case_id: int, stays: frozenset[TaskKind], because: str, by: int | None) -> None:
    must_be_writing()
    for task in tasks.open_tasks(case_id):
        if task.kind not in stays:
            tasks.withdraw(task, by=by, because=because)


def _interrupted(case_id: int) -> list[Task]:
    """What was withdrawn since the case paused, closed or came to rest, until the last fact."""
    facts = cases.facts_of(case_id)
    first = rules.held_up_from(facts, clock.today())
    return [] if first is None else _withdrawn(case_id, BEGINS_AGAIN, facts[first].recorded_at)


def _withdrawn(case_id: int, kinds: Collection[TaskKind], since: datetime) -> list[Task]:
    return list(
        db.session.scalars(
            select(Task)
            .where(
                Task.case_id == case_id,
                Task.kind.in_(kinds),
                Task.state == TaskState.WITHDRAWN,
                Task.finished_at >= since,
            )
            .order_by(Task.id.desc())
        )
    )


def _to_the_trust_if_moved(case: Case, task: Task, by: int | None) -> None:
    """The case moved to another trust meanwhile: whoever had it works there no more."""
    referral = queries.referral_of(case.id)
    if referral and task.owner_staff_id and not queries.works_on(case, task.owner_staff_id):
        trust = queries.organisation_principal(referral.trust_id)
        tasks.hand_over(task, to_principal_id=trust, to_staff_id=None, by=by)


def _due_again(case: Case, task: Task) -> datetime:
    if task.kind in (K.TRIAGE, K.ALLOCATE):
        return queries.due_in(0)
    if task.kind is K.ASSESS:
        return queries.due_in(urgency.assess_days(case))
    if case.report_due_on is None:
        return task.due_at
    hour = int(values(policy.DAY_ENDS)["day_ends"])
    return clock.from_london(datetime.combine(case.report_due_on, time(hour)))
