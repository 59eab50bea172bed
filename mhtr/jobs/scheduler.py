"""One process that runs the jobs, each as often as its row says; a second one stands by."""

import logging
import os
import signal
from collections.abc import Sequence
from datetime import timedelta

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.jobs import lease, plans
from mhtr.jobs.faults import kind_and_place
from mhtr.jobs.table import Job, StandsBy, run
from mhtr.tasks import watch

log = logging.getLogger(__name__)

LEASE, PARENT, PLANS = "lease", "parent", "plans"
PLANS_EVERY = timedelta(seconds=2)
"""How soon a proposal that was asked for is taken up."""


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
    _plan_again(app, made, held)
    if beside:
        made.add_job(
            lambda: _stop_with(beside), "interval", seconds=5, id=PARENT, next_run_time=clock.now()
        )
    return made


def _plan_again(app: Flask, made: BlockingScheduler, leadership: Leadership) -> None:
    """Look for proposals soon, and again after each: working one out takes longer than that."""

    def look() -> None:
        try:
            if leadership.leads:
                plans.work(app)
        finally:
            if not plans.ENDING.is_set():
                _plan_again(app, made, leadership)

    made.add_job(look, "date", run_date=clock.now() + PLANS_EVERY, id=PLANS, replace_existing=True)


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
            log.error("the lease could not be renewed: %s", kind_and_place(error))
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
            log.error("job %s failed: %s", job.name, kind_and_place(error))
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
        log.error("the failure of job %s was not noted: %s", job.name, kind_and_place(also))
