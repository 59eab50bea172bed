"""A case goes to an assessor, with its work and who may see it; whoever had it is told."""

from mhtr.accounts.leads import lead_ids
from mhtr.accounts.models import Staff
from mhtr.cases import flag_owners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import access
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.intake import assessing, queries
from mhtr.intake.models import Referral
from mhtr.intake.other_trust import GoesElsewhere, name_of
from mhtr.tasks import rehoming
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

GIVEN = (
    "{assessor} works for {trust}. He is given to an assessor of that trust, who opens his record;"
    " its clinical leads are told."
)
ASSESSORS_WORK = frozenset(
    {
        TaskKind.ASSESS,
        TaskKind.REVISE,
        TaskKind.RELEASE,
        TaskKind.ADDENDUM_ASKED,
        TaskKind.CONSENT_WITHDRAWN,
        TaskKind.CONFIRM_CONSENT,
        TaskKind.ASK_CONTACT,
    }
)
"""On the trust's list after an assessor has left: the next assessor's."""
GIVEN_TO_ANOTHER = "A case you had was given to another assessor. What you wrote stays with it."


def give(case: Case, referral: Referral, assessor: Staff, to_trust: int | None, by: int) -> None:
    """Move a locked case to this assessor, with its work and who may see it; both are told.

    Raises:
        GoesElsewhere: as `allocate`.
        Refused: against the rules.
    """
    theirs = assessor.organisation_id
    if theirs not in (referral.trust_id, to_trust):
        raise GoesElsewhere(theirs, GIVEN.format(assessor=assessor.name, trust=name_of(theirs)))
    detail = {"assessor_id": assessor.id}
    cases.require(case, FactKind.ALLOCATED, by=by, detail=detail)
    former = case.assessor_id
    case.assessor_id = assessor.id
    cases.add_fact(case, FactKind.ALLOCATED, by=by, detail=detail)
    if former is not None:
        _hand_over(case, former, assessor, by)
    access.grant(
        case.id, Purpose.CLINICAL, assessor.principal_id, because="intake.allocated", by=by
    )
    tasks.settle(case.id, TaskKind.ALLOCATE, by=by)
    for task in tasks.open_tasks(case.id, TaskKind.REPORT_DUE, *ASSESSORS_WORK):
        if task.kind is not TaskKind.REPORT_DUE and task.owner_staff_id is not None:
            continue
        tasks.hand_over(task, to_principal_id=assessor.principal_id, to_staff_id=assessor.id, by=by)
    assessing.open_assessment(case, by=by)
    flag_owners.settle(case.person_id, by=by)
    if assessor.id != by:
        tell(assessor.principal_id, case, "A case was allocated to you")
    if theirs != referral.trust_id:
        _tell_leads(case, referral.trust_id, theirs, by)


def _tell_leads(case: Case, trust_id: int, theirs: int, by: int) -> None:
    """That trust's leads hear that one of theirs has a man of another trust; no record opens."""
    for staff_id in set(lead_ids(theirs)) - {by}:
        tasks.tell(
            queries.staff_principal(staff_id),
            key=f"given:{case.id}:{case.version}",
            text=f"{name_of(trust_id)} gave a man of theirs to an assessor of your trust.",
        )


def _hand_over(case: Case, former_id: int, assessor: Staff, by: int) -> None:
    former = db.session.get_one(Staff, former_id)
    if former_id != by:
        tell(former.principal_id, case, GIVEN_TO_ANOTHER)
    access.end_grants(
        case.id,
        Purpose.CLINICAL,
        because="intake.reallocated",
        by=by,
        principal_id=former.principal_id,
    )
    for task in tasks.open_tasks(case.id):
        if task.kind is TaskKind.RISK_REVIEW:
            if task.owner_staff_id == former_id:
                rehoming.give_to(task, assessor, by=by)
        elif task.owner_staff_id == former_id:
            tasks.hand_over(
                task, to_principal_id=assessor.principal_id, to_staff_id=assessor.id, by=by
            )


def tell(principal_id: int, case: Case, text: str, endpoint: str = "overview.case_page") -> None:
    """A notice about a case that leads to a page of it."""
    tasks.tell(
        principal_id,
        key=f"intake:{case.id}:{case.version}",
        text=text,
        case_id=case.id,
        endpoint=endpoint,
        subject_ref=case.ref,
    )
