"""When a report is due: over weekends, Easter, Christmas and adjournments."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.working_days import WorkingCalendar
from mhtr.suitability.deadlines import (
    Basis,
    DeadlinePolicy,
    OnNonWorkingDay,
    PsrType,
    report_due,
)
from tests.suitability.due_dates import CALENDAR, DAYS, ORAL, POLICY, SHORT, STANDARD, at


@pytest.mark.parametrize(
    ("asked", "psr", "due"),
    [
        (date(2026, 11, 23), ORAL, date(2026, 11, 23)),
        (date(2026, 11, 23), SHORT, date(2026, 11, 30)),
        (date(2026, 11, 23), STANDARD, date(2026, 12, 14)),
        (date(2026, 11, 23), PsrType.NOT_KNOWN, date(2026, 11, 30)),
        # Over Easter: Good Friday and Easter Monday do not count.
        (date(2026, 3, 31), SHORT, date(2026, 4, 9)),
        (date(2026, 4, 2), SHORT, date(2026, 4, 13)),
        # Over Christmas and New Year.
        (date(2026, 12, 21), SHORT, date(2026, 12, 30)),
        (date(2026, 12, 21), STANDARD, date(2027, 1, 14)),
        (date(2026, 12, 24), SHORT, date(2027, 1, 5)),
        # On a Saturday, and on Christmas Day: counts from the next working day.
        (date(2026, 11, 21), ORAL, date(2026, 11, 23)),
        (date(2026, 11, 21), SHORT, date(2026, 11, 30)),
        (date(2026, 12, 25), ORAL, date(2026, 12, 29)),
    ],
)
def test_days_from_the_request(asked: date, psr: PsrType, due: date) -> None:
    found = report_due(at(asked), psr, None, None, None, POLICY, CALENDAR)
    assert (found.on, found.basis, found.feasible) == (due, Basis.WORKING_DAYS, True)
    assert found.earliest == due


@pytest.mark.parametrize(
    ("filed", "hearing", "due", "basis"),
    [
        (date(2026, 11, 26), None, date(2026, 11, 25), Basis.BEFORE_PSR),
        (date(2026, 11, 30), None, date(2026, 11, 27), Basis.BEFORE_PSR),
        (date(2026, 12, 18), None, date(2026, 12, 14), Basis.WORKING_DAYS),
        # No filing date on record: nothing is made up from the hearing, which only caps it.
        (None, date(2026, 12, 4), date(2026, 12, 4), Basis.HEARING),
        (None, date(2026, 12, 14), date(2026, 12, 14), Basis.WORKING_DAYS),
        (None, date(2026, 12, 15), date(2026, 12, 14), Basis.WORKING_DAYS),
        (date(2026, 12, 14), date(2026, 12, 14), date(2026, 12, 11), Basis.BEFORE_PSR),
    ],
)
def test_the_earlier_of_two(
    filed: date | None, hearing: date | None, due: date, basis: Basis
) -> None:
    asked = at(date(2026, 11, 23))
    found = report_due(asked, STANDARD, filed, hearing, None, POLICY, CALENDAR)
    assert (found.on, found.basis) == (due, basis)


def test_one_working_day_before_filing_over_christmas() -> None:
    found = report_due(
        at(date(2026, 12, 14)), STANDARD, date(2026, 12, 29), None, None, POLICY, CALENDAR
    )
    assert found.on == date(2026, 12, 24)


def test_she_gets_the_date_she_asks_for() -> None:
    asked = at(date(2026, 11, 23))
    found = report_due(
        asked, STANDARD, date(2026, 12, 10), None, date(2026, 12, 8), POLICY, CALENDAR
    )
    assert (found.on, found.basis, len(found.reasons)) == (date(2026, 12, 8), Basis.ASKED_FOR, 1)
    late = report_due(asked, SHORT, date(2026, 12, 10), None, date(2026, 12, 11), POLICY, CALENDAR)
    assert late.on == date(2026, 12, 11)
    assert any("Check it" in reason for reason in late.reasons)


def test_never_after_the_hearing() -> None:
    found = report_due(
        at(date(2026, 11, 23)),
        STANDARD,
        None,
        date(2026, 11, 27),
        date(2026, 12, 8),
        POLICY,
        CALENDAR,
    )
    assert (found.on, found.basis) == (date(2026, 11, 27), Basis.HEARING)


@pytest.mark.parametrize(
    ("changes", "hour", "due"),
    [
        ({}, 16, date(2026, 11, 27)),
        ({}, 17, date(2026, 11, 30)),
        ({"late_request_counts_same_day": True}, 17, date(2026, 11, 27)),
        ({"closing_hour": 16}, 16, date(2026, 11, 30)),
    ],
)
def test_a_request_after_closing(changes: dict[str, object], hour: int, due: date) -> None:
    policy = replace(POLICY, **changes)  # type: ignore[arg-type]
    friday = at(date(2026, 11, 27), hour)
    assert report_due(friday, ORAL, None, None, None, policy, CALENDAR).on == due


def test_closing_time_is_londons() -> None:
    summer = datetime(2026, 7, 1, 16, 30, tzinfo=UTC)
    found = report_due(summer, ORAL, None, None, None, POLICY, CALENDAR)
    assert found.on == date(2026, 7, 2)


def test_a_request_on_a_saturday_may_count_from_the_day_itself() -> None:
    policy = replace(POLICY, start_next_working_day=False)
    saturday = at(date(2026, 11, 21))
    assert report_due(saturday, SHORT, None, None, None, policy, CALENDAR).on == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("choice", "due"),
    [
        (OnNonWorkingDay.DAY_BEFORE, date(2026, 12, 24)),
        (OnNonWorkingDay.DAY_AFTER, date(2026, 12, 29)),
        (OnNonWorkingDay.KEEP, date(2026, 12, 26)),
    ],
)
def test_a_due_date_on_boxing_day(choice: OnNonWorkingDay, due: date) -> None:
    policy = replace(POLICY, due_on_non_working_day=choice)
    found = report_due(
        at(date(2026, 12, 1)), SHORT, None, None, date(2026, 12, 26), policy, CALENDAR
    )
    assert found.on == due


def test_moving_forward_never_passes_the_hearing() -> None:
    policy = replace(POLICY, due_on_non_working_day=OnNonWorkingDay.DAY_AFTER)
    saturday = date(2026, 12, 5)
    found = report_due(at(date(2026, 12, 1)), SHORT, None, saturday, saturday, policy, CALENDAR)
    assert found.on == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("asked", "hearing", "filed", "due", "feasible"),
    [
        # Heard the same day, tomorrow, and after a weekend.
        (at(date(2026, 11, 23)), date(2026, 11, 23), None, date(2026, 11, 23), True),
        (at(date(2026, 11, 23)), date(2026, 11, 24), None, date(2026, 11, 23), True),
        (at(date(2026, 11, 24), 9), date(2026, 11, 25), None, date(2026, 11, 24), True),
        (at(date(2026, 11, 27)), date(2026, 11, 30), None, date(2026, 11, 27), True),
        # Asked at the weekend for Monday, and for that Saturday itself, when nobody works.
        (at(date(2026, 11, 22), 7), date(2026, 11, 23), None, date(2026, 11, 23), True),
        (at(date(2026, 11, 21)), date(2026, 11, 23), None, date(2026, 11, 23), True),
        (at(date(2026, 11, 21)), date(2026, 11, 21), None, date(2026, 11, 21), False),
        # After closing for tomorrow, and for a hearing that was that day.
        (at(date(2026, 11, 23), 18), date(2026, 11, 24), None, date(2026, 11, 24), True),
        (at(date(2026, 11, 23), 18), date(2026, 11, 23), None, date(2026, 11, 23), False),
        # Filed that day or tomorrow.
        (at(date(2026, 11, 23)), date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 23), False),
        (at(date(2026, 11, 23)), date(2026, 11, 24), date(2026, 11, 24), date(2026, 11, 23), True),
        # The date on record was before the request: it limits nothing.
        (at(date(2026, 11, 23)), date(2026, 11, 20), None, date(2026, 11, 23), True),
    ],
)
def test_an_oral_report_is_never_due_before_it_was_asked_for(
    asked: datetime, hearing: date, filed: date | None, due: date, feasible: bool
) -> None:
    found = report_due(asked, ORAL, filed, hearing, None, POLICY, CALENDAR)
    assert (found.on, found.feasible) == (due, feasible)
    assert not any("Asked for by" in reason for reason in found.reasons)


def test_a_filing_too_near_is_said_and_not_reckoned_backwards() -> None:
    monday = date(2026, 11, 23)
    found = report_due(at(monday), ORAL, monday, None, None, POLICY, CALENDAR)
    assert (found.on, found.basis) == (monday, Basis.BEFORE_PSR)
    assert found.reasons == (
        "1 working day before the pre-sentence report is filed (23 November 2026).",
        "That was before the request, so it is due on the day of it.",
        "This date cannot be met. The earliest possible is 24 November 2026.",
    )


def test_no_working_day_left_before_filing_is_no_promise_at_the_request() -> None:
    """Asked for on a Sunday, filed on the Monday: the working day before it was the Friday."""
    sunday, monday = date(2026, 11, 22), date(2026, 11, 23)
    found = report_due(at(sunday), STANDARD, monday, None, None, POLICY, CALENDAR)
    assert (found.on, found.feasible, found.earliest) == (monday, False, date(2026, 11, 24))
    on_friday = report_due(at(date(2026, 11, 20)), STANDARD, monday, None, None, POLICY, CALENDAR)
    assert (on_friday.on, on_friday.feasible) == (date(2026, 11, 20), True)


@given(DAYS, st.integers(0, 23), st.sampled_from(PsrType), st.none() | DAYS, st.none() | DAYS)
def test_never_late_for_filing_or_hearing(
    asked: date, hour: int, psr: PsrType, filed: date | None, hearing: date | None
) -> None:
    found = report_due(at(asked, hour), psr, filed, hearing, None, POLICY, CALENDAR)
    assert found.on >= asked
    assert hearing is None or hearing < asked or found.on <= hearing
    first = CALENDAR.add(asked, 0)
    assert filed is None or found.on < filed or found.on in (asked, first)
    assert CALENDAR.is_working(found.on) or (found.on == hearing and hearing < first)
    assert found.feasible is (found.on == found.earliest)
    assert found.reasons


def test_the_time_of_the_request_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        report_due(
            datetime(2026, 11, 23, 10),  # noqa: DTZ001
            ORAL,
            None,
            None,
            None,
            POLICY,
            CALENDAR,
        )


def test_a_date_asked_for_on_the_weekend_of_the_request_moves_on_not_back() -> None:
    sunday = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    asked = date(2026, 11, 22)
    found = report_due(
        sunday, PsrType.SHORT, None, date(2026, 12, 11), asked, DeadlinePolicy(), WorkingCalendar()
    )
    assert (found.on, found.feasible) == (date(2026, 11, 23), True)
