"""A sign of risk always has an owner who can open it and is at work next."""

from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import service as accounts
from mhtr.accounts.models import Staff
from mhtr.cases import access_service
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview import task_service
from mhtr.tasks import leave_service, rehoming
from mhtr.tasks import service as tasks
from mhtr.tasks.models import (
    LocalClosure,
    Notice,
    ServiceHours,
    Task,
)
from mhtr.tasks.risk_duty import looks_next, read_rota
from tests.counts import count
from tests.faults.every_statement import fail_at_each
from tests.makers import make_staff
from tests.pages import PageClient
from tests.tasks.trust import Trust, disabled, opens, run


def told(staff: Staff) -> list[str]:
    query = select(Notice.text).where(Notice.principal_id == staff.principal_id)
    return list(db.session.scalars(query.order_by(Notice.id)))


def excluded(trust: Trust) -> None:
    staff = trust.assessor
    access_service.exclude(
        trust.case.id, username=staff.username, reason="family", by=trust.lead.id
    )


def no_clinician(trust: Trust) -> None:
    accounts.set_roles(trust.assessor.id, {Role.ADMINISTRATOR}, by=trust.admin.id)


def on_leave(trust: Trust) -> None:
    leave_service.plan_leave(
        staff_id=trust.assessor.id,
        first=clock.today(),
        last=clock.today(),
        cover_staff_id=None,
        by=trust.assessor.id,
        accept=True,
    )


@pytest.mark.parametrize("goes", [excluded, disabled, no_clinician, on_leave])
def test_it_moves_in_the_same_transaction(either_app: Flask, goes: object) -> None:
    trust = Trust()
    assert callable(goes)
    with writing():
        tasks.acknowledge(db.session.get_one(Task, trust.task_id), by=trust.assessor.id)
    with writing():
        goes(trust)
        assert db.session.get_one(Task, trust.task_id).owner_staff_id == trust.duty.id
    assert trust.task.acknowledged_at is None, "its new owner has yet to see it"
    assert told(trust.duty) == [rehoming.YOURS]
    assert opens(either_app, trust.duty, trust.task) == 200


def test_no_statement_that_fails_leaves_it_with_who_is_gone(either_app: Flask) -> None:
    trust = Trust()

    def leave() -> None:
        with writing():
            disabled(trust)

    def sound() -> None:
        assert trust.owner == trust.duty.id

    fail_at_each(leave, stride=count(4, 1), sound=sound)


def test_leave_to_come_moves_it_when_it_begins(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    tomorrow = clock.today() + timedelta(days=1)
    with writing():
        leave_service.plan_leave(
            staff_id=trust.assessor.id,
            first=tomorrow,
            last=tomorrow,
            cover_staff_id=None,
            by=trust.assessor.id,
            accept=True,
        )
        tasks.acknowledge(db.session.get_one(Task, trust.task_id), by=trust.assessor.id)
    assert trust.owner == trust.assessor.id
    set_clock.advance(hours=13)
    assert run() == 1, "an hour past midnight, before the service opens"
    assert trust.owner == trust.lead.id


def test_an_absent_lead_never_holds_it_silently(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    trust.away(trust.lead, days=9)
    trust.away(trust.assessor, trust.duty, days=2)
    with writing():
        task_service.hand_over(task_id=trust.task_id, to_staff_id=trust.lead.id, by=trust.duty.id)
    assert run() == 1
    # The lead is away for long, so it waits for whoever is back first, and the page says so.
    assert trust.owner == trust.assessor.id
    looks = looks_next(trust.task)
    assert looks is not None
    assert looks.astimezone(clock.LONDON).strftime("%a %d %H:%M") == "Fri 20 09:00"
    client = app.test_client()
    assert isinstance(client, PageClient)
    page = client.sign_in(trust.assessor).page(f"/tasks/{trust.task.ref}")
    assert "It waits for Ana Assessor, at work next on Friday 20 November 2026" in page
    assert told(trust.manager) == [rehoming.WAITS]
    for _ in range(3):
        assert run() == 0, "it goes back and forth between people who are away"
    assert told(trust.lead)[-1] == rehoming.WAITS


def test_somebody_at_work_comes_before_a_lead_who_is_away(app: Flask) -> None:
    trust = Trust()
    other = make_staff(Role.ASSESSOR, organisation=trust.home, name="Otto Other")
    trust.away(trust.assessor, trust.duty, trust.lead)
    assert run() == 1
    assert trust.owner == other.id
    assert opens(app, other, trust.task) == 200


def test_outside_hours_the_page_names_who_looks_and_when(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    set_clock.advance(hours=8)
    client = app.test_client()
    assert isinstance(client, PageClient)
    page = client.sign_in(trust.assessor).page(f"/tasks/{trust.task.ref}")
    assert "It waits for Ana Assessor, at work next on Thursday 19 November 2026" in page
    set_clock.advance(hours=14)
    assert "It waits for" not in client.sign_in(trust.assessor).page(f"/tasks/{trust.task.ref}")


def test_nobody_at_all_is_said(app: Flask) -> None:
    trust = Trust()
    trust.away(trust.assessor, trust.duty, trust.lead, days=90)
    assert run() == 0
    assert told(trust.manager) == [rehoming.WAITS]
    client = app.test_client()
    assert isinstance(client, PageClient)
    page = client.sign_in(trust.lead).page(f"/tasks/{trust.task.ref}")
    assert "A clinical lead must hand it over now" in page


def test_the_end_of_the_chain_is_told_once(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    for _ in range(4):
        set_clock.advance(minutes=30)
        run()
    assert trust.owner == trust.lead.id
    assert told(trust.manager) == [
        "A sign of risk has gone to everybody there is at work and nobody has seen it yet."
    ]


def test_planned_hours_count_from_the_day_they_begin(app: Flask) -> None:
    trust = Trust()
    with writing():
        for row in db.session.scalars(select(ServiceHours)):
            row.valid_to = clock.today()
        db.session.add(
            ServiceHours(
                organisation_id=trust.home.id,
                weekday=5,
                opens=time(10),
                closes=time(14),
                valid_from=clock.today() + timedelta(days=1),
            )
        )
        day = date(2026, 11, 21)
        db.session.add(LocalClosure(organisation_id=trust.home.id, day=day, label="Fair"))
    rota = read_rota(trust.home.id, clock.today())
    assert rota.hours.on(clock.today()) == (time(9), time(17))
    assert rota.hours.on(clock.today() + timedelta(days=1)) is None
    assert rota.hours.on(date(2026, 11, 21)) is None
    assert rota.hours.on(date(2026, 11, 28)) == (time(10), time(14))
