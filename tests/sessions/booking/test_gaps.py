"""Neighbours keep their least days, whichever of them is booked or moved, and in which order."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from sessions.booking import cancel_service, group_service, move_service, seat_service, service
from sessions.booking.changes import Which, affected
from sessions.booking.gap_rules import next_is_late, off_course, too_close
from sessions.booking.group_service import Group
from sessions.booking.models import BookingState, SessionPlace, TakenTime, TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.plans import moved_with, sent_places
from sessions.booking.queries import booked_of, coming_in_series
from sessions.booking.search import NO_DAY, search
from sessions.booking.seat_service import Seat
from sessions.booking.service import Asked
from sessions.booking.shapes import Place, london_day
from sessions.booking.wishes import off_plan, plan_of, wanted_for, with_days
from sessions.courses.models import CourseSession
from sessions.therapies import SessionMode, Therapy
from tests.counts import count
from tests.sessions.booking.diaries import MONDAY as A_MONDAY
from tests.sessions.booking.diaries import wanted
from tests.sessions.booking.makers import (
    ASKED,
    MONDAY,
    Clinic,
    add_group_part,
    at,
    booked,
    clinic,
    leads_groups,
    session_of,
    weekly,
    when,
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.fixture
def scene(app: Flask) -> Clinic:
    return clinic()


def move(scene: Clinic, *moves: tuple[TreatmentSession, date]) -> list[TreatmentSession]:
    by = scene.by
    wanted = [Move(one.id, one.version, at(scene, day, 10)) for one, day in moves]
    with writing():
        return move_service.move(moves=wanted, why=ASKED, by=by)


@pytest.mark.parametrize(("days", "close"), [(8, False), (7, False), (6, True), (0, True)])
def test_the_last_day_is_the_least_days_before_the_next(days: int, close: bool) -> None:
    asked = wanted(until=A_MONDAY + timedelta(days=days), least_after=7)
    assert too_close(asked, A_MONDAY) is close
    assert not too_close(wanted(), A_MONDAY)


@pytest.mark.parametrize(("first", "no_day"), [(0, False), (1, True)])
def test_whether_a_day_is_left_between_two(first: int, no_day: bool) -> None:
    held = {"first": A_MONDAY + first * DAY, "until": A_MONDAY + WEEK, "least_after": 7}
    assert wanted(**held).no_day is no_day


def test_what_is_said_of_gaps() -> None:
    assert off_course(14, 4, 14) == off_course(4, 4, 14) == next_is_late(A_MONDAY, 14, 14) == ""
    assert off_course(15, 4, 14).startswith("15 days after the session before")
    assert off_course(1, 4, 14) == "1 day after the session before, and his course says 4 at least."
    assert "on 1 March 2027, would come 15 days later" in next_is_late(A_MONDAY, 15, 14)


def test_a_move_leaves_the_next_session_its_least_days(scene: Clinic) -> None:
    _, second, third = (session_of(one) for one in weekly(scene, 3))
    last = MONDAY + 2 * WEEK - 4 * DAY
    said = "Too close to the session that follows it, on 7 December 2026: 3 December 2026"
    with pytest.raises(Refused, match=said):
        move(scene, (second, last + DAY))
    move(scene, (second, last))
    second = booked_of(scene.case.id)[1].session
    with pytest.raises(Refused, match="4 December 2026 at 10:00: Too close"):
        move(scene, (second, last + DAY), (third, MONDAY + 2 * WEEK))
    move(scene, (second, last + DAY), (third, MONDAY + 3 * WEEK))


def test_one_missing_between_two_keeps_both_their_days(scene: Clinic) -> None:
    booked(scene)
    booked(scene, MONDAY + 10 * DAY, part=2)
    for day in (3, 7):
        with pytest.raises(Refused, match="Too soon" if day == 3 else "Too close"):
            booked(scene, MONDAY + day * DAY, part=1)
    found = search(scene.case, scene.course.organisation_id, scene.parts[1])
    assert {london_day(one.starts_at) for one in found.slots} == {MONDAY + 4 * DAY}
    booked(scene, MONDAY + 4 * DAY, part=1)


def test_where_no_day_is_left_between_two_it_says_so(scene: Clinic) -> None:
    booked(scene)
    booked(scene, MONDAY + WEEK, part=2)
    found = search(scene.case, scene.course.organisation_id, scene.parts[1])
    assert (found.slots, found.note) == ((), NO_DAY)


def test_what_was_missed_is_caught_up_after_what_was_held_meanwhile(
    scene: Clinic, set_clock: SetClock
) -> None:
    booked(scene)
    booked(scene, MONDAY + 2 * WEEK, part=2)
    booked(scene, MONDAY + 4 * WEEK, part=3)
    set_clock.moment = when(MONDAY + 2 * WEEK + DAY, 8).starts_at
    asked = wanted_for(plan_of(scene.case.id), scene.parts[1], ())
    assert asked.first == MONDAY + 2 * WEEK + 4 * DAY
    assert asked.latest == MONDAY + 4 * WEEK - 4 * DAY
    booked(scene, MONDAY + 3 * WEEK, part=1)
    # What follows now keeps its distance from what is caught up, too.
    fourth = booked_of(scene.case.id)[-1].session
    with pytest.raises(Refused, match="Too soon"):
        move(scene, (fourth, MONDAY + 3 * WEEK + DAY))


def test_what_is_later_than_planned_is_said(scene: Clinic) -> None:
    weekly(scene, 3)
    plan = plan_of(scene.case.id)
    assert off_plan(plan, scene.parts[1], MONDAY + WEEK) == ()
    far = with_days(plan, {scene.parts[2].id: MONDAY + 5 * WEEK})
    assert "would come 28 days later" in off_plan(far, scene.parts[1], MONDAY + WEEK)[0]
    assert "15 days after" in off_plan(plan, scene.parts[2], MONDAY + WEEK + 15 * DAY)[0]


def group_at(scene: Clinic, *days: date) -> list[TreatmentSession]:
    """A skills group that meets at two on these days."""
    leads_groups(scene.ada)
    by, room, site = scene.by, scene.other_room.id, scene.site.id
    places = [
        Place(scene.ada.id, SessionMode.IN_PERSON, when(day, 14, minutes=90), site, room)
        for day in days
    ]
    with writing():
        group = Group("Skills", Therapy.SKILLS, 4)
        return group_service.make_group(group=group, places=places, by=by)


def join(scene: Clinic, meeting: TreatmentSession, part: CourseSession) -> None:
    seats = [Seat(meeting.id, part.id)]
    case_id, by = scene.case.id, scene.by
    with writing():
        seat_service.join_group(case_id=case_id, seats=seats, by=by)


def test_a_group_keeps_its_days_from_the_course_of_each(scene: Clinic) -> None:
    part, other = add_group_part(scene), add_group_part(scene, position=91)
    with writing():
        part.least_gap = other.least_gap = 5
    first, second = group_at(scene, MONDAY + 5 * DAY - DAY, MONDAY + 2 * WEEK)
    booked(scene, part=0)
    with pytest.raises(Refused, match="Too soon"):
        join(scene, first, part)
    join(scene, second, part)
    db.session.refresh(second)
    span = when(MONDAY + 4 * DAY, 16, minutes=60)
    place = Place(scene.ada.id, SessionMode.IN_PERSON, span, scene.site.id, scene.other_room.id)
    with pytest.raises(Refused, match="Too soon"), writing():
        moves = [Move(second.id, second.version, place)]
        move_service.move(moves=moves, why=ASKED, by=scene.by)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["book", "book", "book", "course", "move", "move", "following", "cancel", "join"]
        ),
        st.integers(0, 3),
        st.sampled_from([n for n in range(33) if n % 7 < 5]),
    ),
    min_size=6,
    max_size=16,
)


class Office:
    """Books, moves and cancels the sessions of one man, as far as each is possible."""

    def __init__(self, scene: Clinic) -> None:
        self.scene, self.by = scene, scene.by
        self.parts = [*scene.parts, add_group_part(scene, position=4)]
        with writing():
            for number, part in enumerate(self.parts):
                part.position = 3 if part.in_group else 2 * number
                part.least_gap = 2 + number
                part.ideal_gap = part.most_gap = 14
        self.meetings = group_at(scene, *(MONDAY + n * WEEK for n in range(5)))

    def does(self, step: str, which: int, days: int) -> None:
        case_id, day = self.scene.case.id, MONDAY + days * DAY
        rows = [one.session for one in booked_of(case_id) if not one.session.in_group]
        row = rows[which % len(rows)] if rows else None
        if step == "book":
            booked(self.scene, day, part=which)
        elif step == "course":
            asked = [
                Asked(at(self.scene, day + n * (5 + days % 4) * DAY, 10), part.id)
                for n, part in enumerate(self.scene.parts[which : which + 3])
            ]
            with writing():
                service.book(case_id=case_id, asked=asked, by=self.by)
        elif step == "join":
            join(self.scene, self.meetings[days % 5], self.parts[-1])
        elif row is None:
            return
        elif step == "move":
            move(self.scene, (row, day))
        elif step == "following":
            self.follow(row, at(self.scene, day, 10))
        else:
            with writing():
                cancel_service.cancel(
                    session_id=row.id, which=Which.ONE, version=row.version, why=ASKED, by=self.by
                )

    def follow(self, row: TreatmentSession, where: Place) -> None:
        """Move one with those that follow, to the times that a page would offer."""
        plan = moved_with([self.scene.case], row, where, Which.FOLLOWING)
        sent = sent_places(plan.sent, row.organisation_id)
        rest = affected(row, coming_in_series(row), Which.FOLLOWING)
        moves = [Move(row.id, row.version, where)]
        moves += [
            Move(one.id, one.version, sent[one.ref.hex]) for one in rest if one.ref.hex in sent
        ]
        if len(moves) != len(rest):
            return
        with writing():
            move_service.move(moves=moves, why=ASKED, by=self.by)


def assert_apart(case_id: int, parts: Sequence[CourseSession]) -> None:
    """In time, the sessions of his course stand in its order, each its least days after one."""
    order = {part.id: part for part in sorted(parts, key=lambda part: part.position)}
    held = [one for one in booked_of(case_id) if one.place.course_session_id in order]
    for one, two in pairwise(held):
        before, part = (order[each.place.course_session_id or 0] for each in (one, two))
        gap = london_day(two.session.starts_at) - london_day(one.session.starts_at)
        assert before.position < part.position
        assert gap.days >= part.least_gap, (before.name, part.name)


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(clinic())


@settings(
    max_examples=count(12, 300),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
@example(steps=[("book", 0, 0), ("book", 2, 21), ("book", 1, 18)])
@example(steps=[("course", 0, 0), ("move", 1, 10), ("following", 1, 10), ("join", 0, 14)])
def test_nothing_that_is_accepted_brings_neighbours_too_close(
    app: Flask, office: Office, steps: list[tuple[str, int, int]]
) -> None:
    for step in steps:
        try:
            office.does(*step)
        except Refused:
            db.session.rollback()
        assert_apart(office.scene.case.id, office.parts)
    db.session.rollback()
    with writing():
        mine = db.session.query(SessionPlace.session_id)
        keys = [row[0] for row in mine]
        groups = {one.id for one in office.meetings}
        db.session.query(SessionPlace).update({"supersedes_id": None})
        db.session.query(SessionPlace).delete()
        gone = set(keys) - groups
        db.session.query(TakenTime).filter(TakenTime.session_id.in_(gone)).delete()
        person = office.scene.case.person_id * 4 + 2
        db.session.query(TakenTime).filter_by(lane=person).delete()
        rows = db.session.query(TreatmentSession).filter(TreatmentSession.id.in_(gone))
        rows.update({"supersedes_id": None})
        rows.delete()
    assert db.session.query(TreatmentSession).filter_by(state=BookingState.BOOKED).count() == 5
