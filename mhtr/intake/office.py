"""What at triage is a clinician's alone, and how the office leaves it to one."""

from sqlalchemy import bindparam, select

from mhtr.accounts.leads import lead_ids
from mhtr.accounts.models import Staff, StaffRole
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.core import audit
from mhtr.core.access import CLINICAL_ROLES, Purpose
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing, remembered
from mhtr.intake import queries, triage_queries
from mhtr.intake.eligibility import Criterion
from mhtr.intake.models import TriageDecision
from mhtr.intake.office_rules import (
    as_read_by_the_office,
    may_decline,
    questions_for_the_lead,
)
from mhtr.intake.rules import DeclineReason, TriageOutcome
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState

_ROLES = select(StaffRole.role).where(StaffRole.staff_id == bindparam("whose"))

LEFT = "Decide about a referral: the office leaves it to you"
NO_LEAD = "No clinical lead of the trust can open this case. Tell your service manager."
LOOK = (
    "The office accepted a referral. Whether this men’s service is for him is yours to say: look at"
    " its triage page."
)


def is_clinician(staff_id: int) -> bool:
    """Whether a member of staff decides as a clinician."""
    wanted = {"whose": staff_id}
    held = remembered(
        ("roles", staff_id), StaffRole, lambda: db.session.scalars(_ROLES, wanted).all()
    )
    return bool(CLINICAL_ROLES.intersection(held))


def to_be_looked_into(case_id: int) -> bool:
    """Whether a sign of risk about him is open."""
    return bool(tasks.open_tasks(case_id, TaskKind.RISK_REVIEW))


def check_decline(case_id: int, reason: DeclineReason | None, *, by: int) -> None:
    """Refuse the office a decision about his health, and any before a clinician has looked.

    Raises:
        Refused: it is a clinician's.
    """
    if is_clinician(by):
        return
    decision = may_decline(reason, to_be_looked_into=to_be_looked_into(case_id))
    if not decision.allowed:
        raise Refused(*decision.reasons)


def left_to(case_id: int) -> Staff | None:
    """Which clinical lead the decision is left to, if it is."""
    named = [task.owner_staff_id for task in tasks.open_tasks(case_id, TaskKind.TRIAGE)]
    return db.session.get(Staff, named[0]) if named and named[0] else None


def leave_to_lead(*, case_id: int, version: int, by: int) -> str:
    """Give the decision about a referral to a clinical lead by name; returns the name.

    Raises:
        Stale: the case has moved on since the page was read.
        Refused: it is decided, or left to somebody, already, or nobody could decide it.
    """
    must_be_writing()
    case = cases.lock(case_id)
    referral = queries.referral_of(case_id)
    if referral is None:
        raise NotFound
    cases.check_version(case, version)
    waiting = tasks.open_tasks(case_id, TaskKind.TRIAGE)
    if not waiting or left_to(case_id) is not None:
        raise Refused("The decision is not waiting with the office any more.")
    lead = _lead(case, referral.trust_id)
    for task in waiting:
        _give(task, lead, by)
    audit.record("intake.left_to_lead", by=by, case_id=case_id, to=lead.id)
    return lead.name


def leave_again(case: Case, *, by: int) -> None:
    """After a pause: what was left to a lead before is still his, where he can open the case."""
    must_be_writing()
    referral, waiting = queries.referral_of(case.id), tasks.open_tasks(case.id, TaskKind.TRIAGE)
    ended = select(Task).where(
        Task.case_id == case.id, Task.kind == TaskKind.TRIAGE, Task.state != TaskState.OPEN
    )
    before = db.session.scalars(ended.order_by(Task.id.desc()).limit(1)).first()
    if referral is None or before is None or before.state is not TaskState.WITHDRAWN:
        return
    if before.title != LEFT or before.owner_staff_id is None:
        return
    for lead in _leads_who_open_it(case, referral.trust_id):
        if lead.id == before.owner_staff_id:
            for task in waiting:
                _give(task, lead, by)


def _lead(case: Case, trust_id: int) -> Staff:
    found = _leads_who_open_it(case, trust_id)
    if not found:
        raise Refused(NO_LEAD)
    return found[0]


def _leads_who_open_it(case: Case, trust_id: int) -> list[Staff]:
    """The trust's leads who see the case for good: a restricted one is open to some or none."""
    leads = [db.session.get_one(Staff, one) for one in lead_ids(trust_id)]
    return [one for one in leads if stands(viewer_of(one), case.id, Purpose.CLINICAL)]


def _give(task: Task, lead: Staff, by: int) -> None:
    tasks.hand_over(task, to_principal_id=lead.principal_id, to_staff_id=lead.id, by=by)
    tasks.change(task, title=LEFT, by=by)


def criteria_for(case_id: int, *, by: int) -> tuple[Criterion, ...]:
    """Every criterion as whoever decides may read it."""
    found = triage_queries.criteria(case_id)
    return found if is_clinician(by) else as_the_office_reads(case_id, found)


def as_the_office_reads(case_id: int, found: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    """The criteria without what rests on his gender."""
    accepted = select(TriageDecision.by_id).where(
        TriageDecision.case_id == case_id, TriageDecision.outcome == TriageOutcome.ACCEPT
    )
    answered = any(is_clinician(by_id) for by_id in db.session.scalars(accepted))
    return as_read_by_the_office(found, answered=answered)


def tell_leads(case: Case, trust_id: int, *, by: int) -> None:
    """What the office may not read of what it accepts is a clinical lead's to look at."""
    if is_clinician(by) or not questions_for_the_lead(triage_queries.criteria(case.id)):
        return
    for lead in _leads_who_open_it(case, trust_id):
        tasks.tell(
            lead.principal_id,
            key=f"for-the-lead:{case.id}:{case.version}",
            text=LOOK,
            case_id=case.id,
            endpoint="intake.triage_case",
            subject_ref=case.ref,
        )
