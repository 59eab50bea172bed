"""When clinicians and rooms are open: weeks, one-off changes, holidays, closures, clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.availability.kinds import CannotReason, HoursUse
from sessions.availability.open_rules import (
    LONDON,
    Dated,
    DaysRange,
    HeCannot,
    PlaceTimes,
    TrustDays,
    Weekly,
    Working,
    clinician_open,
    common,
    days_from,
    he_cannot,
    less,
    moment,
    place_open,
    room_open,
    union,
)
from sessions.availability.shapes import Open, Span

MONDAY = date(2026, 11, 23)
SPRING = date(2027, 3, 28)
AUTUMN = date(2026, 10, 25)
GOOD_FRIDAY = date(2027, 3, 26)
ALWAYS = DaysRange(date(2026, 1, 1))
CLINIC = 7
ALL_DAY = PlaceTimes(tuple(Weekly(day, time(8), time(20), ALWAYS) for day in range(7)))
PLACES = {CLINIC: ALL_DAY}
NINE_TO_FIVE = Weekly(0, time(9), time(17), ALWAYS, site_id=CLINIC)


def utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def span(day: date, starts: int, ends: int) -> Span:
    return Span(utc(day, starts), utc(day, ends))


def opened(working: Working, first: date = MONDAY, last: date | None = None) -> list[Open]:
    return list(clinician_open(working, PLACES, TrustDays(), first, last or first))


def hours(working: Working, day: date = MONDAY) -> list[tuple[int, int]]:
    return [(one.span.starts_at.hour, one.span.ends_at.hour) for one in opened(working, day)]


@pytest.mark.parametrize(
    ("day", "wall", "second", "expected"),
    [
        (SPRING, time(0, 59), False, utc(SPRING, 0, 59)),
        (SPRING, time(1, 0), False, utc(SPRING, 1)),
        (SPRING, time(1, 30), False, utc(SPRING, 1)),
        (SPRING, time(1, 30), True, utc(SPRING, 1)),
        (SPRING, time(2, 0), False, utc(SPRING, 1)),
        (SPRING, time(2, 30), False, utc(SPRING, 1, 30)),
        (AUTUMN, time(0, 30), False, utc(AUTUMN - timedelta(days=1), 23, 30)),
        (AUTUMN, time(1, 30), False, utc(AUTUMN, 0, 30)),
        (AUTUMN, time(1, 30), True, utc(AUTUMN, 1, 30)),
        (AUTUMN, time(2, 0), False, utc(AUTUMN, 2)),
        (date(2027, 7, 1), time(10), False, utc(date(2027, 7, 1), 9)),
        (date(2027, 1, 4), time(10), True, utc(date(2027, 1, 4), 10)),
    ],
)
def test_wall_times_of_london(day: date, wall: time, second: bool, expected: datetime) -> None:
    assert moment(day, wall, second=second) == expected


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    night = Weekly(6, time(0), time(6), ALWAYS)
    for day, length in ((SPRING, 5), (AUTUMN, 7), (date(2027, 4, 4), 6)):
        (one,) = opened(Working((night,)), day)
        assert one.span.ends_at - one.span.starts_at == timedelta(hours=length)


def test_ten_in_the_morning_stays_ten_when_the_clocks_change() -> None:
    ten = Weekly(0, time(10), time(11), ALWAYS)
    found = opened(Working((ten,)), SPRING - timedelta(days=6), SPRING + timedelta(days=8))
    assert [one.span.starts_at.hour for one in found] == [10, 9]  # Easter Monday between them
    assert [one.span.starts_at.date() for one in found] == [date(2027, 3, 22), date(2027, 4, 5)]


@pytest.mark.parametrize(
    ("every", "weekday", "weeks"),
    [
        (1, 0, [1, 2, 3, 4, 5]),
        (1, 4, [0, 1, 2, 3, 4, 5]),
        (2, 0, [2, 4]),
        (2, 4, [0, 2, 4]),
        (4, 0, [4]),
        (4, 4, [0, 4]),
    ],
)
def test_every_few_weeks_counts_from_the_week_of_the_first_day(
    every: int, weekday: int, weeks: list[int]
) -> None:
    # Valid from a Wednesday: the Monday of that week is over, and its week counts all the same.
    row = Weekly(weekday, time(9), time(12), DaysRange(date(2027, 1, 13)), every=every)
    monday = date(2027, 1, 11)
    found = opened(Working((row,)), monday, monday + timedelta(days=41))
    expected = [monday + timedelta(days=weekday + 7 * n) for n in weeks]
    assert [one.span.starts_at.date() for one in found] == expected


def test_hours_hold_from_their_first_day_to_their_last() -> None:
    row = replace(NINE_TO_FIVE, days=DaysRange(MONDAY, MONDAY + timedelta(days=7)))
    found = opened(Working((row,)), MONDAY - timedelta(days=7), MONDAY + timedelta(days=21))
    assert [one.span.starts_at.date() for one in found] == [MONDAY, MONDAY + timedelta(days=7)]


def _dated(use: HoursUse, starts: int, ends: int, site: int | None = CLINIC) -> Dated:
    return Dated(MONDAY, time(starts), time(ends), use, site)


SUPERVISION = Weekly(0, time(12), time(13), ALWAYS, HoursUse.SUPERVISION)


@pytest.mark.parametrize(
    ("working", "expected"),
    [
        (Working((NINE_TO_FIVE,)), [(9, 17)]),
        (Working((NINE_TO_FIVE, SUPERVISION)), [(9, 12), (13, 17)]),
        (Working((SUPERVISION,)), []),
        (Working((NINE_TO_FIVE,), (_dated(HoursUse.AWAY, 9, 11),)), [(11, 17)]),
        (Working((NINE_TO_FIVE,), (_dated(HoursUse.SUPERVISION, 10, 11),)), [(9, 10), (11, 17)]),
        (Working((NINE_TO_FIVE,), (_dated(HoursUse.OTHER, 8, 18),)), []),
        (Working((NINE_TO_FIVE,), (_dated(HoursUse.SESSIONS, 17, 19),)), [(9, 19)]),
        (Working((NINE_TO_FIVE, SUPERVISION), (_dated(HoursUse.SESSIONS, 12, 13),)), [(9, 17)]),
        (Working((), (_dated(HoursUse.SESSIONS, 10, 12),)), [(10, 12)]),
        (Working((NINE_TO_FIVE,), (), (DaysRange(MONDAY, MONDAY),)), []),
        (Working((), (_dated(HoursUse.SESSIONS, 9, 12),), (DaysRange(MONDAY, MONDAY),)), []),
        (Working((NINE_TO_FIVE,), (), (DaysRange(MONDAY - timedelta(days=3), MONDAY),)), []),
        (
            Working((NINE_TO_FIVE,), (), (DaysRange(date(2026, 11, 1), date(2026, 11, 22)),)),
            [(9, 17)],
        ),
        (Working((NINE_TO_FIVE,), (_dated(HoursUse.SESSIONS, 7, 9),)), [(8, 17)]),
    ],
)
def test_one_day(working: Working, expected: list[tuple[int, int]]) -> None:
    assert hours(working) == expected


def test_a_one_off_change_of_place_goes_before_the_week() -> None:
    elsewhere = _dated(HoursUse.SESSIONS, 12, 14, None)
    found = opened(Working((NINE_TO_FIVE,), (elsewhere,)))
    assert found == [
        Open(span(MONDAY, 9, 12), CLINIC),
        Open(span(MONDAY, 12, 14), None),
        Open(span(MONDAY, 14, 17), CLINIC),
    ]


def test_a_place_that_is_not_the_trusts_offers_nothing() -> None:
    strange = replace(NINE_TO_FIVE, site_id=99)
    assert hours(Working((strange,))) == []


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (PlaceTimes(), []),
        (PlaceTimes((Weekly(0, time(10), time(12), ALWAYS),)), [(10, 12)]),
        (PlaceTimes((Weekly(1, time(10), time(12), ALWAYS),)), []),
        (PlaceTimes((Weekly(0, time(10), time(12), DaysRange(date(2027, 1, 1))),)), []),
        (replace(ALL_DAY, closures=(DaysRange(MONDAY, MONDAY),)), []),
        (replace(ALL_DAY, closures=(DaysRange(date(2026, 12, 1), date(2026, 12, 2)),)), [(9, 17)]),
        (replace(ALL_DAY, closed_on=MONDAY), []),
        (replace(ALL_DAY, closed_on=MONDAY + timedelta(days=1)), [(9, 17)]),
    ],
)
def test_a_place_limits_who_works_there(place: PlaceTimes, expected: list[tuple[int, int]]) -> None:
    found = clinician_open(Working((NINE_TO_FIVE,)), {CLINIC: place}, TrustDays(), MONDAY, MONDAY)
    assert [(one.span.starts_at.hour, one.span.ends_at.hour) for one in found] == expected


@pytest.mark.parametrize(
    ("days", "day", "is_open"),
    [
        (TrustDays(), MONDAY, True),
        (TrustDays(), GOOD_FRIDAY, False),
        (TrustDays(opened=frozenset({GOOD_FRIDAY})), GOOD_FRIDAY, True),
        (TrustDays(closed=frozenset({MONDAY})), MONDAY, False),
        (TrustDays(), date(2026, 12, 25), False),
        (TrustDays(), date(2026, 12, 28), False),  # in place of Saturday the 26th
        (TrustDays(), date(2027, 3, 29), False),
        (TrustDays(), SPRING, True),
    ],
)
def test_holidays_and_the_trusts_own_days(days: TrustDays, day: date, is_open: bool) -> None:
    row = Weekly(day.weekday(), time(9), time(17), ALWAYS, site_id=CLINIC)
    assert bool(clinician_open(Working((row,)), PLACES, days, day, day)) is is_open
    assert bool(room_open(ALL_DAY, PlaceTimes(), days, day, day)) is is_open


def test_a_room_is_open_as_its_place_less_its_own_closures() -> None:
    room = PlaceTimes((), (DaysRange(MONDAY, MONDAY),), MONDAY + timedelta(days=3))
    found = room_open(ALL_DAY, room, TrustDays(), MONDAY, MONDAY + timedelta(days=6))
    assert [one.starts_at.date() for one in found] == [
        MONDAY + timedelta(days=1),
        MONDAY + timedelta(days=2),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (HeCannot(0, ALWAYS, time(9), time(12), CannotReason.WORK), [0, 7]),
        (HeCannot(0, DaysRange(MONDAY, MONDAY), time(9), time(12), CannotReason.WORK), [0]),
        (
            HeCannot(
                None,
                DaysRange(MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)),
                time(9),
                time(12),
                CannotReason.CARE,
            ),
            [2, 3, 4],
        ),
        (HeCannot(1, DaysRange(date(2027, 6, 1)), time(9), time(12), CannotReason.CARE), []),
    ],
)
def test_when_he_cannot_come(row: HeCannot, expected: list[int]) -> None:
    found = he_cannot((row,), MONDAY, MONDAY + timedelta(days=13))
    assert [(one.span.starts_at.date() - MONDAY).days for one in found] == expected


def test_an_hour_that_comes_twice_is_taken_both_times_and_offered_once() -> None:
    row = HeCannot(6, ALWAYS, time(1), time(1, 30), CannotReason.CURFEW)
    (found,) = he_cannot((row,), AUTUMN, AUTUMN)
    assert found.span == Span(utc(AUTUMN, 0), utc(AUTUMN, 1, 30))
    offered = opened(Working((Weekly(6, time(1), time(1, 30), ALWAYS),)), AUTUMN)
    assert [one.span for one in offered] == [Span(utc(AUTUMN, 0), utc(AUTUMN, 0, 30))]


def test_a_stretch_within_the_hour_that_is_skipped_is_none() -> None:
    row = HeCannot(6, ALWAYS, time(1, 10), time(1, 50), CannotReason.CURFEW)
    assert he_cannot((row,), SPRING, SPRING) == ()
    assert opened(Working((Weekly(6, time(1, 10), time(1, 50), ALWAYS),)), SPRING) == []


# Spans as sets of the minutes they hold: what the rules come to must be the same by counting.
START = datetime(2027, 3, 1, tzinfo=UTC)
MINUTES = st.integers(0, 60)
SPANS = st.lists(
    st.tuples(MINUTES, MINUTES).map(
        lambda two: Span(*(START + timedelta(minutes=n) for n in sorted(two)))
    ),
    max_size=6,
)


def minutes(spans: object) -> set[datetime]:
    assert isinstance(spans, list | tuple)
    return {
        one.starts_at + timedelta(minutes=n)
        for one in spans
        for n in range(int((one.ends_at - one.starts_at).total_seconds()) // 60)
    }


@given(SPANS, SPANS)
def test_spans_are_sets_of_time(one: list[Span], two: list[Span]) -> None:
    for found, expected in (
        (union(one), minutes(one)),
        (less(one, two), minutes(one) - minutes(two)),
        (common(one, two), minutes(one) & minutes(two)),
    ):
        assert minutes(found) == expected
        assert all(a.ends_at <= b.starts_at for a, b in pairwise(found))
    assert all(a.ends_at < b.starts_at for a, b in pairwise(union(one)))


TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None))
STRETCH = st.tuples(TIMES, TIMES).map(sorted).filter(lambda two: two[0] < two[1])
AROUND = st.sampled_from([MONDAY, AUTUMN, SPRING, GOOD_FRIDAY]).flatmap(
    lambda day: st.integers(-10, 10).map(lambda n: day + timedelta(days=n))
)
SITES = st.sampled_from([None, CLINIC, 99])


@st.composite
def weeks(draw: st.DrawFn) -> Weekly:
    starts, ends = draw(STRETCH)
    use = draw(st.sampled_from([HoursUse.SESSIONS, HoursUse.SESSIONS, HoursUse.SUPERVISION]))
    every = draw(st.sampled_from([1, 2, 4]))
    return Weekly(draw(st.integers(0, 6)), starts, ends, ALWAYS, use, draw(SITES), every)


@st.composite
def one_offs(draw: st.DrawFn) -> Dated:
    starts, ends = draw(STRETCH)
    use = draw(st.sampled_from(HoursUse))
    return Dated(draw(AROUND), starts, ends, use, draw(SITES))


WORKING = st.builds(
    Working,
    st.lists(weeks(), max_size=6).map(tuple),
    st.lists(one_offs(), max_size=6).map(tuple),
    st.lists(AROUND.map(lambda day: DaysRange(day, day + timedelta(days=2))), max_size=2).map(
        tuple
    ),
)


@given(WORKING, AROUND)
def test_what_is_open_never_breaks_what_binds_it(working: Working, first: date) -> None:
    last = first + timedelta(days=13)
    found = clinician_open(working, PLACES, TrustDays(), first, last)
    gone = [
        Span(moment(one.day, one.starts), moment(one.day, one.ends, second=True))
        for one in working.dated
        if one.use is not HoursUse.SESSIONS
    ]
    assert all(a.span.ends_at <= b.span.starts_at for a, b in pairwise(found))
    for one in found:
        day = one.span.starts_at.astimezone(LONDON).date()
        assert first <= day <= last
        assert one.span.starts_at < one.span.ends_at
        assert not any(away.on(day) for away in working.away)
        assert TrustDays().open_on(day)
        assert not any(one.span.overlaps(out) for out in gone)
        assert one.site_id != 99
        if one.site_id == CLINIC:
            assert any(each.holds(one.span) for each in place_open(ALL_DAY, TrustDays(), day))


@given(WORKING, AROUND)
def test_two_weeks_are_the_days_they_are_made_of(working: Working, first: date) -> None:
    last = first + timedelta(days=13)
    each = [
        one
        for day in days_from(first, last)
        for one in clinician_open(working, PLACES, TrustDays(), day, day)
    ]
    assert list(clinician_open(working, PLACES, TrustDays(), first, last)) == each
