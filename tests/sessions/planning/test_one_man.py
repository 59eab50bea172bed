"""One man's course: the best of all, no reason against any time, and what is missing."""

from dataclasses import replace
from datetime import UTC, date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.availability.kinds import CannotReason
from sessions.availability.shapes import Cannot, Open, Span
from sessions.booking.finding import possible, why_not
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.shapes import (
    At,
    Diary,
    Slot,
    Usual,
    Wanted,
    london_day,
    london_minute,
)
from sessions.booking.spacing import Gaps, Next, with_taken
from sessions.planning.loosening import ways_out
from sessions.planning.one_man import (
    ANOTHER_THERAPIST,
    AT_A_DISTANCE,
    DIFFERENT,
    CourseAsked,
    NoCourse,
    WholeCourse,
    best_course,
)
from sessions.therapies import Gender, SessionMode
from tests.sessions.booking.diaries import (
    ADA,
    BEN,
    HERE,
    HIS_CASE,
    HIS_KEY,
    LARGE,
    MONDAY,
    SMALL,
    THERE,
    clinician,
    diary,
    man,
    room,
    span,
    wanted,
)

DAY = timedelta(days=1)
DAYS = 10
BOTH = frozenset({SessionMode.IN_PERSON, SessionMode.TELEPHONE})


def asked(count: int, gaps: Gaps, last: date, **more: object) -> CourseAsked:
    wish = wanted(therapist_id=ADA)
    nexts = tuple(Next(key, wish, gaps) for key in range(count))
    return replace(CourseAsked(nexts, MONDAY, last), **more)  # type: ignore[arg-type]


def price(ask: CourseAsked, slots: tuple[Slot, ...], found: Diary) -> int:
    """What a course costs, added up session by session."""
    days = [london_day(slot.starts_at) for slot in slots]
    near = SessionMode.IN_PERSON in found.men[0].modes
    ways = [(london_minute(s.starts_at), s.place.site_id, s.place.mode) for s in slots]
    total = (days[0] - ask.first).days
    total += sum(
        abs((b - a).days - one.gaps.ideal)
        for (a, b), one in zip(pairwise(days), ask.sessions[1:], strict=True)
    )
    total += DIFFERENT * sum(a != b for a, b in pairwise(ways))
    total += AT_A_DISTANCE * sum(near and slot.place.site_id is None for slot in slots)
    return total + ANOTHER_THERAPIST * (slots[0].place.clinician_id != ADA)


def by_trying(ask: CourseAsked, found: Diary) -> int | None:
    """The least cost of any course, each session taken from everything that is possible."""
    best: int | None = None

    def go(slots: tuple[Slot, ...], left: Diary) -> None:
        nonlocal best
        if len(slots) == len(ask.sessions):
            total = price(ask, slots, found)
            best = total if best is None else min(best, total)
            return
        one = ask.sessions[len(slots)]
        wish: Wanted = one.wanted
        if slots:
            day = london_day(slots[-1].starts_at)
            wish = replace(
                wish,
                first=day + one.gaps.least * DAY,
                last=day + one.gaps.most * DAY,
            )
        for slot in possible(wish, left, step=30):
            if slots and slot.place.clinician_id != slots[0].place.clinician_id:
                continue
            if ask.therapist_only and slot.place.clinician_id != ADA:
                continue
            if london_day(slot.starts_at) <= ask.last:
                go((*slots, slot), with_taken(left, slot.place))

    go((), found)
    return best


@st.composite
def stretches(draw: st.DrawFn) -> Span:
    day = MONDAY + draw(st.integers(0, DAYS)) * DAY
    first = draw(st.integers(9, 11))
    return span(day, first, first + draw(st.integers(1, 2)))


