"""Each trust's hours, closures and duty days are its own."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from mhtr.accounts.models import Organisation, OrganisationKind, Staff
from mhtr.core import clock, policy, schema
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.core.working_days import WorkingCalendar
from mhtr.tasks import queries, rota_queries, rota_service
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.escalation import escalate
from mhtr.tasks.models import DutyShift, LocalClosure, ServiceHours
from mhtr.tasks.risk_duty import owner_now
from tests.makers import make_hours, make_organisation, make_staff
from tests.overview.things import a_case, a_risk, task_again
from tests.pages import PageClient

TODAY, THURSDAY, FRIDAY = date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)
NINE_TO_FIVE = (time(9), time(17))
EARLY = (time(7), time(11))


class Neighbours:
    """Two trusts, each with a lead and a duty clinician: one open 9 to 17, the other 7 to 11."""

    def __init__(self) -> None:
        self.one, self.two = make_organisation().id, make_organisation().id
        self.leads = {home: _staff(home, Role.CLINICAL_LEAD) for home in (self.one, self.two)}
        self.duty = {home: _staff(home, Role.DUTY_CLINICIAN) for home in (self.one, self.two)}
        make_hours(self.one)
        make_hours(self.two, *EARLY)

    def lead(self, home: int) -> Staff:
        return db.session.get_one(Staff, self.leads[home])

    def close(self, home: int, day: date, *, by: int | None = None) -> None:
        with writing():
            rota_service.set_closure(
                organisation_id=home,
                day=day,
                is_open=False,
                label="Away day",
                by=by or self.leads[home],
            )

    def on_duty(self, home: int, day: date) -> None:
        with writing():
            rota_service.set_day(
                organisation_id=home,
                day=day,
                staff_ids=[self.duty[home]],
                seen=[],
                by=self.leads[home],
            )


def _staff(organisation_id: int, role: Role) -> int:
    return make_staff(role, organisation=db.session.get_one(Organisation, organisation_id)).id


def hours_on(home: int, day: date) -> tuple[time, time] | None:
    return rota_queries.calendar(home, day, day).hours(day)


@pytest.fixture
def both(either_app: Flask) -> Neighbours:
    return Neighbours()


def test_hours_set_by_one_trust_leave_the_others_alone(both: Neighbours) -> None:
    with writing():
        rota_service.set_hours(
            organisation_id=both.one,
            valid_from=TODAY,
            hours={2: (time(8), time(18))},
            by=both.leads[both.one],
            accept=True,
        )
    assert hours_on(both.one, TODAY) == (time(8), time(18))
    assert hours_on(both.one, THURSDAY) is None
    assert hours_on(both.two, TODAY) == hours_on(both.two, THURSDAY) == EARLY
    assert {row.organisation_id for row in rota_queries.hours_rows(both.two, TODAY)} == {both.two}


def test_both_may_differ_on_one_day_and_take_it_back_alone(both: Neighbours) -> None:
    both.close(both.one, FRIDAY)
    assert hours_on(both.one, FRIDAY) is None and hours_on(both.two, FRIDAY) == EARLY
    both.close(both.two, FRIDAY)
    with writing():
        rota_service.remove_closure(organisation_id=both.one, day=FRIDAY, by=both.leads[both.one])
    assert hours_on(both.one, FRIDAY) == NINE_TO_FIVE and hours_on(both.two, FRIDAY) is None
    assert [row.day for row in rota_queries.closures(both.two, TODAY)] == [FRIDAY]
    assert rota_queries.closures(both.one, TODAY) == []


def test_a_lead_keeps_no_other_trusts_hours_or_closures(both: Neighbours) -> None:
    by = both.leads[both.two]
    both.close(both.one, THURSDAY)
    with pytest.raises(Refused, match="keeps this rota"):
        both.close(both.one, FRIDAY, by=by)
    with pytest.raises(Refused, match="keeps this rota"), writing():
        rota_service.remove_closure(organisation_id=both.one, day=THURSDAY, by=by)
    with pytest.raises(Refused, match="keeps this rota"), writing():
        rota_service.set_hours(
            organisation_id=both.one, valid_from=TODAY, hours={0: EARLY}, by=by, accept=True
        )
    assert hours_on(both.one, THURSDAY) is None and hours_on(both.one, FRIDAY) == NINE_TO_FIVE


def test_who_works_elsewhere_leaves_his_duty_days_behind(both: Neighbours) -> None:
    both.on_duty(both.one, THURSDAY)
    moved = both.duty[both.one]
    assert queries.on_duty(moved, THURSDAY)
    with writing():
        db.session.get_one(Staff, moved).organisation_id = both.two
    assert not queries.on_duty(moved, THURSDAY)
    for home in (both.one, both.two):
        assert rota_queries.assigned_ids(home, THURSDAY) == ()
        assert rota_queries.cover_on(home, THURSDAY).assigned == ()
    both.duty[both.two] = moved
    both.on_duty(both.two, THURSDAY)
    assert rota_queries.assigned_ids(both.two, THURSDAY) == (moved,)


def test_a_sign_of_risk_runs_on_the_hours_of_its_owners_trust(both: Neighbours) -> None:
    assert owner_now(both.duty[both.one]).due_at == clock.now() + timedelta(minutes=60)
    assert owner_now(both.duty[both.two]).due_at == datetime(2026, 11, 19, 7, tzinfo=UTC)
    both.close(both.two, THURSDAY)
    assert owner_now(both.duty[both.two]).due_at == datetime(2026, 11, 20, 7, tzinfo=UTC)


def test_it_is_passed_on_within_the_hours_of_that_trust(app: Flask, set_clock: SetClock) -> None:
    both = Neighbours()
    tasks = {}
    for number, home in enumerate((both.one, both.two), start=1):
        owner = make_staff(Role.ASSESSOR, organisation=db.session.get_one(Organisation, home))
        tasks[home] = a_risk(owner, a_case(owner), number).id
    set_clock.advance(minutes=30)
    with writing():
        assert escalate(clock.now()) == 1
    assert task_again(tasks[both.one]).owner_staff_id == both.leads[both.one]
    assert task_again(tasks[both.two]).escalated == 0


def test_deadlines_shared_with_others_ignore_every_trusts_closures(app: Flask) -> None:
    both = Neighbours()
    both.close(both.one, THURSDAY)
    with writing():
        assert working_calendar().add(TODAY, 1) == THURSDAY
    assert working_calendar() == WorkingCalendar()


def test_without_hours_of_its_own_a_trust_goes_by_those_of_the_policy(either_app: Flask) -> None:
    home = make_organisation().id
    lead = _staff(home, Role.CLINICAL_LEAD)
    assert rota_queries.hours_missing(home)
    assert hours_on(home, TODAY) == NINE_TO_FIVE
    assert hours_on(home, date(2026, 11, 21)) is None and hours_on(home, date(2026, 12, 25)) is None
    assert owner_now(lead).due_at == clock.now() + timedelta(minutes=60)
    with writing():
        policy.set_value(
            "tasks.default_opens", 12, valid_from=TODAY, reason="Late service", by=lead
        )
    assert hours_on(home, TODAY) == (time(12), time(17))
    with writing():
        rota_service.set_hours(
            organisation_id=home, valid_from=FRIDAY, hours={4: EARLY}, by=lead, accept=True
        )
    assert not rota_queries.hours_missing(home)
    assert hours_on(home, THURSDAY) == (time(12), time(17)), "until its own begin"
    assert hours_on(home, FRIDAY) == EARLY
    assert hours_on(home, date(2026, 11, 23)) is None


@pytest.mark.parametrize("role", list(Role))
def test_who_is_told_on_today_that_no_hours_are_set(client: PageClient, role: Role) -> None:
    staff = make_staff(role)
    told = {
        Role.CLINICAL_LEAD,
        Role.SERVICE_MANAGER,
        Role.ADMINISTRATOR,
        Role.SYSTEM_ADMINISTRATOR,
    }
    home = staff.organisation_id
    client.sign_in(staff)
    page = client.page("/today")
    assert ("Your trust has set no service hours" in page) == (role in told)
    links = role in (Role.CLINICAL_LEAD, Role.SERVICE_MANAGER)
    assert ('href="/rota/hours">Set the service hours' in page) == links
    make_hours(make_organisation().id)
    assert ("Your trust has set no service hours" in client.page("/today")) == (role in told)
    make_hours(home)
    assert "Your trust has set no service hours" not in client.page("/today")


def test_an_administrator_elsewhere_is_not_told(client: PageClient) -> None:
    unit = make_organisation(OrganisationKind.PROBATION_UNIT)
    client.sign_in(make_staff(Role.SYSTEM_ADMINISTRATOR, organisation=unit))
    assert "service hours" not in client.page("/today")


def test_the_pages_show_and_change_ones_own_trust_only(client: PageClient) -> None:
    both = Neighbours()
    both.close(both.one, FRIDAY)
    client.sign_in(both.lead(both.two))
    assert "Away day" not in client.page("/rota/closures")
    hours = client.page("/rota/hours")
    assert "07:00 to 11:00" in hours and "09:00 to 17:00" not in hours
    assert client.post("/rota/closures/2026-11-20/remove").status_code == 404
    assert hours_on(both.one, FRIDAY) is None
    day = {"valid_from-day": "18", "valid_from-month": "11", "valid_from-year": "2026"}
    more = {"opens_2": "10:00", "closes_2": "12:00", "accept": "yes"}
    data = {**day, **more, "organisation_id": str(both.one), "submission_key": str(uuid4())}
    assert client.post("/rota/hours", data=data).status_code == 303
    assert hours_on(both.one, TODAY) == NINE_TO_FIVE
    assert hours_on(both.two, TODAY) == (time(10), time(12))


def test_the_rota_says_that_no_hours_are_set(client: PageClient) -> None:
    client.sign_in(make_staff(Role.CLINICAL_LEAD))
    for page in ("/rota", "/rota/hours"):
        assert "No service hours are set" in client.page(page)
    assert 'value="09:00"' in client.page("/rota/hours")


def test_what_all_shared_goes_to_every_trust_and_back(either_app: Flask) -> None:
    both = Neighbours()
    court = make_organisation(OrganisationKind.COURT_TEAM).id
    both.close(both.one, FRIDAY)
    both.close(both.two, FRIDAY)
    both.close(both.two, THURSDAY)
    both.on_duty(both.one, FRIDAY)
    both.on_duty(both.two, FRIDAY)
    with writing():  # worked for the other trust before
        gone = both.duty[both.one]
        db.session.add(DutyShift(organisation_id=both.two, day=FRIDAY, staff_id=gone, made_by=gone))
    db.session.remove()
    schema.downgrade("0007")
    with db.engine.connect() as connection:
        for table, rows in (("service_hours", 5), ("local_closures", 1), ("duty_shifts", 2)):
            query = text(f"SELECT count(*) FROM {table}")
            assert connection.execute(query).scalar_one() == rows, table
    schema.upgrade()
    assert schema.drift() == []
    for home in (both.one, both.two):
        assert hours_on(home, THURSDAY) == NINE_TO_FIVE and hours_on(home, FRIDAY) is None
        assert rota_queries.assigned_ids(home, FRIDAY) == (both.duty[home],)
    assert rota_queries.hours_missing(court)
    counts = [db.session.scalar(select(func.count(t.id))) for t in (ServiceHours, LocalClosure)]
    assert counts == [10, 2]
