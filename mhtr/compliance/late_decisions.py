"""An absence on which probation has not decided in time goes to a senior of the unit.

It is a task of the unit's seniors, once. Where the unit has none who signs in and may see the case,
it is the named officer's, and the duty mailbox is written to; where neither is there, the service
is asked to tell probation in another way. Nothing is decided by it.
"""

import uuid
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.organisation_service import seniors_of
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.compliance import misses
from mhtr.compliance.attendance import MISSED
from mhtr.compliance.decision_queries import Waiting, decide_by, decisions_on, waiting_of
from mhtr.compliance.models import Attendance
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import must_be_writing
from mhtr.messages.kinds import MessageKind, NotWanted, register
from mhtr.messages.mail import Mail
from mhtr.orders import telling
from mhtr.orders.cover_queries import concerned
from mhtr.orders.officer_queries import officers_in
from mhtr.orders.unit_mail import unit_mail, unit_of
from mhtr.suitability.concerned import Owner
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import Task, TaskKind
from mhtr.tasks.queries import excluded_staff
from mhtr.tasks.rehoming import Named, next_owner_of

KIND = "compliance.decide_late"
PAGE = "probation.absence_here"
TITLE = "Decide on an absence: it waits too long"
TELL = "Tell probation that a decision on an absence waits too long"
SAID = "A decision on an absence in a requirement that your unit supervises waits too long."
NOT_NOW = "absences.waits_no_more"
LOOKS_BACK = timedelta(days=400)
AT_ONCE = 400
"""Cases that are looked at with one question."""


def escalate_decisions(now: datetime) -> int:
    """Give what probation has not decided in time to a senior; returns how many are new.

    What was decided, put right or put off meanwhile is asked of nobody any more. Runs inside the
    caller's write transaction; a second run changes nothing.
    """
    must_be_writing()
    today = now.astimezone(clock.LONDON).date()
    late = {
        one.subject: (case_id, one)
        for case_id, one in _waiting(now)
        if one.until <= today and end_of_day(decide_by(one)) <= now
    }
    for task in _open():
        if task.case_id is not None and uuid.UUID(task.subject_ref) not in late:
            cases.lock(task.case_id)
            tasks.withdraw(task, by=None, because=NOT_NOW)
    return sum(_escalate(cases.lock(case_id), one) for case_id, one in late.values())


def settle(case: Case, subject: uuid.UUID, *, decided: bool, by: int) -> None:
    """Probation decided of a session of a locked case, or put it off: nobody has to be asked."""
    must_be_writing()
    for task in tasks.open_tasks(case.id, TaskKind.DECIDE_LATE):
        if task.subject_ref != str(subject):
            continue
        if decided:
            tasks.finish(task, by=by)
        else:
            tasks.withdraw(task, by=by, because=NOT_NOW)


def _waiting(now: datetime) -> Iterator[tuple[int, Waiting]]:
    since = now.astimezone(clock.LONDON).date() - LOOKS_BACK
    query = (
        select(Attendance.case_id)
        .join(Case, Case.id == Attendance.case_id)
        .where(
            Case.state.in_(sorted(UNDER_ORDER)),
            Attendance.required,
            Attendance.happened.in_(sorted(MISSED)),
            Attendance.on >= since,
        )
        .distinct()
        .order_by(Attendance.case_id)
    )
    ids = db.session.scalars(query).all()
    for first in range(0, len(ids), AT_ONCE):
        for case_id, held in waiting_of(ids[first : first + AT_ONCE]).items():
            for one in held:
                yield case_id, one


def _open() -> Collection[Task]:
    query = select(Task).where(Task.kind == TaskKind.DECIDE_LATE, Task.finished_at.is_(None))
    return db.session.scalars(query.order_by(Task.case_id, Task.id)).all()


def _escalate(case: Case, waiting: Waiting) -> bool:
    key = f"decide_late:{waiting.subject}:{len(decisions_on(waiting.subject))}"
    owner = _seniors(case) or _officer(case)
    new = tasks.with_key(key) is None
    if owner is not None and new:
        tasks.open_task(
            TaskKind.DECIDE_LATE,
            key=key,
            title=TITLE,
            owner_principal_id=owner.principal_id,
            owner_staff_id=owner.staff_id,
            due_at=end_of_day(decide_by(waiting)),
            by=None,
            case_id=case.id,
            endpoint=PAGE,
            subject_ref=waiting.subject,
        )
    if _seniors(case) is None:
        told = _write(case, waiting, key, by_hand=owner is None)
        return told or (owner is not None and new)
    return new


def _seniors(case: Case) -> Owner | None:
    """The seniors of the unit that has the case, where one of them can see to it."""
    unit = unit_of(case.id)
    if unit is None or case.restricted:
        return None
    shut_out = excluded_staff(case.id, clock.now())
    there = [one for one in officers_in(unit.id) if one.id not in shut_out and _leads(one)]
    return Owner(seniors_of(unit.id), None) if there else None


def _leads(staff: Staff) -> bool:
    return Role.SENIOR_PROBATION in {row.role for row in staff.roles}


def _officer(case: Case) -> Owner | None:
    named = concerned(case.id)
    return Owner(named[0].principal_id, named[0].id) if named else None


def _write(case: Case, waiting: Waiting, key: str, *, by_hand: bool) -> bool:
    """Write to the unit, once; where there is nobody to write to, somebody is asked to tell it."""
    payload = {"subject": waiting.subject.hex}
    told = telling.write_to_unit(case, key=f"{key}:mail", template=KIND, payload=payload, by=None)
    return told if told is not None else by_hand and _ask(case, waiting.subject, key)


def _ask(case: Case, subject: uuid.UUID, key: str) -> bool:
    asked = f"{key}:hand"
    if tasks.with_key(asked) is not None:
        return False
    telling.ask_to_tell(
        case,
        misses.therapist(case, case.assessor_id),
        key=asked,
        title=TELL,
        due_at=misses.same_day(clock.now()),
        endpoint="register.told_by_hand",
        subject_ref=subject,
        by=None,
    )
    return True


def _composed(row: OutboxMessage) -> Mail:
    """The mail, unless it was decided meanwhile."""
    if row.case_id is None:
        raise NotWanted
    subject = uuid.UUID(row.payload["subject"])
    waits = waiting_of([row.case_id]).get(row.case_id, ())
    if not any(one.subject == subject for one in waits):
        raise NotWanted
    case = db.session.get_one(Case, row.case_id)
    return unit_mail(row, case, title="A decision waits", said=SAID, endpoint="probation.standing")


def _failed(row: OutboxMessage) -> None:
    """Nobody could be written to: the service is asked to tell the unit."""
    if row.case_id is not None:
        case = cases.lock(row.case_id)
        _ask(case, uuid.UUID(row.payload["subject"]), row.key.removesuffix(":mail"))


def _next(task: Task) -> Named | None:
    if task.case_id is None:
        return None
    case = db.session.get_one(Case, task.case_id)
    owner = _seniors(case) or _officer(case)
    return (owner.principal_id, owner.staff_id) if owner is not None else None


register(MessageKind(KIND, _composed, _failed))
next_owner_of[TaskKind.DECIDE_LATE] = _next
