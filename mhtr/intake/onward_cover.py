"""A link worker on leave: what falls due before he is back goes to whoever covers for him.

Without a cover who may have it, it goes as if he had left: to his team, to which he belongs as well
and finds it when he is back, or to the service. What is due later waits for him.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.cases import service as cases
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.intake import onward_access, onward_owners
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_keeping import give_to
from mhtr.intake.onward_owners import Gone
from mhtr.tasks import listeners
from mhtr.tasks.models import Leave, Task, TaskKind, TaskState
from mhtr.tasks.queries import excluded_staff, leave_on

AWAY = "Whoever followed it up is away."
COVERED = "Whoever followed it up is away; a colleague covers."


def cover_absences(now: datetime) -> int:
    """Pass on what link workers on leave cannot see to; returns how much it was.

    Runs inside the caller's write transaction; a second run changes nothing.
    """
    must_be_writing()
    today = now.astimezone(clock.LONDON).date()
    away = (
        select(Leave)
        .join(Staff, Staff.id == Leave.staff_id)
        .where(
            leave_on(today),
            Staff.roles.any(StaffRole.role == Role.LINK_WORKER),
        )
    )
    leaves = db.session.scalars(away.order_by(Leave.id)).all()
    return sum(_cover(leave, by=None) for leave in leaves)


def follow_leave(staff_id: int, by: int | None) -> None:
    """Leave was planned or taken back: what has begun already is covered at once."""
    query = select(Leave).where(Leave.staff_id == staff_id, leave_on(clock.today()))
    leave = db.session.scalars(query).first()
    staff = db.session.get_one(Staff, staff_id)
    if leave is not None and Role.LINK_WORKER in {row.role for row in staff.roles}:
        _cover(leave, by=by)


def _cover(leave: Leave, *, by: int | None) -> int:
    found = _due(leave.staff_id, leave.last_day)
    gone = Gone(leave.staff_id, db.session.get_one(Staff, leave.staff_id).organisation_id)
    for onward_id, case_id in found:
        case = cases.lock(case_id)
        row = db.session.get_one(OnwardReferral, onward_id)
        cover = _may_cover(leave.cover_staff_id, case_id)
        if cover is not None:
            try:
                onward_access.let_in(case, cover, by=by)
            except Refused:
                cover = None
        if cover is None:
            onward_owners.pass_on(case, row, note=AWAY, by=by, gone=gone)
        else:
            give_to(row, cover, note=COVERED, by=by)
            onward_access.let_out(case_id, because="intake.onward_handed_over", by=by)
    return len(found)


def _due(staff_id: int, until: date) -> list[tuple[int, int]]:
    """What he follows up by name whose task falls due by the end of a day, with its case."""
    end = clock.from_london(datetime.combine(until + timedelta(days=1), time(0)))
    due = select(Task.subject_ref).where(
        Task.kind == TaskKind.ONWARD_REFERRAL,
        Task.state == TaskState.OPEN,
        Task.owner_staff_id == staff_id,
        Task.due_at < end,
    )
    refs = set(db.session.scalars(due))
    his = select(OnwardReferral).where(
        OnwardReferral.worker_id == staff_id, OnwardReferral.closed_at.is_(None)
    )
    rows = db.session.scalars(his.order_by(OnwardReferral.case_id, OnwardReferral.id)).all()
    return [(row.id, row.case_id) for row in rows if str(row.ref) in refs]


def _may_cover(staff_id: int | None, case_id: int) -> int | None:
    """The principal of whoever covers, where he is a link worker who may see this man."""
    if staff_id is None or staff_id in excluded_staff(case_id, clock.now()):
        return None
    staff = db.session.get_one(Staff, staff_id)
    works = Role.LINK_WORKER in {row.role for row in staff.roles} and staff.disabled_at is None
    return staff.principal_id if works else None


listeners.leave_changed.append(follow_leave)
