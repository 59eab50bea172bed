"""A man not known to be safe stays urgent until a clinician has recorded what was found.

A sign of risk is opened for a clinician by name with the referral itself. It outlives whatever
becomes of the referral: only a recorded outcome closes it (who, when, what was found). One who is
urgent without that is so until his assessment begins.
"""

from sqlalchemy import func, select

from mhtr.cases import listeners as case_listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.who_has import trusts_of
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.intake import policy, queries
from mhtr.intake.referral_values import Urgency
from mhtr.tasks import listeners, risk_duty
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.rota_rules import NobodyToAsk

ABOUT_SAFETY = "risk:safety:"
"""How the keys of these signs begin."""
PAGE = "suitability.risk_reviews"
TITLE = "Find out whether he is safe now: what was said when he was referred leaves it open"


def hurry(case: Case, *, look: bool, by: int | None) -> None:
    """Mark a case urgent and hurry on what waits.

    Args:
        look: it is about his safety: a clinician is asked, unless one is asked already.
    """
    must_be_writing()
    case.urgent = True
    today, soon = queries.due_in(0), queries.due_in(assess_days(case))
    for task in tasks.open_tasks(case.id, TaskKind.TRIAGE, TaskKind.ASSESS):
        wanted = today if task.kind is TaskKind.TRIAGE else soon
        if task.due_at > wanted:
            tasks.move(task, due_at=wanted, by=by)
    if look and not is_asked(case.id):
        # The number tells a later question from one that was answered.
        asked = select(func.count(Task.id)).where(Task.key.startswith(_key(case.id)))
        open_sign(case, key=f"{_key(case.id)}again:{db.session.scalar(asked)}", title=TITLE, by=by)


def open_sign(case: Case, *, key: str, title: str, by: int | None) -> None:
    """Open a sign of risk on a case for its assessor or whoever is on duty at its trust.

    Without any clinician it waits on the trust's list, and is not lost. Where nobody has the
    case there is nobody to tell.
    """
    must_be_writing()
    referral = queries.referral_of(case.id)
    trusts = [referral.trust_id] if referral else trusts_of(case.id)
    if not trusts and case.assessor_id is None:
        return
    try:
        risk_duty.open_risk_review(
            key=key,
            case_id=case.id,
            assessor_id=case.assessor_id,
            organisation_id=trusts[0] if trusts else None,
            by=by,
            endpoint=PAGE,
            subject_ref=case.ref,
            title=title,
        )
    except NobodyToAsk:
        tasks.open_task(
            TaskKind.RISK_REVIEW,
            key=key,
            title=title,
            owner_principal_id=queries.organisation_principal(trusts[0]),
            due_at=queries.due_in(0),
            by=by,
            case_id=case.id,
            endpoint=PAGE,
            subject_ref=case.ref,
        )


def is_asked(case_id: int) -> bool:
    """Whether a clinician has still to record whether he is safe."""
    waiting = tasks.open_tasks(case_id, TaskKind.RISK_REVIEW)
    return any(t.key.startswith(_key(case_id)) and t.state is TaskState.OPEN for t in waiting)


def assess_days(case: Case) -> int:
    """Working days in which the assessment begins."""
    if case.urgent:
        return int(values(policy.URGENT_ASSESS_DAYS)["urgent_assess_days"])
    return int(values(policy.ASSESS_DAYS)["assess_days"])


def _key(case_id: int) -> str:
    return f"{ABOUT_SAFETY}{case_id}:"


def follow_found(task: Task, by: int | None) -> None:
    """What was found is recorded: he is urgent for that no more."""
    if task.case_id is None or not task.key.startswith(_key(task.case_id)):
        return
    case = cases.lock(task.case_id)
    if not holds(case):
        _no_longer(case, by)


def holds(case: Case) -> bool:
    """Whether anything still makes a case urgent."""
    return is_asked(case.id) or _to_be_seen_today(case)


def _to_be_seen_today(case: Case) -> bool:
    """Whoever referred him said so, and nobody has begun to assess him."""
    referral = queries.referral_of(case.id)
    begun = any(fact.kind is FactKind.ASSESSMENT_STARTED for fact in cases.facts_of(case.id))
    today = referral is not None and referral.answers.get("urgency") == Urgency.URGENT
    return today and not begun


def follow_start(case_id: int, kind: FactKind, by: int | None) -> None:
    """A clinician sees him: who was only to be seen soon is urgent no more."""
    if kind is not FactKind.ASSESSMENT_STARTED:
        return
    case = cases.lock(case_id)
    if case.urgent and not is_asked(case_id):
        _no_longer(case, by)


def _no_longer(case: Case, by: int | None) -> None:
    case.urgent = False
    audit.record("intake.no_longer_urgent", by=by, case_id=case.id)


listeners.risk_closed.append(follow_found)
case_listeners.fact_added.append(follow_start)
