"""Whose it is to finish a note that was returned, or whose author left before he finished it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from mhtr.accounts import listeners
from mhtr.accounts.leads import leads_of
from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.suitability.concerned import Owner
from mhtr.suitability.result_owner import named_on, trust_of
from mhtr.tasks import rehoming
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind
from mhtr.tasks.queries import excluded_staff
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.notes import policy
from sessions.notes.models import SessionNote

PAGE = "notes.note"
RETURNED = "A session note was returned: write what is asked for"
LEFT = "Finish a session note whose author left"


def author_left(note: SessionNote) -> bool:
    """Whether its author cannot go on with it: he left, treats nobody there, or may not see him."""
    author, place = _author_and_place(note)
    home = db.session.get_one(TreatmentSession, place.session_id).organisation_id
    gone = author.disabled_at is not None or author.organisation_id != home
    treats = CLINICAL_ROLES & {row.role for row in author.roles}
    return gone or not treats or author.id in excluded_staff(note.case_id, clock.now())


def ask(note: SessionNote, *, by: int | None) -> None:
    """Make finishing a draft somebody's task: its author's, or his lead's once he left."""
    must_be_writing()
    if open_of(note):
        return
    owner, place = _finisher(note), _author_and_place(note)[1]
    day = working_calendar().add(clock.today(), policy.finished_within())
    tasks.open_task(
        TaskKind.FINISH_NOTE,
        key=f"{_key(note)}:{note.version}",
        title=RETURNED if note.returned_words else LEFT,
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=end_of_day(day),
        by=by,
        case_id=note.case_id,
        endpoint=PAGE,
        subject_ref=place.ref,
    )


def settle(note: SessionNote, *, by: int) -> None:
    """It is finished."""
    for task in open_of(note):
        tasks.finish(task, by=by)


def open_of(note: SessionNote) -> Sequence[Task]:
    """The open tasks to finish a note."""
    found = tasks.open_tasks(note.case_id, TaskKind.FINISH_NOTE)
    return [task for task in found if task.key.startswith(f"{_key(note)}:")]


def ask_for_left(_now: datetime) -> int:
    """Ask for the drafts of closed accounts of which nobody was asked; returns how many.

    A second run changes nothing.
    """
    must_be_writing()
    gone = _DRAFTS.join(Staff, Staff.id == SessionNote.author_id).where(
        Staff.disabled_at.is_not(None)
    )
    return sum(_ask_once(note, None) for note in db.session.scalars(gone).all())


_DRAFTS = (
    select(SessionNote)
    .where(SessionNote.finished_at.is_(None))
    .order_by(SessionNote.case_id, SessionNote.id)
)


def _ask_once(note: SessionNote, by: int | None) -> int:
    cases.lock(note.case_id)
    if open_of(note) or not author_left(note):
        return 0
    ask(note, by=by)
    return 1


def _left(staff_id: int, _organisation_id: int, by: int | None) -> None:
    his = _DRAFTS.where(SessionNote.author_id == staff_id)
    for note in db.session.scalars(his).all():
        _ask_once(note, by)


def _finisher(note: SessionNote) -> Owner:
    """Its author; once he left a clinical lead who may see the case; else the trust's list."""
    author, place = _author_and_place(note)
    if not author_left(note):
        return Owner(author.principal_id, author.id)
    case = db.session.get_one(Case, note.case_id)
    home = db.session.get_one(TreatmentSession, place.session_id).organisation_id
    kept_out = excluded_staff(case.id, clock.now())
    named = named_on(case.id, clock.now()) if case.restricted else None
    for staff_id, principal_id in leads_of(home):
        if staff_id not in kept_out and (named is None or staff_id in named):
            return Owner(principal_id, staff_id)
    return Owner(trust_of(case).principal_id, None)


def _owner_of(task: Task) -> tuple[int, int | None]:
    notes = db.session.scalars(
        select(SessionNote).where(SessionNote.case_id == task.case_id).order_by(SessionNote.id)
    )
    note = next((one for one in notes if task.key.startswith(f"{_key(one)}:")), None)
    if note is None:
        return trust_of(db.session.get_one(Case, task.case_id)).principal_id, None
    owner = _finisher(note)
    return owner.principal_id, owner.staff_id


def _author_and_place(note: SessionNote) -> tuple[Staff, SessionPlace]:
    author = db.session.get_one(Staff, note.author_id)
    return author, db.session.get_one(SessionPlace, note.place_id)


def _key(note: SessionNote) -> str:
    return f"finish_note:{note.id}"


listeners.staff_left.append(_left)
rehoming.next_owner_of[TaskKind.FINISH_NOTE] = _owner_of
