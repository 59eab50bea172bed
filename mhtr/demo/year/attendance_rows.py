"""What is written when it is recorded what happened, and what follows a miss.

Each function is one call of a service by his therapist; see `writer`.
"""

from datetime import datetime

from mhtr.cases.facts import FactKind
from mhtr.cases.models import CaseFact
from mhtr.compliance.attendance import (
    MISSED,
    TOOK_PLACE,
    Happened,
    ReasonGiven,
    Told,
    is_unexplained,
    needs_call,
)
from mhtr.compliance.contact_rules import Attempt, Wanted, is_enough
from mhtr.compliance.misses import PAGE, TITLES, by_rota, same_day
from mhtr.compliance.models import Attendance, ContactAttempt
from mhtr.compliance.telling import PUT_RIGHT, READ_HERE, TOLD
from mhtr.compliance.worsening import LOOKED_AT, got_worse
from mhtr.core import clock
from mhtr.demo.year.booking_rows import reference
from mhtr.demo.year.person import Held, Person, starts
from mhtr.demo.year.rows import Row, Rows
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from outcome_measures.change import Totals


def record(rows: Rows, man: Person, at: datetime, held: Held, told: Told, why: str = "") -> None:
    """As `register.service.record`."""
    row = rows.add(
        Attendance,
        case_id=man.case_id,
        subject=reference(held),
        number=len(held.records) + 1,
        starts_at=starts(held),
        on=starts(held).astimezone(clock.LONDON).date(),
        required=held.place["required"],
        session_number=man.number(held.part),
        happened=told.happened,
        minutes_late=told.minutes_late,
        reason=told.reason,
        reason_detail=told.reason_detail or None,
        described=told.described or None,
        concern=told.concern or None,
        by_id=man.by,
        why_changed=why or None,
        created_at=at,
    )
    first = not held.records
    held.records.append(row)
    verb = "attendance.recorded" if first else "attendance.put_right"
    rows.note(at, verb, by=man.by, case_id=man.case_id, attendance=row["id"])
    _follow(rows, man, at, held, row)
    _tell_probation(rows, man, at, row, first=first)
    if row["happened"] in TOOK_PLACE and row["required"] and not man.begun:
        man.begun = True
        add_fact(rows, man, at, FactKind.TREATMENT_STARTED)
        for task in man.inductions:
            over = {"state": TaskState.WITHDRAWN, "finished_at": at, "finished_by": man.by}
            rows.change(Task, task, **over)
            said = {"task": task, "because": "orders.no_sentence"}
            rows.note(at, "tasks.withdrawn", by=man.by, case_id=man.case_id, **said)


def he_cancelled(rows: Rows, man: Person, at: datetime, held: Held, reason: str) -> None:
    """What his cancellation says of itself."""
    told = Told(Happened.HE_CANCELLED, reason=ReasonGiven.OTHER, reason_detail=reason)
    record(rows, man, at, held, told)


def add_fact(rows: Rows, man: Person, at: datetime, kind: FactKind, **detail: object) -> None:
    """As `cases.service.add_fact`; the columns that repeat the facts follow at the end."""
    fact = rows.add(
        CaseFact,
        case_id=man.case_id,
        kind=kind,
        happened_at=at,
        recorded_at=at,
        by_id=man.by,
        detail=detail,
    )
    man.facts += 1
    said = {"kind": kind.value, "fact": fact["id"]}
    rows.note(at, "cases.fact_added", by=man.by, case_id=man.case_id, **said)


def _follow(rows: Rows, man: Person, at: datetime, held: Held, row: Row) -> None:
    missed = row["happened"] in MISSED
    worse = any(got_worse(one, _totals(man, one.id)) for one in LOOKED_AT.values())
    call = missed and needs_call(row["happened"], worse=worse, risk_open=False)
    unexplained = is_unexplained(row["happened"], row["reason"])
    known = man.tasks.get(_key(TaskKind.WELFARE_CALL, held))
    if not missed:
        withdraw(rows, man, at, TaskKind.WELFARE_CALL, held)
    if not unexplained:
        withdraw(rows, man, at, TaskKind.CONTACT_HIM, held)
    if call:
        _open(rows, man, at, TaskKind.WELFARE_CALL, held)
    elif unexplained and (known is None or known["state"] is not TaskState.OPEN):
        _open(rows, man, at, TaskKind.CONTACT_HIM, held)


