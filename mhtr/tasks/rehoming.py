"""Open tasks of somebody who cannot see to them go to somebody else in the same transaction.

A sign of risk goes to the next clinician at work; anything else to whom its kind's rule names,
or to his organisation's list, where those whose work it is find it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from mhtr.accounts import listeners
from mhtr.accounts.models import Organisation, Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core import audit, clock
from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.core.database import db
from mhtr.core.scope import visible
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import risk_access, rota_queries
from mhtr.tasks import service as tasks
from mhtr.tasks.kinds import NAMELESS, kinds_of
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.queries import excluded_staff
from mhtr.tasks.risk_duty import read_rota
from mhtr.tasks.rota_rules import Owner, next_at_work, next_owner, openings

PAGE = "overview.risk_task"
YOURS = "A sign of risk is now yours to look at."
WAITS = (
    "A sign of risk waits and nobody is at work to look at it. "
    "Its page says who looks at it next, and when."
)

Named = tuple[int, int | None]
"""A principal, and the member of staff where it is one."""
next_owner_of: dict[TaskKind, Callable[[Task], Named | None]] = {}
"""By kind, who owns such a task now; None: nobody by name.

Features above add theirs when they are imported.
"""


def rehome(
    staff_id: int,
    *,
    by: int | None,
    organisation_id: int | None = None,
    case_id: int | None = None,
    cannot_only: bool = False,
    risk_only: bool = False,
) -> int:
    """Move the open tasks of somebody who cannot see to them; returns how many.

    Args:
        organisation_id: where he worked, if he works elsewhere now.
        case_id: only those of one case.
        cannot_only: only those that his roles do no more, or of cases that he may not open.
        risk_only: only signs of risk (he is on leave: the rest waits for him).
    """
    must_be_writing()
    staff = db.session.get_one(Staff, staff_id)
    home = organisation_id or staff.organisation_id
    moved = 0
    for task in _locked(staff_id, case_id):
        if cannot_only and _can(staff, task):
            continue
        if task.kind is TaskKind.RISK_REVIEW:
            moved += pass_on_risk(task, clock.now(), home=home, by=by)
        elif not risk_only:
            principal_id, owner_id = _rule(task, home, staff_id)
            tasks.hand_over(task, to_principal_id=principal_id, to_staff_id=owner_id, by=by)
            moved += 1
    return moved


def rehome_case(case_id: int, *, by: int | None) -> int:
    """Move what is somebody's by name who may not open this case any more; returns how many."""
    owners = {task.owner_staff_id for task in tasks.open_tasks(case_id)} - {None}
    return sum(
        rehome(staff_id, by=by, case_id=case_id, cannot_only=True)
        for staff_id in sorted(owner for owner in owners if owner is not None)
    )


def _can(staff: Staff, task: Task) -> bool:
    """Whether it is work of his roles, on a case that he may open."""
    viewer = viewer_of(staff)
    if staff.disabled_at is not None or task.kind not in kinds_of(viewer.roles):
        return False
    if task.case_id is None or task.kind in NAMELESS:
        return True
    db.session.flush()
    cases = db.metadata.tables["cases"]
    seen = visible(viewer, cases.c.id, cases.c.restricted, *viewer.purposes)
    query = select(cases.c.id).where(cases.c.id == task.case_id, seen)
    return db.session.scalars(query).first() is not None


def _locked(staff_id: int, case_id: int | None) -> list[Task]:
    """His open tasks, their cases locked first, as every service does."""
    mine = select(Task).where(Task.owner_staff_id == staff_id, Task.state == TaskState.OPEN)
    if case_id is not None:
        mine = mine.where(Task.case_id == case_id)
    cases = db.metadata.tables["cases"]
    held = mine.with_only_columns(Task.case_id).scalar_subquery()
    db.session.execute(
        select(cases.c.id).where(cases.c.id.in_(held)).order_by(cases.c.id).with_for_update()
    )
    return list(db.session.scalars(mine.order_by(Task.id).with_for_update(of=Task)))


def pass_on_risk(task: Task, now: datetime, *, home: int, by: int | None) -> bool:
    """Give a sign of risk whose owner cannot see to it to the next clinician at work.

    Where nobody is at work it is his who is at work first, which may be its owner when he is
    back; leads and managers are told.
    """
    found, own = _next(task, now, home)
    looks = own if found is None or (own is not None and own <= found.due_at) else found.due_at
    if looks is None or looks > now:
        tell_overseers(task, home, key="waits", text=WAITS)
    if found is None or looks == own:
        return False
    give(task, db.session.get_one(Staff, found.staff_id), by=by, told=YOURS)
    if by is None:
        to = found.staff_id
        audit.record("tasks.passed_on", by=None, case_id=task.case_id, task=task.id, to=to)
    return True


