"""Who owns a sign of risk: table of situations, and that somebody always does."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.tasks.rota_rules import (
    LONDON,
    Absence,
    Hours,
    NobodyToAsk,
    RiskPolicy,
    Rota,
    risk_owner,
)

ASSESSOR, DUTY, LEAD, COVER = 1, 2, 3, 4
START = datetime(2026, 1, 1, tzinfo=UTC)
WEDNESDAY, THURSDAY = date(2026, 11, 18), date(2026, 11, 19)
HOURS = Hours({day: (time(9), time(17)) for day in range(5)})
ROTA = Rota(HOURS, ((WEDNESDAY, DUTY), (THURSDAY, DUTY)), (LEAD,))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LONDON)


def away(*staff_ids: int, cover: int | None = None) -> tuple[Absence, ...]:
    return tuple(Absence(i, WEDNESDAY, THURSDAY, cover) for i in staff_ids)


@pytest.mark.parametrize(
    ("moment", "rota", "owner", "due"),
    [
        (at(WEDNESDAY, 12), ROTA, ASSESSOR, at(WEDNESDAY, 13)),
        (at(WEDNESDAY, 9), ROTA, ASSESSOR, at(WEDNESDAY, 10)),
        (at(WEDNESDAY, 16, 30), ROTA, ASSESSOR, at(WEDNESDAY, 17)),
        (at(WEDNESDAY, 12), replace(ROTA, absences=away(ASSESSOR)), DUTY, at(WEDNESDAY, 13)),
        (at(WEDNESDAY, 12), replace(ROTA, absences=away(ASSESSOR, DUTY)), LEAD, at(WEDNESDAY, 13)),
        (
            at(WEDNESDAY, 12),
            replace(ROTA, absences=(*away(ASSESSOR), *away(DUTY, cover=COVER))),
            COVER,
            at(WEDNESDAY, 13),
        ),
        (
            at(WEDNESDAY, 12),
            Rota(HOURS, (), (LEAD,), away(ASSESSOR, LEAD, cover=COVER)),
            COVER,
            at(WEDNESDAY, 13),
        ),
        # Outside hours: the next opening, and the duty clinician of that day.
        (at(WEDNESDAY, 17), ROTA, DUTY, at(THURSDAY, 9)),
        (at(WEDNESDAY, 8, 59), ROTA, DUTY, at(WEDNESDAY, 9)),
        (at(WEDNESDAY, 23), Rota(HOURS, (), (LEAD,)), LEAD, at(THURSDAY, 9)),
        (at(WEDNESDAY, 23), Rota(HOURS), ASSESSOR, at(THURSDAY, 9)),
        # A weekend, Christmas and Boxing Day (its substitute is Monday 28 December 2026).
        (at(date(2026, 11, 21), 12), Rota(HOURS, (), (LEAD,)), LEAD, at(date(2026, 11, 23), 9)),
        (at(date(2026, 12, 24), 18), Rota(HOURS, (), (LEAD,)), LEAD, at(date(2026, 12, 29), 9)),
        # A local closure, and a day worked although it is a Saturday.
        (
            at(WEDNESDAY, 18),
            replace(ROTA, hours=replace(HOURS, closed=frozenset({THURSDAY}))),
            LEAD,
            at(date(2026, 11, 20), 9),
        ),
        (
            at(date(2026, 11, 21), 10),
            replace(ROTA, hours=replace(HOURS, opened=frozenset({date(2026, 11, 21)}))),
            ASSESSOR,
            at(date(2026, 11, 21), 11),
        ),
        # Somebody who can no longer sign in owns nothing.
        (
            at(WEDNESDAY, 12),
            replace(ROTA, working=frozenset({DUTY, LEAD})),
            DUTY,
            at(WEDNESDAY, 13),
        ),
    ],
)
def test_who_and_by_when(moment: datetime, rota: Rota, owner: int, due: datetime) -> None:
    found = risk_owner(moment, ASSESSOR, rota)
    assert (found.staff_id, found.due_at) == (owner, due)
    assert found.reasons


def test_local_time_survives_the_clock_change() -> None:
    before = datetime(2026, 3, 27, 18, 0, tzinfo=UTC)
    found = risk_owner(before, ASSESSOR, Rota(HOURS, (), (LEAD,)))
    assert found.due_at.astimezone(UTC) == datetime(2026, 3, 30, 8, 0, tzinfo=UTC)


def test_the_policy_says_how_soon() -> None:
    found = risk_owner(at(WEDNESDAY, 12), ASSESSOR, ROTA, RiskPolicy(15))
    assert found.due_at == at(WEDNESDAY, 12, 15)


def test_without_service_hours_it_is_due_at_once() -> None:
    found = risk_owner(at(WEDNESDAY, 23), ASSESSOR, Rota(Hours({})))
    assert (found.staff_id, found.due_at) == (ASSESSOR, at(THURSDAY, 0))


def test_nobody_at_all_is_said_and_never_passed_over() -> None:
    with pytest.raises(NobodyToAsk):
        risk_owner(at(WEDNESDAY, 12), None, Rota(HOURS))
    with pytest.raises(ValueError, match="time zone"):
        risk_owner(datetime(2026, 11, 18, 12), 1, ROTA)  # noqa: DTZ001  (the naive one is the point)


def test_a_service_that_never_opens_loses_no_answer() -> None:
    closed = frozenset(date.fromordinal(WEDNESDAY.toordinal() + n) for n in range(70))
    found = risk_owner(at(WEDNESDAY, 12), 1, Rota(replace(HOURS, closed=closed)))
    assert (found.staff_id, found.due_at) == (1, at(WEDNESDAY, 13))


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)),
    st.sets(st.integers(1, 4)),
)
def test_there_is_always_a_named_owner_and_a_moment_within_hours(
    moment: datetime, gone: set[int]
) -> None:
    days = date(2026, 1, 1), date(2028, 2, 1)
    rota = replace(ROTA, absences=tuple(Absence(i, *days) for i in sorted(gone)))
    found = risk_owner(moment, ASSESSOR, rota)
    assert found.staff_id in {ASSESSOR, DUTY, LEAD}
    assert found.due_at >= moment
    local = found.due_at.astimezone(LONDON)
    hours = HOURS.on(local.date())
    assert hours is not None
    assert hours[0] <= local.time() <= hours[1]


LATE = "Outside service hours: due at the next opening, Thursday 19 November at 09:00."


@pytest.mark.parametrize(
    ("moment", "rota", "reasons"),
    [
        (at(WEDNESDAY, 12), ROTA, ("The assessor is on duty.",)),
        (
            at(WEDNESDAY, 12),
            replace(ROTA, absences=away(ASSESSOR)),
            ("The assessor is away.", "Duty clinician of the day."),
        ),
        (
            at(WEDNESDAY, 12),
            replace(ROTA, absences=away(ASSESSOR, DUTY)),
            ("The assessor is away.", "Clinical lead: no duty clinician is there that day."),
        ),
        (
            at(WEDNESDAY, 12),
            replace(ROTA, absences=(*away(ASSESSOR), *away(DUTY, cover=COVER))),
            ("The assessor is away.", "Duty clinician of the day.", "He covers during leave."),
        ),
        (at(WEDNESDAY, 18), ROTA, ("Duty clinician of the day.", LATE)),
        (
            at(WEDNESDAY, 18),
            Rota(HOURS),
            (
                "Nobody of the rota is there before Thursday 19 November at 09:00.",
                "The assessor.",
                LATE,
            ),
        ),
        (
            at(WEDNESDAY, 12),
            Rota(Hours({})),
            ("The assessor is on duty.", "No service hours are set, so it is due at once."),
        ),
        (
            at(WEDNESDAY, 12),
            Rota(Hours({}, opened=frozenset({date(2020, 1, 1)}))),
            (
                "The assessor is on duty.",
                "No opening of the service is on file, so it is due at once.",
            ),
        ),
    ],
)
def test_it_says_why_it_is_he(moment: datetime, rota: Rota, reasons: tuple[str, ...]) -> None:
    assert risk_owner(moment, ASSESSOR, rota).reasons == reasons


@pytest.mark.parametrize("hours", [Hours({}), Hours({}, opened=frozenset({date(2020, 1, 1)}))])
def test_without_an_opening_an_absent_assessor_is_passed_over(hours: Hours) -> None:
    rota = Rota(hours, ((WEDNESDAY, DUTY),), (LEAD,), away(ASSESSOR))
    assert risk_owner(at(WEDNESDAY, 12), ASSESSOR, rota).staff_id == DUTY


def test_the_hour_is_londons_in_summer_too() -> None:
    opening = datetime(2026, 6, 3, 8, 0, tzinfo=UTC)
    assert risk_owner(opening, ASSESSOR, ROTA).due_at == opening + timedelta(hours=1)
    early = risk_owner(opening - timedelta(minutes=1), ASSESSOR, ROTA)
    assert early.due_at == opening


def test_a_day_opened_without_usual_hours_is_nine_to_five() -> None:
    saturday = date(2026, 11, 21)
    opened = frozenset({saturday})
    assert Hours({}, opened=opened).on(saturday) == (time(9), time(17))
    assert Hours({2: (time(8), time(12))}, opened=opened).on(saturday) == (time(8), time(12))


def test_when_nobody_is_there_it_waits_for_the_first_who_is_and_nobody_is_an_error() -> None:
    """Away on Wednesday and Thursday, all three: Friday's first, not somebody who is away."""
    everybody = replace(ROTA, absences=away(ASSESSOR, DUTY, LEAD))
    for assessor in (None, ASSESSOR):
        found = risk_owner(at(WEDNESDAY, 12), assessor, everybody)
        assert (found.staff_id, found.due_at) == (LEAD, at(date(2026, 11, 20), 9))
    with pytest.raises(NobodyToAsk, match="No clinician is on the rota"):
        risk_owner(at(WEDNESDAY, 12), None, Rota(HOURS))


def test_a_cover_counts_for_his_own_leave_on_its_days_only() -> None:
    mine = Absence(ASSESSOR, WEDNESDAY, WEDNESDAY)
    other = Absence(9, WEDNESDAY, WEDNESDAY, COVER)
    last = Absence(DUTY, date(2026, 11, 16), WEDNESDAY, COVER)
    past = Absence(DUTY, date(2026, 11, 16), date(2026, 11, 17), COVER)
    gone = Absence(DUTY, WEDNESDAY, WEDNESDAY)
    noon = at(WEDNESDAY, 12)
    for absences, owner in (
        ((mine, gone, other), LEAD),
        ((mine, last), COVER),
        ((mine, gone, past), LEAD),
    ):
        assert risk_owner(noon, ASSESSOR, replace(ROTA, absences=absences)).staff_id == owner
