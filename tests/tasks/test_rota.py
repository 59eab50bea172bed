"""The duty rota through its services."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from mhtr.accounts import service as accounts
from mhtr.accounts.models import Organisation, Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.tasks import leave_service, rota_queries, rota_service
from mhtr.tasks import service as tasks
from mhtr.tasks.models import DutyShift, ServiceHours, TaskKind
from mhtr.tasks.rota_keeping import WouldBreak
from tests.makers import make_staff
from tests.tasks.rotas import FRIDAY, THURSDAY, WEDNESDAY, House
from tests.tasks.rotas import house as house

SATURDAY = date(2026, 11, 21)


def test_a_day_is_set_and_shows_who_is_there(house: House) -> None:
    house.on_duty(THURSDAY, house.one, house.two)
    assert rota_queries.cover_on(house.id, THURSDAY).there == ("Ann One", "Bob Two")
    assert THURSDAY not in rota_queries.bare_days(house.id)
    assert FRIDAY in rota_queries.bare_days(house.id)


def test_an_edit_of_a_page_read_earlier_is_refused(house: House) -> None:
    house.on_duty(THURSDAY, house.one)
    with pytest.raises(Stale):
        house.on_duty(THURSDAY, house.two, seen=())
    assert rota_queries.cover_on(house.id, THURSDAY).assigned == ("Ann One",)


def test_the_last_duty_clinician_leaves_knowingly_only(house: House) -> None:
    house.on_duty(THURSDAY, house.one)
    with pytest.raises(WouldBreak, match="Thu 19 Nov"):
        house.on_duty(THURSDAY, seen=(house.one,))
    house.on_duty(THURSDAY, seen=(house.one,), accept=True)
    assert rota_queries.cover_on(house.id, THURSDAY).bare


def test_a_disabled_account_covers_nothing(house: House) -> None:
    house.on_duty(THURSDAY, house.one)
    with writing():
        accounts.disable(house.one, by=None)
    assert THURSDAY in rota_queries.bare_days(house.id)


def test_only_keepers_of_this_rota_change_it(house: House) -> None:
    other_lead = make_staff(Role.CLINICAL_LEAD).id
    for by in (house.one, other_lead):
        with pytest.raises(Refused, match="keeps this rota"), writing():
            rota_service.set_day(
                organisation_id=house.id, day=THURSDAY, staff_ids=[house.one], seen=[], by=by
            )


def test_only_clinicians_of_the_trust_are_on_duty(house: House) -> None:
    clerk = make_staff(Role.ADMINISTRATOR, organisation=db.session.get_one(Organisation, house.id))
    for staff in (clerk.id, make_staff(Role.DUTY_CLINICIAN).id):
        with pytest.raises(Refused, match="Only clinical staff"):
            house.on_duty(THURSDAY, staff)


def test_filling_leaves_out_closed_days_and_leave(house: House) -> None:
    house.leave(house.one, FRIDAY, FRIDAY)
    with writing():
        added = rota_service.fill(
            organisation_id=house.id,
            staff_id=house.one,
            first=WEDNESDAY,
            last=WEDNESDAY + timedelta(days=6),
            weekdays=range(7),
            by=house.lead,
        )
    days = db.session.scalars(select(DutyShift.day).order_by(DutyShift.day)).all()
    assert added == 4 == len(days) and FRIDAY not in days and SATURDAY not in days


def test_hours_change_from_a_day_on(house: House) -> None:
    with writing():
        rota_service.set_hours(
            organisation_id=house.id,
            valid_from=FRIDAY,
            hours={4: (time(8), time(18))},
            by=house.lead,
            accept=True,
        )
    assert rota_queries.cover_on(house.id, THURSDAY).hours == (time(9), time(17))
    assert rota_queries.cover_on(house.id, FRIDAY).hours == (time(8), time(18))
    assert rota_queries.cover_on(house.id, FRIDAY + timedelta(days=3)).hours is None
    assert db.session.query(ServiceHours).count() == 6


def test_opening_a_day_nobody_covers_is_said(house: House) -> None:
    with pytest.raises(WouldBreak, match="Sat 21 Nov"), writing():
        rota_service.set_closure(
            organisation_id=house.id, day=SATURDAY, is_open=True, label="Extra", by=house.lead
        )
    house.on_duty(SATURDAY, house.one)
    with writing():
        rota_service.set_closure(
            organisation_id=house.id, day=SATURDAY, is_open=True, label="Extra", by=house.lead
        )
    assert rota_queries.cover_on(house.id, SATURDAY).hours == (time(9), time(17))
    with writing():
        rota_service.remove_closure(organisation_id=house.id, day=SATURDAY, by=house.lead)
    assert rota_queries.cover_on(house.id, SATURDAY).hours is None


def test_leave_says_which_days_and_tasks_it_leaves(house: House) -> None:
    house.on_duty(THURSDAY, house.one)
    with writing():
        tasks.open_task(
            TaskKind.RISK_REVIEW,
            key="risk:1",
            title="Risk review",
            owner_principal_id=db.session.get_one(Staff, house.one).principal_id,
            owner_staff_id=house.one,
            due_at=clock.now(),
            by=None,
        )
    with pytest.raises(WouldBreak) as refusal:
        house.leave(house.one, WEDNESDAY, FRIDAY)
    assert "Thu 19 Nov" in str(refusal.value) and "1 open risk task" in str(refusal.value)
    house.leave(house.one, WEDNESDAY, FRIDAY, cover=house.two)
    assert rota_queries.cover_on(house.id, THURSDAY).there == ("Bob Two",)


def test_cover_must_be_there_and_able(house: House) -> None:
    house.leave(house.two, THURSDAY, THURSDAY)
    clerk = make_staff(Role.ADMINISTRATOR, organisation=db.session.get_one(Organisation, house.id))
    for cover in (house.two, house.one, clerk.id):
        with pytest.raises(Refused):
            house.leave(house.one, WEDNESDAY, FRIDAY, cover=cover)


def test_leave_of_others_is_for_those_who_keep_the_rota(house: House) -> None:
    with pytest.raises(Refused):
        house.leave(house.one, THURSDAY, THURSDAY, by=house.two)
    leave = house.leave(house.one, THURSDAY, THURSDAY, by=house.lead)
    with pytest.raises(Refused, match="already"):
        house.leave(house.one, WEDNESDAY, FRIDAY)
    with pytest.raises(Refused), writing():
        leave_service.cancel_leave(leave, by=house.two)
    with writing():
        leave_service.cancel_leave(leave, by=house.one)
    assert not rota_queries.leaves(house.id, WEDNESDAY)
