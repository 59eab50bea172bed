"""Passing on signs of risk that nobody has seen. Run by a job; a second run changes nothing."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import select

from mhtr.accounts.leads import lead_ids
from mhtr.accounts.models import Organisation, Staff, Team
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import cover_rules, rehoming, risk_access, rota_queries
from mhtr.tasks import service as tasks
from mhtr.tasks.cover_rules import Cover
from mhtr.tasks.escalation_rules import Passed, Stage, There, Waiting, open_minutes, pass_on
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.policy import ESCALATE_AFTER
from mhtr.tasks.queries import excluded_staff

PAGE = "overview.risk_task"
UNSEEN = "A sign of risk has gone to everybody there is at work and nobody has seen it yet."
OVERDUE_MINUTES = 120
"""Minutes of service hours after which the leads are told of one that was seen and left."""


def escalate(now: datetime) -> int:
    """Pass on every open risk review whose owner has not acknowledged it in time.

    One that was acknowledged is passed on as well once its owner cannot see to it any more: on
    leave, shut out of the case, no clinician any longer, or with a disabled account.

    Returns how many were passed on. Runs inside the caller's write transaction.
    """
    must_be_writing()
    after = int(values(ESCALATE_AFTER)["escalate_after_minutes"])
    late = db.session.scalars(
        select(Task)
        .where(
            Task.kind == TaskKind.RISK_REVIEW,
            Task.state == TaskState.OPEN,
        )
        .order_by(Task.due_at, Task.id)
        .with_for_update(of=Task, skip_locked=True)
    ).all()
    return sum(_consider(task, now, after) for task in late)


def _consider(task: Task, now: datetime, after: int) -> bool:
    home = _organisation(task)
    day = now.astimezone(clock.LONDON).date()
    cover = rota_queries.cover(home, day - timedelta(days=31), day)
    excluded = excluded_staff(task.case_id, now)
    if _gone(task, home, cover, day, excluded):
        return rehoming.pass_on_risk(task, now, home=home, by=None)
    if task.owner_staff_id is not None:
        # Whatever ended his access meanwhile: an open sign of risk can be opened by its owner.
        risk_access.let_see(task.case_id, task.owner_principal_id, by=None)
    if task.acknowledged_at is not None:
        _remind(task, home, now, cover)
        return False
    there = There(
        cover_rules.there(cover.shifts.get(day, ()), cover.away, day),
        cover_rules.there(lead_ids(home), cover.away, day),
    )
    found = pass_on(
        Waiting(task.owner_staff_id, task.owner_since, Stage(task.escalated)),
        now,
        cover.calendar,
        there,
        after_minutes=after,
        excluded=excluded,
    )
    if found.to_staff_id is None:
        if found.at_the_end:
            rehoming.tell_overseers(task, home, key="unseen", text=UNSEEN)
        return False
    _give(task, found)
    return True


def _gone(task: Task, home: int, cover: Cover, day: date, excluded: Collection[int]) -> bool:
    """Whether its owner cannot see to it today."""
    owner = task.owner_staff_id
    if owner is None:
        return False
    working = {one.id for one in rota_queries.clinicians(home)}
    away = any(leave.staff_id == owner and leave.on(day) for leave in cover.away)
    return owner not in working or owner in excluded or away


def _remind(task: Task, home: int, now: datetime, cover: Cover) -> None:
    """Tell the leads, once, of one that was seen but has no outcome hours after it was due."""
    if open_minutes(cover.calendar, task.due_at, now) < OVERDUE_MINUTES or now < task.due_at:
        return
    excluded = excluded_staff(task.case_id, now)
    for lead_id in lead_ids(home):
        if lead_id in (task.owner_staff_id, *excluded):
            continue
        tasks.tell(
            db.session.get_one(Staff, lead_id).principal_id,
            key=f"overdue:{task.id}",
            text="A sign of risk was seen, but no outcome is recorded and it is overdue.",
            case_id=task.case_id,
            endpoint=PAGE,
            subject_ref=task.ref,
        )


def _give(task: Task, found: Passed) -> None:
    to = db.session.get_one(Staff, found.to_staff_id)
    rehoming.give(
        task,
        to,
        by=None,
        stage=int(found.stage),
        told="A sign of risk that nobody has seen yet is now yours to look at.",
        told_before="A sign of risk you had not seen in time was passed on.",
    )
    audit.record("tasks.escalated", by=None, case_id=task.case_id, task=task.id, to=to.id)


def _organisation(task: Task) -> int:
    if task.owner_staff_id is not None:
        return db.session.get_one(Staff, task.owner_staff_id).organisation_id
    team = select(Team.organisation_id).where(Team.principal_id == task.owner_principal_id)
    whole = select(Organisation.id).where(Organisation.principal_id == task.owner_principal_id)
    return db.session.scalars(team).first() or db.session.scalars(whole).one()
