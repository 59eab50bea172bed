"""Edits of what there is to schedule with say which booked sessions no longer fit."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.tasks import leave_service, rota_service
from mhtr.tasks.models import Leave, LocalClosure
from mhtr.tasks.rota_keeping import WouldBreak as RotaWouldBreak
from sessions.availability import (
    closure_service,
    man_service,
    one_off_service,
    place_service,
    profile_service,
    week_service,
)
from sessions.availability.breaking import Touched, WouldBreak
from sessions.availability.hours_keeping import Stretch
from sessions.availability.kinds import CannotReason, HoursUse, SiteKind
from sessions.availability.man_service import HowSaid, TimeSaid
from sessions.availability.models import Room, Site, WeeklyHours
from sessions.availability.place_service import RoomSaid, SiteSaid
from sessions.availability.profile_service import Profile
from sessions.booking import broken, misfit_rules, service
from sessions.booking.service import Asked
from sessions.therapies import Gender, SessionMode, Therapy
from tests.makers import make_staff
from tests.sessions.booking.makers import (
    MONDAY,
    Clinic,
    another_man,
    at,
    booked,
    clinic,
    session_of,
    weekly,
    when,
)

CBT = {Therapy.CBT: False}
Edit = Callable[[Clinic], object]


def profile(said: Profile) -> Edit:
    return lambda one: profile_service.keep_profile(
        staff_id=one.ada.id, said=said, version=1, by=one.by
    )


def one_off(starts: int, ends: int) -> Edit:
    return lambda one: one_off_service.add_dated(
        staff_id=one.ada.id,
        day=MONDAY,
        stretch=Stretch(time(starts), time(ends), HoursUse.AWAY),
        version=1,
        by=one.ada.id,
    )


def site_closed(one: Clinic) -> None:
    site = db.session.get_one(Site, one.site.id)
    said = SiteSaid(site.name, SiteKind.CLINIC, site.address, closed_on=MONDAY)
    place_service.change_site(site_id=site.id, said=said, version=1, by=one.by)


def site_hours(opens: int) -> Edit:
    return lambda one: place_service.set_hours(
        site_id=one.site.id,
        valid_from=MONDAY,
        hours={0: (time(opens), time(18))},
        version=1,
        by=one.by,
    )


def room(said: RoomSaid, other: bool = False) -> Edit:
    return lambda one: place_service.change_room(
        room_id=(one.other_room if other else one.room).id, said=said, version=1, by=one.by
    )


def closure(of_room: bool, day: date = MONDAY) -> Edit:
    return lambda one: closure_service.add_closure(
        site_id=one.site.id,
        room_id=one.room.id if of_room else None,
        first=day,
        last=day,
        label="Paint",
        by=one.by,
    )


def cannot(weekday: int, starts: int, ends: int) -> Edit:
    said = TimeSaid(weekday, MONDAY, None, time(starts), time(ends), CannotReason.WORK)
    return lambda one: man_service.add_time(case_id=one.case.id, said=said, by=one.by)


def how(said: HowSaid) -> Edit:
    return lambda one: man_service.say_how(case_id=one.case.id, said=said, version=0, by=one.by)


def barred(one: Clinic) -> None:
    man_service.bar_place(case_id=one.case.id, site_id=one.site.id, by=one.by)


def ended(one: Clinic) -> None:
    query = select(WeeklyHours.id).where(
        WeeklyHours.staff_id == one.ada.id, WeeklyHours.weekday == 0
    )
    week_service.end_weekly(
        hours_id=db.session.scalars(query).one(),
        last_day=MONDAY - timedelta(days=1),
        version=1,
        by=one.by,
    )


def supervision(starts: int) -> Edit:
    return lambda one: week_service.add_weekly(
        staff_id=one.ada.id,
        weekday=0,
        stretch=Stretch(time(starts), time(starts + 1), HoursUse.SUPERVISION),
        valid_from=MONDAY,
        version=1,
        by=one.by,
    )


IN_PERSON = frozenset({SessionMode.IN_PERSON})


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (profile(Profile(delivers=CBT, video=True)), ""),
        (profile(Profile(delivers={Therapy.SKILLS: False})), misfit_rules.NOT_QUALIFIED),
        (one_off(10, 11), misfit_rules.NOT_WORKING),
        (one_off(11, 12), ""),
        (ended, misfit_rules.NOT_WORKING),
        (supervision(10), misfit_rules.NOT_WORKING),
        (supervision(14), ""),
        (site_closed, misfit_rules.NOT_WORKING),
        (site_hours(11), misfit_rules.NOT_WORKING),
        (site_hours(9), ""),
        (room(RoomSaid("Room 1", 1)), misfit_rules.TOO_SMALL),
        (room(RoomSaid("Room 1", 2)), ""),
        (room(RoomSaid("Room 1", 3, closed_on=MONDAY)), misfit_rules.NO_ROOM),
        (room(RoomSaid("Room 2", 3, closed_on=MONDAY), other=True), ""),
        (closure(of_room=True), misfit_rules.NO_ROOM),
        (closure(of_room=False), misfit_rules.NOT_WORKING),
        (closure(of_room=False, day=MONDAY + timedelta(days=1)), ""),
        (cannot(0, 9, 11), misfit_rules.CANNOT_COME),
        (cannot(0, 11, 12), ""),
        (cannot(1, 9, 11), ""),
        (barred, misfit_rules.BARRED),
        (how(HowSaid(frozenset({SessionMode.VIDEO}))), misfit_rules.OTHER_MODE),
        (how(HowSaid(IN_PERSON, Gender.MALE)), misfit_rules.OTHER_GENDER),
        (how(HowSaid(IN_PERSON, step_free=True)), ""),
    ],
)
def test_an_edit_says_what_no_longer_fits(either_app: Flask, edit: Edit, why: str) -> None:
    one = clinic()
    ref, case_id = session_of(booked(one)).ref, one.case.id
    if not why:
        with writing():
            edit(one)
        return
    with pytest.raises(WouldBreak) as shown, writing():
        edit(one)
    (found,) = shown.value.broken
    assert (found.ref, found.why, found.case_ids) == (ref, why, (case_id,))
    assert (found.clinician, found.where) == ("Ada Mensah", "Elm Road Clinic")


def test_a_room_with_steps_does_not_suit_who_needs_none(either_app: Flask) -> None:
    one = clinic()
    booked(one)
    with writing():
        db.session.get_one(Room, one.room.id).step_free = False
    with pytest.raises(WouldBreak) as shown, writing():
        how(HowSaid(IN_PERSON, step_free=True))(one)
    assert [found.why for found in shown.value.broken] == [misfit_rules.NO_STEPS]


@pytest.mark.parametrize(
    ("sessions", "most", "beyond"), [(0, 1, []), (2, 2, []), (2, 1, [2]), (4, 2, [3, 4])]
)
def test_the_latest_of_a_day_are_too_many(sessions: int, most: int, beyond: list[int]) -> None:
    telephone = SessionMode.TELEPHONE
    day = [
        misfit_rules.Booked(n, when(MONDAY, 8 + n), 1, telephone, None, None, False, 1, frozenset())
        for n in range(1, sessions + 1)
    ]
    assert misfit_rules.too_many(reversed(day), most) == frozenset(beyond)


def test_fewer_sessions_a_day_leave_the_latest_out(either_app: Flask) -> None:
    one = clinic()
    kwame = another_man(one)
    booked(one, hour=10)
    asked, by = Asked(at(one, MONDAY, 13)), one.by
    kwame_id = kwame.id
    with writing():
        service.book(case_id=kwame_id, asked=[asked], by=by)
    with pytest.raises(WouldBreak) as shown, writing():
        profile(Profile(daily_most=1, delivers=CBT))(one)
    (found,) = shown.value.broken
    assert (found.why, found.case_ids) == (misfit_rules.TOO_MANY, (kwame_id,))


def test_what_is_over_or_did_not_fit_before_is_not_said(
    either_app: Flask, set_clock: SetClock
) -> None:
    one = clinic()
    places = weekly(one, 3)
    touched = Touched(staff_ids=frozenset({one.ada.id}))
    assert broken.misfits(touched) == ()
    with writing():
        db.session.query(WeeklyHours).delete()
    assert len(broken.misfits(touched)) == 3
    set_clock.advance(days=8)
    refs = [session_of(place).ref for place in places]
    assert [found.ref for found in broken.misfits(touched)] == refs[1:]
    with writing():
        profile(Profile(delivers=CBT))(one)


def test_leave_and_closures_say_what_is_booked(either_app: Flask) -> None:
    one = clinic()
    weekly(one, 3)
    manager = make_staff(Role.SERVICE_MANAGER, organisation=one.ada.organisation).id
    trust_id, ada_id, ben_id = one.ada.organisation_id, one.ada.id, one.ben.id

    def leave(staff_id: int, accept: bool = False, last: date = MONDAY) -> None:
        with writing():
            leave_service.plan_leave(
                staff_id=staff_id,
                first=MONDAY,
                last=last,
                cover_staff_id=None,
                by=staff_id,
                accept=accept,
            )

    def close(day: date, accept: bool = False) -> None:
        with writing():
            rota_service.set_closure(
                organisation_id=trust_id,
                day=day,
                is_open=False,
                label="Away day",
                by=manager,
                accept=accept,
            )

    with pytest.raises(RotaWouldBreak, match=r"A session is booked then: 23 Nov 10:00\."):
        leave(ada_id)
    with pytest.raises(RotaWouldBreak, match="2 sessions are booked then"):
        leave(ada_id, last=MONDAY + timedelta(days=8))
    leave(ben_id)
    leave(ada_id, accept=True)
    assert db.session.query(Leave).count() == 2
    with pytest.raises(RotaWouldBreak, match="A session is booked then: 30 Nov"):
        close(MONDAY + timedelta(days=7))
    close(MONDAY + timedelta(days=8))
    close(MONDAY + timedelta(days=7), accept=True)
    assert db.session.query(LocalClosure).count() == 2


def test_another_trusts_keeper_hears_nothing(either_app: Flask) -> None:
    one = clinic()
    booked(one)
    stranger = make_staff(Role.ADMINISTRATOR).id
    with pytest.raises(Refused) as refused, writing():
        place_service.change_room(
            room_id=one.room.id, said=RoomSaid("Room 1", 1), version=1, by=stranger
        )
    assert not isinstance(refused.value, WouldBreak)
