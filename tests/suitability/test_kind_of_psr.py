"""The kind of pre-sentence report may come later: the request and its due date follow."""

import re
from dataclasses import replace
from datetime import date

from flask import Flask

from mhtr.cases.hearings import current
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.suitability import outcome_service
from mhtr.suitability.concerned import current_request
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.outcome_service import Outcome, Result
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import TaskKind
from tests.pages import PageClient
from tests.suitability.requesting import tasks_of, told
from tests.suitability.test_hearing_moved import LATER, WRITTEN, Moving

UNKNOWN = replace(WRITTEN, psr_type=PsrType.NOT_KNOWN)


def moving() -> Moving:
    made = Moving()
    made.ask(replace(WRITTEN, psr_type=PsrType.SHORT))  # nothing older decides
    with writing():
        hearing = current(made.case_id)
        assert hearing is not None
        hearing.psr_kind = ""
    made.ask(UNKNOWN)
    assert request(made).due_on == date(2026, 11, 25)
    return made


def request(made: Moving) -> ReportRequest:
    found = current_request(made.case_id)
    assert found is not None
    return found


def record(made: Moving, psr_kind: str, on: date = LATER) -> None:
    by, version = made.house.administrator.id, made.case.version
    with writing():
        court_case.record_hearing(
            case_id=made.case_id, version=version, court="B01EF", on=on, purpose="sentence",
            psr_kind=psr_kind, reason="", by=by,
        )  # fmt: skip


def test_the_kind_recorded_with_the_hearing_moves_the_due_date(either_app: Flask) -> None:
    made = moving()
    record(made, "standard")
    assert (request(made).psr_type, request(made).due_on) == ("standard", date(2026, 12, 9))
    (task,) = tasks_of(made.case_id, TaskKind.REPORT_DUE)
    assert task.due_at == end_of_day(date(2026, 12, 9))
    for staff in (made.author, made.house.assessor):
        assert any("10 working days later" in text for text in told(staff))


def test_it_is_carried_with_a_new_date_too(app: Flask) -> None:
    made = moving()
    record(made, "standard", on=date(2026, 12, 21))
    assert (request(made).psr_type, request(made).due_on) == ("standard", date(2026, 12, 9))
    with writing():
        outcome_service.record_outcome(
            case_id=made.case_id,
            outcome=Outcome(None, Result.ADJOURNED, next_hearing_on=date(2026, 12, 22)),
            by=made.author.id,
        )
    hearing = current(made.case_id)
    assert hearing is not None
    assert (hearing.psr_kind, request(made).psr_type) == ("standard", "standard")


def test_a_request_that_does_not_know_takes_what_is_recorded(app: Flask) -> None:
    made = moving()
    record(made, "standard")
    made.ask(UNKNOWN)
    assert (request(made).psr_type, request(made).due_on) == ("standard", date(2026, 12, 9))


def test_what_she_says_last_counts(app: Flask) -> None:
    made = moving()
    record(made, "standard")
    made.ask(replace(WRITTEN, psr_type=PsrType.ORAL))
    hearing = current(made.case_id)
    assert hearing is not None
    assert (hearing.psr_kind, request(made).psr_type) == ("oral", "oral")


def test_the_page_says_that_it_was_recorded_since(client: PageClient) -> None:
    made = moving()
    record(made, "standard")
    client.sign_in(made.author)
    assert "Standard written (recorded since)" in client.page(f"/cases/{made.case.ref}/request")


def test_a_second_request_begins_with_the_kind_recorded_since(client: PageClient) -> None:
    made = moving()
    record(made, "standard")
    client.sign_in(made.author)
    page = client.page(f"/cases/{made.case.ref}/report-request")
    (ticked,) = re.findall(r'<input[^>]*name="psr_type"[^>]*checked[^>]*>', page)
    assert 'value="standard"' in ticked
