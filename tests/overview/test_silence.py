"""Where the timed work does not run, those who can do something about it are told on Today."""

import pytest
from flask import Flask

from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.jobs.scheduler import run_logged
from mhtr.jobs.table import JOBS, Job, run
from mhtr.tasks import watch
from tests.makers import make_staff
from tests.pages import PageClient

WORDS = "Nothing is passed on by itself now"
ESCALATE = next(job for job in JOBS if job.name == watch.PASSES_ON_RISK)


@pytest.mark.parametrize(
    ("role", "told"),
    [
        (Role.CLINICAL_LEAD, True),
        (Role.DUTY_CLINICIAN, True),
        (Role.ASSESSOR, True),
        (Role.SERVICE_MANAGER, True),
        (Role.SYSTEM_ADMINISTRATOR, True),
        (Role.COURT_PROBATION, False),
        (Role.LINK_WORKER, False),
    ],
)
def test_who_is_told_that_it_never_ran(client: PageClient, role: Role, told: bool) -> None:
    client.sign_in(make_staff(role))
    page = client.page("/today")
    assert (WORDS in page) is told
    assert ("has never run" in page) is told


def test_it_is_quiet_while_the_work_runs_and_says_when_it_stopped(
    client: PageClient, set_clock: SetClock
) -> None:
    client.sign_in(make_staff(Role.CLINICAL_LEAD))
    run(ESCALATE)
    assert WORDS not in client.page("/today")
    set_clock.advance(minutes=10)
    assert WORDS not in client.page("/today")
    set_clock.advance(minutes=11)
    page = client.page("/today")
    assert WORDS in page
    assert "18 November 2026 at 12:00" in page
    run(ESCALATE)
    assert WORDS not in client.page("/today")


def test_a_demonstration_tells_it_too_once_its_work_has_begun(
    app: Flask, client: PageClient, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "DEMO", True)
    client.sign_in(make_staff(Role.CLINICAL_LEAD))
    assert WORDS not in client.page("/today")
    run(ESCALATE)
    for minutes in (10, 11):
        set_clock.advance(minutes=minutes)
        page = client.page("/today")
    assert WORDS in page


def test_another_job_says_nothing_about_signs_of_risk(app: Flask) -> None:
    for job in JOBS:
        if job is not ESCALATE:
            run(job)
    assert watch.silence(clock.now()) is not None


def test_a_job_that_failed_did_not_run(app: Flask) -> None:
    def work(_now: object) -> int:
        raise RuntimeError("no luck")

    run_logged(app, Job(watch.PASSES_ON_RISK, "", 5, work))
    assert watch.silence(clock.now()) is not None
