"""A case that another court took to another trust comes back while its assessor hands it over.

One wrong choice in a list of courts, put right: he has it again, with his tasks and their dates.
"""

from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Grant, Purpose
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import giving_case, triage
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState

BECAUSE = "intake.moved_back"
HIS = (TaskKind.REPORT_DUE, TaskKind.PAUSED_CASE, *sorted(giving_case.ASSESSORS_WORK))
BACK = "A case of yours is back with your trust. It is yours again, with its tasks and their dates."


def give_back(case: Case, trust_id: int, handed: str, *, by: int | None) -> bool:
    """Give a case without an assessor to whom it had in this trust; whether there is one.

    Args:
        handed: why a former assessor may still open a case: he hands it over.
    """
    must_be_writing()
    staff = _last_assessor(case.id, trust_id)
    since = None if staff is None else _handing_over_since(case.id, staff, handed)
    if staff is None or since is None or not triage.may_assess(staff, case.id):
        return False
    case.assessor_id = staff.id
    access.grant(case.id, Purpose.CLINICAL, staff.principal_id, because="intake.allocated", by=by)
    _note(case, staff, by)
    _tasks(case, staff, since, by)
    tasks.tell(
        staff.principal_id,
        key=f"back:{case.id}:{case.version}",
        text=BACK,
        case_id=case.id,
        endpoint="overview.case_page",
        subject_ref=case.ref,
    )
    return True


def _named(case_id: int) -> list[int]:
    """Who assessed, the last first."""
    found = []
    for fact in reversed(cases.facts_of(case_id)):
        given = fact.detail.get("assessor_id") if fact.kind is FactKind.ALLOCATED else None
        if fact.kind in (FactKind.ASSESSMENT_STARTED, FactKind.ASSESSMENT_TAKEN_OVER):
            given = fact.by_id
        if isinstance(given, int):
            found.append(given)
    return found


def _last_assessor(case_id: int, trust_id: int) -> Staff | None:
    """Who had it last of those who work for this trust."""
    people = (db.session.get_one(Staff, staff_id) for staff_id in _named(case_id))
    return next((one for one in people if one.organisation_id == trust_id), None)


def _handing_over_since(case_id: int, staff: Staff, handed: str) -> datetime | None:
    """Since when he hands it over; None where he does not, or the days for it have passed."""
    return db.session.scalars(
        select(Grant.starts_at)
        .where(
            Grant.case_id == case_id,
            Grant.principal_id == staff.principal_id,
            Grant.purpose == Purpose.CLINICAL,
            Grant.because == handed,
            Grant.ends_at > clock.now(),
        )
        .order_by(Grant.id.desc())
    ).first()


def _note(case: Case, staff: Staff, by: int | None) -> None:
    """It was given to somebody of the other trust meanwhile: it is his again from now on."""
    detail = {"assessor_id": staff.id}
    facts = cases.facts_of(case.id)
    if _named(case.id)[0] == staff.id:
        return
    if rules.can(FactKind.ALLOCATED, facts, clock.today(), by_id=by, detail=detail).allowed:
        cases.add_fact(case, FactKind.ALLOCATED, by=by, detail=detail)


def _tasks(case: Case, staff: Staff, since: datetime, by: int | None) -> None:
    for task in tasks.open_tasks(case.id, TaskKind.ALLOCATE):
        tasks.withdraw(task, by=by, because=BECAUSE)
    taken = select(Task).where(
        Task.case_id == case.id,
        Task.kind == TaskKind.ASSESS,
        Task.state == TaskState.WITHDRAWN,
        Task.finished_at >= since,
    )
    stands_still = case.paused or rules.fold(cases.facts_of(case.id), clock.today()).rests
    for task in () if stands_still else db.session.scalars(taken.order_by(Task.id).limit(1)).all():
        tasks.reopen(task, due_at=task.due_at, by=by)
        tasks.hand_over(task, to_principal_id=staff.principal_id, to_staff_id=staff.id, by=by)
    for task in tasks.open_tasks(case.id, *HIS):
        if task.owner_staff_id is None:
            tasks.hand_over(task, to_principal_id=staff.principal_id, to_staff_id=staff.id, by=by)
