"""Who of probation hears the same day that something is recorded of a session, and not what.

An officer who signs in here gets a notice. Where nobody who signs in is named, a mail goes to the
duty mailbox of the delivery unit: a reference and a link, no name, nothing of what happened. What
cannot be written to anybody becomes a task to tell them another way.
"""

import uuid

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.compliance import misses
from mhtr.compliance.attendance import MISSED
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import history_of, latest
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import must_be_writing
from mhtr.messages import service as messages
from mhtr.messages.kinds import MessageKind, NotWanted, register
from mhtr.messages.mail import Mail
from mhtr.orders import telling as probation
from mhtr.orders.unit_mail import unit_mail
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState

FIRST, LATER = "attendance.recorded", "attendance.put_right"
"""Kinds of messages: the first of a session, and what follows once one has left."""
TOLD = "What happened at a session of a man of yours is recorded."
PUT_RIGHT = "What is recorded of a session of a man of yours was put right."
TITLES = {
    FIRST: "Tell probation that a session is recorded",
    LATER: "Tell probation that a session was put right",
}
READ_HERE = "register.attendance_told"
TASK_PAGE = "register.told_by_hand"
NOBODY_WAITS = "Nobody of probation has to be told of this session by hand."
WHO = "Say who was told, and how."

_BODIES = {
    FIRST: "What happened at a session of a requirement that your unit supervises is recorded.",
    LATER: "What you were told of a session of a requirement that your unit supervises was "
    "put right. What counts now is on its page.",
}


def tell_probation(
    case: Case, row: Attendance, before: Attendance | None, *, seen_by: int | None, by: int
) -> None:
    """Let probation know of a miss the same day, and of what was put right.

    Only of sessions of the requirement. What has not left yet is taken back once nothing is to
    be told; what has left is followed by word that it was put right.

    Args:
        seen_by: the member of staff with whom the session was.
    """
    must_be_writing()
    if not row.required or (before is None and row.happened not in MISSED):
        return
    text = TOLD if before is None else PUT_RIGHT
    heard = probation.tell_officers(case, key=notice_key(row), text=text, endpoint=READ_HERE)
    knows = _knows(row, by)
    if knows or (not heard and row.happened in MISSED):
        _write(case, row, LATER if knows else FIRST, seen_by, by)


def notice_key(row: Attendance) -> str:
    """Which notice in the program tells of a record."""
    return f"attendance:{row.id}"


def mail_key(row: Attendance) -> str:
    """Which mail tells of a record."""
    return f"attendance:{row.id}:mail"


def task_key(row: Attendance) -> str:
    """Which task asks that somebody tells of a record by hand."""
    return f"tell_probation:{row.id}"


def _knows(row: Attendance, by: int) -> bool:
    """Whether a unit was told of an earlier record; what has not reached it yet is taken back."""
    knows = False
    for earlier in history_of(row.subject):
        if earlier.id == row.id:
            continue
        knows |= not messages.withdraw(mail_key(earlier), by=by)
        knows |= tasks.with_key(task_key(earlier), TaskState.DONE) is not None
        waiting = tasks.with_key(task_key(earlier))
        if waiting is not None:
            tasks.withdraw(waiting, by=by, because="attendance.put_right")
    return knows


def _write(case: Case, row: Attendance, kind: str, seen_by: int | None, by: int) -> None:
    payload = {"subject": row.subject.hex, "record": row.id, "seen_by": seen_by}
    key = mail_key(row)
    if probation.write_to_unit(case, key=key, template=kind, payload=payload, by=by) is None:
        _by_hand(case, row, kind, seen_by, by)


def _by_hand(case: Case, row: Attendance, kind: str, seen_by: int | None, by: int | None) -> None:
    probation.ask_to_tell(
        case,
        misses.therapist(case, seen_by),
        key=task_key(row),
        title=TITLES[kind],
        due_at=misses.same_day(clock.now()),
        endpoint=TASK_PAGE,
        subject_ref=row.subject,
        by=by,
    )


def waits(case_id: int, subject: uuid.UUID) -> list[Task]:
    """The open tasks to tell probation of a session by hand."""
    found = tasks.open_tasks(case_id, TaskKind.TELL_PROBATION)
    return [task for task in found if task.subject_ref == str(subject)]


def told_by_hand(*, case_id: int, subject: uuid.UUID, words: str, by: int) -> None:
    """Record that probation was told of a session in another way: who, and how.

    Raises:
        Refused: nothing is said, or nobody waits to be told.
    """
    must_be_writing()
    case = cases.lock(case_id)
    if not words.strip():
        raise Refused(WHO)
    waiting = waits(case.id, subject)
    if not waiting:
        raise Refused(NOBODY_WAITS)
    for task in waiting:
        tasks.finish(task, by=by, outcome=words)
        audit.record("attendance.told_by_hand", by=by, case_id=case.id, task=task.id)


def _composed(row: OutboxMessage) -> Mail:
    """The mail, from what is on record when it is sent."""
    subject = uuid.UUID(row.payload["subject"])
    record = latest(subject)
    if row.case_id is None or record is None or record.id != row.payload["record"]:
        raise NotWanted
    case = db.session.get_one(Case, row.case_id)
    said = _BODIES[row.template]
    return unit_mail(row, case, title="A session is recorded", said=said, endpoint=READ_HERE)


def _failed(row: OutboxMessage) -> None:
    record = latest(uuid.UUID(row.payload["subject"]))
    if row.case_id is None or record is None:
        return
    case = db.session.get_one(Case, row.case_id)
    _by_hand(case, record, row.template, row.payload["seen_by"], None)


for _kind in (FIRST, LATER):
    register(MessageKind(_kind, _composed, _failed))
