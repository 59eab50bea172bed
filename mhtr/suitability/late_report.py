"""A report that cannot be ready in time is a task of the trust's leads and administrators.

They give the case to somebody else or arrange with probation what is sent. Where nobody has by
noon of the last working day before the report is filed, it goes to a clinical lead by name.
"""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.report_due import is_due
from mhtr.core import audit, clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.suitability import news
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.change_of_dates import filed_too_late
from mhtr.suitability.concerned import Owner, current_request
from mhtr.suitability.date_question import is_over
from mhtr.suitability.models import DateAnswered, ReportRequest
from mhtr.suitability.result_owner import named_on, trust_of
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.queries import excluded_staff, on_leave
from mhtr.tasks.rota_queries import colleagues

PAGE = "suitability.report_date"
ACTS = (Role.CLINICAL_LEAD, Role.ADMINISTRATOR)
"""Who gives a case to somebody else, or arranges with probation what is sent."""
TITLES = {
    "": "A report cannot be ready in time: probation has been asked",
    DateAnswer.KEEPS_DATE: "A report cannot be ready in time: probation keeps the date",
    DateAnswer.SEEKS_ADJOURNMENT: "A report cannot be ready in time: probation asks to adjourn",
}
NOT_SEEN_TO = "A report cannot be ready in time, and nobody has seen to it. It is filed next."
YOURS = "A report cannot be ready in time, and nobody has seen to it: it is yours now."
NOON = time(12)


class Arranged(StrEnum):
    """What was arranged about a report that cannot be ready in time."""

    SENT_IN_PART = "sent_in_part"
    LATER = "later"
    AGREED = "agreed"


ARRANGED_WORDS = {
    Arranged.SENT_IN_PART: "What there is will be sent by the due date",
    Arranged.LATER: "The report follows on the earliest possible day",
    Arranged.AGREED: "Something else, agreed with the author",
}
"""Said to the author in these words too."""


def keep(case: Case, request: ReportRequest, *, by: int | None) -> None:
    """Open the task, move it with the dates and her answer, or withdraw it."""
    must_be_writing()
    needed = is_due(case) and request.earliest_on is not None and not is_over(case)
    key, waiting = _key(request), tasks.open_tasks(case.id, TaskKind.REPORT_LATE)
    for task in waiting:
        if not needed or task.key != key:
            tasks.withdraw(task, by=by, because="suitability.due_changed")
    if not needed:
        return
    since = next((task.created_at for task in waiting if task.key == key), clock.now())
    owner, due_at = _owner(case), end_of_day(_act_by(case, request, since))
    task = tasks.open_task(
        TaskKind.REPORT_LATE,
        key=key,
        title=TITLES[request.date_answer],
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=due_at,
        by=by,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=case.ref,
    )
    if task.state is TaskState.OPEN and task.due_at != due_at:
        tasks.move(task, due_at=due_at, by=by)
    held = (task.owner_principal_id, task.owner_staff_id)
    if task.state is TaskState.OPEN and not task.escalated and held != _pair(owner):
        tasks.hand_over(task, to_principal_id=owner.principal_id, to_staff_id=owner.staff_id, by=by)


def arrange(*, case_id: int, how: Arranged, version: int, by: int) -> None:
    """Somebody at work has seen to it: the author, the assessor and the leads are told.

    `version` is that of the request as the page showed it.

    Raises:
        Refused: there is nothing to see to, or it is not his.
        Stale: the dates or her answer changed meanwhile.
    """
    must_be_writing()
    case, staff = cases.lock(case_id), db.session.get_one(Staff, by)
    if not {row.role for row in staff.roles} & set(ACTS):
        raise Refused("Only a clinical lead or an administrator can record this.")
    request, waiting = current_request(case_id), tasks.open_tasks(case_id, TaskKind.REPORT_LATE)
    if request is not None and request.version != version:
        raise Stale(request)
    if request is None or not waiting:
        raise Refused("Somebody has seen to this already, or the date can be met.")
    words = ARRANGED_WORDS[how]
    for task in waiting:
        tasks.finish(task, by=by, outcome=words)
        for principal_id in news.report_people(case, request) - {staff.principal_id}:
            text = f"About a report that cannot be ready in time, the service says: {words}."
            news.tell(principal_id, case, f"arranged:{task.id}", text)
    audit.record("suitability.late_report_arranged", by=by, case_id=case_id, request=request.id)


