"""The duty rota through its services and pages."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import service as accounts
from mhtr.accounts.models import Organisation, Staff
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.tasks import leave_service, rota_queries, rota_service
from mhtr.tasks import service as tasks
from mhtr.tasks.models import DutyShift, ServiceHours, TaskKind
from mhtr.tasks.rota_keeping import WouldBreak
from tests.makers import make_hours, make_organisation, make_staff
from tests.pages import PageClient

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)
SEES = CLINICAL_ROLES | {Role.SERVICE_MANAGER, Role.ADMINISTRATOR}
KEEPS = {Role.CLINICAL_LEAD, Role.SERVICE_MANAGER}


class House:
    """A trust with a lead who keeps the rota, and two duty clinicians."""

    def __init__(self) -> None:
        self.trust: Organisation = make_organisation()
        self.id = self.trust.id
        self.lead = make_staff(Role.CLINICAL_LEAD, organisation=self.trust, name="Lea Dee").id
        self.one = make_staff(Role.DUTY_CLINICIAN, organisation=self.trust, name="Ann One").id
        self.two = make_staff(Role.DUTY_CLINICIAN, organisation=self.trust, name="Bob Two").id
        make_hours(self.id)

    def on_duty(self, day: date, *staff: int, seen: tuple[int, ...] = (), **more: bool) -> None:
        with writing():
            rota_service.set_day(
                organisation_id=self.id,
                day=day,
                staff_ids=staff,
                seen=seen,
                by=self.lead,
                **more,
            )

    def leave(
        self,
        staff: int,
        first: date,
        last: date,
        *,
        by: int = 0,
        cover: int | None = None,
        accept: bool = False,
    ) -> int:
        with writing():
            return leave_service.plan_leave(
                staff_id=staff,
                first=first,
                last=last,
                cover_staff_id=cover,
                by=by or staff,
                accept=accept,
            ).id


@pytest.fixture
def house(either_app: Flask) -> House:
    return House()


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


@pytest.mark.parametrize("role", list(Role))
def test_who_reaches_the_rota(client: PageClient, role: Role) -> None:
    trust = make_organisation()
    client.sign_in(make_staff(role, organisation=trust))
    sees = role in SEES
    assert client.get("/rota").status_code == (200 if sees else 403)
    for page in ("/rota/fill", "/rota/hours", "/rota/closures", "/rota/days/2026-11-19"):
        assert client.get(page).status_code == (200 if role in KEEPS else 403)
    assert client.get("/rota/leave").status_code == (200 if sees else 403)


def test_an_administrator_runs_leave_and_decides_about_no_duty(client: PageClient) -> None:
    house = House()
    trust = db.session.get_one(Organisation, house.id)
    clerk = make_staff(Role.ADMINISTRATOR, organisation=trust, name="Cleo Clerk")
    elsewhere = make_staff(Role.ADMINISTRATOR)
    house.on_duty(THURSDAY, house.one)
    clerk_id, elsewhere_id = clerk.id, elsewhere.id
    client.sign_in(clerk)
    page = client.page("/rota?month=2026-11")
    assert "Ann One" in page
    assert "Fill several days" not in page and "/rota/days/" not in page
    assert 'href="/rota/leave"' in page and 'href="/rota"' in client.page("/today")
    assert "Ann One" in client.page("/rota/leave")
    leave = house.leave(house.two, FRIDAY, FRIDAY, by=clerk_id)
    assert "Bob Two" in client.page("/rota/leave")
    with pytest.raises(Refused, match="enters the leave of others"):
        house.leave(house.one, FRIDAY, FRIDAY, by=elsewhere_id)
    with writing():
        leave_service.cancel_leave(leave, by=clerk_id)
    with pytest.raises(Refused, match="keeps this rota"), writing():
        rota_service.set_day(
            organisation_id=house.id,
            day=THURSDAY,
            staff_ids=[house.two],
            seen=[house.one],
            by=clerk_id,
        )
    assert client.post("/rota/days/2026-11-19", data={}).status_code == 403


def test_an_organisation_that_treats_nobody_has_no_rota(client: PageClient) -> None:
    from mhtr.accounts.models import OrganisationKind

    unit = make_organisation(OrganisationKind.PROBATION_UNIT)
    client.sign_in(make_staff(Role.SERVICE_MANAGER, organisation=unit))
    assert client.get("/rota").status_code == 404


def test_the_pages_do_what_they_say(client: PageClient) -> None:
    house = House()
    client.sign_in(db.session.get_one(Staff, house.lead))
    data = {"people": [str(house.one)], "seen": "", "submission_key": str(uuid4())}
    assert client.post("/rota/days/2026-11-19", data=data).status_code == 303
    assert "Ann One" in client.page("/rota?month=2026-11")
    data = {"people": [], "seen": str(house.one), "submission_key": str(uuid4())}
    asked = client.post("/rota/days/2026-11-19", data=data)
    assert asked.status_code == 422 and "Save it all the same" in asked.get_data(as_text=True)
    assert client.post("/rota/days/2026-11-19", data={**data, "accept": "yes"}).status_code == 303
    stale = {"people": [str(house.two)], "seen": str(house.one), "submission_key": str(uuid4())}
    answer = client.post("/rota/days/2026-11-19", data=stale)
    assert answer.status_code == 422 and "Somebody else changed" in answer.get_data(as_text=True)
    assert client.get("/rota/days/yesterday").status_code == 404


def test_hours_closures_and_leave_are_entered(client: PageClient) -> None:
    house = House()
    client.sign_in(db.session.get_one(Staff, house.lead))
    day = {"valid_from-day": "20", "valid_from-month": "11", "valid_from-year": "2026"}
    half = {**day, "opens_0": "9:00", "submission_key": str(uuid4())}
    answer = client.post("/rota/hours", data=half)
    assert answer.status_code == 422 and "Enter both times" in answer.get_data(as_text=True)
    whole = {**half, "closes_0": "17:00"}
    assert client.post("/rota/hours", data=whole).status_code == 303
    closure = {
        "day-day": "23",
        "day-month": "11",
        "day-year": "2026",
        "kind": "closed",
        "label": "Training day",
        "submission_key": str(uuid4()),
    }
    assert client.post("/rota/closures", data=closure).status_code == 303
    assert "Training day" in client.page("/rota/closures")
    assert client.post("/rota/closures/2026-11-23/remove").status_code == 303
    leave = {
        "person": str(house.one),
        **{f"first-{k}": v for k, v in (("day", "1"), ("month", "12"), ("year", "2026"))},
        **{f"last-{k}": v for k, v in (("day", "4"), ("month", "12"), ("year", "2026"))},
        "cover": str(house.two),
        "submission_key": str(uuid4()),
    }
    assert client.post("/rota/leave", data=leave).status_code == 303
    page = client.page("/rota/leave")
    assert "Ann One" in page and "Bob Two" in page
    ref = rota_queries.leaves(house.id, WEDNESDAY)[0].ref
    client.sign_in(db.session.get_one(Staff, house.two))
    assert client.post(f"/rota/leave/{ref}/cancel").status_code == 404


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "1999-12", "2101-01", "0000-00", "x"])
def test_a_month_at_the_end_of_the_calendar_shows_this_one(client: PageClient, month: str) -> None:
    client.sign_in(db.session.get_one(Staff, House().lead))
    assert "November 2026" in client.page(f"/rota?month={month}")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_no_page(client: PageClient, day: str) -> None:
    client.sign_in(db.session.get_one(Staff, House().lead))
    assert client.get(f"/rota/days/{day}").status_code == 404