def _next(task: Task, now: datetime, home: int) -> tuple[Owner | None, datetime | None]:
    """Who else would look at it, and when its owner himself is at work again, if he can see it."""
    owner = task.owner_staff_id
    rota = read_rota(home, now.astimezone(clock.LONDON).date())
    working = (rota.working or frozenset()) - excluded_staff(task.case_id, now)
    own = None if owner is None else next_at_work(now, owner, replace(rota, working=working))
    return next_owner(now, owner, replace(rota, working=working - {owner})), own


def give(
    task: Task,
    to: Staff,
    *,
    by: int | None,
    told: str,
    stage: int = 0,
    told_before: str = "",
) -> None:
    """Give an open sign of risk to a clinician, who is told and has yet to see it.

    He may see the case for as long as it is his.

    Args:
        stage: how far it has been passed on; 0 begins anew.
        told_before: what the owner before is told; nothing by default.
    """
    before = task.owner_principal_id
    tasks.hand_over(task, to_principal_id=to.principal_id, to_staff_id=to.id, by=by)
    task.acknowledged_at = task.acknowledged_by = None
    task.escalated = stage
    risk_access.let_see(task.case_id, to.principal_id, by=by)
    risk_access.run_out(task, before, by=by)
    for principal_id, text in ((to.principal_id, told), (before, told_before)):
        if text:
            _tell(task, principal_id, f"given:{task.id}:{clock.now().isoformat()}", text)


def give_to(task: Task, staff: Staff, *, by: int) -> None:
    """Give a sign of risk to a clinician if he is at work; else to the next one who is."""
    now = clock.now()
    rota = read_rota(staff.organisation_id, now.astimezone(clock.LONDON).date())
    shut_out = staff.id in excluded_staff(task.case_id, now)
    next_opening = next(openings(now, rota), now)
    if not shut_out and next_at_work(now, staff.id, rota) == next_opening:
        give(task, staff, by=by, told=YOURS)
        return
    found, _ = _next(task, now, staff.organisation_id)
    if found is not None:
        give(task, db.session.get_one(Staff, found.staff_id), by=by, told=YOURS)


def tell_overseers(task: Task, home: int, *, key: str, text: str) -> None:
    """Tell the trust's clinical leads and service managers, once for each owner of the task."""
    excluded = excluded_staff(task.case_id, clock.now())
    for staff in rota_queries.colleagues(home):
        roles = {row.role for row in staff.roles}
        if staff.id in excluded or not roles & {Role.CLINICAL_LEAD, Role.SERVICE_MANAGER}:
            continue
        if staff.id == task.owner_staff_id and text != WAITS:
            continue
        page = PAGE if roles & CLINICAL_ROLES else ""
        _tell(task, staff.principal_id, f"{key}:{task.id}:{task.owner_staff_id}", text, page)


def _tell(task: Task, principal_id: int, key: str, text: str, page: str = PAGE) -> None:
    tasks.tell(
        principal_id,
        key=key,
        text=text,
        case_id=task.case_id,
        endpoint=page,
        subject_ref=task.ref if page else "",
    )


def _rule(task: Task, home: int, gone_id: int) -> Named:
    rule = next_owner_of.get(task.kind)
    found = rule(task) if rule is not None else None
    if found is not None and found[1] != gone_id:
        return found
    return db.session.get_one(Organisation, home).principal_id, None


def rehome_left(now: datetime) -> int:
    """Move what disabled accounts still own; returns how many. A second run changes nothing."""
    gone = db.session.scalars(
        select(Task.owner_staff_id)
        .join(Staff, Staff.id == Task.owner_staff_id)
        .where(Task.state == TaskState.OPEN, Staff.disabled_at <= now)
        .distinct()
        .order_by(Task.owner_staff_id)
    ).all()
    return sum(rehome(staff_id, by=None) for staff_id in gone if staff_id is not None)


def _left(staff_id: int, organisation_id: int, by: int | None) -> None:
    staff = db.session.get_one(Staff, staff_id)
    moved = staff.disabled_at is not None or staff.organisation_id != organisation_id
    rehome(staff_id, by=by, organisation_id=organisation_id, cannot_only=not moved)


listeners.staff_left.append(_left)
