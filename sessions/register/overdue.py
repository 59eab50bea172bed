"""A session that is over and of which nobody recorded what happened is somebody's task."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.compliance.misses import by_rota
from mhtr.compliance.models import Attendance
from mhtr.compliance.policy import recorded_within
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.suitability.concerned import Owner
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind
from mhtr.tasks.queries import excluded_staff
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.register.service import outcome_key

PAGE = "register.attendance"
TITLE = "Record what happened at a session"
_LOOKS_BACK = timedelta(days=400)


def open_outcome_tasks(now: datetime) -> int:
    """Open a task for each session without an outcome once its time is up; returns how many.

    Runs inside the caller's write transaction; a second run changes nothing. What was cancelled
    or moved meanwhile needs no outcome any more.
    """
    must_be_writing()
    opened = 0
    for place, session in _waiting(now):
        due = end_of_day(
            working_calendar().add(
                session.ends_at.astimezone(clock.LONDON).date(), recorded_within()
            )
        )
        if due <= now:
            case = cases.lock(place.case_id)
            owner = _owner(case, session.clinician_id)
            tasks.open_task(
                TaskKind.RECORD_OUTCOME,
                key=outcome_key(place),
                title=TITLE,
                owner_principal_id=owner.principal_id,
                owner_staff_id=owner.staff_id,
                due_at=due,
                by=None,
                case_id=case.id,
                endpoint=PAGE,
                subject_ref=place.ref,
            )
            opened += 1
    return opened


def _waiting(now: datetime) -> list[tuple[SessionPlace, TreatmentSession]]:
    recorded = exists().where(Attendance.subject == SessionPlace.ref)
    rows = db.session.execute(
        select(SessionPlace, TreatmentSession)
        .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
        .where(
            SessionPlace.state == BookingState.BOOKED,
            TreatmentSession.ends_at < now,
            TreatmentSession.ends_at > now - _LOOKS_BACK,
            ~recorded,
        )
        .order_by(SessionPlace.case_id, SessionPlace.id)
    ).all()
    open_keys = set(
        db.session.scalars(
            select(Task.key).where(Task.kind == TaskKind.RECORD_OUTCOME, Task.finished_at.is_(None))
        )
    )
    return [(place, session) for place, session in rows if outcome_key(place) not in open_keys]


def _owner(case: Case, staff_id: int) -> Owner:
    """The clinician of the session while he signs in and may see the case; else by the rota."""
    staff = db.session.get_one(Staff, staff_id)
    if staff.disabled_at is None and staff_id not in excluded_staff(case.id, clock.now()):
        return Owner(staff.principal_id, staff.id)
    return by_rota(case)
