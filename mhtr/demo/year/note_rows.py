"""What is written when a session's note is kept, finished, signed or added to.

Each function is one call of a service; see `writer`.
"""

from collections.abc import Mapping
from datetime import datetime

from mhtr.core import clock
from mhtr.demo.year.attendance_rows import finish as done
from mhtr.demo.year.booking_rows import reference
from mhtr.demo.year.person import Held, Person
from mhtr.demo.year.rows import Rows
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind
from sessions.notes import policy
from sessions.notes.models import NoteAddendum, SessionNote
from sessions.notes.service import PAGE, SIGN
from sessions.notes.structures import STRUCTURES


def write(
    rows: Rows, man: Person, at: datetime, held: Held, parts: Mapping[str, str], *, finish: bool
) -> None:
    """As `notes.service.write`: a draft, a draft gone on with, or a finished note."""
    of = STRUCTURES[held.part["therapy"]]
    said = {one.key: parts[one.key] for one in of if one.key in parts}
    if held.note is None:
        held.note = rows.add(
            SessionNote,
            place_id=held.place["id"],
            case_id=man.case_id,
            author_id=man.by,
            therapy=held.part["therapy"],
            parts=said,
            saved_at=at,
            created_at=at,
        )
        _said(rows, man, at, "notes.begun", held)
    else:
        _said(rows, man, at, "notes.saved", held)
        held.note |= {"parts": said, "saved_at": at}
        held.note["version"] += 1
    if finish:
        _finish(rows, man, at, held)


def _finish(rows: Rows, man: Person, at: datetime, held: Held) -> None:
    note = held.note or {}
    note |= {"finished_at": at, "needs_sign_off": not man.registered}
    _said(rows, man, at, "notes.finished", held)
    if man.registered:
        return
    day = working_calendar().add(at.astimezone(clock.LONDON).date(), policy.signed_within())
    key = f"note:{note['id']}:{note['version']}"
    task = rows.add(
        Task,
        kind=TaskKind.SIGN_OFF_NOTE,
        key=key,
        title=SIGN,
        owner_principal_id=man.lead[1],
        owner_staff_id=man.lead[0],
        owner_since=at,
        due_at=end_of_day(day),
        case_id=man.case_id,
        endpoint=PAGE,
        subject_ref=str(reference(held)),
        created_at=at,
    )
    man.tasks[f"sign:{held.key}"] = task
    said = {"kind": TaskKind.SIGN_OFF_NOTE.value, "task": task["id"]}
    rows.note(at, "tasks.opened", by=man.by, case_id=man.case_id, **said)


def sign(rows: Rows, man: Person, at: datetime, held: Held) -> None:
    """As `notes.service.sign`, by the clinical lead."""
    note, lead = held.note or {}, man.lead[0]
    note |= {"signed_off_at": at, "signed_off_by": lead}
    note["version"] += 1
    rows.note(at, "notes.signed", by=lead, case_id=man.case_id, note=note["id"])
    done(rows, man, at, man.tasks[f"sign:{held.key}"], by=lead)


def add(rows: Rows, man: Person, at: datetime, held: Held, text: str) -> None:
    """As `notes.service.add`, by the author."""
    note = held.note or {}
    made = rows.add(NoteAddendum, note_id=note["id"], text=text, by_id=man.by, created_at=at)
    said = {"note": note["id"], "addendum": made["id"]}
    rows.note(at, "notes.added_to", by=man.by, case_id=man.case_id, **said)


def _said(rows: Rows, man: Person, at: datetime, action: str, held: Held) -> None:
    note = held.note or {}
    rows.note(at, action, by=man.by, case_id=man.case_id, note=note["id"])
