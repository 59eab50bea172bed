"""Who a sign of risk was given to can open it; other work of a closed account is on a list."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Organisation, Staff
from mhtr.core import access, clock
from mhtr.core.access import Grant, Purpose
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview import task_service
from mhtr.tasks import rehoming
from mhtr.tasks.models import (
    TaskKind,
)
from mhtr.tasks.policy import GRANT_DAYS
from tests.overview.things import a_task, task_again
from tests.pages import PageClient
from tests.tasks.trust import Trust, disabled, opens, run


def test_its_owner_can_open_it_for_as_long_as_it_is_open(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    with writing():
        task_service.hand_over(task_id=trust.task_id, to_staff_id=trust.duty.id, by=trust.lead.id)
    set_clock.advance(days=60)
    assert opens(app, trust.duty, trust.task) == 200
    with writing():
        task_service.record_outcome(
            task_id=trust.task_id, outcome="Rang him", plan="See him", by=trust.duty.id
        )
    set_clock.advance(days=GRANT_DAYS, minutes=-1)
    assert opens(app, trust.duty, trust.task) == 200
    set_clock.advance(minutes=2)
    assert opens(app, trust.duty, trust.task) == 404


def test_who_handed_it_over_keeps_it_for_some_days_only(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    for to, by in ((trust.duty, trust.lead), (trust.lead, trust.duty)):
        with writing():
            task_service.hand_over(task_id=trust.task_id, to_staff_id=to.id, by=by.id)
    row = db.session.scalars(
        select(Grant).where(Grant.principal_id == trust.duty.principal_id)
    ).one()
    assert row.ends_at == clock.now() + timedelta(days=GRANT_DAYS)


def test_an_ended_grant_is_given_again_while_it_is_open(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    with writing():
        access.end_grants(trust.case.id, Purpose.CLINICAL, because="test", by=None)
    set_clock.advance(seconds=1)
    assert opens(app, trust.assessor, trust.task) == 404
    run()
    assert opens(app, trust.assessor, trust.task) == 200


def test_other_work_of_a_closed_account_is_on_the_trusts_list(app: Flask) -> None:
    trust = Trust()
    give_all(trust)
    kinds = (TaskKind.ASSESS, TaskKind.RELEASE, TaskKind.REVISE)
    made = [a_task(kind, trust.assessor, trust.case).id for kind in kinds]
    with writing():
        disabled(trust)
    home = db.session.get_one(Organisation, trust.home.id)
    for task_id in made:
        task = task_again(task_id)
        assert (task.owner_principal_id, task.owner_staff_id) == (home.principal_id, None)
    client = app.test_client()
    assert isinstance(client, PageClient)
    page = client.sign_in(trust.lead).page("/today")
    assert all(f">{action}<" in page for action in ("Assess", "Release", "Revise"))


def give_all(trust: Trust) -> None:
    home = db.session.get_one(Organisation, trust.home.id).principal_id
    with writing():
        access.grant(trust.case.id, Purpose.CLINICAL, home, because="test", by=None)


def test_accounts_closed_long_ago_leave_nothing_behind(app: Flask) -> None:
    trust = Trust()
    made = a_task(TaskKind.ASSESS, trust.assessor, trust.case).id
    with writing():
        db.session.get_one(Staff, trust.assessor.id).disabled_at = clock.now()
    with writing():
        assert rehoming.rehome_left(clock.now()) == 2
    assert task_again(made).owner_staff_id is None
    with writing():
        assert rehoming.rehome_left(clock.now()) == 0
