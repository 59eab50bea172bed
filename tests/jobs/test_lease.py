"""One scheduler runs the jobs; a second one stands by and takes over when the lease ends."""

import os
import signal
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from mhtr import cli
from mhtr.core import audit, clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.jobs import lease
from mhtr.jobs.scheduler import Leadership, run_logged, scheduler
from mhtr.jobs.table import Job, StandsBy, run
from mhtr.tasks import watch
from mhtr.tasks.models import JobLease, JobRun
from tests.faults.every_statement import fail_at_each, totals
from tests.faults.invariants import assert_sound
from tests.tooling.conftest import ROOT

LASTS = lease.LASTS.total_seconds()


def marks(_now: datetime) -> int:
    audit.record("test.job", by=None)
    return 1


JOB = Job("marks", "for the test", 5, marks)


def taken(holder: str) -> bool:
    with writing():
        return lease.take(holder, clock.now())


def test_the_first_leads_and_the_second_stands_by_until_the_lease_ends(
    either_app: Flask, set_clock: SetClock
) -> None:
    assert run(JOB, holder="one") == 1
    with pytest.raises(StandsBy):
        run(JOB, holder="two")
    set_clock.advance(seconds=LASTS - 1)
    assert run(JOB, holder="one") == 1, "it renews as it works"
    set_clock.advance(seconds=LASTS - 1)
    assert not taken("two")
    set_clock.advance(seconds=1)
    assert run(JOB, holder="two") == 1
    with pytest.raises(StandsBy):
        run(JOB, holder="one")


def test_by_hand_a_job_runs_whoever_leads(app: Flask) -> None:
    assert taken("one")
    assert run(JOB) == 1


def test_whoever_stops_lets_another_take_over_at_once(either_app: Flask) -> None:
    one = Leadership()
    assert one.keep() and not one.keep(), "he became the leader once"
    assert not taken("two")
    one.give_up()
    assert taken("two")
    one.give_up()
    assert not taken("three"), "only his own lease is given up"


@pytest.mark.parametrize("either_app", ["postgresql"], indirect=True)
def test_a_leader_in_the_middle_of_a_job_is_not_replaced(either_app: Flask) -> None:
    """Its row is locked, even past its time. (SQLite has one writer at a time anyway.)"""
    assert taken("one")
    answers: list[bool] = []
    with writing():
        assert lease.take("one", clock.now())
        db.session.flush()

        def other() -> None:
            with either_app.app_context():
                answers.append(taken("two"))
                db.session.remove()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(20)
    assert answers == [False]


def test_killed_in_the_middle_of_a_job_another_takes_over_and_does_it(
    either_app: Flask, set_clock: SetClock
) -> None:
    assert taken("one")
    before = totals()
    db.session.rollback()
    db.engine.dispose()
    child = os.fork()
    if child == 0:

        def dies(_now: datetime) -> int:
            audit.record("test.job", by=None)
            os.kill(os.getpid(), signal.SIGKILL)
            return 1

        try:
            run(Job("marks", "", 5, dies), holder="one")
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert totals() == before, "half a job is none"
    with pytest.raises(StandsBy):
        run(JOB, holder="two")
    set_clock.advance(seconds=LASTS)
    assert run(JOB, holder="two") == 1
    assert_sound()


def test_whatever_statement_of_a_job_fails_it_was_not_run(either_app: Flask) -> None:
    assert fail_at_each(lambda: run(JOB, holder="one"), stride=1, sound=assert_sound) > 4
    assert db.session.get_one(JobRun, "marks").did == 1
    assert db.session.get_one(JobLease, lease.NAME).holder == "one"


def test_who_takes_over_runs_every_job_at_once(app: Flask, set_clock: SetClock) -> None:
    assert taken("another")
    leadership = Leadership()
    made = scheduler(app, [JOB], leadership)
    held = {job.id: job for job in made.get_jobs()}
    made.modify_job("marks", next_run_time=datetime(2027, 1, 1, tzinfo=clock.LONDON))
    held["lease"].func()
    assert held["marks"].next_run_time.year == 2027, "he stands by"
    run_logged(app, JOB, holder=leadership.holder)
    assert db.session.get(JobRun, "marks") is None
    set_clock.advance(seconds=LASTS)
    held["lease"].func()
    assert held["marks"].next_run_time == clock.now()


def test_runs_and_failures_are_recorded(app: Flask, set_clock: SetClock) -> None:
    def fails(_now: datetime) -> int:
        raise RuntimeError("Key (value)=(9990000018) already exists")

    run_logged(app, Job("marks", "", 5, fails))
    held = db.session.get_one(JobRun, "marks")
    assert (held.done_at, held.failure) == (None, "RuntimeError")
    assert watch.silence(clock.now()) is not None
    run(JOB)
    (ran, failed) = watch.how_it_went("marks", str)
    assert "did 1" in ran and "RuntimeError" in failed


def test_a_name_that_is_no_job_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["jobs", "expire-everything", "--run"]) == 2
    assert "No job is called expire-everything" in capsys.readouterr().err


def test_a_scheduler_beside_another_process_ends_with_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'beside.sqlite'}"
    env = {
        "PYTHONPATH": str(ROOT),
        "PATH": "/usr/bin:/bin",
        "MHTR_MODE": "test",
        "MHTR_DATABASE_URL": url,
    }
    command = [sys.executable, "-m", "mhtr.cli"]
    subprocess.run([*command, "migrate"], cwd=tmp_path, env=env, check=True, timeout=120)
    gone = subprocess.run(
        [*command, "scheduler", "--beside", "1"], cwd=tmp_path, env=env, timeout=60
    )
    assert gone.returncode == 0, "whoever started it is not process 1: it ends by itself"
