"""What is said about a due date: what fixed it, how long is left, how it changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.suitability.capacity import Writer
from mhtr.suitability.countdown import CountdownState, countdown
from mhtr.suitability.deadlines import (
    Basis,
    Due,
    OnNonWorkingDay,
    PsrType,
    report_due,
    result_chased_on,
)
from mhtr.suitability.due_change import DueChange, change_of_due
from tests.suitability.due_dates import CALENDAR, DAYS, ORAL, POLICY, SHORT, STANDARD, at


@pytest.mark.parametrize(
    ("filed", "asked_for", "least", "free", "feasible", "earliest"),
    [
        (date(2026, 11, 24), None, 0, None, True, date(2026, 11, 23)),
        # Filed on the day of asking: no working day before it is left to promise.
        (date(2026, 11, 23), None, 0, None, False, date(2026, 11, 24)),
        (date(2026, 11, 23), None, 1, None, False, date(2026, 11, 24)),
        (None, date(2026, 11, 20), 0, None, False, date(2026, 11, 24)),
        (None, date(2026, 11, 24), 3, None, False, date(2026, 11, 26)),
        (None, date(2026, 11, 26), 3, None, True, date(2026, 11, 26)),
        (None, date(2026, 11, 26), 0, date(2026, 11, 28), False, date(2026, 11, 30)),
    ],
)
def test_a_date_that_cannot_be_met_is_told_with_the_earliest(
    filed: date | None,
    asked_for: date | None,
    least: int,
    free: date | None,
    feasible: bool,
    earliest: date,
) -> None:
    policy = replace(POLICY, least_days=least)
    asked = at(date(2026, 11, 23))
    away = ((date(2026, 11, 23), free - timedelta(days=1)),) if free else ()
    writer = Writer(date(2026, 11, 23), date(2026, 11, 23), away)
    found = report_due(asked, STANDARD, filed, None, asked_for, policy, CALENDAR, writer)
    assert (found.feasible, found.earliest) == (feasible, earliest)
    assert any("cannot be met" in reason for reason in found.reasons) is not feasible


@pytest.mark.parametrize(
    ("today", "left", "state", "words"),
    [
        (date(2026, 11, 20), 6, CountdownState.LATER, "6 working days left"),
        (date(2026, 11, 26), 2, CountdownState.SOON, "2 working days left"),
        (date(2026, 11, 27), 1, CountdownState.SOON, "1 working day left"),
        (date(2026, 11, 29), 1, CountdownState.SOON, "Due tomorrow"),  # as every other page says
        (date(2026, 11, 30), 0, CountdownState.TODAY, "Due today"),
        (date(2026, 12, 1), -1, CountdownState.OVERDUE, "1 working day overdue"),
        (date(2026, 12, 3), -3, CountdownState.OVERDUE, "3 working days overdue"),
    ],
)
def test_countdown(today: date, left: int, state: CountdownState, words: str) -> None:
    found = countdown(date(2026, 11, 30), today, CALENDAR)
    assert (found.working_days_left, found.state) == (left, state)
    assert found.words.startswith(words)


def test_countdown_over_easter_and_on_the_weekend_after() -> None:
    assert countdown(date(2026, 4, 7), date(2026, 4, 2), CALENDAR).working_days_left == 1
    saturday = countdown(date(2026, 11, 27), date(2026, 11, 28), CALENDAR)
    assert (saturday.state, saturday.working_days_left) == (CountdownState.OVERDUE, 0)


def test_an_adjournment_is_told() -> None:
    before = report_due(
        at(date(2026, 11, 23)), STANDARD, None, date(2026, 12, 2), None, POLICY, CALENDAR
    )
    after = report_due(
        at(date(2026, 11, 23)), STANDARD, None, date(2026, 12, 9), None, POLICY, CALENDAR
    )
    change = change_of_due(before, after, CALENDAR)
    assert (change.changed, change.days) == (True, 5)
    assert change.words == (
        "The report is now due on Wednesday 9 December 2026, 5 working days later."
    )
    back = change_of_due(after, before, CALENDAR)
    assert back.days == -5
    assert "earlier" in back.words
    assert not change_of_due(after, after, CALENDAR).changed
    assert change_of_due(None, after, CALENDAR).changed


def test_a_result_is_chased_on_the_next_working_day() -> None:
    assert result_chased_on(date(2026, 11, 20), CALENDAR) == date(2026, 11, 23)
    assert result_chased_on(date(2026, 12, 24), CALENDAR) == date(2026, 12, 29)


@given(DAYS, st.integers(-60, 60))
def test_the_countdown_agrees_with_the_dates(due: date, shift: int) -> None:
    found = countdown(due, due + timedelta(days=shift), CALENDAR)
    assert (found.state is CountdownState.OVERDUE) is (shift > 0)
    assert (found.state is CountdownState.TODAY) is (shift == 0)


def test_each_date_says_what_fixed_it() -> None:
    monday = date(2026, 11, 23)

    def reasons(psr: PsrType = STANDARD, **dates: date) -> tuple[str, ...]:
        given = (dates.get("filed"), dates.get("hearing"), dates.get("asked"))
        return report_due(at(monday), psr, *given, POLICY, CALENDAR).reasons

    assert reasons(ORAL) == ("0 working days from the request, for an oral report.",)
    assert reasons(SHORT) == ("5 working days from the request, for a short report.",)
    assert reasons() == ("15 working days from the request, for a standard report.",)
    assert reasons(PsrType.NOT_KNOWN) == (
        "5 working days from the request, for a report whose kind is not known yet.",
    )
    before = "1 working day before the pre-sentence report is filed"
    assert reasons(filed=date(2026, 11, 30)) == (f"{before} (30 November 2026).",)
    capped = "Never after the hearing on 4 December 2026."
    assert reasons(hearing=date(2026, 12, 4)) == (capped, *reasons())
    asked = "Asked for by 30 November 2026."
    late = "That is after the pre-sentence report is due (27 November 2026). Check it."
    assert reasons(asked=date(2026, 11, 30)) == (asked,)
    assert reasons(asked=date(2026, 11, 30), filed=date(2026, 11, 30)) == (asked,)
    assert reasons(asked=date(2026, 11, 30), filed=date(2026, 11, 27)) == (asked, late)
    assert reasons(asked=date(2026, 11, 30), hearing=date(2026, 11, 30)) == (asked,)
    never = "Never after the hearing on 27 November 2026."
    first, *_ = reasons(asked=date(2026, 11, 30), hearing=date(2026, 11, 27))
    assert first == never


def test_equal_dates_follow_the_request_and_the_date_asked_for() -> None:
    monday = at(date(2026, 11, 23))
    same = report_due(monday, SHORT, date(2026, 12, 1), None, None, POLICY, CALENDAR)
    assert (same.on, same.basis) == (date(2026, 11, 30), Basis.WORKING_DAYS)
    on_the_day = date(2026, 11, 30)
    heard = report_due(monday, SHORT, None, on_the_day, on_the_day, POLICY, CALENDAR)
    assert (heard.on, heard.basis) == (on_the_day, Basis.ASKED_FOR)


def test_a_move_to_a_working_day_is_said_and_goes_one_day_only() -> None:
    saturday = date(2026, 11, 28)
    monday = at(date(2026, 11, 23))
    for choice, day, words in (
        (OnNonWorkingDay.DAY_BEFORE, date(2026, 11, 27), "Friday 27 November 2026"),
        (OnNonWorkingDay.DAY_AFTER, date(2026, 11, 30), "Monday 30 November 2026"),
    ):
        policy = replace(POLICY, due_on_non_working_day=choice)
        found = report_due(monday, SHORT, None, None, saturday, policy, CALENDAR)
        assert found.on == day
        assert found.reasons[-1] == (
            f"28 November 2026 is not a working day, so it moves to {words}."
        )
    weekend = report_due(
        at(date(2026, 11, 28)), SHORT, None, None, date(2026, 11, 29), POLICY, CALENDAR
    )
    assert weekend.on == date(2026, 11, 30)


def test_moving_on_to_the_day_of_the_hearing_is_not_past_it() -> None:
    policy = replace(POLICY, due_on_non_working_day=OnNonWorkingDay.DAY_AFTER)
    monday = date(2026, 11, 30)
    asked = date(2026, 11, 28)
    found = report_due(at(date(2026, 11, 23)), SHORT, None, monday, asked, policy, CALENDAR)
    assert found.on == monday
    earlier = report_due(
        at(date(2026, 11, 23)), SHORT, None, date(2026, 11, 29), asked, policy, CALENDAR
    )
    assert earlier.on == date(2026, 11, 27)


def test_the_countdown_in_words_at_its_edges() -> None:
    friday, saturday, sunday = (date(2026, 11, day) for day in (20, 21, 22))
    gone = countdown(saturday, sunday, CALENDAR)
    assert gone.words == "Overdue since the last working day"
    assert (gone.working_days_left, gone.state) == (0, CountdownState.OVERDUE)
    assert countdown(sunday, saturday, CALENDAR).words == "Due tomorrow"
    near = countdown(sunday, friday, CALENDAR)
    assert near.words == "Due on Sunday 22 November 2026, with no working day before it"
    assert (near.working_days_left, near.state) == (0, CountdownState.SOON)
    assert countdown(friday, date(2026, 11, 23), CALENDAR).words == "1 working day overdue"
    assert countdown(friday, friday, CALENDAR).words == "Due today"


def test_a_change_of_the_due_date_in_full() -> None:
    monday = at(date(2026, 11, 23))

    def due(asked: date) -> Due:
        return report_due(monday, SHORT, None, None, asked, POLICY, CALENDAR)

    first, later = due(date(2026, 11, 30)), due(date(2026, 12, 1))
    said = "The report is due on Monday 30 November 2026."
    assert change_of_due(None, first, CALENDAR) == DueChange(True, 0, said)
    still = "The report is still due on Monday 30 November 2026."
    assert change_of_due(first, first, CALENDAR) == DueChange(False, 0, still)
    moved = "The report is now due on Tuesday 1 December 2026, 1 working day later."
    assert change_of_due(first, later, CALENDAR) == DueChange(True, 1, moved)
    back = "The report is now due on Monday 30 November 2026, 1 working day earlier."
    assert change_of_due(later, first, CALENDAR) == DueChange(True, -1, back)
    missed = replace(first, feasible=False, earliest=date(2026, 12, 2))
    warned = change_of_due(None, missed, CALENDAR).words
    assert warned == f"{said} It cannot be met before Wednesday 2 December 2026."