@st.composite
def diaries(draw: st.DrawFn) -> Diary:
    clinicians = {}
    for key in (ADA, BEN):
        opens = draw(
            st.lists(
                st.tuples(stretches(), st.sampled_from((HERE, THERE, None))), min_size=3, max_size=5
            )
        )
        clinicians[key] = clinician(
            key,
            open=tuple(Open(each, site) for each, site in sorted(opens, key=lambda o: o[0])),
            daily_most=draw(st.integers(1, 2)),
            telephone=True,
        )
    lanes = [
        lane_of(Lane.CLINICIAN, ADA),
        lane_of(Lane.MAN, HIS_KEY),
        lane_of(Lane.ROOM, SMALL),
        lane_of(Lane.ROOM, LARGE),
    ]
    taken = {lane: tuple(sorted(draw(st.lists(stretches(), max_size=1)))) for lane in lanes}
    cannot = tuple(
        Cannot(each, CannotReason.WORK) for each in draw(st.lists(stretches(), max_size=1))
    )
    meets = tuple(At(each, HERE) for each in draw(st.lists(stretches(), max_size=1)))
    him = man(
        modes=draw(st.sampled_from((BOTH, frozenset({SessionMode.IN_PERSON})))),
        step_free=draw(st.booleans()),
        barred_sites=frozenset(draw(st.sets(st.just(THERE), max_size=1))),
        cannot=cannot,
        within=((MONDAY, MONDAY + draw(st.integers(4, DAYS)) * DAY),),
    )
    rooms = {
        SMALL: room(days=DAYS + 1),
        LARGE: room(LARGE, days=DAYS + 1, site_id=draw(st.sampled_from((HERE, THERE)))),
    }
    return diary(
        clinicians=clinicians, rooms=rooms, taken=taken, men=(him,), meets={HIS_CASE: meets}
    )


@given(diaries(), st.integers(1, 3), st.integers(1, 2), st.booleans())
@settings(deadline=None, max_examples=100)
def test_no_course_is_better_and_nothing_stands_against_any_of_its_times(
    found: Diary, count: int, least: int, only: bool
) -> None:
    gaps = Gaps(least, least + 1, least + 5)
    ask = asked(count, gaps, MONDAY + DAYS * DAY, therapist_only=only)
    course, best = best_course(ask, found), by_trying(ask, found)
    if best is None:
        assert isinstance(course, NoCourse)
        assert course.most < count
        return
    assert isinstance(course, WholeCourse)
    assert course.cost == best == price(ask, course.slots, found)
    left = found
    for one, slot in zip(ask.sessions, course.slots, strict=True):
        assert why_not(one.wanted, left, slot.place) == ()
        left = with_taken(left, slot.place)
    days = [london_day(slot.starts_at) for slot in course.slots]
    assert all(gaps.least <= (b - a).days <= gaps.most for a, b in pairwise(days))


def weeks(count: int) -> date:
    return MONDAY + timedelta(weeks=count)


def long_diary(**more: object) -> Diary:
    """Six weeks of one clinician and one room."""
    days = 40
    return diary(clinicians={ADA: clinician(days=days)}, rooms={SMALL: room(days=days)}, **more)


WEEKLY = Gaps(5, 7, 9)


def test_a_weekly_course_keeps_its_day_time_and_room() -> None:
    course = best_course(asked(5, WEEKLY, weeks(6)), long_diary())
    assert isinstance(course, WholeCourse)
    assert course.cost == 0
    assert [london_day(slot.starts_at) for slot in course.slots] == [weeks(n) for n in range(5)]
    assert len({(london_minute(s.starts_at), s.place.room_id) for s in course.slots}) == 1


def test_the_wall_time_stays_when_the_clocks_change() -> None:
    found = diary(
        clinicians={ADA: clinician(days=28, first=date(2027, 3, 15))},
        rooms={SMALL: room(days=28, first=date(2027, 3, 15))},
    )
    ask = replace(asked(4, WEEKLY, date(2027, 4, 11)), first=date(2027, 3, 15))
    course = best_course(ask, found)
    assert isinstance(course, WholeCourse)
    assert {london_minute(slot.starts_at) for slot in course.slots} == {9 * 60}
    assert {slot.starts_at.astimezone(UTC).hour for slot in course.slots} == {8, 9}


def test_a_first_time_that_leaves_the_rest_badly_off_is_not_taken() -> None:
    """Nine o'clock is free on the first day, and never again; ten always is."""
    blocked = tuple(span(weeks(n), 9, 10) for n in range(1, 6))
    found = long_diary(taken={lane_of(Lane.CLINICIAN, ADA): blocked})
    course = best_course(asked(5, WEEKLY, weeks(6)), found)
    assert isinstance(course, WholeCourse)
    assert course.cost == 0
    assert {london_minute(slot.starts_at) for slot in course.slots} != {9 * 60}


