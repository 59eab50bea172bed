"""What is offered is possible, all of it is offered, and everything else has a reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.availability.kinds import CannotReason
from sessions.availability.shapes import Cannot, Open, Span
from sessions.booking.finding import nearest, possible, was_free, why_not
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.shapes import At, Diary, Place, Usual, Wanted
from sessions.therapies import Gender, SessionMode, Therapy
from tests.sessions.booking.diaries import (
    ADA,
    BEN,
    HERE,
    HIS_CASE,
    HIS_KEY,
    LARGE,
    LONDON,
    MONDAY,
    NOW,
    SMALL,
    THERE,
    at,
    clinician,
    diary,
    hour,
    man,
    place,
    room,
    span,
    wanted,
)

TEN = hour(MONDAY, 10)
DAY = timedelta(days=1)

REFUSED: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("passed", {}, {}, {"span": hour(MONDAY - DAY, 10)}),
    ("Too soon after", {"first": date(2027, 3, 2)}, {}, {}),
    ("2 March 2027 is the first day", {"first": date(2027, 3, 2)}, {}, {}),
    ("Too long after", {"last": date(2027, 2, 28)}, {}, {}),
    ("Not before the session that follows", {"until": MONDAY}, {}, {}),
    ("interpreter", {"interpreter_from": date(2027, 3, 2)}, {}, {}),
    ("does not deliver", {"therapy": Therapy.TRAUMA}, {}, {}),
    ("does not lead groups", {"in_group": True}, {}, {}),
    ("holds 2: too few for 3 people", {"places": 2}, {}, {}),
    ("No order", {}, {"men": (man(within=()),)}, {}),
    (
        "runs from 2 March 2027 to 3 March 2027",
        {},
        {"men": (man(within=((date(2027, 3, 2), date(2027, 3, 3)),)),)},
        {},
    ),
    (
        "He cannot come then",
        {},
        {"men": (man(cannot=(Cannot(span(MONDAY, 10, 11), CannotReason.WORK),)),)},
        {},
    ),
    ("He has another session", {}, {"taken": {lane_of(Lane.MAN, HIS_KEY): (TEN,)}}, {}),
    ("He may not go there", {}, {"men": (man(barred_sites=frozenset({HERE})),)}, {}),
    ("must not meet is there", {}, {"meets": {HIS_CASE: (At(hour(MONDAY, 11, 15), HERE),)}}, {}),
    (
        "in the group whom he must not meet",
        {},
        {"men": (man(must_not_meet=frozenset({5})),), "company": {HIS_CASE: frozenset({5, 6})}},
        {},
    ),
    ("asks to be seen by a man", {}, {"men": (man(therapist_gender=Gender.MALE),)}, {}),
    ("cannot be seen by telephone", {}, {}, {"mode": SessionMode.TELEPHONE}),
    ("sees nobody by video", {}, {}, {"mode": SessionMode.VIDEO}),
    (
        "sees nobody by telephone",
        {},
        {"clinicians": {ADA: clinician(telephone=False)}},
        {"mode": SessionMode.TELEPHONE},
    ),
    ("does not see people then", {}, {}, {"span": hour(MONDAY, 16, 30)}),
    ("not at that place", {}, {}, {"site_id": THERE}),
    (
        "has 5 sessions that day already",
        {},
        {"taken": {lane_of(Lane.CLINICIAN, ADA): tuple(hour(MONDAY, h) for h in range(11, 16))}},
        {},
    ),
    (
        "Ada has another session",
        {},
        {"taken": {lane_of(Lane.CLINICIAN, ADA): (hour(MONDAY, 11, 5),)}},
        {},
    ),
    ("is taken then", {}, {"taken": {lane_of(Lane.ROOM, SMALL): (hour(MONDAY, 9, 30),)}}, {}),
    ("cannot be used then", {}, {"rooms": {SMALL: room(days=0)}}, {}),
    ("without steps", {}, {"men": (man(step_free=True),)}, {}),
    ("no such room", {}, {}, {"room_id": 99}),
    ("A room has to be chosen", {}, {}, {"room_id": None}),
    (
        "No room that suits is free",
        {},
        {"taken": {lane_of(Lane.ROOM, SMALL): (TEN,)}},
        {"room_id": None},
    ),
    ("Nobody can be booked", {}, {}, {"clinician_id": BEN}),
]


@pytest.mark.parametrize(("said", "of", "held", "where"), REFUSED)
def test_each_limit_is_kept_and_said(
    said: str, of: dict[str, Any], held: dict[str, Any], where: dict[str, Any]
) -> None:
    assert why_not(wanted(), diary(), place(TEN)) == ()
    reasons = why_not(wanted(**of), diary(**held), place(**{"when": TEN} | _moved(where)))
    assert any(said in reason for reason in reasons), reasons


def _moved(where: dict[str, Any]) -> dict[str, Any]:
    return {("when" if key == "span" else key): value for key, value in where.items()}


def test_what_only_touches_is_no_obstacle() -> None:
    taken = {
        lane_of(Lane.CLINICIAN, ADA): (hour(MONDAY, 11, 10),),
        lane_of(Lane.ROOM, SMALL): (hour(MONDAY, 11), hour(MONDAY, 9)),
        lane_of(Lane.MAN, HIS_KEY): (hour(MONDAY, 11),),
    }
    meets = {HIS_CASE: (At(hour(MONDAY, 11, 30), HERE), At(TEN, THERE))}
    assert why_not(wanted(), diary(taken=taken, meets=meets), place(TEN)) == ()


def test_hours_that_touch_are_one_stretch() -> None:
    opened = (Open(span(MONDAY, 9, 10), HERE), Open(span(MONDAY, 10, 12), HERE))
    whole = diary(clinicians={ADA: clinician(open=opened)})
    assert why_not(wanted(), whole, place(hour(MONDAY, 9, 30))) == ()


def test_his_therapist_comes_first_then_the_ideal_day_then_his_usual_time() -> None:
    both = diary(clinicians={BEN: clinician(BEN), ADA: clinician(ADA)})
    asked = wanted(therapist_id=ADA, ideal=date(2027, 3, 3), usual=Usual(14 * 60))
    slots = possible(asked, both)
    assert (slots[0].clinician, slots[0].starts_at) == ("Ada", at(date(2027, 3, 3), 14))
    assert slots[1].starts_at == at(date(2027, 3, 3), 13, 45)
    wednesday = [one for one in slots if one.score.day == date(2027, 3, 3)]
    assert slots[: len(wednesday) // 2] == wednesday[: len(wednesday) // 2]
    after = slots[len(wednesday) // 2]
    assert (after.clinician, after.score.day) == ("Ada", date(2027, 3, 2))
    order = [one.clinician for one in slots]
    assert order == ["Ada"] * (len(order) // 2) + ["Ben"] * (len(order) // 2)


def test_the_nearest_times_to_one_that_is_taken() -> None:
    taken = {lane_of(Lane.ROOM, SMALL): (TEN,)}
    slots = nearest(possible(wanted(), diary(taken=taken)), TEN.starts_at, 2)
    assert [one.starts_at for one in slots] == [at(MONDAY, 9), at(MONDAY, 11)]


def test_the_smallest_room_that_suits_is_offered() -> None:
    rooms = {LARGE: room(LARGE), SMALL: room()}
    slots = possible(wanted(), diary(rooms=rooms))
    assert {one.place.room_id for one in slots} == {SMALL}
    free = diary(rooms=rooms, men=(man(step_free=True),))
    assert {one.place.room_id for one in possible(wanted(), free)} == {LARGE}


def test_only_a_booking_by_somebody_else_can_have_just_taken_a_time() -> None:
    taken = {
        lane_of(lane, key): (TEN,)
        for lane, key in ((Lane.MAN, HIS_KEY), (Lane.ROOM, SMALL), (Lane.CLINICIAN, ADA))
    }
    reasons = why_not(wanted(), diary(taken=taken), place(TEN))
    assert len(reasons) == 3
    assert was_free(reasons)
    assert not was_free(why_not(wanted(therapy=Therapy.TRAUMA), diary(taken=taken), place(TEN)))


@pytest.mark.parametrize("sunday", [date(2027, 3, 28), date(2026, 10, 25)])
def test_hours_keep_their_wall_time_when_the_clocks_change(sunday: date) -> None:
    """The week after the change, nine is nine, and each session is as long as asked."""
    days = 9
    friday = sunday - 2 * DAY
    whole = diary(
        clinicians={ADA: clinician(days=days, first=friday)},
        rooms={SMALL: room(days=days, first=friday)},
        men=(man(within=((date(2026, 1, 1), date(2028, 1, 1)),)),),
    )
    slots = possible(wanted(now=at(friday, 0)), whole)
    for n in range(days):
        day = friday + n * DAY
        starts = sorted(s.starts_at for s in slots if s.score.day == day)
        assert [starts[0].astimezone(LONDON).hour, len(starts)] == [9, 29]
        assert starts[-1].astimezone(LONDON).hour == 16


@pytest.mark.parametrize("night", [date(2027, 3, 27), date(2026, 10, 24), date(2027, 3, 1)])
def test_a_night_is_as_long_as_it_is(night: date) -> None:
    """From ten to four: five hours in spring, seven in autumn; every start is a real moment."""
    late = Span(at(night, 22), at(night + DAY, 4))
    whole = diary(
        clinicians={ADA: clinician(open=(Open(late, HERE),), daily_most=12)},
        rooms={SMALL: room(open=(late,))},
        men=(man(within=((date(2026, 1, 1), date(2028, 1, 1)),)),),
    )
    slots = possible(wanted(now=at(night, 0)), whole)
    hours = (late.ends_at - late.starts_at) / timedelta(hours=1)
    assert len(slots) == (hours - 1) * 4 + 1
    over = hour(night, 23, 30)
    assert why_not(wanted(now=at(night, 0)), whole, place(over)) == ()
    held = {lane_of(Lane.ROOM, SMALL): (hour(night + DAY, 0),)}
    taken = Diary(whole.clinicians, whole.rooms, whole.men, held)
    assert why_not(wanted(now=at(night, 0)), taken, place(over)) == (
        "Room 21 at The Clinic is taken then.",
    )


QUARTERS = st.integers(0, 40)
SPANS = st.lists(
    st.tuples(QUARTERS, st.integers(1, 12)).map(
        lambda two: Span(
            at(MONDAY, 8) + two[0] * timedelta(minutes=15),
            at(MONDAY, 8) + (two[0] + two[1]) * timedelta(minutes=15),
        )
    ),
    max_size=4,
).map(tuple)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Wanted, Diary]:
    """One Monday with up to two clinicians, two rooms, and a man with limits."""
    sites = st.sampled_from([HERE, THERE, None])
    clinicians = {
        key: clinician(
            key,
            open=tuple(Open(one, draw(sites)) for one in draw(SPANS)),
            daily_most=draw(st.integers(1, 3)),
            buffer_minutes=draw(st.sampled_from([0, 10, 15])),
            video=draw(st.booleans()),
            therapies=frozenset(draw(st.sets(st.sampled_from(Therapy)))),
            leads_groups=frozenset(draw(st.sets(st.sampled_from(Therapy)))),
        )
        for key in (ADA, BEN)
    }
    rooms = {
        key: room(key, open=draw(SPANS), site_id=draw(st.sampled_from([HERE, THERE])))
        for key in (SMALL, LARGE)
    }
    him = man(
        modes=frozenset(draw(st.sets(st.sampled_from(SessionMode), min_size=1))),
        therapist_gender=draw(st.sampled_from([Gender.NOT_SAID, Gender.NOT_SAID, Gender.FEMALE])),
        step_free=draw(st.booleans()),
        barred_sites=frozenset(draw(st.sets(st.sampled_from([HERE, THERE]), max_size=1))),
        cannot=tuple(Cannot(one, CannotReason.WORK) for one in draw(SPANS)),
    )
    lanes = [
        lane_of(Lane.CLINICIAN, ADA),
        lane_of(Lane.CLINICIAN, BEN),
        lane_of(Lane.ROOM, SMALL),
        lane_of(Lane.ROOM, LARGE),
        lane_of(Lane.MAN, HIS_KEY),
    ]
    taken = {lane: draw(SPANS) for lane in lanes}
    meets = {HIS_CASE: tuple(At(one, HERE) for one in draw(SPANS))}
    asked = wanted(
        minutes=draw(st.sampled_from([45, 60, 90])),
        therapy=draw(st.sampled_from([None, Therapy.CBT])),
        in_group=draw(st.booleans()),
        now=at(MONDAY, 8) + draw(QUARTERS) * timedelta(minutes=7),
        interpreter_from=draw(st.sampled_from([None, None, None, MONDAY + DAY])),
    )
    return asked, Diary(clinicians, rooms, (him,), taken, meets)


def holds(asked: Wanted, of: Diary, one: Place) -> bool:
    """Whether a time is possible, worked out minute by minute and without the code it checks."""
    minutes = [one.span.starts_at + timedelta(minutes=n) for n in range(asked.minutes)]
    him, who = of.men[0], of.clinicians[one.clinician_id]

    def inside(moment: datetime, spans: list[Span]) -> bool:
        return any(each.starts_at <= moment < each.ends_at for each in spans)

    hours = [
        each.span
        for each in who.open
        if one.mode is not SessionMode.IN_PERSON or each.site_id == one.site_id
    ]
    after = [one.span.ends_at + timedelta(minutes=n) for n in range(who.buffer_minutes)]
    lane = list(of.taken[lane_of(Lane.CLINICIAN, one.clinician_id)])
    his = [*of.taken[lane_of(Lane.MAN, HIS_KEY)], *(each.span for each in him.cannot)]
    free = (
        one.span.starts_at >= asked.now
        and asked.interpreter_from is None
        and all(inside(m, hours) for m in minutes)
        and not any(inside(m, lane) for m in [*minutes, *after])
        and not any(inside(m, his) for m in minutes)
        and len(lane) < who.daily_most
    )
    suits = (
        one.mode in him.modes
        and (one.mode is not SessionMode.VIDEO or who.video)
        and him.therapist_gender in (Gender.NOT_SAID, who.gender)
        and (
            asked.therapy is None
            or asked.therapy in (who.leads_groups if asked.in_group else who.therapies)
        )
    )
    if not free or not suits or one.mode is not SessionMode.IN_PERSON:
        return free and suits
    where = of.rooms[one.room_id or 0]
    around = [
        one.span.starts_at + timedelta(minutes=n)
        for n in range(-asked.apart_minutes, asked.minutes + asked.apart_minutes)
    ]
    others = [each.span for each in of.meets[HIS_CASE] if each.site_id == one.site_id]
    return (
        where.site_id == one.site_id
        and one.site_id not in him.barred_sites
        and all(inside(m, list(where.open)) for m in minutes)
        and not any(inside(m, list(of.taken[lane_of(Lane.ROOM, where.room_id)])) for m in minutes)
        and (where.step_free or not him.step_free)
        and not any(inside(m, others) for m in around)
    )


def every_place(asked: Wanted, of: Diary) -> list[Place]:
    """Each clinician at each quarter of the day, in every way, in every room."""
    length = timedelta(minutes=asked.minutes)
    return [
        Place(key, mode, Span(starts, starts + length), site, room_id)
        for key in of.clinicians
        for n in range(0, 56)
        for starts in [at(MONDAY, 8) + n * timedelta(minutes=15)]
        for mode in SessionMode
        for site, room_id in (
            [(one.site_id, one.room_id) for one in of.rooms.values()]
            if mode is SessionMode.IN_PERSON
            else [(None, None)]
        )
    ]


@settings(max_examples=60)
@given(scene=scenes())
def test_all_that_is_possible_is_offered_and_nothing_else(scene: tuple[Wanted, Diary]) -> None:
    asked, of = scene
    everywhere = every_place(asked, of)
    truly = [one for one in everywhere if holds(asked, of, one)]
    offered = possible(asked, of)
    assert all(holds(asked, of, one.place) for one in offered)

    def what(one: Place) -> tuple[object, ...]:
        return one.clinician_id, one.mode, one.span, one.site_id

    assert {what(one.place) for one in offered} == {what(one) for one in truly}
    assert len({what(one.place) for one in offered}) == len(offered)
    for one in everywhere:
        assert bool(why_not(asked, of, one)) != holds(asked, of, one)


def test_moments_of_any_zone_are_one_moment() -> None:
    opened = Open(Span(datetime(2027, 3, 1, 9, tzinfo=LONDON), at(MONDAY, 17)), HERE)
    whole = diary(clinicians={ADA: clinician(open=(opened,))})
    begins = datetime(2027, 3, 1, 10, tzinfo=UTC).astimezone(LONDON)
    assert why_not(wanted(), whole, place(Span(begins, begins + timedelta(hours=1)))) == ()
    assert possible(wanted(), whole)[0].starts_at == NOW + timedelta(hours=1)
