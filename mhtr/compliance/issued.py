"""What follows for the service when probation warns him or goes to court because of his sessions.

He hears bad news from a person: whoever treats him speaks with him in working hours, first of all
about how he is. Probation's own notice is not kept waiting for that. Nothing reaches the service of
a warning about another requirement, of what probation only thinks, or of its papers.
"""

import uuid
from collections.abc import Collection
from datetime import timedelta

from mhtr.cases import service as cases
from mhtr.compliance import misses
from mhtr.compliance.enforcement_models import BreachWarning, EnforcementStep
from mhtr.compliance.enforcement_queries import steps_of, warnings_of
from mhtr.compliance.enforcing import StepKind
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import latest_of
from mhtr.compliance.service import is_clinician
from mhtr.core import clock, formats
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind, TaskState

NEWS = timedelta(days=14)
"""What is recorded later than this after its day is history, and no news to him."""
WITHDRAWN = "Probation withdrew a warning that you spoke with him about."
TAKEN_BACK = "That probation went to court, of which you spoke with him, was taken back."


def warned(case_id: int, row: BreachWarning) -> None:
    """A warning about sessions of his treatment is recorded: somebody speaks with him."""
    _speak(case_id, row, row.about)


def warning_withdrawn(case_id: int, row: BreachWarning, by: int) -> None:
    """A warning is withdrawn: nobody speaks with him about it any more, or again."""
    _no_more(case_id, _key(row), row.about, WITHDRAWN, by)


def went_to_court(case_id: int, row: EnforcementStep, failed: Collection[str]) -> None:
    """An information is laid because of sessions of his treatment: somebody speaks with him.

    Args:
        failed: references of the sessions because of which it went to court.
    """
    _speak(case_id, row, failed)


def court_taken_back(case_id: int, row: EnforcementStep, failed: Collection[str], by: int) -> None:
    """Going to court was recorded by mistake."""
    _no_more(case_id, _key(row), failed, TAKEN_BACK, by)


def _key(row: BreachWarning | EnforcementStep) -> str:
    of = "warning" if isinstance(row, BreachWarning) else "laid"
    return f"{TaskKind.WELFARE_CALL.value}:{of}:{row.id}"


def _asked(row: EnforcementStep) -> str | None:
    """Of which session somebody was asked to speak with him; None where nobody was."""
    task = tasks.with_key(_key(row)) or tasks.with_key(_key(row), TaskState.DONE)
    return task.subject_ref if task is not None else None


def _last(about: Collection[str]) -> Attendance | None:
    rows = latest_of([uuid.UUID(ref) for ref in about]).values()
    return max(rows, key=lambda row: (row.starts_at, row.id), default=None)


def _speak(case_id: int, row: BreachWarning | EnforcementStep, about: Collection[str]) -> None:
    must_be_writing()
    record = _last(about)
    if record is None or row.on < clock.today() - NEWS:
        return
    owner = misses.therapist(cases.lock(case_id), _treats(record))
    tasks.open_task(
        TaskKind.WELFARE_CALL,
        key=_key(row),
        title=misses.TITLES[TaskKind.WELFARE_CALL],
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=misses.same_day(clock.now()),
        by=row.by_id,
        case_id=case_id,
        endpoint=misses.PAGE,
        subject_ref=record.subject,
    )


def _treats(record: Attendance) -> int | None:
    return record.by_id if is_clinician(record.by_id) else None


def _no_more(case_id: int, key: str, about: Collection[str], words: str, by: int) -> None:
    must_be_writing()
    waiting, done = tasks.with_key(key), tasks.with_key(key, TaskState.DONE)
    if waiting is not None:
        tasks.withdraw(waiting, by=by, because="enforcement.withdrawn")
    record = _last(about)
    if done is None or record is None:
        return
    tasks.tell(
        misses.therapist(cases.lock(case_id), _treats(record)).principal_id,
        key=f"{key}:no_more",
        text=words,
        case_id=case_id,
        endpoint=misses.PAGE,
        subject_ref=record.subject,
    )


def in_words(case_id: int, subject: uuid.UUID) -> tuple[str, ...]:
    """What probation issued because of a session, for the clinicians who speak with him.

    A warning about this session with its day; that it went to court, where whoever treats him was
    asked to speak with him of this session, whether that is done or not.
    """
    said = [
        f"Probation warned him on {formats.day(row.on)} because of this session"
        for row in warnings_of(case_id)
        if str(subject) in row.about and row.withdrawn_on is None
    ]
    said.extend(
        f"Probation took the matter to court on {formats.day(row.on)}"
        for row, _ in steps_of(case_id)
        if row.kind is StepKind.LAID and row.taken_back_at is None and _asked(row) == str(subject)
    )
    return tuple(said)
