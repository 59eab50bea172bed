"""How clinicians can be booked: profile, week with its history, one-off changes, who may."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Organisation, Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from sessions.availability import one_off_service, profile_service, week_service
from sessions.availability.hours_keeping import Stretch
from sessions.availability.kinds import HoursUse
from sessions.availability.models import Clinician, DatedHours, Qualification, WeeklyHours
from sessions.availability.profile_service import Profile
from sessions.therapies import Gender, Therapy
from tests.makers import make_organisation, make_staff
from tests.sessions.availability.makers import make_site
from tests.sessions.availability.test_place_service import breaks as breaks
from tests.sessions.availability.test_place_service import broken

TODAY = date(2026, 11, 18)
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
MORNING = Stretch(time(9), time(12))


class House:
    """A trust with an administrator and a clinician whose profile is kept."""

    def __init__(self) -> None:
        trust: Organisation = make_organisation()
        self.trust = trust
        self.office = make_staff(Role.ADMINISTRATOR, organisation=trust).id
        self.staff_id = make_staff(Role.ASSESSOR, organisation=trust).id
        self.keep()

    def keep(self, said: Profile | None = None, **more: Any) -> None:
        with writing():
            profile_service.keep_profile(
                staff_id=self.staff_id,
                said=said or Profile(),
                **{"version": 0, "by": self.office, **more},
            )

    @property
    def version(self) -> int:
        query = select(Clinician.version).where(Clinician.staff_id == self.staff_id)
        return db.session.scalars(query).one()

    def add(self, stretch: Stretch = MORNING, **more: Any) -> int:
        given = {"weekday": 0, "valid_from": MONDAY, "version": self.version, "by": self.office}
        with writing():
            row = week_service.add_weekly(
                staff_id=self.staff_id, stretch=stretch, **{**given, **more}
            )
            return row.id

    def change(self, hours_id: int, stretch: Stretch, since: date, **more: Any) -> None:
        given = {"weekday": 0, "version": self.version, "by": self.office}
        with writing():
            week_service.change_weekly(
                hours_id=hours_id, stretch=stretch, since=since, **{**given, **more}
            )

    def end(self, hours_id: int, last_day: date) -> None:
        with writing():
            week_service.end_weekly(
                hours_id=hours_id, last_day=last_day, version=self.version, by=self.office
            )

    def one_off(self, stretch: Stretch = MORNING, **more: Any) -> int:
        given = {"day": MONDAY, "version": self.version, "by": self.staff_id}
        with writing():
            row = one_off_service.add_dated(
                staff_id=self.staff_id, stretch=stretch, **{**given, **more}
            )
            return row.id

    def week(self) -> list[tuple[time, time, date, date | None]]:
        db.session.expire_all()
        rows = db.session.scalars(select(WeeklyHours).order_by(WeeklyHours.valid_from))
        return [(row.starts, row.ends, row.valid_from, row.valid_to) for row in rows]


def test_a_profile_is_kept_and_changed(either_app: Flask) -> None:
    house = House()
    said = Profile(Gender.MALE, 4, 15, False, True, {Therapy.CBT: False, Therapy.SKILLS: True})
    house.keep(said, version=1)
    row = db.session.scalars(select(Clinician)).one()
    assert (row.gender, row.daily_most, row.buffer_minutes) == (Gender.MALE, 4, 15)
    assert (row.telephone, row.video, row.version) == (False, True, 2)
    house.keep(Profile(delivers={Therapy.CBT: True}), version=2)
    found = db.session.scalars(select(Qualification)).all()
    assert [(one.therapy, one.groups) for one in found] == [(Therapy.CBT, True)]
    with pytest.raises(Stale):
        house.keep(version=2)


@pytest.mark.parametrize("said", [Profile(daily_most=0), Profile(buffer_minutes=61)])
def test_numbers_that_cannot_be(either_app: Flask, said: Profile) -> None:
    with pytest.raises(Refused):
        House().keep(said, version=1)


def test_only_clinicians_of_the_own_trust_who_can_sign_in(either_app: Flask) -> None:
    house, stranger = House(), make_staff(Role.CLINICAL_LEAD).id
    with pytest.raises(Refused, match="Only an administrator"):
        house.keep(version=1, by=stranger)
    with pytest.raises(Refused, match="Only an administrator"):
        house.keep(version=1, by=house.staff_id)
    with pytest.raises(Refused, match="Only an administrator"):
        house.add(by=house.staff_id)
    with writing():
        db.session.get_one(Staff, house.staff_id).disabled_at = clock.now()
    with pytest.raises(Refused, match="can sign in"):
        house.keep(version=1)
    with pytest.raises(Refused, match="can sign in"), writing():
        profile_service.keep_profile(
            staff_id=house.office, said=Profile(), version=0, by=house.office
        )


def test_a_change_from_a_day_on_keeps_what_was(either_app: Flask) -> None:
    house = House()
    hours_id = house.add(valid_to=MONDAY + 70 * DAY)
    since = MONDAY + 14 * DAY
    house.change(hours_id, Stretch(time(13), time(17)), since)
    assert house.week() == [
        (time(9), time(12), MONDAY, since - DAY),
        (time(13), time(17), since, MONDAY + 70 * DAY),
    ]
    house.end(hours_id, MONDAY + 6 * DAY)
    assert house.week()[0][3] == MONDAY + 6 * DAY


def test_hours_that_have_not_begun_are_replaced_and_gone(either_app: Flask) -> None:
    house = House()
    hours_id = house.add()
    house.change(hours_id, Stretch(time(13), time(17)), TODAY)
    assert house.week() == [(time(13), time(17), MONDAY, None)]
    hours_id = db.session.scalars(select(WeeklyHours.id)).one()
    house.end(hours_id, TODAY)
    assert house.week() == []


def test_nothing_changes_in_the_past(either_app: Flask) -> None:
    house = House()
    hours_id = house.add()
    for attempt in (
        lambda: house.add(Stretch(time(13), time(14)), valid_from=TODAY - DAY),
        lambda: house.change(hours_id, MORNING, TODAY - DAY),
        lambda: house.end(hours_id, TODAY - 2 * DAY),
        lambda: house.one_off(day=TODAY - DAY),
    ):
        with pytest.raises(Refused, match="past"):
            attempt()
    house.end(hours_id, MONDAY + 7 * DAY)
    with pytest.raises(Refused, match="over by then"):
        house.change(hours_id, MORNING, MONDAY + 8 * DAY)
    with pytest.raises(Refused, match="end before"):
        house.end(hours_id, MONDAY + 8 * DAY)


def test_a_slip_of_the_year_is_refused(either_app: Flask) -> None:
    house, last = House(), date.max
    hours_id = house.add()
    for attempt in (
        lambda: house.add(Stretch(time(13), time(14)), valid_from=last),
        lambda: house.change(hours_id, MORNING, last),
        lambda: house.one_off(day=last),
    ):
        with pytest.raises(Refused, match="within the next five years"):
            attempt()


def test_two_stretches_of_one_time_are_refused_unless_they_take_turns(either_app: Flask) -> None:
    house = House()
    house.add(every=2)
    with pytest.raises(Refused, match="already"):
        house.add(Stretch(time(11), time(13)))
    house.add(Stretch(time(11), time(13)), every=2, valid_from=MONDAY + 7 * DAY)
    house.add(Stretch(time(11), time(12), HoursUse.SUPERVISION))
    house.add(weekday=1)


@pytest.mark.parametrize(
    ("stretch", "more"),
    [
        (Stretch(time(12), time(9)), {}),
        (Stretch(time(9), time(12), HoursUse.AWAY), {}),
        (Stretch(time(9), time(12), site_id=9999), {}),
        (MORNING, {"weekday": 7}),
        (MORNING, {"every": 3}),
        (MORNING, {"valid_to": MONDAY - DAY}),
    ],
)
def test_hours_that_cannot_be(either_app: Flask, stretch: Stretch, more: dict[str, Any]) -> None:
    house = House()
    with pytest.raises(Refused):
        house.add(stretch, **more)
    assert house.week() == []


def test_another_trusts_place_is_none_of_his(either_app: Flask) -> None:
    house, site = House(), make_site(make_organisation())
    with pytest.raises(Refused, match="place of the trust"):
        house.add(Stretch(time(9), time(12), site_id=site.id))


def test_his_own_one_off_changes_and_nobody_elses(either_app: Flask) -> None:
    house = House()
    change_id = house.one_off()
    colleague = make_staff(Role.ASSESSOR, organisation=house.trust).id
    with pytest.raises(Refused, match="Only an administrator"):
        house.one_off(Stretch(time(14), time(15)), by=colleague)
    with pytest.raises(Refused, match="at that time"):
        house.one_off(Stretch(time(11), time(13), HoursUse.AWAY), by=house.office)
    version = house.version
    with pytest.raises(Refused, match="Only an administrator"), writing():
        one_off_service.take_back_dated(change_id=change_id, version=version, by=colleague)
    with pytest.raises(Stale), writing():
        one_off_service.take_back_dated(change_id=change_id, version=version - 1, by=house.staff_id)
    with writing():
        one_off_service.take_back_dated(change_id=change_id, version=version, by=house.staff_id)
    assert db.session.query(DatedHours).count() == 0


def test_a_one_off_change_that_has_passed_stays(either_app: Flask, set_clock: Any) -> None:
    house = House()
    change_id = house.one_off()
    set_clock.advance(days=10)
    with pytest.raises(Refused, match="stays on record"), writing():
        one_off_service.take_back_dated(change_id=change_id, version=house.version, by=house.office)


def test_what_would_break_is_asked_of_each_kind_of_edit(
    either_app: Flask, breaks: list[Any]
) -> None:
    house = House()
    hours_id, change_id = house.add(), house.one_off(Stretch(time(14), time(15)))
    breaks.append(broken())
    for attempt in (
        lambda: house.keep(version=house.version),
        lambda: house.add(Stretch(time(10), time(11), HoursUse.SUPERVISION)),
        lambda: house.change(hours_id, Stretch(time(9), time(10)), MONDAY),
        lambda: house.end(hours_id, TODAY),
        lambda: house.one_off(Stretch(time(16), time(17), HoursUse.AWAY)),
        lambda: take_back(house, change_id),
    ):
        before = (house.version, house.week())
        with pytest.raises(Refused, match="no longer fits"):
            attempt()
        assert (house.version, house.week()) == before


def take_back(house: House, change_id: int) -> None:
    version = house.version
    with writing():
        one_off_service.take_back_dated(change_id=change_id, version=version, by=house.staff_id)
