"""A report that waits for a signature when its case moves to another trust."""

from flask import Flask
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core.access import Grant, Role
from mhtr.core.database import db
from mhtr.suitability.models import CountersignRequest
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake.house import accept
from tests.intake.two_trusts import Two
from tests.makers import make_organisation, make_staff, make_team
from tests.suitability import journey
from tests.suitability.journey import People


def open_task(kind: TaskKind) -> Task:
    db.session.rollback()
    open_ones = select(Task).where(Task.kind == kind, Task.state == TaskState.OPEN)
    return db.session.scalars(open_ones).one()


def test_any_lead_of_the_new_trust_reads_it_and_comments_come_to_the_new_trust(
    app: Flask,
) -> None:
    two = Two()
    case = two.refer()
    accept(two, case, two.assessor)
    lead = make_staff(Role.CLINICAL_LEAD, organisation=two.trust, hcpc="PYL000778")
    court = make_staff(Role.COURT_PROBATION)
    people = People(case, two.assessor, lead, lead, court, make_team(make_organisation()))
    request = journey.sent(journey.finished(people), people, lead.id)
    assert open_task(TaskKind.COUNTERSIGN).owner_staff_id == lead.id
    two.move(db.session.get_one(Case, case.id))
    assert open_task(TaskKind.COUNTERSIGN).owner_principal_id == two.north.principal_id
    request = db.session.get_one(CountersignRequest, request.id)
    assert request.lead_id is None
    journey.decided(request, two.north_lead.id, comment="Say more")
    revise = open_task(TaskKind.REVISE)
    assert (revise.owner_principal_id, revise.owner_staff_id) == (two.north.principal_id, None)


def test_asking_for_a_signature_lets_no_former_trust_in_again(app: Flask) -> None:
    two = Two()
    case = two.refer()
    accept(two, case, two.assessor)
    court = make_staff(Role.COURT_PROBATION)
    people = People(case, two.assessor, two.lead, two.lead, court, make_team(make_organisation()))
    made = journey.finished(people)
    two.move(db.session.get_one(Case, case.id))
    journey.sent(made, people)
    assert open_task(TaskKind.COUNTERSIGN).owner_principal_id == two.north.principal_id
    held = select(Grant.id).where(
        Grant.case_id == case.id,
        Grant.principal_id == two.trust.principal_id,
        Grant.ends_at.is_(None),
    )
    assert db.session.scalars(held).first() is None
