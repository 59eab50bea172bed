"""Which scheduler runs the jobs: the one that holds the lease; any other stands by."""

import os
import secrets
import socket
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.tasks.models import JobLease

NAME = "scheduler"
LASTS = timedelta(seconds=90)
"""Three renewals: a leader that is merely slow keeps it, one that died is replaced soon."""
RENEW_SECONDS = 30


def new_holder() -> str:
    """A name for this process that no other has."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(8)}"


def take(holder: str, now: datetime) -> bool:
    """Take or renew the lease for this process; False: another leads.

    A job asks in its own transaction, which keeps the row until commit. So whoever lost the lease
    while he stood still runs nothing any more, and nobody takes over in the middle of a job.
    """
    must_be_writing()
    row = db.session.get(JobLease, NAME, with_for_update={"skip_locked": True})
    if row is None:
        return _first(holder, now)
    if row.holder != holder and row.until > now:
        return False
    row.holder, row.until = holder, now + LASTS
    return True


def _first(holder: str, now: datetime) -> bool:
    if db.session.scalars(select(JobLease.name).where(JobLease.name == NAME)).first() is not None:
        return False  # its row is locked: the leader is in the middle of a job
    try:
        with db.session.begin_nested():
            db.session.add(JobLease(name=NAME, holder=holder, until=now + LASTS))
    except IntegrityError:
        return False
    return True


def give_up(holder: str, now: datetime) -> None:
    """Let another take over at once: this process stops."""
    must_be_writing()
    row = db.session.get(JobLease, NAME, with_for_update=True)
    if row is not None and row.holder == holder:
        row.until = now
