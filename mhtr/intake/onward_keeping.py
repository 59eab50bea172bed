"""Parts of writing an onward referral: its lock, its history, its one open task, who has it."""

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.policy import values
from mhtr.intake import policy, queries
from mhtr.intake.models import OnwardEvent, OnwardReferral
from mhtr.intake.onward_rules import OF_AN_APPOINTMENT, OnwardState
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState

NOW_YOURS = "An onward referral is now yours to follow up"


def locked(onward_id: int) -> OnwardReferral:
    """The row, its case locked first as everywhere."""
    cases.lock(
        db.session.scalars(
            select(OnwardReferral.case_id).where(OnwardReferral.id == onward_id)
        ).one()
    )
    return db.session.scalars(
        select(OnwardReferral).where(OnwardReferral.id == onward_id).with_for_update()
    ).one()


def give_to(row: OnwardReferral, owner_principal_id: int, *, note: str, by: int | None) -> None:
    """Change who follows up a locked, open onward referral; its task and history go with it."""
    row.owner_principal_id, row.worker_id = owner_principal_id, named(owner_principal_id)
    row.version += 1
    event(row, by=by, note=note)
    for task in tasks.open_tasks(row.case_id):
        if task.key.startswith(key_of(row)):
            tasks.hand_over(
                task, to_principal_id=owner_principal_id, to_staff_id=row.worker_id, by=by
            )
    if row.worker_id is None or row.worker_id != by:
        tell(row, owner_principal_id, NOW_YOURS)
    audit.record("intake.onward_handed_over", by=by, case_id=row.case_id, onward=row.id)


def tell(row: OnwardReferral, principal_id: int, text: str, about: str = "") -> None:
    """A notice with a link, to somebody who may open it. `about` tells apart what is told."""
    tasks.tell(
        principal_id,
        key=f"onward:{row.id}:{row.version}:{about}".rstrip(":"),
        text=text,
        case_id=row.case_id,
        endpoint="intake.onward_step",
        subject_ref=row.ref,
    )


def named(principal_id: int) -> int | None:
    """The member of staff a principal is; None for a team or an organisation."""
    return db.session.scalars(
        select(Staff.id).where(Staff.principal_id == principal_id)
    ).one_or_none()


def key_of(row: OnwardReferral) -> str:
    """How the keys of its tasks begin."""
    return f"onward:{row.id}:"


def event(
    row: OnwardReferral, *, by: int | None, note: str, was: OnwardState | None = None
) -> None:
    """Add a line to its history, with the appointment that it is about."""
    about = row.state in OF_AN_APPOINTMENT
    db.session.add(
        OnwardEvent(
            onward_id=row.id,
            state=row.state,
            was=was,
            appointment_at=row.appointment_at if about else None,
            by_id=by,
            note=note.strip() or None,
        )
    )


def follow_up(row: OnwardReferral, *, by: int | None) -> None:
    """One open task while it is open, for its owner: after the appointment, or in some days."""
    key = key_of(row)
    for task in db.session.scalars(
        select(Task).where(Task.key.startswith(key), Task.state == TaskState.OPEN)
    ).all():
        tasks.finish(task, by=by)
    if row.closed_at is not None:
        return
    due = queries.due_in(int(values(policy.ONWARD_DAYS)["onward_days"]))
    booked = row.state is OnwardState.FIRST_APPOINTMENT_BOOKED
    tasks.open_task(
        TaskKind.ONWARD_REFERRAL,
        key=f"{key}{row.version}",
        title="Find out whether he came to his first appointment"
        if booked
        else "Follow up an onward referral",
        owner_principal_id=row.owner_principal_id,
        owner_staff_id=row.worker_id,
        due_at=row.appointment_at if booked and row.appointment_at else due,
        by=by,
        case_id=row.case_id,
        endpoint="intake.onward_step",
        subject_ref=row.ref,
    )
