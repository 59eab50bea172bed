"""Whether the timed work runs: without it no sign of risk is passed on, and nobody would know."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import must_be_writing
from mhtr.tasks.models import JobRun

PASSES_ON_RISK = "escalate"
"""The job that passes on signs of risk; it runs every few minutes, open or closed."""
SILENT_AFTER = timedelta(minutes=20)
"""Some missed turns of it: by then it is not merely late."""


_DONE_AT = Prepared(select(JobRun.done_at).where(JobRun.name == bindparam("name")))


@dataclass(frozen=True)
class Silence:
    """The timed work is not running. `since`: when it last did; None: never."""

    since: datetime | None


def ran(name: str, now: datetime, did: int = 0) -> None:
    """Note that a job has just run to its end, and how much it did, in its own transaction."""
    held = _row(name)
    held.done_at, held.did = now, did
    db.session.flush()


def failed(name: str, now: datetime, failure: str) -> None:
    """Note that a job failed, and with what kind of error."""
    held = _row(name)
    held.failed_at, held.failure = now, failure[:80]
    db.session.flush()


def how_it_went(name: str, written: Callable[[datetime], str]) -> list[str]:
    """When a job last ran and how much it did, and when it last failed, in words."""
    held = db.session.get(JobRun, name)
    if held is None:
        return ["has never run"]
    lines = [f"ran {written(held.done_at)}, did {held.did or 0}"] if held.done_at else []
    failed = f"failed {written(held.failed_at)}: {held.failure}" if held.failed_at else ""
    return [*lines, failed] if failed else lines


def _row(name: str) -> JobRun:
    must_be_writing()
    held = db.session.get(JobRun, name, with_for_update=True)
    if held is None:
        held = JobRun(name=name)
        db.session.add(held)
    return held


def silence(now: datetime) -> Silence | None:
    """Why somebody must look after signs of risk himself; None while they are passed on."""
    [since] = _DONE_AT.values({"name": PASSES_ON_RISK}) or [None]
    return None if since is not None and now - since <= SILENT_AFTER else Silence(since)
