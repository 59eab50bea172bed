"""What happens although nobody clicks."""

from mhtr.core import clock
from mhtr.demo.acts import attending
from mhtr.demo.simulation import Story, working_day
from mhtr.demo.world import World
from mhtr.jobs.table import JOBS

LATELY, SELDOM = 5, 6
"""Working days since when the jobs run each day, and between two of their runs before that."""


def jobs(world: World) -> Story:
    """What happens although nobody clicks: now and then, each working day of late, and just now."""
    day = world.day(-45)
    while day < world.today:
        lately = day >= world.day(-LATELY)
        for hour in (11, 15) if lately else (15,):
            yield world.moment(day, hour)
            _run_jobs()
        day = working_day(day, 1 if lately else SELDOM)
    yield world.simulation.now
    _run_jobs()


def _run_jobs() -> None:
    for job in JOBS:
        if not job.apart:  # those open transactions of their own, and this is in one
            job.run(clock.now())
    attending.posted()


STORIES = (jobs,)
