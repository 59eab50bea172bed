"""One process that runs the jobs, each as often as its row says; a second one stands by."""

import logging
import os
import signal
import traceback
from collections.abc import Sequence

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.jobs import lease
from mhtr.jobs.table import Job, StandsBy, run
from mhtr.tasks import watch

log = logging.getLogger(__name__)

LEASE, PARENT = "lease", "parent"


class Leadership:
    """Whether this process runs the jobs, as it last knew; each job asks again."""

    def __init__(self) -> None:
        self.holder = lease.new_holder()
        self.leads = False

    def keep(self) -> bool:
        """Take or renew the lease. True: this process has just become the one that leads."""
        before = self.leads
        try:
            with writing():
                leads = lease.take(self.holder, clock.now())
        except Exception:
            self.leads = False
            raise
        self.leads = leads
        if self.leads is not before:
            log.info("this scheduler %s", "runs the jobs" if self.leads else "stands by")
        return self.leads and not before

    def give_up(self) -> None:
        """Let another process take over at once."""
        self.leads = False
        with writing():
            lease.give_up(self.holder, clock.now())


def scheduler(
    app: Flask, jobs: Sequence[Job], leadership: Leadership | None = None, *, beside: int = 0
) -> BlockingScheduler:
    """A scheduler that has the jobs and is not started.

    Args:
        beside: the process that started it: it stops when that one has ended.
    """
    held = leadership or Leadership()
    made = BlockingScheduler(
        timezone=clock.LONDON,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600},
    )
    for job in jobs:
        made.add_job(
            lambda job=job: run_logged(app, job, holder=held.holder),
            "interval",
            minutes=job.minutes,
            id=job.name,
            next_run_time=clock.now(),
        )
    made.add_job(
        lambda: _keep_logged(app, made, jobs, held),
        "interval",
        seconds=lease.RENEW_SECONDS,
        id=LEASE,
        next_run_time=clock.now(),
    )
    if beside:
        made.add_job(
            lambda: _stop_with(beside), "interval", seconds=5, id=PARENT, next_run_time=clock.now()
        )
    return made


def _stop_with(parent: int) -> None:
    """End this process as an operator would, once whoever started it is gone."""
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def _keep_logged(
    app: Flask, made: BlockingScheduler, jobs: Sequence[Job], leadership: Leadership
) -> None:
    """Renew the lease; whoever takes over runs every job at once: its time may be long past."""
    with app.app_context():
        try:
            if leadership.keep():
                for job in jobs:
                    made.modify_job(job.name, next_run_time=clock.now())
        except Exception as error:
            log.error("the lease could not be renewed: %s", _kind_and_place(error))
        finally:
            db.session.remove()


def run_logged(app: Flask, job: Job, *, holder: str = "") -> None:
    """Run a job; one that fails is logged, noted and tried again at its next time."""
    with app.app_context():
        try:
            done = run(job, holder=holder)
        except StandsBy:
            log.debug("job %s: another scheduler runs it", job.name)
        except Exception as error:
            log.error("job %s failed: %s", job.name, _kind_and_place(error))
            _note_failure(job, error)
        else:
            log.info("job %s: %s", job.name, done)
        finally:
            db.session.remove()


def _note_failure(job: Job, error: Exception) -> None:
    try:
        with writing():
            watch.failed(job.name, clock.now(), type(error).__name__)
    except Exception as also:
        log.error("the failure of job %s was not noted: %s", job.name, _kind_and_place(also))


def _kind_and_place(error: Exception) -> str:
    """What the database says of a refused row quotes it: only kind and place may be logged."""
    steps = traceback.extract_tb(error.__traceback__)[-4:]
    places = " > ".join(f"{step.filename}:{step.lineno}" for step in steps)
    return f"{type(error).__name__} at {places}"