def last_arranged(request: ReportRequest | None) -> Task | None:
    """What was arranged last, where it still is about the dates that stand."""
    if request is None or request.earliest_on is None:
        return None
    done = Task.kind == TaskKind.REPORT_LATE, Task.state == TaskState.DONE
    query = select(Task).where(Task.key == _key(request), *done)
    return db.session.scalars(query).first()


def escalate(now: datetime) -> int:
    """Give to a lead by name what nobody has seen to in time; returns how many.

    Runs inside the caller's write transaction; a second run changes nothing.
    """
    must_be_writing()
    today = now.astimezone(clock.LONDON).date()
    noon = clock.from_london(datetime.combine(today, NOON))
    until = end_of_day(today) if now >= noon else now
    late = db.session.scalars(
        select(Task.case_id)
        .where(
            Task.kind == TaskKind.REPORT_LATE,
            Task.state == TaskState.OPEN,
            Task.escalated == 0,
            Task.due_at <= until,
            Task.case_id.is_not(None),
        )
        .order_by(Task.case_id)
    ).all()
    for case_id in [each for each in late if each is not None]:
        case = cases.lock(case_id)
        for task in tasks.open_tasks(case_id, TaskKind.REPORT_LATE):
            _pass_on(case, task, today)
    return len(late)


def _pass_on(case: Case, task: Task, today: date) -> None:
    people = [one for one in _able(case) if one.id != task.owner_staff_id]
    leads = [one for one in people if _holds(one, Role.CLINICAL_LEAD)]
    away = on_leave(today)
    there = [one for one in leads if one.id not in away]
    owner = there[0] if there else None
    tasks.pass_on(
        task,
        to_principal_id=owner.principal_id if owner else task.owner_principal_id,
        to_staff_id=owner.id if owner else task.owner_staff_id,
        stage=1,
    )
    for one in people:
        text = YOURS if one is owner else NOT_SEEN_TO
        _tell(case, task, one.principal_id, text, PAGE)
    for one in colleagues(trust_of(case).id):
        if _holds(one, Role.SERVICE_MANAGER) and not _holds(one, *ACTS):
            _tell(case, task, one.principal_id, NOT_SEEN_TO, "")


def _tell(case: Case, task: Task, principal_id: int, text: str, page: str) -> None:
    tasks.tell(
        principal_id,
        key=f"late:{task.id}:{task.owner_since.isoformat()}",
        text=text,
        case_id=case.id if page else None,
        endpoint=page,
        subject_ref=case.ref if page else "",
    )


def _owner(case: Case) -> Owner:
    """The trust's list; of a restricted case somebody who is named on it and can act."""
    trust = trust_of(case)
    able = _able(case) if case.restricted else []
    return Owner(able[0].principal_id, able[0].id) if able else Owner(trust.principal_id, None)


def _able(case: Case) -> list[Staff]:
    """Leads, then administrators, of the trust who may open the case."""
    now = clock.now()
    kept_out = excluded_staff(case.id, now)
    named = named_on(case.id, now) if case.restricted else None
    found = [
        one
        for one in colleagues(trust_of(case).id)
        if _holds(one, *ACTS) and one.id not in kept_out and (named is None or one.id in named)
    ]
    return sorted(found, key=lambda one: (not _holds(one, Role.CLINICAL_LEAD), one.id))


def _holds(staff: Staff, *roles: Role) -> bool:
    return any(held.role in roles for held in staff.roles)


def _pair(owner: Owner) -> tuple[int, int | None]:
    return owner.principal_id, owner.staff_id


def _key(request: ReportRequest) -> str:
    """Another round where the dates began to fail anew, or she answered anew."""
    query = select(DateAnswered.id).where(DateAnswered.request_id == request.id)
    answered = db.session.scalars(query.order_by(DateAnswered.id.desc()).limit(1)).first()
    since = request.details.get("late_since", "")
    return f"report_late:{request.id}:{request.due_on}:{since}:{answered or 0}"


def _act_by(case: Case, request: ReportRequest, since: datetime) -> date:
    """The last working day before the report is filed, or the hearing; never before `since`."""
    calendar = working_calendar()
    first = calendar.add(since.astimezone(clock.LONDON).date(), 0)
    late = filed_too_late(request.psr_filed_on, case.hearing_on)
    filed_on = case.hearing_on if late else request.psr_filed_on or case.hearing_on
    return max(first, calendar.subtract(filed_on, 1)) if filed_on else calendar.add(first, 1)
