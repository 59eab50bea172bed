"""A court of another trust: access ends here, begins there; no task is left behind; both told."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import break_glass_service
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import court_case, onward_service, referral_queries, triage
from mhtr.intake.models import OnwardReferral
from mhtr.intake.queries import referral_of
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.tasks import risk_duty
from mhtr.tasks import service as tasks
from mhtr.tasks.models import DutyShift, Notice, Task, TaskKind, TaskState
from tests.intake.house import accept, live, notices, open_kinds
from tests.intake.two_trusts import NORTH, Two
from tests.makers import make_staff
from tests.pages import PageClient

BOTH = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
GONE = "A case of your trust has moved to a court of another trust, which has it now"


@pytest.fixture
def two(app: Flask) -> Two:
    return Two()


def sees(staff: Staff, case: Case) -> bool:
    db.session.rollback()
    viewer = replace(viewer_of(db.session.get_one(Staff, staff.id)), emergency=True)
    found = select(Case.id).where(Case.id == case.id, in_scope(viewer, *Purpose))
    return db.session.scalars(found).first() is not None


def tasks_of(case: Case, kind: TaskKind) -> list[Task]:
    return list(
        db.session.scalars(
            select(Task).where(
                Task.case_id == case.id, Task.kind == kind, Task.state == TaskState.OPEN
            )
        )
    )


def test_access_and_work_go_to_the_trust_of_the_court(either_app: Flask) -> None:
    two = Two()
    case = two.refer()
    accept(two, case, two.assessor)
    two.move(case)
    assert case.assessor_id is None
    referral = referral_of(case.id)
    assert referral and referral.trust_id == two.north.id
    for former in (two.lead, two.administrator):
        assert not sees(former, case)
    for new in (two.north_lead, two.north_assessor):
        assert sees(new, case)
    (task,) = tasks_of(case, TaskKind.ALLOCATE)
    assert task.owner_principal_id == two.north.principal_id
    assert TaskKind.ASSESS not in open_kinds(case)
    former_people = {two.trust.principal_id, two.lead.principal_id, two.assessor.principal_id}
    for each in db.session.scalars(select(Task).where(Task.state == TaskState.OPEN)):
        assert each.owner_principal_id not in former_people, each.kind
    assert referral_queries.what_became(case) == "Accepted; waiting for an assessor"
    with writing():
        triage.allocate(
            case_id=case.id,
            version=case.version,
            assessor_id=two.north_assessor.id,
            by=two.north_lead.id,
        )
    assert case.assessor_id == two.north_assessor.id


def test_the_former_assessor_has_days_to_hand_over_and_no_more(
    two: Two, set_clock: SetClock
) -> None:
    case = two.refer()
    accept(two, case, two.assessor)
    two.move(case)
    assert sees(two.assessor, case)
    assert any("Hand it over" in text for text in notices(two.assessor))
    set_clock.advance(days=5)
    assert not sees(two.assessor, case)


def test_both_trusts_are_told_and_the_former_without_the_case(two: Two) -> None:
    case = two.refer()
    two.move(case)
    rows = {
        row.principal_id: row
        for row in db.session.scalars(
            select(Notice).where(
                Notice.principal_id.in_([two.trust.principal_id, two.north.principal_id]),
                Notice.key.startswith("moved:"),
            )
        )
    }
    assert rows[two.trust.principal_id].text == GONE
    assert rows[two.trust.principal_id].case_id is None
    assert rows[two.north.principal_id].case_id == case.id


def open_risk(two: Two, case: Case) -> Task:
    case_id = case.id
    with writing():
        return risk_duty.open_risk_review(
            key="risk:test",
            case_id=case_id,
            assessor_id=two.assessor.id,
            by=two.assessor.id,
            endpoint="overview.risk_task",
            subject_ref=uuid.uuid4(),
            title="A sign of risk",
        )


def test_a_sign_of_risk_goes_to_the_new_trusts_duty_clinician(two: Two) -> None:
    case = two.refer()
    accept(two, case, two.assessor)
    duty = make_staff(Role.DUTY_CLINICIAN, organisation=two.north)
    with writing():
        db.session.add(
            DutyShift(
                organisation_id=two.north.id,
                day=clock.today(),
                staff_id=duty.id,
                made_by=two.north_lead.id,
            )
        )
    task = open_risk(two, case)
    with writing():
        db.session.get_one(Case, case.id).restricted = True
    before = db.session.get_one(Staff, task.owner_staff_id)
    two.move(db.session.get_one(Case, case.id))
    assert db.session.get_one(Task, task.id).owner_staff_id == duty.id
    assert sees(duty, case) and sees(before, case)


def test_with_nobody_there_a_sign_of_risk_keeps_an_owner_who_can_open_it(
    two: Two, set_clock: SetClock
) -> None:
    case = two.refer()
    accept(two, case, two.assessor)
    task = open_risk(two, case)
    with writing():
        for gone in (two.north_lead, two.north_assessor):
            db.session.get_one(Staff, gone.id).disabled_at = clock.now()
    two.move(db.session.get_one(Case, case.id))
    owner = db.session.get_one(Staff, db.session.get_one(Task, task.id).owner_staff_id)
    assert owner.organisation_id == two.trust.id
    set_clock.advance(days=4)
    assert sees(owner, case)


def test_on_a_restricted_case_the_new_leads_are_named(two: Two) -> None:
    case = two.refer()
    accept(two, case, two.assessor)
    with writing():
        db.session.get_one(Case, case.id).restricted = True
    two.move(db.session.get_one(Case, case.id))
    assert sees(two.north_lead, case)
    assert not sees(two.north_assessor, case)
    assert not sees(two.lead, case)


def test_an_emergency_in_use_is_not_cut_off(two: Two) -> None:
    case = two.refer()
    with writing():
        access.grant(
            case.id,
            Purpose.CLINICAL,
            two.lead.principal_id,
            because=break_glass_service.BECAUSE,
            by=None,
            until=clock.now() + timedelta(hours=4),
        )
    two.move(case)
    assert sees(two.lead, case)


def test_an_onward_referral_the_former_trust_follows_goes_with_the_case(two: Two) -> None:
    case = two.refer()
    worker = make_staff(Role.LINK_WORKER)
    for owner in (two.lead, worker):
        with writing():
            onward_service.route_on(
                case_id=case.id,
                service_code="housing",
                service_name="",
                owner_principal_id=owner.principal_id,
                agreed=True,
                how="telephone",
                note="",
                by=two.lead.id,
            )
    two.move(db.session.get_one(Case, case.id))
    owners = list(
        db.session.scalars(select(OnwardReferral.owner_principal_id).order_by(OnwardReferral.id))
    )
    assert owners == [two.north.principal_id, worker.principal_id]
    assert sees(worker, case)


def test_an_assessor_who_works_for_the_new_trust_keeps_the_case(two: Two) -> None:
    case = two.refer()
    accept(two, case, two.north_assessor)
    two.move(case)
    assert case.assessor_id == two.north_assessor.id
    assert TaskKind.ASSESS in open_kinds(case) and TaskKind.ALLOCATE not in open_kinds(case)


def test_the_same_trusts_other_court_or_one_nobody_covers_moves_nothing(two: Two) -> None:
    case = two.refer()
    accept(two, case, two.assessor)
    two.move(case, court="B02PX")
    assert case.assessor_id == two.assessor.id
    assert live(case, two.trust.principal_id) == set(BOTH)


def test_moved_while_paused_it_waits_for_an_assessor_there_when_it_goes_on(two: Two) -> None:
    case = two.refer()
    accept(two, case, two.assessor)
    by = two.practitioner.id
    with writing():
        court_case.end(
            case_id=case.id, version=case.version, ending=court_case.Ending.REMANDED, by=by
        )
    two.move(case)
    assert tasks_of(case, TaskKind.ALLOCATE) == []
    with writing():
        court_case.go_on(
            case_id=case.id, version=case.version, by=by, why=WhyReopened.COURT_GOES_ON
        )
    assert tasks_of(case, TaskKind.ASSESS) == []
    (task,) = tasks_of(case, TaskKind.ALLOCATE)
    assert task.owner_principal_id == two.north.principal_id


def test_work_interrupted_by_a_pause_begins_again_in_the_trust_that_has_the_case(
    two: Two,
) -> None:
    case = two.refer()
    accept(two, case, two.assessor)
    by = two.practitioner.id
    with writing():
        tasks.open_task(
            TaskKind.REVISE,
            key="revise:test",
            title="A report came back with comments",
            owner_principal_id=two.assessor.principal_id,
            owner_staff_id=two.assessor.id,
            due_at=clock.now(),
            by=by,
            case_id=case.id,
        )
    with writing():
        court_case.end(
            case_id=case.id, version=case.version, ending=court_case.Ending.REMANDED, by=by
        )
    two.move(case)
    with writing():
        court_case.go_on(
            case_id=case.id, version=case.version, by=by, why=WhyReopened.COURT_GOES_ON
        )
    (task,) = tasks_of(case, TaskKind.REVISE)
    assert (task.owner_principal_id, task.owner_staff_id) == (two.north.principal_id, None)


def test_whoever_moves_it_away_is_not_sent_to_a_page_he_may_not_see(
    client: PageClient, two: Two
) -> None:
    case = two.refer()
    client.sign_in(two.administrator)
    moved = {"court": NORTH, "hearing_on-day": "9", "hearing_on-month": "12"}
    moved |= {"hearing_on-year": "2026", "reason": "report", "version": str(case.version)}
    moved["other_trust"] = str(two.north.id)
    path = f"/cases/{case.ref}/hearing"
    answer = client.post(f"{path}/date", data=moved | {"submission_key": str(uuid.uuid4())})
    assert (answer.status_code, answer.location) == (303, "/today")
    assert "Another trust has the case" in client.page("/today")
    assert client.get(path).status_code == 404
