"""The court adjourned because the report could not be ready: then the day that was named counts."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from mhtr.cases.filing import Filing
from mhtr.core.clock import SetClock
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.suitability import date_answering, saying_ready
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.concerned import current_request
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.ready_from import Reason, last_said
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import TaskKind
from tests.suitability.requesting import tasks_of
from tests.suitability.test_hearing_moved import WRITTEN, Moving

NAMED = date(2026, 12, 7)
LATE = (TaskKind.ANSWER_DATE, TaskKind.REPORT_LATE)


def request_of(moving: Moving) -> ReportRequest:
    found = current_request(moving.case_id)
    assert found is not None
    return found


def cannot_be_met(kind: PsrType) -> Moving:
    """Heard on 1 December, filed the day before; the service says: not before the 7th."""
    made = Moving()
    heard, filed = date(2026, 12, 1), date(2026, 11, 30)
    made.ask(replace(WRITTEN, psr_type=kind, hearing_on=heard, psr_filed_on=filed))
    name_day(made, NAMED)
    assert request_of(made).earliest_on == NAMED
    assert all(tasks_of(made.case_id, kind) for kind in LATE)
    return made


def name_day(moving: Moving, day: date) -> None:
    last, by = last_said(moving.case_id), moving.house.assessor.id
    with writing():
        saying_ready.not_before(
            case_id=moving.case_id,
            earliest_on=day,
            reason=Reason.APPOINTMENT,
            seen=last.id if last else 0,
            by=by,
        )


def answer(moving: Moving, said: DateAnswer) -> None:
    request_id, by = request_of(moving).id, moving.author.id
    with writing():
        date_answering.answer_date(request_id=request_id, answer=said, by=by)


def put_off(moving: Moving, to: date, filed: date, kind: PsrType) -> None:
    by, version = moving.house.administrator.id, moving.case.version
    with writing():
        court_case.record_hearing(
            case_id=moving.case_id,
            version=version,
            court="B01EF",
            on=to,
            purpose="sentence",
            psr_kind=kind.value,
            reason="report",
            by=by,
            filing=Filing(filed),
        )


@pytest.mark.parametrize("kind", [PsrType.ORAL, PsrType.SHORT])
@pytest.mark.parametrize("said", [None, DateAnswer.SEEKS_ADJOURNMENT, DateAnswer.KEEPS_DATE])
def test_it_is_due_on_the_day_named_and_all_is_settled(
    app: Flask, kind: PsrType, said: DateAnswer | None
) -> None:
    moving = cannot_be_met(kind)
    if said:
        answer(moving, said)
    put_off(moving, date(2026, 12, 15), date(2026, 12, 14), kind)
    request = request_of(moving)
    assert (request.due_on, request.earliest_on, request.date_answer) == (NAMED, None, "")
    assert not any(tasks_of(moving.case_id, kind) for kind in LATE)
    (task,) = tasks_of(moving.case_id, TaskKind.REPORT_DUE)
    assert task.due_at == end_of_day(NAMED)


def test_in_two_steps_she_is_asked_only_while_it_cannot_be_met(app: Flask) -> None:
    moving = cannot_be_met(PsrType.SHORT)
    put_off(moving, date(2026, 12, 4), date(2026, 12, 3), PsrType.SHORT)
    assert request_of(moving).earliest_on == NAMED
    assert all(tasks_of(moving.case_id, kind) for kind in LATE)
    put_off(moving, date(2026, 12, 15), date(2026, 12, 14), PsrType.SHORT)
    assert (request_of(moving).due_on, request_of(moving).earliest_on) == (NAMED, None)
    assert not any(tasks_of(moving.case_id, kind) for kind in LATE)


@pytest.mark.parametrize("days", [0, 1])
def test_a_later_day_named_afterwards_is_asked_about(
    app: Flask, set_clock: SetClock, days: int
) -> None:
    """The due date was told: it moves by a change of dates, not by what the service says next."""
    moving = cannot_be_met(PsrType.SHORT)
    put_off(moving, date(2026, 12, 15), date(2026, 12, 14), PsrType.SHORT)
    set_clock.advance(days=days)
    name_day(moving, date(2026, 12, 9))
    assert (request_of(moving).due_on, request_of(moving).earliest_on) == (
        NAMED,
        date(2026, 12, 9),
    )
    assert all(tasks_of(moving.case_id, kind) for kind in LATE)
