"""Each job of the table, run by its name as the scheduler runs it, on a state that must change."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr import serving
from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import writing
from mhtr.demo import serve
from mhtr.jobs.scheduler import run_logged
from mhtr.jobs.table import JOBS, Job
from mhtr.probation.word_rules import Subject
from mhtr.tasks.models import JobRun, Task, TaskKind
from outcome_measures.models import MeasureOccasion, OccasionState
from tests.compliance.test_decisions import under_order
from tests.compliance.test_telling import by_name
from tests.ending.makers import finished, finishing
from tests.ending.reporting import sent
from tests.intake.house import House
from tests.intake.test_unasked import never_asked
from tests.orders.makers import sentenced as sentenced_man
from tests.outcome_measures.courses import live, make_contact
from tests.outcome_measures.treatment import contact, sentenced
from tests.overview.things import a_task
from tests.probation.reports.makers import released, weekly
from tests.probation.test_risks import told as told_of_a_risk
from tests.probation.test_words import told
from tests.sessions.availability.test_adjustments import Adjusted
from tests.sessions.seen import tell, treated
from tests.suitability.journey import allocated
from tests.suitability.makers import HEARING, CourtSide
from tests.suitability.test_outcome_service import asked_case
from tests.tasks.test_escalation import Trust
from tests.tasks.trust import Trust as OfRehoming


def job(name: str) -> Job:
    (found,) = [one for one in JOBS if one.name == name]
    return found


def ran(app: Flask, name: str) -> int | None:
    """Run a job by its name, the way the scheduler does; how much it says it did."""
    run_logged(app, job(name))
    db.session.rollback()
    db.session.expire_all()
    note = db.session.get_one(JobRun, name)
    assert note.failed_at is None, note.failure
    return note.did


def test_a_sign_of_risk_nobody_has_seen_is_passed_on(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    assert ran(app, "escalate") == 0 and not trust.owned_by(trust.duty)
    set_clock.advance(minutes=30)
    assert ran(app, "escalate") == 1 and trust.owned_by(trust.duty)
    set_clock.advance(minutes=30)
    assert ran(app, "escalate") == 1 and trust.owned_by(trust.lead)


def test_a_session_left_without_a_score_is_flagged(app: Flask, set_clock: SetClock) -> None:
    people = allocated()
    make_contact(people.case, people.assessor, clock.today(), 1, closed=False)
    set_clock.advance(days=1)
    assert live(people.case.id) == []
    assert ran(app, "flags") == 2
    assert live(people.case.id) == [("not_measured", "gad7"), ("not_measured", "phq9")]


def test_a_form_nobody_goes_on_with_is_closed_and_its_silence_looked_at(
    app: Flask, set_clock: SetClock
) -> None:
    contact(sentenced(), 1)
    set_clock.advance(days=8)
    assert ran(app, "expire_measures") == 2
    states = set(db.session.scalars(select(MeasureOccasion.state)))
    assert states == {OccasionState.CLOSED}
    kinds = db.session.scalars(select(Task.kind)).all()
    assert kinds.count(TaskKind.RISK_REVIEW) == 1


def test_an_unsafe_man_about_whom_nobody_was_asked_is_a_clinicians_to_look_at(
    app: Flask,
) -> None:
    house = House()
    never_asked(house.refer(safety="not_known"))
    assert ran(app, "unsafe") == 1
    kinds = db.session.scalars(select(Task.kind)).all()
    assert kinds.count(TaskKind.RISK_REVIEW) == 1


def test_what_a_closed_account_owns_goes_to_somebody_else(app: Flask) -> None:
    trust = OfRehoming()
    made = a_task(TaskKind.ASSESS, trust.assessor, trust.case).id
    with writing():
        db.session.merge(trust.assessor).disabled_at = clock.now()
    assert ran(app, "rehome")
    assert db.session.get_one(Task, made).owner_staff_id is None


def test_a_hearing_without_a_result_becomes_a_task(app: Flask, set_clock: SetClock) -> None:
    case_id = asked_case(CourtSide())
    with writing():
        for task in db.session.scalars(select(Task)):
            db.session.delete(task)
    set_clock.advance(days=(HEARING - clock.today()).days + 1)
    assert ran(app, "results") == 1
    query = select(Task.kind).where(Task.case_id == case_id)
    assert TaskKind.RESULT_AWAITED in db.session.scalars(query).all()


def test_a_sentence_without_its_order_becomes_a_task(app: Flask) -> None:
    world = sentenced_man()
    with writing():
        for task in db.session.scalars(select(Task)):
            db.session.delete(task)
    assert ran(app, "orders") == 3
    query = select(Task.kind).where(Task.case_id == world.case.id)
    missing = {TaskKind.RECORD_ORDER, TaskKind.NAME_CONTACT, TaskKind.INDUCTION}
    assert set(db.session.scalars(query)) == missing


def test_a_man_without_a_course_becomes_a_task(app: Flask) -> None:
    world = sentenced_man()
    with writing():
        for task in db.session.scalars(select(Task)):
            db.session.delete(task)
    assert ran(app, "courses") == 1
    query = select(Task.kind).where(Task.case_id == world.case.id)
    assert set(db.session.scalars(query)) == {TaskKind.MAKE_COURSE}
    assert ran(app, "courses") == 0


def test_a_session_without_a_record_becomes_a_task(app: Flask, set_clock: SetClock) -> None:
    man = treated()
    set_clock.advance(days=2)
    assert ran(app, "outcomes") == 1
    query = select(Task.kind).where(Task.case_id == man.world.case.id)
    assert TaskKind.RECORD_OUTCOME in set(db.session.scalars(query))


def test_an_absence_that_nobody_decides_on_goes_to_a_senior(
    app: Flask, set_clock: SetClock
) -> None:
    under_order()
    set_clock.advance(days=13)
    assert ran(app, "decisions") == 1
    assert ran(app, "decisions") == 0


def test_a_report_that_is_late_is_asked_about(app: Flask, set_clock: SetClock) -> None:
    case_id = asked_case(CourtSide())
    set_clock.advance(days=8)
    assert ran(app, "dates") == 1
    query = select(Task.kind).where(Task.case_id == case_id)
    assert {TaskKind.ANSWER_DATE, TaskKind.REPORT_LATE} <= set(db.session.scalars(query))


def test_a_mail_that_waits_is_sent(app: Flask) -> None:
    man = by_name(treated())
    tell(man.place, man.therapist, Happened.DID_NOT_COME)
    assert ran(app, "deliver") == 1
    states = list(db.session.scalars(select(OutboxMessage.state)))
    assert states == [OutboxState.SENT]
    assert ran(app, "deliver") == 0


def test_what_is_urgent_and_received_by_nobody_is_passed_on(
    app: Flask, set_clock: SetClock
) -> None:
    told(under_order(), Subject.NO_CONTACT, urgent=True)
    assert ran(app, "words") == 0
    set_clock.advance(minutes=90)
    assert ran(app, "words") == 1
    assert ran(app, "words") == 0


def test_nothing_is_asked_of_the_end_of_treatment_once_the_requirement_is_over(
    app: Flask, set_clock: SetClock
) -> None:
    of = finished()
    sent(of)
    assert ran(app, "endings") == 0
    set_clock.advance(days=300)
    assert ran(app, "endings") == 2
    assert ran(app, "endings") == 0


def test_an_adjustment_that_has_run_out_ends(app: Flask, set_clock: SetClock) -> None:
    known = Adjusted()
    known.time(days=2)
    assert ran(app, "adjustments") == 0
    set_clock.advance(days=3)
    assert ran(app, "adjustments") == 1
    assert ran(app, "adjustments") == 0


def test_a_report_that_left_and_does_not_say_what_is_so_becomes_a_task(
    app: Flask, set_clock: SetClock
) -> None:
    man = under_order()
    released(man)
    assert ran(app, "reports") == 0
    tell(man.place, man.therapist, Happened.TOO_LATE, seen=1, why="He was at the door")
    assert ran(app, "reports") == 1
    assert ran(app, "reports") == 0


def test_a_risk_that_nobody_acknowledged_is_passed_on(app: Flask, set_clock: SetClock) -> None:
    told_of_a_risk(under_order())
    assert ran(app, "risk_told") == 0
    set_clock.advance(hours=1)
    assert ran(app, "risk_told") == 1
    assert ran(app, "risk_told") == 0


def test_a_review_that_comes_near_is_asked_for(app: Flask, set_clock: SetClock) -> None:
    finishing()
    assert ran(app, "reviews") == 2
    assert ran(app, "reviews") == 0
    set_clock.advance(days=80)
    assert ran(app, "reviews") == 1
    assert ran(app, "reviews") == 0


def test_a_report_by_time_is_released_when_it_is_due_and_once(
    app: Flask, set_clock: SetClock
) -> None:
    weekly(under_order(), weekday=clock.today().weekday())
    assert ran(app, "reports_by_time") == 1
    assert ran(app, "reports_by_time") == 0
    set_clock.advance(days=7)
    assert ran(app, "reports_by_time") == 1


def test_no_job_of_the_table_is_without_its_test_here() -> None:
    here = Path(__file__).read_text()
    assert [one.name for one in JOBS if f'ran(app, "{one.name}")' not in here] == []


def test_serving_the_demonstration_starts_the_scheduler_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    started: list[tuple[list[str], dict[str, str]]] = []

    @contextmanager
    def an_app(_url: str) -> Iterator[object]:
        yield object()

    def start(command: list[str], *, env: dict[str, str], **_rest: Any) -> None:
        happened.append("scheduler")
        started.append((command, env))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serve, "_port_fault", lambda _host, _port: "")
    monkeypatch.setattr(serve, "_build_if_needed", lambda *_args, **_rest: None)
    monkeypatch.setattr(serve, "_announcement", lambda *_args: "")
    monkeypatch.setattr(serve, "application", an_app)
    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(serving, "run", lambda *_args, **_rest: happened.append("pages"))
    assert serve.serve(host="127.0.0.1", port=8000) == 0
    assert happened == ["scheduler", "pages"]
    ((command, env),) = started
    wanted = [sys.executable, "-m", "mhtr.cli", "scheduler", "--beside", str(os.getpid())]
    assert command == wanted
    assert env["MHTR_MODE"] == "demo" and str(tmp_path) in env["MHTR_DATABASE_URL"]
