"""Whether a change of dates lets the time count anew is decided on its day, and kept."""

from datetime import date

import pytest
from flask import Flask

from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core.clock import SetClock
from mhtr.core.transaction import writing
from mhtr.suitability import due_service
from mhtr.suitability.change_of_dates import Dates, counts_anew
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.models import TaskKind
from tests.suitability.makers import COURT
from tests.suitability.requesting import tasks_of
from tests.suitability.test_leave_and_due_date import DUE, Asked, away, cancel

FIRST, LAST, BACK = date(2026, 11, 19), date(2026, 11, 29), date(2026, 11, 30)
HEARD, LATER, SOONER = date(2026, 12, 15), date(2027, 1, 15), date(2026, 12, 8)


@pytest.fixture
def asked(app: Flask) -> Asked:
    """Due on Wednesday 25 November for a hearing on 15 December; today is the 18th."""
    made = Asked()
    heard(made, HEARD)
    return made


def heard(asked: Asked, on: date | None, kind: str = "") -> None:
    with writing():
        hearings.record_hearing(
            cases.lock(asked.case_id), court_code=COURT, on=on, psr_kind=kind, by=None
        )


def again(asked: Asked) -> None:
    by = asked.court.author.id
    with writing():
        case = cases.lock(asked.case_id)
        due_service.work_out_again(case, asked.request, "Said.", by=by)


def dates(request: ReportRequest) -> tuple[date, date | None]:
    return request.due_on, request.earliest_on


def test_leave_after_a_change_is_no_reason_to_count_anew(asked: Asked, set_clock: SetClock) -> None:
    set_clock.advance(days=2)
    heard(asked, LATER)
    away(asked.assessor, date(2026, 11, 21), date(2026, 11, 26))
    assert dates(asked.request) == (DUE, date(2026, 11, 27))
    assert tasks_of(asked.case_id, TaskKind.ANSWER_DATE)


def test_a_hearing_brought_forward_does_not_make_it_possible(
    asked: Asked, set_clock: SetClock
) -> None:
    away(asked.assessor, FIRST, LAST)
    set_clock.advance(days=1)
    heard(asked, SOONER)
    assert dates(asked.request) == (DUE, BACK)


def test_overdue_a_hearing_brought_forward_makes_it_due_that_day(
    asked: Asked, set_clock: SetClock
) -> None:
    set_clock.advance(days=8)
    heard(asked, SOONER)
    told = (date(2026, 11, 26), date(2026, 11, 27))
    assert dates(asked.request) == told
    again(asked)
    assert dates(asked.request) == told


@pytest.mark.parametrize(
    ("days", "hours", "due"),
    [
        (6, 0, DUE),  # the day before it is due: it can be met
        (7, 0, DUE),  # the very day, while its work can be done
        (7, 8, date(2026, 12, 2)),  # that evening its time is over: five working days from it
        (8, 0, date(2026, 12, 3)),
    ],
)
def test_put_off_on_the_very_day_its_time_ends(
    asked: Asked, set_clock: SetClock, days: int, hours: int, due: date
) -> None:
    set_clock.advance(days=days, hours=hours)
    heard(asked, LATER)
    assert dates(asked.request) == (due, None)


def test_brought_forward_that_evening_wins_no_time(asked: Asked, set_clock: SetClock) -> None:
    set_clock.advance(days=7, hours=8)
    heard(asked, SOONER)
    assert asked.request.due_on == DUE


def test_put_off_because_of_leave_the_day_told_stays(asked: Asked, set_clock: SetClock) -> None:
    leave = away(asked.assessor, FIRST, LAST)
    set_clock.advance(days=2)
    heard(asked, LATER)
    assert dates(asked.request) == (date(2026, 11, 27), BACK), "the time anew ends in his leave"
    cancel(leave, asked.assessor)
    assert dates(asked.request) == (date(2026, 11, 27), None)
    with writing():
        case = cases.lock(asked.case_id)
        for kind in (FactKind.ACCEPTED, FactKind.ALLOCATED, FactKind.ASSESSMENT_STARTED):
            cases.add_fact(case, kind, by=asked.assessor.id)
    assert dates(asked.request) == (date(2026, 11, 27), None)


def test_a_later_change_keeps_the_day_from_which_it_counts(
    asked: Asked, set_clock: SetClock
) -> None:
    away(asked.assessor, FIRST, date(2026, 11, 22))
    away(asked.assessor, date(2026, 11, 23), date(2026, 11, 25))
    set_clock.advance(days=5)
    heard(asked, LATER)
    told = dates(asked.request)
    assert told == (BACK, None)
    set_clock.advance(days=1)
    heard(asked, HEARD)
    assert dates(asked.request) == told


def test_counted_anew_before_that_was_kept_it_stays_so(asked: Asked, set_clock: SetClock) -> None:
    set_clock.advance(days=8)
    heard(asked, LATER)
    told = dates(asked.request)
    assert told == (date(2026, 12, 3), None)
    with writing():
        request = asked.request
        used = {k: v for k, v in request.details["worked_out"].items() if k != "anew"}
        request.details = {**request.details, "worked_out": used}
    again(asked)
    assert dates(asked.request) == told


FILED = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("was", "now", "late", "lost", "feasible", "anew"),
    [
        (Dates(HEARD, None), Dates(LATER, None), True, False, False, True),
        (Dates(HEARD, None), Dates(None, None), True, False, False, True),
        (Dates(HEARD, FILED), Dates(HEARD, SOONER), True, False, False, True),
        (Dates(HEARD, FILED), Dates(HEARD, None), True, False, False, True),
        (Dates(HEARD, None), Dates(LATER, None), False, False, False, False),  # it could be met
        (Dates(HEARD, None), Dates(LATER, None), True, False, True, False),  # now it can be
        (Dates(HEARD, None), Dates(SOONER, None), True, False, False, False),
        (Dates(HEARD, None), Dates(HEARD, None), True, False, False, False),  # another kind
        (Dates(None, None), Dates(HEARD, None), True, False, False, False),  # known at last
        (Dates(HEARD, None), Dates(HEARD, None), False, True, False, True),  # a shorter kind
        (Dates(None, None), Dates(HEARD, None), True, True, False, True),
        (Dates(HEARD, FILED), Dates(LATER, FILED), True, True, False, True),
        (Dates(HEARD, None), Dates(SOONER, None), True, True, False, False),
        (Dates(HEARD, SOONER), Dates(HEARD, FILED), False, True, False, False),
    ],
)
def test_the_rule(
    was: Dates, now: Dates, late: bool, lost: bool, feasible: bool, anew: bool
) -> None:
    assert counts_anew(was, now, late, lost, feasible) is anew


def test_a_hearing_off_the_list_leaves_none_of_its_dates_behind(asked: Asked) -> None:
    """The day she once named with her request does not come back."""
    named = asked.request.details["hearing_on"]
    assert named
    heard(asked, LATER, "standard")
    due = date(2026, 12, 9)
    assert asked.request.due_on == due
    heard(asked, None)
    assert dates(asked.request) == (due, None)
    assert asked.request.details["worked_out"]["hearing_on"] is None
    assert not any("hearing" in reason.lower() for reason in asked.request.due_reasons)
