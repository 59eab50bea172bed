"""When a sign of risk is passed on: minutes of service hours, duty clinician, then lead."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.tasks.cover_rules import Calendar, HoursRow
from mhtr.tasks.escalation_rules import (
    Stage,
    There,
    Waiting,
    is_open,
    open_minutes,
    pass_on,
)

WEEK = Calendar(tuple(HoursRow(n, time(9), time(17), date(2026, 1, 1)) for n in range(5)))
WEDNESDAY = datetime(2026, 11, 18, tzinfo=UTC)
ASSESSOR, DUTY, LEAD, OTHER_LEAD = 1, 2, 3, 4
TEAM = There(duty=(DUTY,), leads=(LEAD, OTHER_LEAD))


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return WEDNESDAY + timedelta(days=days, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("since", "now", "minutes"),
    [
        (at(10), at(10, 30), 30),
        (at(8), at(9, 10), 10),
        (at(16, 50), at(9, 10, days=1), 20),
        (at(23), at(9, 5, days=1), 5),
        (at(16, 50, days=2), at(9, 10, days=5), 20),  # Friday evening to Monday morning
        (at(10), at(10), 0),
    ],
)
def test_only_minutes_of_service_hours_count(since: datetime, now: datetime, minutes: int) -> None:
    assert open_minutes(WEEK, since, now) == minutes


def test_a_bank_holiday_and_a_closure_count_for_nothing() -> None:
    christmas = datetime(2026, 12, 24, 16, 50, tzinfo=UTC)
    assert open_minutes(WEEK, christmas, datetime(2026, 12, 29, 9, 10, tzinfo=UTC)) == 20
    closed = Calendar(WEEK.rows, closed=frozenset({date(2026, 11, 18)}))
    assert open_minutes(closed, at(10), at(12)) == 0


def test_summer_time_opens_at_nine_in_london() -> None:
    june = datetime(2026, 6, 3, 7, 30, tzinfo=UTC)
    assert open_minutes(WEEK, june, datetime(2026, 6, 3, 8, 10, tzinfo=UTC)) == 10


@pytest.mark.parametrize(
    ("stage", "owner", "to", "next_stage"),
    [
        (Stage.FIRST_OWNER, ASSESSOR, DUTY, Stage.DUTY_CLINICIAN),
        (Stage.FIRST_OWNER, DUTY, LEAD, Stage.CLINICAL_LEAD),
        (Stage.DUTY_CLINICIAN, DUTY, LEAD, Stage.CLINICAL_LEAD),
        (Stage.CLINICAL_LEAD, LEAD, None, Stage.CLINICAL_LEAD),
        (Stage.FIRST_OWNER, None, DUTY, Stage.DUTY_CLINICIAN),
    ],
)
def test_it_goes_up_the_chain(
    stage: Stage, owner: int | None, to: int | None, next_stage: Stage
) -> None:
    found = pass_on(Waiting(owner, at(10), stage), at(10, 30), WEEK, TEAM, after_minutes=30)
    assert (found.to_staff_id, found.stage) == (to, next_stage)


def test_it_stays_until_its_time_and_outside_service_hours() -> None:
    waiting = Waiting(ASSESSOR, at(10), Stage.FIRST_OWNER)
    early = pass_on(waiting, at(10, 29), WEEK, TEAM, after_minutes=30)
    assert early.to_staff_id is None
    night = pass_on(waiting, at(23), WEEK, TEAM, after_minutes=30)
    assert (night.to_staff_id, night.stage) == (None, Stage.FIRST_OWNER)
    assert "next opening" in night.reason


def test_without_anybody_on_duty_it_goes_to_a_lead() -> None:
    alone = There(duty=(), leads=(LEAD,))
    waiting = Waiting(ASSESSOR, at(9), Stage.FIRST_OWNER)
    assert pass_on(waiting, at(12), WEEK, alone, after_minutes=30).to_staff_id == LEAD


def test_never_to_somebody_who_must_not_see_the_case() -> None:
    waiting = Waiting(ASSESSOR, at(9), Stage.FIRST_OWNER)
    found = pass_on(waiting, at(12), WEEK, TEAM, after_minutes=30, excluded=(DUTY, LEAD))
    assert found.to_staff_id == OTHER_LEAD


def test_a_service_without_hours_on_file_is_never_closed() -> None:
    assert is_open(Calendar(), at(3))
    assert open_minutes(Calendar(), at(3), at(4)) == 60


moments = st.integers(0, 60 * 24 * 60).map(
    lambda n: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=n)
)


@given(moments, st.integers(0, 20_000), st.integers(0, 20_000))
def test_more_time_never_makes_fewer_minutes(start: datetime, first: int, more: int) -> None:
    middle = start + timedelta(minutes=first)
    end = middle + timedelta(minutes=more)
    whole = open_minutes(WEEK, start, end)
    assert 0 <= open_minutes(WEEK, start, middle) <= whole <= first + more


@pytest.mark.parametrize(
    ("moment", "is_it"),
    [(at(9), True), (at(8, 59), False), (at(16, 59), True), (at(17), False), (at(12, 0, 3), False)],
)
def test_it_opens_on_the_minute_and_closes_on_the_minute(moment: datetime, is_it: bool) -> None:
    assert is_open(WEEK, moment) is is_it


def test_open_is_what_london_says_in_summer() -> None:
    assert is_open(WEEK, datetime(2026, 6, 3, 8, 0, tzinfo=UTC))
    assert not is_open(WEEK, datetime(2026, 6, 3, 16, 0, tzinfo=UTC))
    assert open_minutes(WEEK, datetime(2026, 6, 3, 15, 30, tzinfo=UTC), at(0)) > 0
    evening = datetime(2026, 6, 3, 15, 30, tzinfo=UTC)
    assert open_minutes(WEEK, evening, datetime(2026, 6, 3, 18, 0, tzinfo=UTC)) == 30


def test_a_day_is_londons_day() -> None:
    """Half past midnight in London on a summer's Thursday is still Wednesday in UTC."""
    only = Calendar((HoursRow(3, time(0), time(1), date(2026, 1, 1)),))
    start, end = (datetime(2026, 6, 3, 23, minute, tzinfo=UTC) for minute in (5, 35))
    assert open_minutes(only, start, end) == 30


@pytest.mark.parametrize(
    ("waiting", "now", "reason"),
    [
        (
            Waiting(ASSESSOR, at(10), Stage.DUTY_CLINICIAN),
            at(10, 29),
            "Its owner has had it for 29 minutes.",
        ),
        (Waiting(ASSESSOR, at(10), Stage.FIRST_OWNER), at(10, 30), "The duty clinician is next."),
        (Waiting(DUTY, at(10), Stage.DUTY_CLINICIAN), at(10, 30), "A clinical lead is next."),
        (
            Waiting(LEAD, at(10), Stage.CLINICAL_LEAD),
            at(10, 30),
            "There is nobody further to pass it on to.",
        ),
        (
            Waiting(ASSESSOR, at(10), Stage.FIRST_OWNER),
            at(23),
            "Outside service hours: it waits for the next opening.",
        ),
    ],
)
def test_it_says_why(waiting: Waiting, now: datetime, reason: str) -> None:
    found = pass_on(waiting, now, WEEK, TEAM, after_minutes=30)
    assert found.reason == reason
    assert found.stage >= waiting.stage
    assert found.to_staff_id is not None or found.stage is waiting.stage


def test_no_more_than_31_days_are_counted() -> None:
    assert open_minutes(Calendar(), at(0), at(0, days=40)) == 31 * 24 * 60