def test_gaps_count_from_the_session_before_and_its_time_is_kept() -> None:
    usual = Usual(11 * 60, HERE, SessionMode.IN_PERSON)
    ask = asked(2, WEEKLY, weeks(6), before=MONDAY)
    ask = replace(
        ask,
        sessions=tuple(
            replace(one, wanted=replace(one.wanted, usual=usual)) for one in ask.sessions
        ),
    )
    course = best_course(ask, long_diary())
    assert isinstance(course, WholeCourse)
    assert [london_day(slot.starts_at) for slot in course.slots] == [weeks(1), weeks(2)]
    assert {london_minute(slot.starts_at) for slot in course.slots} == {11 * 60}


def test_once_he_has_begun_nobody_else_is_tried() -> None:
    found = replace(long_diary(), clinicians={ADA: clinician(days=0), BEN: clinician(BEN, days=40)})
    open_to_all = best_course(asked(3, WEEKLY, weeks(6)), found)
    assert isinstance(open_to_all, WholeCourse)
    assert open_to_all.cost == ANOTHER_THERAPIST
    assert best_course(asked(3, WEEKLY, weeks(6), therapist_only=True), found) == NoCourse(0)


def test_it_says_how_far_one_gets() -> None:
    him = man(within=((MONDAY, weeks(2)),))
    assert best_course(asked(5, WEEKLY, weeks(6)), long_diary(men=(him,))) == NoCourse(3)


EVERY_DAY = tuple(Cannot(span(MONDAY + n * DAY, 9, 17), CannotReason.WORK) for n in range(40))
OUT = [
    ({"within": ((MONDAY, weeks(2)),)}, {}, ("the requirement ran a week longer",)),
    ({"cannot": EVERY_DAY}, {}, ("he could come on ",)),
    ({"therapist_gender": Gender.MALE}, {}, ("he could be seen by a woman or a man",)),
    ({"modes": frozenset({SessionMode.VIDEO})}, {}, ("he could be seen in person", "telephone")),
    ({}, {"therapist_only": True}, ("agreed to another therapist",)),
]


@pytest.mark.parametrize(("his", "ask", "words"), OUT, ids=lambda v: str(v)[:40])
def test_the_smallest_changes_are_named(
    his: dict[str, object], ask: dict[str, object], words: tuple[str, ...]
) -> None:
    found = long_diary(men=(man(**his),))
    if ask:
        found = replace(found, clinicians={BEN: clinician(BEN, days=40)})
    what = asked(5, WEEKLY, weeks(6), **ask)
    assert isinstance(best_course(what, found), NoCourse)
    ways = ways_out(what, found)
    assert ways
    assert all(len(way.changes) == 1 for way in ways)
    said = " ".join(change for way in ways for change in way.changes)
    assert [word for word in words if word not in said] == []
    assert said.count("the requirement ran") <= 1
    assert [way.course.cost for way in ways] == sorted(way.course.cost for way in ways)


def test_two_changes_are_named_where_one_is_not_enough() -> None:
    him = man(within=((MONDAY, weeks(2)),), therapist_gender=Gender.MALE)
    ways = ways_out(asked(5, WEEKLY, weeks(6)), long_diary(men=(him,)))
    assert [len(way.changes) for way in ways] == [2] * len(ways)
    assert any("woman or a man" in change for change in ways[0].changes)


def test_what_keeps_people_safe_is_never_given_up() -> None:
    barred = man(barred_sites=frozenset({HERE}))
    ways = ways_out(asked(3, WEEKLY, weeks(6)), long_diary(men=(barred,)))
    assert all("telephone" in " ".join(way.changes) for way in ways)
    steps = man(step_free=True)
    ways = ways_out(asked(3, WEEKLY, weeks(6)), long_diary(men=(steps,)))
    assert all(slot.place.room_id is None for way in ways for slot in way.course.slots)


def test_nobody_meets_whom_he_must_not_meet() -> None:
    there = tuple(At(span(weeks(n), 9, 17), HERE) for n in range(6))
    course = best_course(asked(4, WEEKLY, weeks(6)), long_diary(meets={HIS_CASE: there}))
    assert isinstance(course, WholeCourse)
    assert all(london_day(slot.starts_at).weekday() != 0 for slot in course.slots)
