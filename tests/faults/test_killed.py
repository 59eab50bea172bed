"""The process killed (SIGKILL) at every statement of a step: all of it happened, or nothing."""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from mhtr.core.database import db
from tests.counts import count
from tests.faults import measuring
from tests.faults import test_every_statement_of_booking as changing
from tests.faults.every_statement import totals
from tests.faults.invariants import assert_sound
from tests.faults.test_every_statement import (
    Step,
    countersignature,
    course_booked,
    measure_with_risk,
    referral,
    release,
    session_moved,
    triage,
)

STEPS = (
    referral,
    triage,
    measure_with_risk,
    countersignature,
    release,
    *measuring.STEPS,
    course_booked,
    session_moved,
    *changing.STEPS[: count(0, len(changing.STEPS))],
)


def rest() -> None:
    """No connection of this process is open, so that a copy of it inherits none."""
    db.session.rollback()
    db.engine.dispose()


def die(*_anything: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def run_and_die(step: Step, statement: int) -> None:
    """In a process of its own: die before the nth statement, or at the commit, or after it.

    `statement` 0 dies just before the commit, -1 just after it, before anybody was told.
    """
    sent: list[int] = []

    def before(*_anything: Any) -> None:
        sent.append(1)
        if len(sent) == statement:
            die()

    event.listen(db.engine, "before_cursor_execute", before)
    if statement == 0:
        event.listen(db.engine, "commit", die)
    if statement == -1:
        event.listen(db.session, "after_commit", die)
    step()


def killed(step: Step, statement: int) -> bool:
    """Whether the step, in a copy of this process, was killed before it was through."""
    rest()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            run_and_die(step, statement)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.waitstatus_to_exitcode(status) == 0, "the step itself failed"
    return False


@pytest.mark.parametrize("prepare", STEPS, ids=lambda step: step.__name__)
def test_a_process_killed_at_any_statement_leaves_all_or_nothing(
    either_app: Flask, prepare: Callable[[], Step]
) -> None:
    step = prepare()
    before = totals()
    statement, kills, stride = 1, 0, count(17, 1)
    assert killed(step, 0), "the step does not commit"
    assert totals() == before
    while kills < count(3, 1000) and killed(step, statement):
        kills += 1
        assert totals() == before, f"something is left after a kill at statement {statement}"
        assert_sound()
        statement += stride
    assert kills >= count(2, 12)
    if totals() == before:
        assert killed(step, -1)
    assert totals() != before, "a commit that was made is gone"
    assert_sound()
