"""What a clinician does with a task on its page: seen, handed over, done. Locks the case first."""

from mhtr.accounts.models import Staff
from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.overview.kinds import DONE_BY_HAND
from mhtr.tasks import rehoming
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind
from mhtr.tasks.queries import excluded_staff
from outcome_measures.risk.reviews import known, others_of_this_answer

ANOTHER_ANSWER = (
    "The answer has changed since you opened this page. Read what he answers now, then record "
    "what you did about it. Nothing is recorded yet."
)

ASK_OR_CLOSE = (
    "Record that he agrees again, or close the case: either ends this task. Until then the case "
    "waits for him."
)


def acknowledge(*, task_id: int, by: int) -> None:
    """Note that a clinician has seen it: escalation stops, the task stays."""
    tasks.acknowledge(_locked(task_id), by=by)


def hand_over(*, task_id: int, to_staff_id: int, by: int) -> None:
    """Give it to another clinician, who is told, and who has yet to see it.

    Raises:
        Refused: it is closed, is his already, or he no longer works here.
    """
    task = _locked(task_id)
    to = db.session.get_one(Staff, to_staff_id)
    if to.disabled_at is not None:
        raise Refused(f"{to.name} can no longer sign in. Choose somebody else.")
    if to.id in excluded_staff(task.case_id, clock.now()):
        raise Refused(f"{to.name} must not see this case. Choose somebody else.")
    if task.owner_principal_id == to.principal_id:
        raise Refused(f"It is with {to.name} already.")
    # Its new owner has yet to see it: passing on begins anew.
    rehoming.give(task, to, by=by, told="A risk review was handed over to you.")


def record_outcome(*, task_id: int, outcome: str, plan: str, by: int, shown: str = "") -> None:
    """Record what was done and the plan: the only way a risk review closes.

    Another open review of the very same answer is answered by it as well.

    Args:
        shown: the mark of the answer that its writer was shown (`reviews.known`).

    Raises:
        Refused: it is closed, the answer is another since, or something is missing.
    """
    task = _locked(task_id)
    if task.kind is not TaskKind.RISK_REVIEW:
        raise NotFound
    if shown and shown != known(task):
        raise Refused(ANOTHER_ANSWER)
    for one in (task, *others_of_this_answer(task)):
        tasks.acknowledge(one, by=by)
        tasks.finish(one, by=by, outcome=outcome, plan=plan)


def waits_for_him(case_id: int) -> bool:
    """Whether he said no before a report went out, and the case is open: it is nobody's without
    the task of asking him."""
    return rules.fold(cases.facts_of(case_id), clock.today()).no_report_since is not None


def mark_done(*, task_id: int, by: int) -> None:
    """Close a task that nothing else in the program closes.

    Raises:
        NotFound: a task of another kind.
        Refused: something that can be done about it is still to be done.
    """
    task = _locked(task_id)
    if task.kind not in DONE_BY_HAND:
        raise NotFound
    if task.case_id is not None and waits_for_him(task.case_id):
        raise Refused(ASK_OR_CLOSE)
    tasks.finish(task, by=by)


def _locked(task_id: int) -> Task:
    must_be_writing()
    task = db.session.get_one(Task, task_id)
    if task.case_id is not None:
        cases.lock(task.case_id)
        db.session.refresh(task, with_for_update=True)
    return task
