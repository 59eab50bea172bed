"""The court's result: facts, access that runs out, tasks settled, whoever is concerned told."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Grant, Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability import about_a_man, outcome_service, request_service, result_tasks
from mhtr.suitability.court_result import Correction
from mhtr.suitability.models import CourtOutcome
from mhtr.suitability.outcome_service import Outcome, Result
from mhtr.suitability.sentence_rules import WhyThatDay
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.makers import make_case, make_staff
from tests.suitability.makers import ASKED, HEARING, CourtSide, release
from tests.suitability.requesting import sees, tasks_of, told

TODAY = date(2026, 11, 18)


def asked_case(court: CourtSide) -> int:
    case_id = make_case().id
    with writing():
        request_service.ask(case_id=case_id, asked=ASKED, by=court.author.id)
    return case_id


def record(case_id: int, by: int, **said: object) -> None:
    """Most of these men are sentenced before the hearing on record: the reason is given."""
    if said.get("sentenced_on") is not None:
        said = {"why_that_day": WhyThatDay.EARLIER_HEARING, **said}
    outcome = Outcome(**{"proposed": None, **said})  # type: ignore[arg-type]
    with writing():
        outcome_service.record_outcome(case_id=case_id, outcome=outcome, by=by)


def state(case_id: int) -> CaseState:
    return db.session.get_one(Case, case_id).state


def test_with_the_requirement_after_a_released_report(either_app: Flask) -> None:
    court, assessor = CourtSide(), make_staff(Role.ASSESSOR)
    case_id = asked_case(court)
    with writing():
        cases.lock(case_id).assessor_id = assessor.id
    release(case_id, assessor, court.author)
    record(case_id, court.author.id, proposed=True)
    assert state(case_id) is CaseState.PROPOSED
    record(case_id, court.author.id, result=Result.CO_MHTR, sentenced_on=TODAY)
    assert state(case_id) is CaseState.SENTENCED_WITH_MHTR
    assert not tasks_of(case_id, TaskKind.RESULT_AWAITED)
    assert any("with a mental health treatment" in text for text in told(assessor))
    awaited = tasks_of(case_id, TaskKind.RESULT_AWAITED, is_open=False)
    assert [task.state for task in awaited] == [TaskState.DONE]


def test_access_ends_a_policy_period_after_sentence(app: Flask, set_clock: SetClock) -> None:
    court = CourtSide()
    case_id = asked_case(court)
    record(case_id, court.author.id, result=Result.CUSTODY, sentenced_on=TODAY)
    ends = db.session.scalars(
        select(Grant.ends_at).where(Grant.purpose == Purpose.PRE_SENTENCE)
    ).all()
    assert len(ends) == 2
    assert all(end == clock.now() + timedelta(days=28) for end in ends)
    set_clock.advance(days=27)
    assert sees(court.colleague.id, case_id)
    set_clock.advance(days=2)
    assert not sees(court.colleague.id, case_id)
    assert not sees(court.author.id, case_id)


def test_sentenced_without_it_closes_the_loop(app: Flask) -> None:
    court = CourtSide()
    from mhtr.suitability.asked import Man

    with writing():
        case_id = about_a_man.ask_about(
            man=Man("X123456", "Tunde", "Okafor", date(1990, 2, 3)),
            asked=ASKED,
            safe=True,
            by=court.author.id,
        ).case_id
    recorder = make_staff(Role.ADMINISTRATOR)
    record(case_id, recorder.id, proposed=False, result=Result.OTHER, sentenced_on=TODAY)
    assert state(case_id) is CaseState.SENTENCED_WITHOUT_MHTR
    assert not tasks_of(case_id, TaskKind.REPORT_DUE)
    assert any("without a mental health" in text for text in told(court.author))
    trust = db.session.scalars(
        select(Notice.text).where(Notice.principal_id == court.trust.principal_id)
    ).all()
    assert any("without a mental health" in text for text in trust)


def test_a_wrong_result_is_recorded_again(app: Flask) -> None:
    court = CourtSide()
    case_id = asked_case(court)
    record(case_id, court.author.id, result=Result.CUSTODY, sentenced_on=TODAY)
    record(
        case_id,
        court.author.id,
        result=Result.SSO_MHTR,
        sentenced_on=TODAY,
        correction=Correction.WRONG_ANSWER,
    )
    assert state(case_id) is CaseState.SENTENCED_WITH_MHTR
    assert len(db.session.scalars(select(CourtOutcome)).all()) == 2


def test_a_sentence_recorded_by_mistake_is_taken_back(app: Flask, set_clock: SetClock) -> None:
    court = CourtSide()
    case_id = asked_case(court)
    record(case_id, court.author.id, result=Result.CUSTODY, sentenced_on=TODAY)
    assert not tasks_of(case_id, TaskKind.REPORT_DUE)
    record(
        case_id,
        court.author.id,
        result=Result.ADJOURNED,
        next_hearing_on=HEARING,
        correction=Correction.WRONG_ANSWER,
    )
    assert state(case_id) is CaseState.REFERRED
    assert len(tasks_of(case_id, TaskKind.REPORT_DUE)) == 1
    assert len(tasks_of(case_id, TaskKind.RESULT_AWAITED)) == 1
    set_clock.advance(days=60)
    assert sees(court.author.id, case_id) and sees(court.colleague.id, case_id)


def test_an_adjournment_moves_the_task(app: Flask) -> None:
    court = CourtSide()
    case_id = asked_case(court)
    (before,) = tasks_of(case_id, TaskKind.RESULT_AWAITED)
    later = date(2026, 12, 18)
    record(case_id, court.author.id, result=Result.ADJOURNED, next_hearing_on=later)
    (after,) = tasks_of(case_id, TaskKind.RESULT_AWAITED)
    assert (after.id, after.due_at) == (before.id, end_of_day(date(2026, 12, 21)))
    record(case_id, court.author.id, result=Result.ADJOURNED)
    assert not tasks_of(case_id, TaskKind.RESULT_AWAITED)
    assert db.session.get_one(Case, case_id).hearing_on is None


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "Say what"),
        ({"result": Result.CUSTODY, "sentenced_on": date(2026, 11, 19)}, "future"),
    ],
)
def test_refusals(app: Flask, said: dict[str, object], reason: str) -> None:
    court = CourtSide()
    case_id = asked_case(court)
    with pytest.raises(Refused, match=reason):
        record(case_id, court.author.id, **said)


def test_a_hearing_that_slipped_through_is_found_once(
    either_app: Flask, set_clock: SetClock
) -> None:
    court = CourtSide()
    case_id = asked_case(court)
    with writing():
        for task in db.session.scalars(select(Task)):
            db.session.delete(task)
    set_clock.advance(days=(HEARING - TODAY).days)
    with writing():
        assert result_tasks.open_result_tasks(clock.now()) == 0  # the day of the hearing
    set_clock.advance(days=1)
    with writing():
        assert result_tasks.open_result_tasks(clock.now()) == 1
        assert result_tasks.open_result_tasks(clock.now()) == 0
    (awaited,) = tasks_of(case_id, TaskKind.RESULT_AWAITED)
    assert awaited.owner_staff_id == court.author.id


def test_a_disabled_author_leaves_no_task_unowned(app: Flask, set_clock: SetClock) -> None:
    court, assessor = CourtSide(), make_staff(Role.ASSESSOR)
    case_id = asked_case(court)
    with writing():
        for task in db.session.scalars(select(Task)):
            db.session.delete(task)
        db.session.get_one(Staff, court.author.id).disabled_at = clock.now()
        cases.lock(case_id).assessor_id = assessor.id
    set_clock.advance(days=30)
    with writing():
        result_tasks.open_result_tasks(clock.now())
    (awaited,) = tasks_of(case_id, TaskKind.RESULT_AWAITED)
    assert awaited.owner_staff_id == assessor.id
