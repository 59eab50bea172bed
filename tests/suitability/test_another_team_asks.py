"""Another team asks for a report that somebody has: a question, never a taking over."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from mhtr.accounts import service as accounts
from mhtr.cases import service as cases
from mhtr.cases import shared_access
from mhtr.cases.facts import FactKind
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability import date_answering, request_service, take_over
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.concerned import current_request
from mhtr.suitability.models import LaterReader, ReportRequest, TakeOverQuestion
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.makers import make_staff
from tests.suitability.another_team import ELSEWHERE, THEIRS, asks, hand_over, question, world
from tests.suitability.makers import ASKED
from tests.suitability.requesting import ask, sees, tasks_of, told


@pytest.mark.parametrize("released", [False, True])
def test_nobody_outside_the_team_takes_it_over(either_app: Flask, released: bool) -> None:
    here = world(released=released)
    court = here.court
    question(here)
    assert sees(court.author.id, here.case_id) and sees(court.colleague.id, here.case_id)
    assert not sees(court.stranger.id, here.case_id)
    standing = current_request(here.case_id)
    assert standing is not None and standing.author_id == court.author.id
    assert (here.case.court_code, here.case.hearing_on) == (ASKED.court_code, ASKED.hearing_on)
    assert here.trust_id == court.trust.id
    assert db.session.scalar(select(func.count(LaterReader.id))) == 0


def test_the_service_itself_refuses_to_replace_what_another_team_has(app: Flask) -> None:
    here = world()
    with pytest.raises(Refused, match="Another team"):
        ask(here.case_id, here.court.stranger.id)


def test_it_is_a_task_of_both_the_same_day(either_app: Flask) -> None:
    here = world()
    question(here)
    both = tasks_of(here.case_id, TaskKind.TAKE_OVER)
    owners = {task.owner_principal_id for task in both}
    assert owners == {here.court.team.principal_id, here.court.trust.principal_id}
    assert {task.due_at for task in both} == {end_of_day(date(2026, 11, 18))}
    assert any("Lena Fry" in text for text in told(here.court.author))


def test_her_team_alone_hears_once_she_cannot_go_on(app: Flask) -> None:
    here = world()
    with writing():
        accounts.disable(here.court.author.id, by=None)
    question(here)
    assert not any("Lena Fry" in text for text in told(here.court.author))
    team = Notice.principal_id == here.court.team.principal_id
    assert any("Lena Fry" in text for text in db.session.scalars(select(Notice.text).where(team)))


def test_handed_over_it_is_hers_with_the_court_she_named(either_app: Flask) -> None:
    here = world()
    court = here.court
    hand_over(question(here), court.colleague.id)
    request = current_request(here.case_id)
    assert request is not None
    assert (request.author_id, request.team_id) == (court.stranger.id, court.other_team.id)
    assert here.case.court_code == ELSEWHERE
    assert here.trust_id == here.other_trust.id
    assert sees(court.stranger.id, here.case_id)
    assert not sees(court.author.id, here.case_id)
    assert not tasks_of(here.case_id, TaskKind.TAKE_OVER)
    (heard,) = [text for text in told(court.author) if "from now on" in text]
    assert "Lena Fry (" in heard and "Sam Boateng handed it over" in heard
    assert any("Sam Boateng handed you" in text for text in told(court.stranger))
    # She named no date, and that of the first court is none of hers.
    assert here.case.hearing_on is None
    assert not tasks_of(here.case_id, TaskKind.RESULT_AWAITED)


def test_a_date_at_the_new_court_is_taken_with_it(app: Flask) -> None:
    here = world()
    on = date(2026, 12, 15)
    with writing():
        asked = replace(THEIRS, hearing_on=on)
        made = request_service.ask_or_question(
            case_id=here.case_id, asked=asked, by=here.court.stranger.id
        )
        made_id = made.id
    found = db.session.get_one(TakeOverQuestion, made_id)
    hand_over(found, here.court.colleague.id)
    assert (here.case.court_code, here.case.hearing_on) == (ELSEWHERE, on)
    (awaited,) = tasks_of(here.case_id, TaskKind.RESULT_AWAITED)
    assert awaited.owner_staff_id == here.court.stranger.id


def test_who_has_read_a_released_report_goes_on_reading_it(either_app: Flask) -> None:
    here = world(released=True)
    court = here.court
    hand_over(question(here), here.administrator.id)
    assert not sees(court.author.id, here.case_id)
    assert sees(court.stranger.id, here.case_id)
    assert any("You can still read the report" in text for text in told(court.author))


def test_each_later_reader_is_in_the_log(either_app: Flask) -> None:
    here = world(released=True)
    court = here.court
    hand_over(question(here), here.administrator.id)
    (row,) = db.session.scalars(select(LaterReader)).all()
    assert (row.to_author_id, row.to_team_id) == (court.stranger.id, court.other_team.id)
    assert row.by_id == here.administrator.id
    assert len(row.content_hash) == 64


def test_a_colleague_who_is_given_a_released_report_is_in_the_log(app: Flask) -> None:
    here = world(released=True)
    request = current_request(here.case_id)
    assert request is not None
    ids, to, by = [request.id], here.court.colleague.id, here.court.author.id
    with writing():
        request_service.reallocate(request_ids=ids, to_staff_id=to, by=by)
    assert db.session.scalars(select(LaterReader.to_author_id)).all() == [to]


@pytest.mark.parametrize("statement", ["UPDATE", "DELETE"])
def test_the_log_of_later_readers_is_only_added_to(either_app: Flask, statement: str) -> None:
    here = world(released=True)
    hand_over(question(here), here.administrator.id)
    words = {
        "UPDATE": "UPDATE release_later_readers SET to_team_id = NULL",
        "DELETE": "DELETE FROM release_later_readers",
    }
    with pytest.raises(DBAPIError, match="append_only"), writing():
        db.session.execute(text(words[statement]))


def test_declined_everything_stays_and_she_reads_why(either_app: Flask) -> None:
    here = world(released=True)
    one = question(here)
    ref, by, case_id = one.ref, here.court.author.id, one.case_id
    with pytest.raises(Refused, match="Say why"), writing():
        take_over.decline(case_id=case_id, question_ref=ref, reason=" ", by=by)
    with writing():
        take_over.decline(
            case_id=case_id, question_ref=ref, reason="We write for this hearing.", by=by
        )
    assert not sees(here.court.stranger.id, here.case_id)
    assert not tasks_of(here.case_id, TaskKind.TAKE_OVER)
    assert any("not handed over" in text for text in told(here.court.stranger))
    with pytest.raises(Refused, match="already"):
        hand_over(one, here.administrator.id)


def test_only_those_whose_it_is_can_answer(app: Flask) -> None:
    here = world()
    one = question(here)
    for somebody in (here.court.stranger, make_staff(Role.PROBATION)):
        with pytest.raises(Refused, match="Only the author"):
            hand_over(one, somebody.id)


@pytest.mark.parametrize("gone", ["left", "shut out"])
def test_nothing_is_handed_to_somebody_who_cannot_have_it(either_app: Flask, gone: str) -> None:
    """A report whose only reader cannot open it would reach nobody before the hearing."""
    here = world()
    one = question(here)
    with writing():
        asker = db.session.merge(here.court.stranger)
        if gone == "left":
            asker.disabled_at = clock.now()
        else:
            shared_access.exclude(here.case_id, asker.principal_id, because="Sister", by=None)
    with pytest.raises(Refused, match="cannot have the report any more"):
        hand_over(one, here.court.author.id)
    assert len(tasks_of(here.case_id, TaskKind.TAKE_OVER)) == 2


def test_two_answers_at_once_leave_one(either_app: Flask) -> None:
    here = world()
    one = question(here)
    case_id, ref, people = one.case_id, one.ref, [here.court.author.id, here.administrator.id]
    to = here.other_trust.id

    def at_once(by: int) -> bool:
        with either_app.app_context():
            try:
                with writing():
                    take_over.hand_over(case_id=case_id, question_ref=ref, by=by, to_trust=to)
            except Refused:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(at_once, people)) == [False, True]
    db.session.rollback()
    assert db.session.scalar(select(func.count(ReportRequest.id))) == 2


def test_asked_again_it_is_one_question(app: Flask) -> None:
    here = world()
    question(here)
    question(here)
    assert len(tasks_of(here.case_id, TaskKind.TAKE_OVER)) == 2
    answers = select(TakeOverQuestion.answer).order_by(TakeOverQuestion.id)
    assert db.session.scalars(answers).all() == ["replaced", ""]


def test_it_ends_with_the_case(app: Flask) -> None:
    here = world()
    question(here)
    with writing():
        case = cases.lock(here.case_id)
        cases.add_fact(case, FactKind.CLOSED, by=None, detail={"reason": "discontinued"})
    assert db.session.scalars(select(TakeOverQuestion.answer)).all() == ["ended"]
    assert any("not handed over in time" in text for text in told(here.court.stranger))
    open_ones = select(Task).where(Task.kind == TaskKind.TAKE_OVER, Task.state == TaskState.OPEN)
    assert db.session.scalars(open_ones).all() == []


@pytest.mark.parametrize(("released", "kind"), [(False, ReportRequest), (True, TakeOverQuestion)])
def test_a_withdrawn_request_holds_only_a_report_that_went_out(
    app: Flask, released: bool, kind: type[object]
) -> None:
    here = world(released=released)
    request = current_request(here.case_id)
    assert request is not None
    request_id, by = request.id, here.court.author.id
    with writing():
        date_answering.answer_date(request_id=request_id, answer=DateAnswer.WITHDRAWS, by=by)
    assert isinstance(asks(here.court.stranger.id), kind)


def test_where_nothing_stands_it_is_taken_at_once(app: Flask) -> None:
    here = world(stands=False)
    assert isinstance(asks(here.court.stranger.id), ReportRequest)


def test_her_own_team_does_not_move_the_case_by_naming_another_court(either_app: Flask) -> None:
    here = world()
    for by in (here.court.author.id, here.court.colleague.id):
        with pytest.raises(Refused, match="hearing page"):
            asks(by)
    assert (here.case.court_code, here.trust_id) == (ASKED.court_code, here.court.trust.id)


@pytest.mark.parametrize("released", [False, True])
def test_a_team_that_withdraws_is_left_nothing_it_cannot_answer(
    either_app: Flask, released: bool
) -> None:
    """The trust still answers; a team with a report that went out does too."""
    here = world(released=released)
    one = question(here)
    request, by = current_request(here.case_id), here.court.author.id
    assert request is not None
    request_id = request.id
    with writing():
        date_answering.answer_date(request_id=request_id, answer=DateAnswer.WITHDRAWS, by=by)
    owners = {task.owner_principal_id for task in tasks_of(here.case_id, TaskKind.TAKE_OVER)}
    team = {here.court.team.principal_id} if released else set()
    assert owners == {here.court.trust.principal_id} | team
    hand_over(one, here.administrator.id)
    standing = current_request(here.case_id)
    assert standing is not None and standing.author_id == here.court.stranger.id
