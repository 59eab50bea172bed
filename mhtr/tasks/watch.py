"""Whether the timed work runs: without it no sign of risk is passed on, and nobody would know."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.tasks.models import JobRun

PASSES_ON_RISK = "escalate"
"""The job that passes on signs of risk; it runs every few minutes, open or closed."""
SILENT_AFTER = timedelta(minutes=20)
"""Some missed turns of it: by then it is not merely late."""


@dataclass(frozen=True)
class Silence:
    """The timed work is not running. `since`: when it last did; None: never."""

    since: datetime | None


def ran(name: str, now: datetime) -> None:
    """Note that a job has just run to its end, in its own transaction."""
    must_be_writing()
    held = db.session.get(JobRun, name, with_for_update=True)
    if held is None:
        db.session.add(JobRun(name=name, done_at=now))
    else:
        held.done_at = now
    db.session.flush()


def silence(now: datetime) -> Silence | None:
    """Why somebody must look after signs of risk himself; None while they are passed on."""
    held = db.session.get(JobRun, PASSES_ON_RISK)
    if held is not None and now - held.done_at <= SILENT_AFTER:
        return None
    return Silence(held.done_at if held is not None else None)
