"""A man not known to be safe stays urgent until a clinician has recorded what was found.

Accepting a referral says nothing about his safety: a sign of risk is opened for a clinician by
name, which only a recorded outcome closes (who, when, what was found). One who is urgent without
that is so until his assessment begins.
"""

from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.cases import listeners as case_listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.intake import policy, queries
from mhtr.intake.referral_values import Safety, Urgency
from mhtr.tasks import listeners, risk_duty
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.rota_rules import NobodyToAsk

PAGE = "suitability.risk_reviews"
TITLE = "Find out whether he is safe now: whoever referred him or asked about him did not know"


def ask_clinician(case: Case, *, by: int) -> None:
    """Open the sign of risk of an accepted case that is urgent for his safety, and hurry on."""
    must_be_writing()
    accepted = any(fact.kind is FactKind.ACCEPTED for fact in cases.facts_of(case.id))
    if not (case.urgent and accepted):
        return
    soon = queries.due_in(assess_days(case))
    for task in tasks.open_tasks(case.id, TaskKind.ASSESS):
        if task.due_at > soon:
            tasks.move(task, due_at=soon, by=by)
    if _about_safety(case) and not is_asked(case.id):
        _open(case, by)


def is_asked(case_id: int) -> bool:
    """Whether a clinician has still to record whether he is safe."""
    waiting = tasks.open_tasks(case_id, TaskKind.RISK_REVIEW)
    return any(t.key.startswith(_key(case_id)) and t.state is TaskState.OPEN for t in waiting)


def assess_days(case: Case) -> int:
    """Working days in which the assessment begins."""
    if case.urgent:
        return int(values(policy.URGENT_ASSESS_DAYS)["urgent_assess_days"])
    return int(values(policy.ASSESS_DAYS)["assess_days"])


def _about_safety(case: Case) -> bool:
    """Not only that he is to be seen soon. Probation may have said so beside a safe referral."""
    referral = queries.referral_of(case.id)
    if referral is None or referral.safety is not Safety.SAFE:
        return True
    return referral.answers.get("urgency") != Urgency.URGENT


def _open(case: Case, by: int) -> None:
    referral = queries.referral_of(case.id)
    home = referral.trust_id if referral else db.session.get_one(Staff, by).organisation_id
    # The number tells a later question from one that was answered, whatever made it urgent.
    asked = select(func.count(Task.id)).where(Task.key.startswith(_key(case.id)))
    key = f"{_key(case.id)}again:{db.session.scalar(asked)}"
    try:
        _review(case, case.assessor_id, key, home=home, by=by)
    except NobodyToAsk:
        _review(case, by, key, home=home, by=by)


def _review(case: Case, assessor_id: int | None, key: str, *, home: int, by: int) -> None:
    risk_duty.open_risk_review(
        key=key,
        case_id=case.id,
        assessor_id=assessor_id,
        organisation_id=home,
        by=by,
        endpoint=PAGE,
        subject_ref=case.ref,
        title=TITLE,
    )


def _key(case_id: int) -> str:
    return f"risk:safety:{case_id}:"


def follow_found(task: Task, by: int | None) -> None:
    """What was found is recorded: he is urgent for that no more."""
    if task.case_id is None or not task.key.startswith(_key(task.case_id)):
        return
    case = cases.lock(task.case_id)
    if not is_asked(case.id):
        _no_longer(case, by)


def follow_start(case_id: int, kind: FactKind, by: int | None) -> None:
    """A clinician sees him: who was only to be seen soon is urgent no more."""
    if kind is not FactKind.ASSESSMENT_STARTED:
        return
    case = cases.lock(case_id)
    if case.urgent and not _about_safety(case) and not is_asked(case_id):
        _no_longer(case, by)


def _no_longer(case: Case, by: int | None) -> None:
    case.urgent = False
    audit.record("intake.no_longer_urgent", by=by, case_id=case.id)


listeners.risk_closed.append(follow_found)
case_listeners.fact_added.append(follow_start)
