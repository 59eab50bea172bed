"""A hearing brought forward before the filing date: it counts no more, and is asked for again."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.core.working_days import WorkingCalendar
from mhtr.suitability import date_answering
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.concerned import current_request
from mhtr.suitability.deadlines import DeadlinePolicy, PsrType, report_due
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.models import Task, TaskKind
from tests.makers import make_case
from tests.pages import PageClient
from tests.suitability.makers import ASKED, COURT, CourtSide
from tests.suitability.request_forms import date_parts
from tests.suitability.requesting import ask, tasks_of, told
from tests.suitability.test_request_pages import keyed

FILED, SOON = date(2026, 12, 8), date(2026, 11, 27)
SAID_AT = datetime(2026, 11, 18, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("psr", "asked_for", "hearing", "due"),
    [
        (PsrType.STANDARD, None, SOON, date(2026, 11, 26)),
        (PsrType.SHORT, None, SOON, date(2026, 11, 25)),  # five days from the request come first
        (PsrType.STANDARD, None, date(2026, 11, 30), date(2026, 11, 27)),  # a Monday
        (PsrType.SHORT, SOON, SOON, date(2026, 11, 26)),
        (PsrType.SHORT, date(2026, 12, 2), SOON, date(2026, 11, 26)),
        (PsrType.SHORT, date(2026, 11, 24), SOON, date(2026, 11, 24)),
        (PsrType.STANDARD, None, date(2026, 11, 18), date(2026, 11, 18)),  # never before she asked
    ],
)
def test_at_the_latest_one_working_day_before_the_hearing(
    psr: PsrType, asked_for: date | None, hearing: date, due: date
) -> None:
    found = report_due(SAID_AT, psr, FILED, hearing, asked_for, DeadlinePolicy(), WorkingCalendar())
    assert found.on == due
    assert any("Filing on 8 December 2026 would be after" in reason for reason in found.reasons)


def advanced(to: date = SOON) -> tuple[CourtSide, int, int]:
    """Asked for with a filing date; then the hearing is brought forward before it."""
    court, case_id = CourtSide(), make_case().id
    asked = replace(ASKED, psr_type=PsrType.STANDARD, psr_filed_on=FILED)
    request_id = ask(case_id, court.author.id, asked).id
    move(case_id, to)
    return court, case_id, request_id


def move(case_id: int, to: date) -> None:
    with writing():
        hearings.record_hearing(cases.lock(case_id), court_code=COURT, on=to, by=None)


def questions(case_id: int) -> list[Task]:
    found = tasks_of(case_id, TaskKind.ANSWER_DATE)
    return [task for task in found if task.key.startswith("filing_date:")]


def due_on(case_id: int) -> date:
    request = current_request(case_id)
    assert request is not None
    return request.due_on


def test_the_author_is_asked_and_the_report_is_due_before_the_hearing(either_app: Flask) -> None:
    court, case_id, _ = advanced()
    assert due_on(case_id) == date(2026, 11, 26)
    (task,) = questions(case_id)
    assert task.owner_staff_id == court.author.id
    assert any("Say when you file now" in text for text in told(court.author))


def test_her_new_date_counts(either_app: Flask) -> None:
    court, case_id, request_id = advanced()
    with pytest.raises(Refused, match="must not be after the hearing"), writing():
        date_answering.give_filing_date(
            request_id=request_id, filed_on=date(2026, 11, 30), by=court.author.id
        )
    with writing():
        date_answering.give_filing_date(
            request_id=request_id, filed_on=date(2026, 11, 25), by=court.author.id
        )
    assert due_on(case_id) == date(2026, 11, 24)
    assert questions(case_id) == []
    request = db.session.get_one(ReportRequest, request_id)
    assert [row["was"] for row in request.details["filed_before"]] == ["2026-12-08"]
    assert any("filed on 25 November 2026" in text for text in told(court.author))


def test_a_hearing_moved_back_ends_the_question(app: Flask) -> None:
    _, case_id, _ = advanced()
    move(case_id, date(2026, 12, 10))
    assert questions(case_id) == []
    assert due_on(case_id) == date(2026, 12, 7)


def test_the_answer_about_a_date_that_cannot_be_met_is_another_question(app: Flask) -> None:
    court, case_id, request_id = advanced()
    with writing():
        request = db.session.get_one(ReportRequest, request_id)
        request.earliest_on = date(2026, 12, 1)
    with writing():
        date_answering.answer_date(
            request_id=request_id, answer=DateAnswer.KEEPS_DATE, by=court.author.id
        )
    assert len(questions(case_id)) == 1


def test_on_withdrawal_nothing_is_asked_any_more(app: Flask) -> None:
    court, case_id, request_id = advanced()
    with writing():
        date_answering.answer_date(
            request_id=request_id, answer=DateAnswer.WITHDRAWS, by=court.author.id
        )
    assert questions(case_id) == []


def test_the_page_of_the_request(client: PageClient) -> None:
    court, case_id, _ = advanced()
    path = f"/cases/{db.session.get_one(Case, case_id).ref}/request"
    client.sign_in(court.author)
    assert "Your filing date is after the hearing" in client.page(path)
    late = client.post(f"{path}/filing", data=keyed(**date_parts("filed_on", FILED)))
    assert late.status_code == 422
    assert "must not be after the hearing" in late.get_data(as_text=True)
    right = client.post(f"{path}/filing", data=keyed(**date_parts("filed_on", date(2026, 11, 26))))
    assert right.status_code == 303
    page = client.page(path)
    assert "Your filing date is after" not in page
    assert "Thu 26 Nov 2026" in page
