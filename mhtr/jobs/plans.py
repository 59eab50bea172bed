"""The worker that works out proposals of the planner, one at a time, beside the timed jobs.

It writes in short transactions only; nothing is open while it thinks. A worker that is killed
leaves its proposal to the next one.
"""

import logging
import threading
from datetime import datetime, timedelta
from time import monotonic

from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.jobs.faults import kind_and_place
from sessions.planning import proposal_service as service
from sessions.planning.answering import Proposed, answered
from sessions.planning.caseload_queries import read
from sessions.planning.exact import Answer
from sessions.planning.problem import Instance
from sessions.planning.solving import solve_apart

log = logging.getLogger(__name__)

ENDING = threading.Event()
"""Set when this process is told to end: what is being worked out goes back."""
_SAYS_SO = timedelta(seconds=5)
"""How often it says that it is still at it, where nothing else has changed."""
_PARTS = 0.8
"""Of the time limit for solving; the rest is for reading, rooms and the checker."""


def work(app: Flask) -> bool:
    """Work out the next proposal, if there is one; says whether there was."""
    with app.app_context():
        try:
            with writing():
                claimed = service.claim(clock.now())
            if claimed is None:
                return False
            _work_out(claimed)
            return True
        except Exception as error:
            log.error("the planner: %s", kind_and_place(error))
            return False
        finally:
            db.session.remove()


def _work_out(claimed: service.Claimed) -> None:
    try:
        proposed = _proposed(claimed)
    except Exception as error:
        log.error("proposal %s was not worked out: %s", claimed.id, kind_and_place(error))
        with writing():
            service.fail(claimed.id)
        return
    with writing():
        if proposed is not None:
            service.store(claimed.id, proposed)
        elif ENDING.is_set():
            service.put_back(claimed.id)


def _proposed(claimed: service.Claimed) -> Proposed | None:
    found = read(claimed.ask, viewer_of(db.session.get_one(Staff, claimed.by)))
    db.session.rollback()
    telling = _Telling(claimed.id)

    def solve(instance: Instance, moves: bool, seconds: float) -> Answer | None:
        return solve_apart(instance, moves, seconds, telling.go_on)

    return answered(found, claimed.ask.moves, claimed.seconds * _PARTS, solve)


class _Telling:
    """Writes how far it is when that has changed, and looks whether somebody cancelled it."""

    def __init__(self, proposal_id: int) -> None:
        self._id = proposal_id
        self._said, self._at = "", datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._looked = 0.0

    def go_on(self, progress: str) -> bool:
        """Whether to go on."""
        if ENDING.is_set():
            return False
        if monotonic() - self._looked < 1.0:
            return True
        self._looked = monotonic()
        now = clock.now()
        stopped = service.is_stopped(self._id)
        db.session.rollback()
        if not stopped and progress == self._said and now - self._at < _SAYS_SO:
            return True
        self._said, self._at = progress, now
        with writing():
            return service.go_on(self._id, progress, now)
