"""Passing on in the database: told, granted, noted, once; never past an acknowledgement."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import access, clock
from mhtr.core.access import Exclusion, Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks import service as tasks
from mhtr.tasks.escalation import escalate
from mhtr.tasks.escalation_rules import Stage
from mhtr.tasks.models import DutyShift, Leave, Notice, Task
from tests.makers import make_hours, make_organisation, make_staff
from tests.overview.things import a_case, a_risk, task_again


class Trust:
    """A trust open nine to five with an assessor, a duty clinician and a lead."""

    def __init__(self) -> None:
        home = make_organisation()
        self.assessor = make_staff(Role.ASSESSOR, organisation=home)
        self.duty = make_staff(Role.DUTY_CLINICIAN, organisation=home)
        self.lead = make_staff(Role.CLINICAL_LEAD, organisation=home)
        self.elsewhere = make_staff(Role.CLINICAL_LEAD)
        make_hours(home.id)
        with writing():
            db.session.add(
                DutyShift(
                    organisation_id=home.id,
                    day=clock.today(),
                    staff_id=self.duty.id,
                    made_by=self.lead.id,
                )
            )
        self.case = a_case(self.assessor)
        self.task_id = a_risk(self.assessor, self.case, 1).id

    @property
    def task(self) -> Task:
        return task_again(self.task_id)

    def owned_by(self, staff: Staff) -> bool:
        return (self.task.owner_staff_id, self.task.owner_principal_id) == (
            staff.id,
            staff.principal_id,
        )


def run() -> int:
    with writing():
        return escalate(clock.now())


def test_up_the_chain_and_no_further(either_app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    assert run() == 0
    set_clock.advance(minutes=30)
    assert run() == 1
    assert trust.owned_by(trust.duty)
    assert run() == 0, "a second run changes nothing"
    set_clock.advance(minutes=30)
    assert run() == 1
    assert trust.owned_by(trust.lead)
    set_clock.advance(minutes=120)
    assert run() == 0
    assert trust.owned_by(trust.lead)
    told = db.session.scalars(select(Notice.principal_id).order_by(Notice.id)).all()
    assert told == [
        trust.duty.principal_id,
        trust.assessor.principal_id,
        trust.lead.principal_id,
        trust.duty.principal_id,
    ]
    assert trust.task.escalated == Stage.CLINICAL_LEAD
    noted = db.session.scalars(
        select(AuditEvent.id).where(AuditEvent.action == "tasks.escalated")
    ).all()
    assert len(noted) == 2


def test_whoever_has_seen_it_keeps_it(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    with writing():
        tasks.acknowledge(db.session.get_one(Task, trust.task_id), by=trust.assessor.id)
    set_clock.advance(hours=3)
    assert run() == 0
    assert trust.owned_by(trust.assessor)


def test_the_leads_are_told_once_of_one_seen_and_left(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    with writing():
        task = db.session.get_one(Task, trust.task_id)
        tasks.acknowledge(task, by=trust.assessor.id)
        task.due_at = clock.now()
    set_clock.advance(minutes=119)
    run()
    assert db.session.scalars(select(Notice)).all() == []
    set_clock.advance(minutes=1)
    for _ in range(2):
        run()
    told = db.session.scalars(select(Notice.principal_id)).all()
    assert told == [trust.lead.principal_id]
    assert trust.owned_by(trust.assessor)


def _disabled(trust: Trust) -> None:
    db.session.merge(trust.assessor).disabled_at = clock.now()


def _away(trust: Trust) -> None:
    today = clock.today()
    db.session.add(Leave(staff_id=trust.assessor.id, first_day=today, last_day=today))


def _no_clinician(trust: Trust) -> None:
    db.session.merge(trust.assessor).roles.clear()


def _shut_out(trust: Trust) -> None:
    db.session.add(
        Exclusion(
            case_id=trust.case.id,
            principal_id=trust.assessor.principal_id,
            because="family",
            starts_at=clock.now(),
        )
    )


@pytest.mark.parametrize("goes", [_disabled, _away, _no_clinician, _shut_out])
def test_seen_or_not_it_goes_on_at_once_when_its_owner_cannot_see_to_it(
    app: Flask, set_clock: SetClock, goes: Callable[[Trust], None]
) -> None:
    trust = Trust()
    with writing():
        tasks.acknowledge(db.session.get_one(Task, trust.task_id), by=trust.assessor.id)
        goes(trust)
    set_clock.advance(minutes=5)
    assert run() == 1
    assert trust.owned_by(trust.duty)
    assert trust.task.acknowledged_at is None, "its new owner has yet to see it"
    assert run() == 0


def test_whoever_covers_his_leave_comes_first(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    cover = make_staff(Role.ASSESSOR, organisation=trust.assessor.organisation)
    today = clock.today()
    with writing():
        db.session.add(
            Leave(
                staff_id=trust.assessor.id,
                first_day=today,
                last_day=today,
                cover_staff_id=cover.id,
            )
        )
    run()
    assert trust.owned_by(cover)


def test_outside_service_hours_it_waits_with_its_owner(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    set_clock.advance(hours=6)
    assert run() == 0
    assert trust.owned_by(trust.assessor)


def test_the_next_owner_may_see_even_a_restricted_case(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    with writing():
        db.session.merge(trust.case).restricted = True
    set_clock.advance(minutes=30)
    run()
    held = db.session.scalars(
        select(access.Grant).where(access.Grant.principal_id == trust.duty.principal_id)
    ).one()
    assert held.purpose is Purpose.CLINICAL
    assert held.by_name
    assert held.because == "tasks.risk_review"
    assert held.ends_at is None, "as long as it is open"


def test_never_to_somebody_who_must_not_see_the_case(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    with writing():
        db.session.add(
            Exclusion(
                case_id=trust.case.id,
                principal_id=trust.duty.principal_id,
                because="family",
                starts_at=clock.now(),
            )
        )
    set_clock.advance(minutes=30)
    assert run() == 1
    assert trust.owned_by(trust.lead)


def test_a_lead_of_another_trust_is_never_asked(app: Flask, set_clock: SetClock) -> None:
    trust = Trust()
    with writing():
        for one in (trust.duty, trust.lead):
            db.session.merge(one).disabled_at = clock.now()
    set_clock.advance(minutes=60)
    assert run() == 0
    assert trust.owned_by(trust.assessor)


def test_only_inside_a_write_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        escalate(clock.now())
