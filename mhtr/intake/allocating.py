"""The trust's task to find an assessor for a man."""

from mhtr.cases.models import Case
from mhtr.core.policy import values
from mhtr.intake import policy, queries
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind


def open_allocation(case: Case, trust_id: int, *, by: int | None) -> None:
    """Open the trust's task to give an accepted case to an assessor."""
    tasks.open_task(
        TaskKind.ALLOCATE,
        key=f"allocate:{case.id}:{case.version}",
        title="Allocate an accepted referral to an assessor",
        owner_principal_id=queries.organisation_principal(trust_id),
        due_at=queries.due_in(int(values(policy.ALLOCATE_DAYS)["allocate_days"])),
        by=by,
        case_id=case.id,
        endpoint="intake.triage_case",
        subject_ref=case.ref,
    )
