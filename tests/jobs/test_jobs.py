"""Jobs run in their own transaction, harmlessly twice, and one that fails stops no other."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.jobs.scheduler import run_logged, scheduler
from mhtr.jobs.table import JOBS, Job, run


def test_a_job_writes_in_its_own_transaction_and_says_how_much(app: Flask) -> None:
    def work(now: datetime) -> int:
        assert now == clock.now()
        audit.record("test.job", by=None)
        return 3

    assert run(Job("test", "for the test", 5, work)) == 3
    assert db.session.scalars(select(audit.AuditEvent.action)).all() == ["test.job"]


def test_a_job_that_fails_is_logged_and_undone(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def work(_now: datetime) -> int:
        audit.record("test.job", by=None)
        raise RuntimeError("no luck")

    run_logged(app, Job("test", "for the test", 5, work))
    assert "job test failed" in caplog.text
    assert db.session.scalars(select(audit.AuditEvent.action)).all() == []


def test_what_failed_is_logged_without_what_it_was_about(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def work(_now: datetime) -> int:
        raise RuntimeError("Key (value)=(9990000018) already exists")

    run_logged(app, Job("test", "for the test", 5, work))
    assert "RuntimeError" in caplog.text and "test_jobs.py" in caplog.text
    assert "9990000018" not in caplog.text


def test_every_job_is_scheduled_once_and_never_beside_itself(app: Flask) -> None:
    jobs = (Job("one", "", 5, lambda _now: 0), Job("two", "", 60, lambda _now: 0))
    made = scheduler(app, jobs)
    held = {job.id: job for job in made.get_jobs()}
    assert set(held) == {"one", "two", "lease", "plans"}
    assert held["two"].trigger.interval == timedelta(hours=1)


def test_every_job_runs_on_an_empty_database_and_does_nothing(app: Flask) -> None:
    assert [run(job) for job in JOBS] == [0 for _ in JOBS]
    names = [job.name for job in JOBS]
    assert len(set(names)) == len(names)