def _totals(man: Person, instrument: str) -> Totals | None:
    found = man.scores.get(instrument, [])
    return Totals(found[-2], found[-1]) if len(found) > 1 else None


def _key(kind: TaskKind, held: Held) -> str:
    return f"{kind.value}:{reference(held)}"


def _open(rows: Rows, man: Person, at: datetime, kind: TaskKind, held: Held) -> None:
    key = _key(kind, held)
    if key in man.tasks:
        return  # once is enough: no year here undoes a miss and does it again
    principal: int = man.principal
    staff: int | None = man.by
    if kind is TaskKind.WELFARE_CALL:
        with clock.using(clock.SetClock(at)):
            owner = by_rota(man.like)
        principal, staff = owner.principal_id, owner.staff_id
    man.tasks[key] = rows.add(
        Task,
        kind=kind,
        key=key,
        title=TITLES[kind],
        owner_principal_id=principal,
        owner_staff_id=staff,
        owner_since=at,
        due_at=same_day(at),
        case_id=man.case_id,
        endpoint=PAGE,
        subject_ref=str(reference(held)),
        created_at=at,
    )
    said = {"kind": kind.value, "task": man.tasks[key]["id"]}
    rows.note(at, "tasks.opened", by=man.by, case_id=man.case_id, **said)


def withdraw(rows: Rows, man: Person, at: datetime, kind: TaskKind, held: Held) -> None:
    """As `tasks.service.withdraw`, where it is open."""
    task = man.tasks.get(_key(kind, held))
    if task is None or task["state"] is not TaskState.OPEN:
        return
    task |= {"state": TaskState.WITHDRAWN, "finished_at": at, "finished_by": man.by}
    said = {"task": task["id"], "because": "attendance.put_right"}
    rows.note(at, "tasks.withdrawn", by=man.by, case_id=man.case_id, **said)


def finish(rows: Rows, man: Person, at: datetime, task: Row, *, by: int, outcome: str = "") -> None:
    """As `tasks.service.finish`."""
    task |= {"state": TaskState.DONE, "finished_at": at, "finished_by": by}
    task["outcome"] = outcome or None
    rows.note(at, "tasks.done", by=by, case_id=man.case_id, task=task["id"])


def _tell_probation(rows: Rows, man: Person, at: datetime, row: Row, *, first: bool) -> None:
    if not row["required"] or (first and row["happened"] not in MISSED) or man.officer is None:
        return
    told = rows.add(
        Notice,
        principal_id=man.officer[1],
        key=f"attendance:{row['id']}",
        text=TOLD if first else PUT_RIGHT,
        case_id=man.case_id,
        endpoint=READ_HERE,
        subject_ref=str(man.case_ref),
        created_at=at,
    )
    man.told.append(told)


def read(rows: Rows, man: Person, at: datetime) -> None:
    """As `tasks.service.mark_read` of everything his officer was told, by him."""
    for told in man.told:
        told |= {"read_at": at, "read_by": man.officer[0] if man.officer else None}
        rows.note(
            at,
            "tasks.notice_read",
            by=told["read_by"],
            case_id=man.case_id,
            notice=told["id"],
        )
    man.told = []


def reach(
    rows: Rows, man: Person, at: datetime, held: Held, attempt: Attempt, note: str = ""
) -> None:
    """As `compliance.contact_service.record_attempt`."""
    made = rows.add(
        ContactAttempt,
        case_id=man.case_id,
        subject=reference(held),
        at=at,
        way=attempt.way,
        reached=attempt.reached,
        note=note or None,
        by_id=man.by,
        created_at=at,
    )
    held.attempts.append(made)
    rows.note(at, "attendance.contact_tried", by=man.by, case_id=man.case_id, attempt=made["id"])
    tried = [Attempt(one["way"], one["reached"]) for one in held.attempts]
    task = man.tasks.get(_key(TaskKind.CONTACT_HIM, held))
    if task is not None and task["state"] is TaskState.OPEN and is_enough(tried, Wanted()):
        finish(rows, man, at, task, by=man.by)


def found_well(rows: Rows, man: Person, at: datetime, held: Held, found: str) -> None:
    """As `compliance.contact_service.end_call`."""
    task = man.tasks[_key(TaskKind.WELFARE_CALL, held)]
    finish(rows, man, at, task, by=man.by, outcome=found)


def is_called(man: Person, held: Held) -> bool:
    """Whether a welfare call is to be made about a session."""
    return _key(TaskKind.WELFARE_CALL, held) in man.tasks
