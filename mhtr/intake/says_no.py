"""An amended referral says that he does not want it, or was not able to decide: somebody asks him.

It is the referrer's word and no consent of his on record: the assessment goes on until he is asked.
"""

from collections.abc import Mapping

from mhtr.accounts.models import Staff
from mhtr.cases import listeners
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import queries, triage
from mhtr.intake.models import Referral
from mhtr.intake.referral_values import Answer
from mhtr.intake.willing import Willingness
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind

ABOUT = frozenset({"willing", "able_to_agree"})
NOT_WANTED = "His referral now says that he does not want it: ask him"
NOT_ABLE = "His referral now says that he was not able to decide: ask him again"


def words(referral: Referral) -> str:
    """What the referral says against going on, in words; empty where it says nothing."""
    if referral.answers.get("willing") == Willingness.NOT_WILLING:
        return NOT_WANTED
    return NOT_ABLE if referral.answers.get("able_to_agree") == Answer.NO else ""


def follow_amendment(case: Case, referral: Referral, before: Mapping[str, str], *, by: int) -> None:
    """Once the referral is accepted: a task for the assessor, or for his trust while it looks for
    one. Before that triage says it.

    Args:
        before: the answers that changed, as they were.
    """
    must_be_writing()
    if not ABOUT.intersection(before):
        return
    for task in _waiting(case.id):
        tasks.withdraw(task, by=by, because="intake.amended")
    if not words(referral) or not triage.was_accepted(case.id):
        return
    assessor = db.session.get_one(Staff, case.assessor_id) if case.assessor_id else None
    trust = queries.organisation_principal(referral.trust_id)
    tasks.open_task(
        TaskKind.CONSENT_WITHDRAWN,
        key=f"{_key(case.id)}{referral.version}",
        title=words(referral),
        owner_principal_id=assessor.principal_id if assessor else trust,
        owner_staff_id=assessor.id if assessor else None,
        due_at=queries.due_in(0),
        by=by,
        case_id=case.id,
        endpoint="intake.referral",
        subject_ref=case.ref,
    )


def follow_said(case_id: int, item: ConsentItem, decision: ConsentDecision, by: int) -> None:
    """He was asked about the assessment since: what he said himself stands on his record."""
    if item is ConsentItem.ASSESSMENT:
        for task in _waiting(case_id):
            tasks.finish(task, by=by)


def _waiting(case_id: int) -> list[Task]:
    waiting = tasks.open_tasks(case_id, TaskKind.CONSENT_WITHDRAWN)
    return [task for task in waiting if task.key.startswith(_key(case_id))]


def _key(case_id: int) -> str:
    return f"says-no:{case_id}:"


listeners.consent_said.append(follow_said)
