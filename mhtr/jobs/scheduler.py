"""One process that runs the jobs, each as often as its row says."""

import logging
import traceback
from collections.abc import Sequence

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.jobs.table import Job, run

log = logging.getLogger(__name__)


def scheduler(app: Flask, jobs: Sequence[Job]) -> BlockingScheduler:
    """A scheduler that has the jobs and is not started."""
    made = BlockingScheduler(
        timezone=clock.LONDON,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600},
    )
    for job in jobs:
        made.add_job(
            lambda job=job: run_logged(app, job),
            "interval",
            minutes=job.minutes,
            id=job.name,
            next_run_time=clock.now(),
        )
    return made


def run_logged(app: Flask, job: Job) -> None:
    """Run a job; one that fails is logged and tried again at its next time."""
    with app.app_context():
        try:
            done = run(job)
        except Exception as error:
            # What the database says of a refused row quotes it: only the kind and place is logged.
            steps = traceback.extract_tb(error.__traceback__)[-4:]
            places = " > ".join(f"{step.filename}:{step.lineno}" for step in steps)
            log.error("job %s failed: %s at %s", job.name, type(error).__name__, places)
        else:
            log.info("job %s: %s", job.name, done)
        finally:
            db.session.remove()
