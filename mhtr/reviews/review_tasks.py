"""Tasks around a review: the therapist's until all is said and done, and the officer's to sign."""

from datetime import datetime

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.orders.cover_queries import concerned
from mhtr.reviews import building, queries
from mhtr.reviews.models import Review
from mhtr.reviews.rules import Party, WhyNot
from mhtr.suitability.concerned import Owner, assessing
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.rehoming import Named, next_owner_of
from sessions.courses import queries as courses

PAGE = "reviews.case_reviews"
THERE = "reviews.told"
TITLE = "Three-way review"
SIGN_TITLE = "Read and sign the sheet of a review"
NOT_WANTED = "reviews.not_wanted"
SIGN_WITHIN = 10
"""Working days; the service's own."""


def task_key(row: Review) -> str:
    """Which task asks for it."""
    return f"{TaskKind.REVIEW.value}:{row.id}"


def _sign_key(row: Review) -> str:
    return f"{TaskKind.SIGN_REVIEW.value}:{row.id}"


def _open(case: Case, row: Review, by: int | None) -> None:
    owner = _therapist(case)
    tasks.open_task(
        TaskKind.REVIEW,
        key=task_key(row),
        title=TITLE,
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=end_of_day(row.due_on),
        by=by,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=case.ref,
    )


def _therapist(case: Case) -> Owner:
    """Who treats him, where that one can sign in; otherwise who has the case."""
    course = courses.open_course(case.id)
    if course is not None and course.therapist_id is not None:
        staff = db.session.get_one(Staff, course.therapist_id)
        if staff.disabled_at is None:
            return Owner(staff.principal_id, staff.id)
    return assessing(case)


def follow(case: Case, row: Review, *, opens: bool | None, by: int | None) -> None:
    """Bring the tasks of a review in line with what is on record of it.

    The therapist's lasts until it was held, he was asked and the therapist has signed; the
    officer's, while a sheet waits for probation.

    Args:
        opens: whether it is to be arranged by now; None: it is not asked for any more.
    """
    meeting, sheet = queries.last_meeting(row.id), building.sheet_now(row)
    over = meeting is not None and meeting.why_not is WhyNot.NO_LONGER
    gone = case.state not in UNDER_ORDER or case.person.died_on is not None
    on = building.current(row, sheet) if sheet is not None else None
    said = frozenset(on.said) if on is not None else frozenset()
    done = over or (sheet is not None and {Party.HIM, Party.THERAPIST} <= said)
    wanted = not gone and (opens is not None or sheet is not None)
    _keep(case, row, done=done, wanted=wanted, opens=bool(opens) or meeting is not None, by=by)
    waits = sheet is not None and Party.OFFICER not in said
    _follow_signing(case, row, waits=waits, gone=gone or sheet is None, by=by)


def _keep(
    case: Case, row: Review, *, done: bool, wanted: bool, opens: bool, by: int | None
) -> None:
    key = task_key(row)
    task, finished = tasks.with_key(key), tasks.with_key(key, TaskState.DONE)
    if task is not None and done:
        tasks.finish(task, by=by)
    elif task is not None and not wanted:
        tasks.withdraw(task, by=by, because=NOT_WANTED)
    elif task is None and not done and wanted and finished is not None:
        tasks.take_up_again(finished, due_at=_soon(), by=by)
    elif task is None and not done and wanted and opens:
        _open(case, row, by)


def _follow_signing(case: Case, row: Review, *, waits: bool, gone: bool, by: int | None) -> None:
    key, officer = _sign_key(row), _officer(case)
    task, done = tasks.with_key(key), tasks.with_key(key, TaskState.DONE)
    if task is not None and gone:
        tasks.withdraw(task, by=by, because=NOT_WANTED)
    elif task is not None and not waits:
        tasks.finish(task, by=by)
    elif task is not None and officer is not None:
        tasks.keep_with(task, officer.principal_id, officer.staff_id, by=by)
    elif waits and not gone and done is not None:
        tasks.take_up_again(done, due_at=_soon(), by=by)
    elif waits and not gone and officer is not None:
        tasks.open_task(
            TaskKind.SIGN_REVIEW,
            key=key,
            title=SIGN_TITLE,
            owner_principal_id=officer.principal_id,
            owner_staff_id=officer.staff_id,
            due_at=_soon(),
            by=by,
            case_id=case.id,
            endpoint=THERE,
            subject_ref=case.ref,
        )


def _soon() -> datetime:
    return end_of_day(working_calendar().add(clock.today(), SIGN_WITHIN))


def _officer(case: Case) -> Owner | None:
    named = concerned(case.id)
    return Owner(named[0].principal_id, named[0].id) if named else None


def _next(task: Task) -> Named | None:
    owner = _officer(cases.lock(task.case_id)) if task.case_id is not None else None
    return (owner.principal_id, owner.staff_id) if owner is not None else None


next_owner_of[TaskKind.SIGN_REVIEW] = _next
