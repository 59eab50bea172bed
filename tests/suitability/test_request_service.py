"""A PSR author's request: its due date, its tasks and notices, and what changes it later."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, StageOfCase
from mhtr.cases.models import Case, CaseFact
from mhtr.core import access, policy
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people.models import Flag, FlagKind
from mhtr.suitability import date_answering
from mhtr.suitability.asked import Asked, DateAnswer
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import Notice, TaskKind
from mhtr.tasks.service import open_tasks, withdraw
from tests.makers import make_case, make_staff
from tests.suitability.makers import ASKED, COURT, HEARING, CourtSide
from tests.suitability.requesting import ask, sees, tasks_of, told

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("asked", "due_on"),
    [
        (ASKED, date(2026, 11, 25)),
        (replace(ASKED, psr_type=PsrType.ORAL), TODAY),
        (replace(ASKED, psr_type=PsrType.STANDARD), date(2026, 12, 9)),
        (replace(ASKED, psr_filed_on=date(2026, 11, 24)), date(2026, 11, 23)),
        (replace(ASKED, asked_for_on=date(2026, 12, 2)), date(2026, 12, 2)),
    ],
)
def test_a_request_opens_what_follows(either_app: Flask, asked: Asked, due_on: date) -> None:
    court = CourtSide()
    case_id = make_case().id
    request = ask(case_id, court.author.id, asked)
    case = db.session.get_one(Case, case_id)
    assert (request.due_on, case.report_due_on) == (due_on, due_on)
    # Due the same day and nobody has it yet: she is asked at once.
    earliest = date(2026, 11, 19) if due_on == TODAY else None
    assert (request.team_id, request.earliest_on) == (court.team.id, earliest)
    assert request.due_reasons
    assert (case.court_code, case.hearing_on) == (COURT, HEARING)
    (report_due,) = tasks_of(case_id, TaskKind.REPORT_DUE)
    assert report_due.due_at == end_of_day(due_on)
    assert report_due.owner_principal_id == court.trust.principal_id
    (awaited,) = tasks_of(case_id, TaskKind.RESULT_AWAITED)
    assert awaited.owner_staff_id == court.author.id
    assert awaited.due_at == end_of_day(date(2026, 12, 14))  # the Monday after the hearing
    assert sees(court.author.id, case_id)
    assert sees(court.colleague.id, case_id)
    assert not sees(court.stranger.id, case_id)


def test_policy_values_decide_and_are_kept_with_the_result(app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    with writing():
        policy.set_value(
            "suitability.short_days", 3, valid_from=TODAY, reason="Agreed", by=court.author.id
        )
    request = ask(case_id, court.author.id)
    assert request.due_on == date(2026, 11, 23)
    assert request.details["worked_out"]["policy"]["short_days"] == 3


def test_before_plea_or_finding_the_stage_is_recorded_with_the_request(app: Flask) -> None:
    court = CourtSide()
    case_id = make_case(stage=StageOfCase.CHARGED).id
    ask(case_id, court.author.id)
    assert db.session.get_one(Case, case_id).stage is StageOfCase.GUILTY_PLEA


def test_a_closed_case_takes_no_request(app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    with writing():
        cases.add_fact(
            cases.lock(case_id), FactKind.CLOSED, by=None, detail={"reason": "acquitted"}
        )
    with pytest.raises(Refused, match="closed"):
        ask(case_id, court.author.id)
    assert not sees(court.author.id, case_id)


def test_a_date_that_cannot_be_met_is_a_question_at_once(
    either_app: Flask, set_clock: SetClock
) -> None:
    court = CourtSide()
    case_id = make_case().id
    set_clock.advance(hours=6)  # after closing: counts from tomorrow
    request = ask(case_id, court.author.id, replace(ASKED, asked_for_on=TODAY))
    assert request.earliest_on == date(2026, 11, 19)
    (question,) = tasks_of(case_id, TaskKind.ANSWER_DATE)
    assert question.owner_staff_id == court.author.id
    assert any("earliest is Thursday 19 November 2026" in text for text in told(court.author))
    request_id = request.id
    with writing():
        date_answering.answer_date(
            request_id=request_id, answer=DateAnswer.SEEKS_ADJOURNMENT, by=court.author.id
        )
    answered = db.session.get_one(ReportRequest, request_id)
    assert answered.date_answer == "seeks_adjournment"
    assert answered.date_answered_at is not None
    assert not tasks_of(case_id, TaskKind.ANSWER_DATE)
    notices = db.session.scalars(
        select(Notice.text).where(Notice.principal_id == court.trust.principal_id)
    ).all()
    assert "Probation will ask for an adjournment." in notices


def test_nothing_is_asked_where_the_date_can_be_met(app: Flask) -> None:
    court = CourtSide()
    request = ask(make_case().id, court.author.id)
    assert not tasks_of(request.case_id, TaskKind.ANSWER_DATE)
    with pytest.raises(Refused), writing():
        date_answering.answer_date(
            request_id=request.id, answer=DateAnswer.KEEPS_DATE, by=court.author.id
        )


def test_an_assessor_on_leave_moves_the_earliest_date(app: Flask) -> None:
    from mhtr.tasks.models import Leave

    court, assessor = CourtSide(), make_staff(Role.ASSESSOR)
    case_id = make_case().id
    with writing():
        cases.lock(case_id).assessor_id = assessor.id
        db.session.add(Leave(staff_id=assessor.id, first_day=TODAY, last_day=date(2026, 11, 29)))
    request = ask(case_id, court.author.id)
    assert (request.due_on, request.earliest_on) == (date(2026, 11, 25), date(2026, 11, 30))
    (report_due,) = tasks_of(case_id, TaskKind.REPORT_DUE)
    assert report_due.owner_staff_id == assessor.id


def test_withdrawing_ends_what_was_to_be_done(app: Flask) -> None:
    court = CourtSide()
    request = ask(make_case().id, court.author.id)
    case_id, request_id = request.case_id, request.id
    with writing():
        date_answering.answer_date(
            request_id=request_id, answer=DateAnswer.WITHDRAWS, by=court.author.id
        )
    assert db.session.get_one(Case, case_id).report_due_on is None
    assert not tasks_of(case_id, TaskKind.REPORT_DUE)
    with pytest.raises(Refused, match="withdrawn"), writing():
        date_answering.answer_date(
            request_id=request_id, answer=DateAnswer.WITHDRAWS, by=court.author.id
        )


def test_who_withdrew_her_request_loses_the_case_after_a_while(
    app: Flask, set_clock: SetClock
) -> None:
    court = CourtSide()
    request = ask(make_case().id, court.author.id)
    case_id, request_id = request.case_id, request.id
    with writing():
        date_answering.answer_date(
            request_id=request_id, answer=DateAnswer.WITHDRAWS, by=court.author.id
        )
    principals = (court.author.principal_id, court.team.principal_id)
    set_clock.advance(days=6)
    assert access.holds(case_id, (Purpose.PRE_SENTENCE,), principals)
    set_clock.advance(days=1, seconds=1)
    assert not access.holds(case_id, (Purpose.PRE_SENTENCE,), principals)
    ask(case_id, court.author.id)
    set_clock.advance(days=30)
    assert access.holds(case_id, (Purpose.PRE_SENTENCE,), principals)


def test_an_adjournment_recalculates_and_tells(either_app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    filed = replace(ASKED, psr_type=PsrType.STANDARD, hearing_on=date(2026, 11, 26))
    request = ask(case_id, court.author.id, filed)
    assert request.due_on == date(2026, 11, 26)
    assert not any("Court date changed" in text for text in told(court.author))
    with writing():
        hearings.record_hearing(cases.lock(case_id), court_code=COURT, on=HEARING, by=None)
    moved = db.session.get_one(ReportRequest, request.id)
    assert moved.due_on == date(2026, 12, 9)
    assert db.session.get_one(Case, case_id).report_due_on == date(2026, 12, 9)
    (report_due,) = tasks_of(case_id, TaskKind.REPORT_DUE)
    assert report_due.due_at == end_of_day(date(2026, 12, 9))
    (awaited,) = tasks_of(case_id, TaskKind.RESULT_AWAITED)
    assert awaited.due_at == end_of_day(date(2026, 12, 14))
    assert any("9 working days later" in text for text in told(court.author))
    trust = db.session.scalars(
        select(Notice.text).where(Notice.principal_id == court.trust.principal_id)
    ).all()
    assert any("Court date changed" in text for text in trust)


def test_the_author_is_told_when_no_report_will_come(app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    request = ask(case_id, court.author.id)
    with writing():
        case = cases.lock(case_id)
        cases.add_fact(case, FactKind.CLOSED, by=None, detail={"reason": "discontinued"})
        for task in open_tasks(case_id):
            withdraw(task, by=None, because="closed")
    assert "A case you asked about was closed. No report will follow." in told(court.author)
    with writing():
        cases.add_fact(cases.lock(case_id), FactKind.REOPENED, by=None)
    (report_due,) = tasks_of(case_id, TaskKind.REPORT_DUE)
    assert report_due.due_at == end_of_day(request.due_on)
    assert len(tasks_of(case_id, TaskKind.RESULT_AWAITED)) == 1


def test_requests_made_at_once_leave_one_of_everything(either_app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    people = [court.author.id, court.colleague.id] * 4

    def at_once(by: int) -> None:
        with either_app.app_context():
            ask(case_id, by)
            db.session.remove()

    with ThreadPoolExecutor(len(people)) as pool:
        for done in [pool.submit(at_once, by) for by in people]:
            done.result()
    db.session.rollback()
    assert len(db.session.scalars(select(ReportRequest)).all()) == 8
    assert len(tasks_of(case_id, TaskKind.REPORT_DUE)) == 1
    assert len(tasks_of(case_id, TaskKind.RESULT_AWAITED)) == 1
    hearings_set = select(CaseFact).where(CaseFact.kind == FactKind.HEARING_SET)
    assert len(db.session.scalars(hearings_set).all()) == 1


def test_a_later_request_supersedes(app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    first = ask(case_id, court.author.id)
    second = ask(case_id, court.author.id, replace(ASKED, asked_for_on=date(2026, 12, 1)))
    (report_due,) = tasks_of(case_id, TaskKind.REPORT_DUE)
    assert report_due.due_at == end_of_day(second.due_on) == end_of_day(date(2026, 12, 1))
    assert len(tasks_of(case_id, TaskKind.RESULT_AWAITED)) == 1
    with pytest.raises(Refused, match="replaced"), writing():
        date_answering.answer_date(
            request_id=first.id, answer=DateAnswer.WITHDRAWS, by=court.author.id
        )


def test_a_colleague_of_the_team_takes_its_place_and_is_named(either_app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    ask(case_id, court.author.id)
    ask(case_id, court.colleague.id)
    assert sees(court.author.id, case_id)  # through the team, which has it still
    assert any(text.startswith("Sam Boateng (") for text in told(court.author))


def test_warnings_become_flags_once_with_the_reason_kept_apart(app: Flask) -> None:
    court = CourtSide()
    lead = make_staff(Role.CLINICAL_LEAD, organisation=court.trust)
    case_id = make_case().id
    warned = replace(
        ASKED,
        staff_safety=True,
        staff_safety_reason="Threatened a clerk in May",
        no_contact="His sister Ada",
    )
    ask(case_id, court.author.id, warned)
    ask(case_id, court.author.id, warned)
    flags = db.session.scalars(select(Flag).order_by(Flag.id)).all()
    assert [flag.kind for flag in flags] == [FlagKind.STAFF_SAFETY, FlagKind.MUST_NOT_MEET]
    assert {flag.owner_staff_id for flag in flags} == {lead.id}
    assert flags[0].reason == "Threatened a clerk in May"
    assert not any("clerk" in flag.fact or "Ada" in flag.fact for flag in flags)
