"""A hearing put off: whoever records it says when the pre-sentence report is filed now."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from mhtr.cases.filing import Filing
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.intake.filing_form import TOO_LATE, UNSAID
from mhtr.suitability import outcome_service
from mhtr.suitability.concerned import current_request
from mhtr.suitability.filing_question import NOT_KNOWN_SAID
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.outcome_service import Outcome, Result
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import TaskKind
from tests.suitability.browsing import as_, refused, send
from tests.suitability.request_forms import date_parts
from tests.suitability.requesting import tasks_of, told
from tests.suitability.test_filing_date import questions
from tests.suitability.test_hearing_moved import WRITTEN, Moving

BEFORE, AFTER, FILED = date(2026, 11, 30), date(2026, 12, 18), date(2026, 12, 8)


@pytest.fixture
def moving(app: Flask) -> Moving:
    made = Moving()
    made.ask(replace(WRITTEN, hearing_on=BEFORE, psr_filed_on=date(2026, 11, 27)))
    return made


def request_of(moving: Moving) -> ReportRequest:
    found = current_request(moving.case_id)
    assert found is not None
    return found


def put_off(moving: Moving, filing: Filing | None) -> None:
    by, version = moving.house.administrator, moving.case.version
    with writing():
        court_case.record_hearing(
            case_id=moving.case_id, version=version, court="B01EF", on=AFTER,
            purpose="sentence", psr_kind="standard", reason="court", by=by.id, filing=filing,
        )  # fmt: skip


def test_the_new_filing_date_moves_what_is_due_and_all_are_told(moving: Moving) -> None:
    assert request_of(moving).due_on == date(2026, 11, 26)
    put_off(moving, Filing(FILED))
    request = request_of(moving)
    assert (request.psr_filed_on, request.due_on) == (FILED, date(2026, 12, 7))
    assert moving.case.report_due_on == request.due_on
    (task,) = tasks_of(moving.case_id, TaskKind.REPORT_DUE)
    assert task.due_at == end_of_day(request.due_on)
    for staff in (moving.author, moving.house.assessor):
        assert "The pre-sentence report is filed on 8 December 2026." in told(staff)[-1]
    assert [row["was"] for row in request.details["filed_before"]] == ["2026-11-27"]
    assert questions(moving.case_id) == []


def test_not_known_yet_the_old_day_counts_no_more_and_the_author_is_asked(
    app: Flask, moving: Moving
) -> None:
    put_off(moving, Filing(None))
    request = request_of(moving)
    assert request.psr_filed_on is None and request.due_on > date(2026, 11, 26)
    (task,) = questions(moving.case_id)
    assert task.owner_staff_id == moving.author.id
    assert NOT_KNOWN_SAID in told(moving.author)
    client, path = as_(app, moving.author), f"/cases/{moving.case.ref}/request"
    page = client.page(path)
    assert "When you file is not known yet" in page and "Date not given" in page
    parts = date_parts("filed_on", FILED)
    assert send(client, f"{path}/filing", page, **parts).status_code == 303
    assert questions(moving.case_id) == []
    db.session.expire_all()
    assert request_of(moving).due_on == date(2026, 12, 7)


def test_the_author_who_does_not_know_it_herself_is_not_asked_at_once(moving: Moving) -> None:
    said = Outcome(None, Result.ADJOURNED, next_hearing_on=AFTER, filing=Filing(None))
    with writing():
        outcome_service.record_outcome(case_id=moving.case_id, outcome=said, by=moving.author.id)
    assert request_of(moving).psr_filed_on is None
    assert questions(moving.case_id) == []


HEARING = {"court": "B01EF", "purpose": "sentence", "psr_kind": "standard", "reason": "court"}


def test_on_the_hearing_page_a_later_date_needs_an_answer(app: Flask, moving: Moving) -> None:
    client = as_(app, moving.house.administrator)
    path = f"/cases/{moving.case.ref}/hearing/date"
    page = client.page(path)
    later = HEARING | date_parts("hearing_on", AFTER)
    assert UNSAID in refused(client, path, page, **later)
    assert UNSAID in refused(client, path, page, **HEARING)
    assert "Enter the day of filing" in refused(client, path, page, **later, filing="day")
    late = date_parts("filed_on", date(2026, 12, 21))
    assert TOO_LATE in refused(client, path, page, **later, filing="day", **late)
    right = date_parts("filed_on", FILED)
    assert send(client, path, page, **later, filing="day", **right).status_code == 303
    db.session.expire_all()
    assert request_of(moving).psr_filed_on == FILED
    # Brought forward, an answer is not needed: the author is asked where her day is too late.
    page = client.page(path)
    sooner = HEARING | date_parts("hearing_on", date(2026, 12, 10))
    assert send(client, path, page, **sooner).status_code == 303


@pytest.mark.parametrize("also", [{}, {"purpose": "plea"}])
def test_said_with_a_hearing_that_stays_it_is_taken(
    app: Flask, moving: Moving, also: dict[str, str]
) -> None:
    filed = date(2026, 11, 26)
    client = as_(app, moving.house.administrator)
    path = f"/cases/{moving.case.ref}/hearing/date"
    page = client.page(path)
    stays = HEARING | {"purpose": "", "reason": ""} | date_parts("hearing_on", BEFORE) | also
    right = {"filing": "day"} | date_parts("filed_on", filed)
    assert send(client, path, page, **stays, **right).status_code == 303
    db.session.expire_all()
    request = request_of(moving)
    assert (request.psr_filed_on, request.due_on) == (filed, date(2026, 11, 25))
    assert moving.case.report_due_on == request.due_on
    for staff in (moving.author, moving.house.assessor):
        (news,) = [words for words in told(staff) if "filed on 26 November 2026" in words]
        assert "Court date changed" not in news
    # Her own answer since then stays, whatever else of the hearing is recorded.
    page = client.page(path)
    assert send(client, path, page, **stays, filing="not_known").status_code == 303
    (task,) = questions(moving.case_id)
    assert task.owner_staff_id == moving.author.id and NOT_KNOWN_SAID in told(moving.author)
    author = as_(app, moving.author)
    answered = send(
        author,
        f"/cases/{moving.case.ref}/request/filing",
        author.page(f"/cases/{moving.case.ref}/request"),
        **date_parts("filed_on", date(2026, 11, 27)),
    )
    assert answered.status_code == 303 and questions(moving.case_id) == []
    client = as_(app, moving.house.administrator)
    page = client.page(path)
    assert send(client, path, page, **stays | {"purpose": "other"}).status_code == 303
    db.session.expire_all()
    assert request_of(moving).psr_filed_on == date(2026, 11, 27)
    again = send(client, path, client.page(path), **stays | {"purpose": "other"})
    assert again.status_code == 409 and "recorded already" in again.get_data(as_text=True)


def test_said_with_an_adjournment_to_the_same_day_it_is_taken_too(moving: Moving) -> None:
    said = Outcome(
        None, Result.ADJOURNED, next_hearing_on=BEFORE, filing=Filing(date(2026, 11, 26))
    )
    with writing():
        outcome_service.record_outcome(case_id=moving.case_id, outcome=said, by=moving.author.id)
    assert request_of(moving).psr_filed_on == date(2026, 11, 26)


def test_with_a_court_result_too(app: Flask, moving: Moving) -> None:
    client = as_(app, moving.author)
    path = f"/cases/{moving.case.ref}/outcome"
    page = client.page(path)
    said = {"result": "adjourned"} | date_parts("next_hearing_on", AFTER)
    assert UNSAID in refused(client, path, page, **said)
    assert UNSAID not in refused(client, path, page, result="custody")
    right = {"filing": "day"} | date_parts("filed_on", FILED)
    assert send(client, path, page, **said, **right).status_code == 303
    db.session.expire_all()
    request = request_of(moving)
    assert (request.psr_filed_on, request.due_on) == (FILED, date(2026, 12, 7))


def test_where_no_report_is_due_nobody_is_asked(app: Flask) -> None:
    moving = Moving()
    with writing():
        db.session.merge(moving.case).report_due_on = None
    page = as_(app, moving.house.administrator).page(f"/cases/{moving.case.ref}/hearing/date")
    assert "filed for the new date" not in page
