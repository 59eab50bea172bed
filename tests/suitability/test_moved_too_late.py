"""A hearing brought forward to today or tomorrow: never due before the day it was moved."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from mhtr.cases import service as cases
from mhtr.core.clock import SetClock
from mhtr.core.transaction import writing
from mhtr.core.working_days import WorkingCalendar
from mhtr.suitability import due_service
from mhtr.suitability.capacity import Writer
from mhtr.suitability.change_of_dates import Dates, counts_anew
from mhtr.suitability.concerned import current_request
from mhtr.suitability.deadlines import DeadlinePolicy, Due, PsrType, report_due
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.models import TaskKind
from tests.makers import make_case
from tests.suitability.makers import ASKED, CourtSide
from tests.suitability.requesting import ask, tasks_of, told
from tests.suitability.test_filing_date import FILED, move

ASKED_AT = datetime(2026, 11, 18, 10, tzinfo=UTC)  # a Wednesday
FRIDAY, SATURDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("hearing", "changed", "due", "feasible", "earliest"),
    [
        (FRIDAY, FRIDAY, FRIDAY, False, MONDAY),  # would have been due on Thursday
        (MONDAY, FRIDAY, FRIDAY, True, FRIDAY),
        (MONDAY, SATURDAY, MONDAY, False, date(2026, 12, 1)),  # Friday is past, nobody works
        (date(2026, 12, 4), FRIDAY, date(2026, 12, 3), True, date(2026, 12, 3)),
    ],
)
def test_never_before_the_day_of_the_change(
    hearing: date, changed: date, due: date, feasible: bool, earliest: date
) -> None:
    found = report_due(
        ASKED_AT, PsrType.STANDARD, date(2026, 12, 8), hearing, None, DeadlinePolicy(),
        WorkingCalendar(), None, changed,
    )  # fmt: skip
    assert (found.on, found.feasible, found.earliest) == (due, feasible, earliest)


def test_without_a_filing_date_a_hearing_of_the_same_day_is_no_promise_either() -> None:
    found = report_due(
        ASKED_AT, PsrType.STANDARD, None, FRIDAY, None, DeadlinePolicy(), WorkingCalendar(), None,
        FRIDAY,
    )  # fmt: skip
    assert (found.on, found.feasible, found.earliest) == (FRIDAY, False, MONDAY)


@pytest.mark.parametrize(
    ("hearing", "filed", "asked_for", "due"),
    [
        (date(2027, 1, 15), date(2027, 1, 13), None, date(2027, 1, 7)),  # 15 working days anew
        (date(2026, 12, 18), date(2026, 12, 16), None, date(2026, 12, 15)),  # before it is filed
        (date(2026, 12, 18), None, None, date(2026, 12, 18)),  # never after the hearing
        (date(2027, 1, 15), None, date(2026, 12, 11), date(2027, 1, 7)),  # her day is past
    ],
)
def test_a_hearing_put_off_gives_the_time_anew_that_had_run_out(
    hearing: date, filed: date | None, asked_for: date | None, due: date
) -> None:
    changed = date(2026, 12, 14)  # a Monday, after 15 working days from the request
    found = report_due(
        ASKED_AT, PsrType.STANDARD, filed, hearing, asked_for, DeadlinePolicy(),
        WorkingCalendar(), None, changed, changed,
    )  # fmt: skip
    assert (found.on, found.feasible, found.earliest) == (due, True, due)
    assert "counted anew" in found.reasons[0]


def test_the_adjournment_she_was_asked_for_makes_it_possible() -> None:
    """The service had said: not before 10 December. The court adjourned; she files later."""
    asked, changed = ASKED_AT, date(2026, 11, 23)
    writer = Writer(asked.date(), changed, not_before=date(2026, 12, 10))
    before = report_due(
        asked, PsrType.STANDARD, date(2026, 12, 1), date(2026, 12, 3), None, DeadlinePolicy(),
        WorkingCalendar(), writer, None,
    )  # fmt: skip
    assert (before.on, before.feasible) == (date(2026, 11, 30), False)
    found = report_due(
        asked, PsrType.STANDARD, date(2026, 12, 16), date(2026, 12, 18), None, DeadlinePolicy(),
        WorkingCalendar(), writer, changed, changed,
    )  # fmt: skip
    assert (found.on, found.feasible) == (date(2026, 12, 14), True)


@pytest.mark.parametrize(
    ("kind", "filed", "named", "due", "feasible"),
    [
        # At first it was due on 18 or 25 November or 9 December; anew, on 23 or 30 November or
        # 14 December.
        (PsrType.ORAL, date(2026, 12, 16), date(2026, 12, 7), date(2026, 12, 7), True),
        (PsrType.SHORT, date(2026, 12, 16), date(2026, 12, 7), date(2026, 12, 7), True),
        (PsrType.STANDARD, date(2026, 12, 16), date(2026, 12, 7), date(2026, 12, 9), True),
        (PsrType.STANDARD, date(2026, 12, 16), date(2026, 12, 10), date(2026, 12, 14), True),
        (PsrType.STANDARD, date(2026, 12, 16), date(2026, 12, 15), date(2026, 12, 15), True),
        (PsrType.SHORT, date(2026, 12, 16), date(2026, 12, 5), date(2026, 12, 7), True),  # Saturday
        (PsrType.SHORT, date(2026, 12, 16), date(2026, 12, 15), date(2026, 12, 15), True),
        (PsrType.SHORT, None, date(2026, 12, 18), date(2026, 12, 18), True),  # the hearing's day
        # Too late to be of use: she is asked again.
        (PsrType.SHORT, date(2026, 12, 16), date(2026, 12, 16), date(2026, 11, 30), False),
        (PsrType.ORAL, date(2026, 12, 3), date(2026, 12, 7), date(2026, 11, 23), False),
        (PsrType.STANDARD, date(2026, 12, 16), date(2026, 12, 17), date(2026, 12, 14), False),
        (PsrType.SHORT, None, date(2026, 12, 21), date(2026, 11, 30), False),
    ],
)
def test_after_a_change_it_is_due_on_the_day_named_where_that_is_in_time(
    kind: PsrType, filed: date | None, named: date, due: date, feasible: bool
) -> None:
    changed = date(2026, 11, 23)
    writer = Writer(ASKED_AT.date(), changed, not_before=named, named=named)
    was, now = Dates(date(2026, 12, 1), filed), Dates(date(2026, 12, 18), filed)

    def due_with(anew: date | None) -> Due:
        return report_due(
            ASKED_AT, kind, filed, now.hearing_on, None, DeadlinePolicy(), WorkingCalendar(),
            writer, changed, anew,
        )  # fmt: skip

    found = due_with(None)
    if counts_anew(was, now, True, found.lost, found.feasible):
        found = due_with(changed)
    assert (found.on, found.feasible) == (due, feasible)
    assert not feasible or found.earliest == due
    said = any("cannot be ready before" in reason for reason in found.reasons)
    assert said is (feasible and due == WorkingCalendar().add(named, 0))


def test_a_day_named_only_after_the_change_moves_nothing() -> None:
    changed = date(2026, 11, 23)
    writer = Writer(ASKED_AT.date(), changed, not_before=date(2026, 12, 10), named=None)
    found = report_due(
        ASKED_AT, PsrType.SHORT, date(2026, 12, 16), date(2026, 12, 18), None, DeadlinePolicy(),
        WorkingCalendar(), writer, changed,
    )  # fmt: skip
    assert (found.feasible, found.earliest) == (False, date(2026, 12, 10))


def request_of(case_id: int) -> ReportRequest:
    found = current_request(case_id)
    assert found is not None
    return found


@pytest.mark.parametrize("days", [0, 1])
def test_moved_to_today_or_tomorrow_the_author_hears_at_once(
    either_app: Flask, set_clock: SetClock, days: int
) -> None:
    court, case_id = CourtSide(), make_case().id
    ask(case_id, court.author.id, replace(ASKED, psr_type=PsrType.STANDARD, psr_filed_on=FILED))
    set_clock.advance(days=2)
    today = set_clock.now().date()
    move(case_id, date(today.year, today.month, today.day + days))
    request = request_of(case_id)
    assert request.due_on == today
    if days:
        return
    assert request.earliest_on is not None and request.earliest_on > today
    dates = [t for t in tasks_of(case_id, TaskKind.ANSWER_DATE) if t.key.startswith("answer_date:")]
    assert [task.owner_staff_id for task in dates] == [court.author.id]
    assert any("cannot be ready by" in s and "The earliest is" in s for s in told(court.author))


def test_overdue_stays_overdue_where_nothing_about_the_dates_changes(
    app: Flask, set_clock: SetClock
) -> None:
    """The day of the change is kept: working it out again later moves nothing."""
    court, case_id = CourtSide(), make_case().id
    ask(case_id, court.author.id, replace(ASKED, psr_type=PsrType.STANDARD, psr_filed_on=FILED))
    set_clock.advance(days=2)
    today = set_clock.now().date()
    move(case_id, today)
    assert request_of(case_id).due_on == today
    set_clock.advance(days=4)
    with writing():
        case = cases.lock(case_id)
        due_service.work_out_again(case, request_of(case_id), "Said.", by=court.author.id)
    assert request_of(case_id).due_on == today
