"""Who of the service sees to what probation told, by when, and who hears of it."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from mhtr.accounts.leads import lead_ids
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance import misses
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.orders import telling
from mhtr.probation.word_models import ProbationWord
from mhtr.probation.word_rules import CLINICAL, SUBJECT_WORDS
from mhtr.suitability.concerned import Owner
from mhtr.suitability.result_owner import named_on, trust_of
from mhtr.tasks import cover_rules, rota_queries
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.escalation_rules import Stage, There, Waiting, pass_on
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.policy import ESCALATE_AFTER
from mhtr.tasks.queries import excluded_staff, on_leave
from mhtr.tasks.rehoming import Named, next_owner_of

PAGE = "probation.word_here"
READ_THERE = "probation.words"
KINDS = (TaskKind.WORD_CLINICAL, TaskKind.WORD_OFFICE)
TITLE = "Probation tells of him: {}"
TAKEN_BACK = "Probation took back what it told: {}"
RECEIVED = "The service has received what you told it of a man of yours."
DONE = "The service has seen to what you told it of a man of yours."
PASSED_ON = "Something urgent that probation told, which nobody has seen yet, is now yours."
WITHIN = timedelta(hours=1)
"""Of what is urgent, outside service hours from their opening on: then it is passed on."""


def open_for(case: Case, row: ProbationWord, *, by: int, taken_back: bool = False) -> Task:
    """A task for whoever sees to it: somebody by name, where anybody can."""
    kind = TaskKind.WORD_CLINICAL if row.subject in CLINICAL else TaskKind.WORD_OFFICE
    owner = _owner(case, kind, urgent=row.urgent)
    title = TAKEN_BACK if taken_back else TITLE
    return tasks.open_task(
        kind,
        key=_again(row) if taken_back else _key(row),
        title=title.format(SUBJECT_WORDS[row.subject].lower()),
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=_due(urgent=row.urgent),
        by=by,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=row.ref,
    )


def over(row: ProbationWord, *, by: int) -> None:
    """Nothing is to be done with it any more: probation took it back, or said it anew."""
    task = tasks.with_key(_key(row))
    if task is not None:
        tasks.withdraw(task, by=by, because="words.withdrawn")


def seen(case: Case, row: ProbationWord, *, by: int) -> None:
    """Somebody of the service has read it: probation hears that, and it is passed on no more."""
    task = tasks.with_key(_key(row))
    if task is not None and task.acknowledged_at is None:
        task.acknowledged_at, task.acknowledged_by = clock.now(), by
    _tell(case, row, RECEIVED, "received")


def finished(case: Case, row: ProbationWord, *, by: int) -> None:
    """It was seen to: the task is done, and probation hears that, not what it changed."""
    task = tasks.with_key(_key(row))
    if task is not None:
        tasks.finish(task, by=by)
    _tell(case, row, DONE, "done")


def to_look_at(row: ProbationWord) -> Task | None:
    """The open task to look again at what was made of something that probation took back."""
    return tasks.with_key(_again(row))


def looked(row: ProbationWord, *, by: int) -> bool:
    """It was looked at. Returns whether that was asked for."""
    task = to_look_at(row)
    if task is not None:
        tasks.finish(task, by=by)
    return task is not None


def escalate(now: datetime) -> int:
    """Pass on what is urgent and nobody has received. A second run changes nothing.

    First to the duty clinician of the day, then to a clinical lead, by minutes of service hours.
    Returns how many were passed on.
    """
    must_be_writing()
    after = int(values(ESCALATE_AFTER)["escalate_after_minutes"])
    query = select(Task).where(
        Task.kind.in_(KINDS), Task.state == TaskState.OPEN, Task.acknowledged_at.is_(None)
    )
    late = query.order_by(Task.due_at, Task.id).with_for_update(of=Task, skip_locked=True)
    return sum(
        _pass_on(task, now, after) for task in db.session.scalars(late).all() if _is_urgent(task)
    )


def _is_urgent(task: Task) -> bool:
    query = select(ProbationWord.urgent).where(ProbationWord.ref == uuid.UUID(task.subject_ref))
    return bool(db.session.scalars(query).one())


def _pass_on(task: Task, now: datetime, after: int) -> bool:
    if task.case_id is None:
        return False
    case = db.session.get_one(Case, task.case_id)
    home, day = trust_of(case).id, now.astimezone(clock.LONDON).date()
    cover = rota_queries.cover(home, day - timedelta(days=31), day)
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
        excluded=_kept_out(case, (*there.duty, *there.leads)),
    )
    if found.to_staff_id is None:
        return False
    to = db.session.get_one(Staff, found.to_staff_id)
    tasks.pass_on(task, to_principal_id=to.principal_id, to_staff_id=to.id, stage=int(found.stage))
    tasks.tell(
        to.principal_id,
        key=f"word:{task.id}:{int(found.stage)}",
        text=PASSED_ON,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=task.subject_ref,
    )
    return True


def _kept_out(case: Case, people: Collection[int]) -> frozenset[int]:
    shut_out = excluded_staff(case.id, clock.now())
    if case.restricted:
        return shut_out | (frozenset(people) - named_on(case.id, clock.now()))
    return shut_out


def _owner(case: Case, kind: TaskKind, *, urgent: bool = False) -> Owner:
    if kind is TaskKind.WORD_OFFICE:
        return _office(case)
    if urgent:
        found = misses.by_rota(case)
        if found.staff_id is not None:
            return found
    return misses.therapist(case, case.assessor_id)


def _office(case: Case) -> Owner:
    """An administrator of the trust who is at work, has least of such work and may see him."""
    trust, away = trust_of(case), on_leave(clock.today())
    there = [
        one
        for one in rota_queries.colleagues(trust.id)
        if Role.ADMINISTRATOR in {row.role for row in one.roles} and one.id not in away
    ]
    kept_out = _kept_out(case, [one.id for one in there])
    free = [one for one in there if one.id not in kept_out]
    if not free:
        return misses.therapist(case, case.assessor_id)
    busy = _how_many([one.id for one in free])
    chosen = min(free, key=lambda one: (busy.get(one.id, 0), one.sort_name, one.id))
    return Owner(chosen.principal_id, chosen.id)


def _how_many(staff_ids: Collection[int]) -> dict[int, int]:
    held = select(Task.owner_staff_id).where(
        Task.kind == TaskKind.WORD_OFFICE,
        Task.state == TaskState.OPEN,
        Task.owner_staff_id.in_(staff_ids),
    )
    counts: dict[int, int] = {}
    for one in db.session.scalars(held):
        if one is not None:
            counts[one] = counts.get(one, 0) + 1
    return counts


def _due(*, urgent: bool) -> datetime:
    if urgent:
        return min(clock.now() + WITHIN, misses.same_day(clock.now()))
    return end_of_day(working_calendar().add(clock.today(), 1))


def _key(row: ProbationWord) -> str:
    return f"word:{row.id}"


def _again(row: ProbationWord) -> str:
    return f"{_key(row)}:taken_back"


def _tell(case: Case, row: ProbationWord, text: str, what: str) -> None:
    telling.tell_officers(case, key=f"word:{row.id}:{what}", text=text, endpoint=READ_THERE)


def _next(task: Task) -> Named | None:
    if task.case_id is None:
        return None
    owner = _owner(db.session.get_one(Case, task.case_id), task.kind)
    return owner.principal_id, owner.staff_id


next_owner_of[TaskKind.WORD_CLINICAL] = _next
