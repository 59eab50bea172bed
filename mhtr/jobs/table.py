"""What happens although nobody clicks: each job is one service call, harmless when run twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mhtr.core import clock
from mhtr.core.transaction import writing


@dataclass(frozen=True)
class Job:
    """A job: what it does, how often, and the call, which answers with how much it did."""

    name: str
    words: str
    minutes: int
    run: Callable[[datetime], int]


JOBS: tuple[Job, ...] = ()


def run(job: Job) -> int:
    """Run a job now in its own write transaction; returns how much it did."""
    with writing():
        return job.run(clock.now())
