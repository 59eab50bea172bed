"""What happened to a task, from the audit: shown, never decided upon."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.core.audit import AuditEvent
from mhtr.core.prepared import Prepared
from mhtr.tasks.models import Task

WORDS = {
    "tasks.opened": "Opened",
    "tasks.handed_over": "Handed over",
    "tasks.escalated": "Escalated: nobody had seen it in time",
    "tasks.passed_on": "Passed on: its owner could not see to it",
    "tasks.acknowledged": "Seen by a clinician",
    "tasks.answer_saved": "The answer was saved; the review stays open",
    "tasks.moved": "Due time changed",
    "tasks.done": "Closed with an outcome",
}


@dataclass(frozen=True)
class Happened:
    """One step."""

    at: datetime
    words: str
    by: str


_OF_CASE = Prepared(
    select(AuditEvent.at, AuditEvent.action, AuditEvent.detail, Staff.name)
    .outerjoin(Staff, Staff.id == AuditEvent.actor_id)
    .where(AuditEvent.case_id == bindparam("case"), AuditEvent.action.in_(sorted(WORDS)))
    .order_by(AuditEvent.id)
)


def history_of(task: Task) -> list[Happened]:
    """Every step of a task, oldest first."""
    rows = _OF_CASE.all({"case": task.case_id})
    return [
        Happened(at, WORDS[action], name or "The program")
        for at, action, detail, name in rows
        if detail.get("task") == task.id
        # What the program hands over it notes as escalated as well.
        and not (action == "tasks.handed_over" and name is None)
    ]
