"""What follows a missed session the same day: reaching him, or a welfare call."""

from dataclasses import replace
from datetime import datetime

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.attendance import MISSED, is_unexplained, needs_call
from mhtr.compliance.models import Attendance
from mhtr.compliance.worsening import is_worse
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.suitability.concerned import Owner
from mhtr.suitability.result_owner import named_on, trust_of
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.queries import excluded_staff, on_leave
from mhtr.tasks.risk_duty import read_rota
from mhtr.tasks.rota_rules import next_owner

PAGE = "compliance.contact"
TITLES = {
    TaskKind.CONTACT_HIM: "Reach him after a missed session",
    TaskKind.WELFARE_CALL: "Speak with him after a session",
}


def follow(case: Case, row: Attendance, *, therapist_id: int | None, by: int) -> None:
    """Open what a miss asks for, and withdraw what a later record no longer asks for."""
    must_be_writing()
    call = row.happened in MISSED and needs_call(
        row.happened,
        worse=is_worse(case.id),
        risk_open=bool(tasks.open_tasks(case.id, TaskKind.RISK_REVIEW)),
    )
    reach = is_unexplained(row.happened, row.reason) and not call
    if row.happened not in MISSED:
        _withdraw(row, TaskKind.WELFARE_CALL, by)
    if not is_unexplained(row.happened, row.reason):
        _withdraw(row, TaskKind.CONTACT_HIM, by)
    if call:
        _open(case, row, TaskKind.WELFARE_CALL, _on_duty(case, therapist_id), by)
    elif reach and tasks.with_key(key_of(TaskKind.WELFARE_CALL, row)) is None:
        _open(case, row, TaskKind.CONTACT_HIM, therapist(case, therapist_id), by)


def key_of(kind: TaskKind, row: Attendance) -> str:
    """Which task of a missed session it is."""
    return f"{kind.value}:{row.subject}"


def _open(case: Case, row: Attendance, kind: TaskKind, owner: Owner, by: int) -> Task:
    key = key_of(kind, row)
    done = tasks.with_key(key, TaskState.DONE)
    if done is not None:
        return done  # He was tried to be reached about this session already.
    return tasks.open_task(
        kind,
        key=key,
        title=TITLES[kind],
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=same_day(clock.now()),
        by=by,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=row.subject,
    )


def _withdraw(row: Attendance, kind: TaskKind, by: int) -> None:
    waiting = tasks.with_key(key_of(kind, row))
    if waiting is not None:
        tasks.withdraw(waiting, by=by, because="attendance.put_right")


def same_day(now: datetime) -> datetime:
    """The end of today, or of the next working day where today is over or no working day."""
    calendar, today = working_calendar(), now.astimezone(clock.LONDON).date()
    day = calendar.add(today, 0)
    due = end_of_day(day)
    return due if now < due else end_of_day(calendar.add(day, 1))


def therapist(case: Case, staff_id: int | None) -> Owner:
    """Who treats him while he is at work; otherwise whoever of the trust is on duty."""
    return _at_work(case, staff_id) or _at_work(case, case.assessor_id) or by_rota(case)


def _on_duty(case: Case, staff_id: int | None) -> Owner:
    """A clinician who is at work today: the duty clinician; else the therapist; else the list."""
    found = by_rota(case)
    if found.staff_id is not None:
        return found
    return _at_work(case, staff_id) or _at_work(case, case.assessor_id) or found


def by_rota(case: Case) -> Owner:
    """The clinician of the trust who is on duty next, and may see the case; else its list."""
    trust, now = trust_of(case), clock.now()
    rota = read_rota(trust.id, clock.today())
    working = (rota.working or frozenset()) - excluded_staff(case.id, now)
    if case.restricted:
        working &= named_on(case.id, now)
    found = next_owner(now, None, replace(rota, working=working))
    if found is None:
        return Owner(trust.principal_id, None)
    return Owner(db.session.get_one(Staff, found.staff_id).principal_id, found.staff_id)


def _at_work(case: Case, staff_id: int | None) -> Owner | None:
    """Somebody who signs in, may see the case and is not on leave today."""
    if staff_id is None or staff_id in on_leave(clock.today()):
        return None
    staff = db.session.get_one(Staff, staff_id)
    now = clock.now()
    shut_out = staff_id in excluded_staff(case.id, now)
    shut_out = shut_out or (case.restricted and staff_id not in named_on(case.id, now))
    return None if staff.disabled_at or shut_out else Owner(staff.principal_id, staff.id)
