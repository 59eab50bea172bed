"""Probation changed its request after the report went out: an addendum is asked for, of somebody.

Whoever wrote the report says in an addendum what changed, or why nothing is added. Until one of
the two is done it is a task of a named person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.intake.queries import works_on
from mhtr.suitability import news
from mhtr.suitability.asked_words import Changed, changed_since
from mhtr.suitability.assessment_queries import latest_assessment
from mhtr.suitability.concerned import Owner, asker_of, assessing, current_request
from mhtr.suitability.countersign_queries import leads_for
from mhtr.suitability.models import Assessment, CountersignRequest, ReportRequest
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.queries import on_leave

KIND = TaskKind.ADDENDUM_ASKED
TITLE = "An addendum is asked for: what changed"
ASKED = (
    "Probation changed its request after the report went out. An addendum is asked for, or an "
    "answer that nothing is added."
)


class NothingAdded(StrEnum):
    """Why nothing is added to a report that went out. A code: both sides of the wall read it."""

    SAID_ALREADY = "said_already"
    NO_BEARING = "no_bearing"
    TOO_LATE = "too_late"


NOTHING_WORDS: Mapping[NothingAdded, str] = {
    NothingAdded.SAID_ALREADY: "The report says it already",
    NothingAdded.NO_BEARING: "What changed does not bear on what the report says",
    NothingAdded.TOO_LATE: "It cannot be done before the hearing",
}


@dataclass(frozen=True)
class AddendumAsked:
    """What was asked of whom after the release, and what became of it."""

    owner: str
    """Empty where it is on a list."""
    due_at: datetime
    is_open: bool
    nothing: str
    """Why nothing is added, in words; empty where that was not said."""
    answered_at: datetime | None
    changed: tuple[Changed, ...]


def ask(case: Case, request: ReportRequest, *, by: int) -> None:
    """Open the task, in place of one about an earlier request."""
    must_be_writing()
    for task in tasks.open_tasks(case.id, KIND):
        tasks.withdraw(task, by=by, because="suitability.superseded")
    _open(case, request, by=by)


def written(case: Case, *, by: int) -> None:
    """An addendum is written: what follows is the lead's, then the author's to release."""
    for task in tasks.open_tasks(case.id, KIND):
        tasks.withdraw(task, by=by, because="suitability.addendum_written")


def not_written(case: Case, *, by: int) -> None:
    """Open again what was asked for and is still to be done.

    The addendum was taken back, or the report that was in doubt stands again.
    """
    request = current_request(case.id)
    task = _task_of(request) if request else None
    if request is not None and task is not None and not _written_since(case.id, task.created_at):
        _open(case, request, by=by)


def nothing_added(*, case_id: int, why: NothingAdded, by: int) -> None:
    """Answer that nothing is added; whoever asked is told why.

    Raises:
        Refused: no addendum is asked for.
    """
    must_be_writing()
    case = cases.lock(case_id)
    request = current_request(case_id)
    waiting = tasks.open_tasks(case_id, KIND)
    if request is None or not waiting:
        raise Refused("No addendum is asked for.")
    for task in waiting:
        tasks.finish(task, by=by, outcome=why.value)
    text = f"Nothing is added to the report you have. {NOTHING_WORDS[why]}."
    news.tell(asker_of(request).principal_id, case, f"nothing_added:{request.id}", text)


def asked_of(case_id: int) -> AddendumAsked | None:
    """What stands with the request that counts; None where no addendum was asked for with it."""
    request = current_request(case_id)
    task = _task_of(request) if request else None
    if request is None or task is None:
        return None
    done = task.state is TaskState.DONE and bool(task.outcome)
    owner = db.session.get(Staff, task.owner_staff_id) if task.owner_staff_id else None
    return AddendumAsked(
        owner=owner.name if owner else "",
        due_at=task.due_at,
        is_open=task.state is TaskState.OPEN,
        nothing=NOTHING_WORDS[NothingAdded(str(task.outcome))] if done else "",
        answered_at=task.finished_at if done else None,
        changed=changed_since(request),
    )


def _written_since(case_id: int, moment: datetime) -> bool:
    """Whether an addendum was put before the leads since then, and not taken back."""
    written = (
        exists()
        .where(CountersignRequest.assessment_id == Assessment.id, Assessment.case_id == case_id)
        .where(CountersignRequest.is_addendum, CountersignRequest.withdrawn_at.is_(None))
        .where(CountersignRequest.created_at >= moment)
    )
    return bool(db.session.scalar(select(written)))


def _task_of(request: ReportRequest) -> Task | None:
    return db.session.scalars(select(Task).where(Task.key == _key(request))).one_or_none()


def _key(request: ReportRequest) -> str:
    return f"addendum_asked:{request.id}"


def _open(case: Case, request: ReportRequest, *, by: int) -> None:
    owner = _owner(case)
    tasks.open_task(
        KIND,
        key=_key(request),
        title=TITLE,
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=end_of_day(request.due_on),
        by=by,
        case_id=case.id,
        endpoint="suitability.release_addendum",
        subject_ref=case.ref,
    )
    if owner.staff_id != by:
        news.tell(owner.principal_id, case, _key(request), ASKED)


def _owner(case: Case) -> Owner:
    """Whoever wrote the report; while he is away a clinical lead; at last the trust's list."""
    assessment = latest_assessment(case.id)
    if assessment is None:
        return assessing(case)
    people = [db.session.get_one(Staff, assessment.author_id), *leads_for(assessment)]
    for staff in people:
        if works_on(case, staff.id) and is_at_work(staff):
            return Owner(staff.principal_id, staff.id)
    return assessing(case)


def is_at_work(staff: Staff) -> bool:
    """Whether he can sign in and is not on leave today."""
    return staff.disabled_at is None and staff.id not in on_leave(clock.today())
