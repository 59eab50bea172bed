"""The worker that works out plans of the caseload: apart, watched, stopped, and killed."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from flask import Flask

from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.jobs import plans
from sessions.planning import proposal_service, solving
from sessions.planning.greedy import greedy
from sessions.planning.instances import Size, named, waiting
from sessions.planning.kinds import ProposalState
from sessions.planning.models import Proposal
from tests.sessions.booking.makers import Clinic, clinic, weekly
from tests.sessions.planning.asking import asked, parts_of
from tests.sessions.planning.test_proposals import WAITING, away


@pytest.fixture
def scene(either_app: Flask) -> Clinic:
    return clinic()


def state_of(key: int) -> Proposal:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Proposal, key)


def test_a_proposal_is_worked_out_in_a_process_of_its_own(either_app: Flask, scene: Clinic) -> None:
    weekly(scene, 5)
    key = asked(away(scene), scene.by)
    assert plans.work(either_app)
    found = state_of(key)
    assert found.state is ProposalState.READY and found.cost == found.bound
    assert len(parts_of(found)) == 1
    assert not plans.work(either_app), "there is no other"


def test_what_is_cancelled_stops_within_about_a_second() -> None:
    begun, looked = monotonic(), []

    def go_on(words: str) -> bool:
        looked.append(words)
        return monotonic() - begun < 1.5

    assert solving.solve_apart(named("tight")[0], False, 120, go_on) is None
    assert monotonic() - begun < 6, "it does not wait for the solver"
    assert looked


def test_a_solver_that_is_killed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen

    def noted(*args: Any, **kwargs: Any) -> Any:
        started.append(begin(*args, **kwargs))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)

    def go_on(_words: str) -> bool:
        os.kill(started[0].pid, signal.SIGKILL)
        return True

    with pytest.raises(solving.SolverDied):
        solving.solve_apart(named("tight")[0], False, 60, go_on)


STUCK = """
import json, pickle, sys, time
from sessions.planning.solve_process import _rows, _say
from sessions.planning.greedy import greedy
said = pickle.load(sys.stdin.buffer)
if sys.argv[1] == "early":
    _say(sys.stdout, {"early": _rows(greedy(said["instance"])), "bound": 3})
time.sleep(60)
"""
"""A solver that is past its time in something that looks at no clock."""


@pytest.mark.parametrize("has", ["early", "nothing"])
def test_past_its_time_the_plan_that_there_is_is_the_answer(
    monkeypatch: pytest.MonkeyPatch, has: str
) -> None:
    begin = subprocess.Popen

    def stuck(_args: Any, **kwargs: Any) -> Any:
        return begin([sys.executable, "-c", STUCK, has], **kwargs)

    monkeypatch.setattr(subprocess, "Popen", stuck)
    monkeypatch.setattr(solving, "LATE", 0.0)
    monkeypatch.setattr(solving, "GRACE", 30.0 if has == "early" else 0.5)
    instance = waiting(Size(men=30, clinicians=3, slots_each=9, rooms=(1, 1)), 5)
    if has == "nothing":
        with pytest.raises(solving.SolverDied, match="no plan in its time"):
            solving.solve_apart(instance, False, 0, lambda _words: True)
        return
    answer = solving.solve_apart(instance, False, 0, lambda _words: True)
    assert answer is not None and answer.cut
    assert answer.plan == greedy(instance) and answer.bound == 3


def test_one_whose_solver_died_has_failed_in_plain_words(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = clinic()

    def dies(*_args: Any) -> None:
        raise solving.SolverDied("killed")

    monkeypatch.setattr(plans, "solve_apart", dies)
    key = asked(WAITING, scene.by)
    assert plans.work(app)
    found = state_of(key)
    assert found.state is ProposalState.FAILED
    assert found.fault == proposal_service.WENT_WRONG


def test_a_worker_that_is_told_to_end_leaves_it_to_the_next(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = clinic()
    key = asked(WAITING, scene.by)
    ending = threading.Event()
    ending.set()
    monkeypatch.setattr(plans, "ENDING", ending)
    plans.work(app)
    assert state_of(key).state is ProposalState.ASKED
    assert state_of(key).attempts == 0
    ending.clear()
    plans.work(app)
    assert state_of(key).state is ProposalState.READY


def test_cancelled_on_the_page_while_it_is_worked_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = clinic()
    key, by = asked(WAITING, scene.by), scene.by
    real = solving.solve_apart

    def cancelled_first(*args: Any) -> Any:
        with writing():
            proposal_service.stop(proposal_id=key, by=by)
        return real(*args)

    monkeypatch.setattr(plans, "solve_apart", cancelled_first)
    plans.work(app)
    found = state_of(key)
    assert found.state is ProposalState.STOPPED and not parts_of(found)


def test_the_solver_ends_with_whoever_started_it(tmp_path: Path) -> None:
    """A worker that is killed outright leaves no process behind that goes on for minutes."""
    code = (
        "import sys\n"
        "from sessions.planning import solving\n"
        "from sessions.planning.instances import named\n"
        "begin = solving.subprocess.Popen\n"
        "def noted(*a, **k):\n"
        "    made = begin(*a, **k)\n"
        "    print(made.pid, flush=True)\n"
        "    return made\n"
        "solving.subprocess.Popen = noted\n"
        "solving.solve_apart(named('loose')[0], False, 300, lambda words: True)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    ends = monotonic() + 90
    while alive(child):
        assert monotonic() < ends, "it goes on by itself"
        threading.Event().wait(0.2)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
