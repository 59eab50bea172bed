"""Sessions that lie outside the requirement, since the order was changed, are somebody's task."""

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.orders import listeners as order_listeners
from mhtr.orders.queries import all_on_record
from mhtr.suitability.concerned import Owner
from mhtr.suitability.result_owner import by_rota, trust_of
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind
from mhtr.tasks.queries import excluded_staff
from sessions.availability.limits_queries import periods_of
from sessions.booking.queries import Booked, coming_of
from sessions.booking.shapes import london_day

PAGE = "sessions.case_sessions"
TITLE = "Sessions are booked outside the requirement: move or cancel them"


def follow_requirement(case: Case, *, by: int | None) -> None:
    """Open the task of a locked case, or settle it, by what is booked and what the order says."""
    must_be_writing()
    waiting = tasks.open_tasks(case.id, TaskKind.REBOOK)
    outside = _outside(case) if case.state in UNDER_ORDER else []
    if outside and not waiting:
        _open(case, outside, by)
    elif not outside:
        for task in waiting:
            tasks.finish(task, by=by)


def _outside(case: Case) -> list[Booked]:
    coming = [one for one in coming_of([case.id]) if one.place.required]
    if not coming:
        return []
    within = periods_of(all_on_record(case.id))
    return [
        one
        for one in coming
        if not any(first <= london_day(one.session.starts_at) <= last for first, last in within)
    ]


def _open(case: Case, outside: list[Booked], by: int | None) -> None:
    owner = _owner(case, outside)
    due = min(
        working_calendar().add(clock.today(), 1),
        max(london_day(outside[0].session.starts_at), clock.today()),
    )
    query = select(Task.id).where(Task.case_id == case.id, Task.kind == TaskKind.REBOOK)
    earlier = len(db.session.scalars(query).all())
    tasks.open_task(
        TaskKind.REBOOK,
        key=f"{TaskKind.REBOOK.value}:{case.id}:{earlier}",
        title=TITLE,
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=end_of_day(due),
        by=by,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=case.ref,
    )


def _owner(case: Case, outside: list[Booked]) -> Owner:
    """Who booked the first of them, while he signs in there and may see the case; else the rota."""
    staff = db.session.get_one(Staff, outside[0].place.by_id)
    works = staff.disabled_at is None and staff.organisation_id == trust_of(case).id
    if works and not case.restricted and staff.id not in excluded_staff(case.id, clock.now()):
        return Owner(staff.principal_id, staff.id)
    return by_rota(case, clock.today())


def _changed(case_id: int, by: int | None) -> None:
    follow_requirement(cases.lock(case_id), by=by)


order_listeners.orders_changed.append(_changed)
