"""A court of another trust: said with its name and ticked; put right, the assessor has it again."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import court_case, triage
from mhtr.intake.moved_back import BACK
from mhtr.intake.queries import referral_of
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake.house import accept, live, notices, open_kinds
from tests.intake.posting import post
from tests.intake.two_trusts import NORTH, Two
from tests.makers import make_organisation, make_staff, make_team
from tests.pages import PageClient

HERE = "B01EF"


@pytest.fixture
def two(app: Flask) -> Two:
    return Two()


def trust_of(case: Case) -> int:
    db.session.rollback()
    referral = referral_of(case.id)
    assert referral is not None
    return referral.trust_id


def now(case: Case) -> Case:
    db.session.rollback()
    return db.session.get_one(Case, case.id)


def typed(case: Case, court: str = NORTH, **more: str) -> dict[str, str]:
    day = {"hearing_on-day": "9", "hearing_on-month": "12", "hearing_on-year": "2026"}
    return {"court": court, "version": str(now(case).version), **day, "reason": "court", **more}


def officer(two: Two, case: Case) -> Staff:
    team = make_team(make_organisation(OrganisationKind.COURT_TEAM))
    staff = make_staff(Role.COURT_PROBATION, team=team)
    with writing():
        access.grant(case.id, Purpose.PRE_SENTENCE, staff.principal_id, because="test", by=None)
    return staff


@pytest.mark.parametrize("who", ["practitioner", "administrator", "lead", "officer"])
def test_whoever_records_it_is_told_where_it_goes_and_ticks_it(
    client: PageClient, two: Two, who: str
) -> None:
    case = two.refer()
    accept(two, case, two.assessor)
    client.sign_in(officer(two, case) if who == "officer" else getattr(two, who))
    path = f"/cases/{case.ref}/hearing/date"
    answer = post(client, path, **typed(case))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and trust_of(case) == two.trust.id
    assert f"{two.north.name}’s on that day: the case and its record go there" in page
    assert f'name="other_trust" type="checkbox" value="{two.north.id}"' in page
    assert post(client, path, **typed(case), other_trust="999999").status_code == 409
    done = post(client, path, **typed(case), other_trust=str(two.north.id))
    assert done.status_code == 303 and trust_of(case) == two.north.id


def test_a_court_of_the_own_trust_asks_nothing(client: PageClient, two: Two) -> None:
    case = two.refer()
    client.sign_in(two.practitioner)
    assert post(client, f"/cases/{case.ref}/hearing/date", **typed(case, HERE)).status_code == 303


def test_no_service_moves_it_unsaid(two: Two) -> None:
    case = two.refer()
    case_id, version = case.id, case.version
    with pytest.raises(Refused, match="the case and its record go there"), writing():
        court_case.record_hearing(
            case_id=case_id, version=version, court=NORTH, on=None, purpose="", psr_kind="",
            reason="", by=two.practitioner.id,
        )  # fmt: skip


def mine(case: Case, kind: TaskKind) -> Task:
    db.session.rollback()
    query = select(Task).where(
        Task.case_id == case.id, Task.kind == kind, Task.state == TaskState.OPEN
    )
    return db.session.scalars(query).one()


def test_put_right_the_assessor_has_it_again(either_app: Flask, set_clock: SetClock) -> None:
    two = Two()
    case = two.refer()
    accept(two, case, two.assessor)
    before = mine(case, TaskKind.ASSESS).due_at
    two.move(case)
    assert now(case).assessor_id is None and TaskKind.ASSESS not in open_kinds(case)
    set_clock.advance(days=1)
    two.move(now(case), HERE, by=two.north_lead)
    assert now(case).assessor_id == two.assessor.id and trust_of(case) == two.trust.id
    assert TaskKind.ALLOCATE not in open_kinds(case)
    task = mine(case, TaskKind.ASSESS)
    assert (task.due_at, task.owner_staff_id) == (before, two.assessor.id)
    assert BACK in notices(two.assessor)
    assert Purpose.CLINICAL in live(case, two.assessor.principal_id)
    assert not live(case, two.north.principal_id)


def test_whoever_got_it_there_meanwhile_hands_it_back(two: Two) -> None:
    case = two.refer()
    accept(two, case, two.assessor)
    two.move(case)
    version = now(case).version
    with writing():
        triage.allocate(
            case_id=case.id,
            version=version,
            assessor_id=two.north_assessor.id,
            by=two.north_lead.id,
        )
    two.move(now(case), HERE, by=two.north_lead)
    assert now(case).assessor_id == two.assessor.id
    assert mine(case, TaskKind.ASSESS).owner_staff_id == two.assessor.id
    assert TaskKind.ALLOCATE not in open_kinds(case)
    assert any("Hand it over" in text for text in notices(two.north_assessor))


def test_after_the_days_of_handing_over_somebody_is_found(two: Two, set_clock: SetClock) -> None:
    case = two.refer()
    accept(two, case, two.assessor)
    two.move(case)
    set_clock.advance(days=5)
    two.move(now(case), HERE, by=two.north_lead)
    assert now(case).assessor_id is None and BACK not in notices(two.assessor)
    assert mine(case, TaskKind.ALLOCATE).owner_principal_id == two.trust.principal_id


def test_who_has_left_meanwhile_gets_nothing(two: Two) -> None:
    case = two.refer()
    accept(two, case, two.assessor)
    two.move(case)
    with writing():
        db.session.get_one(Staff, two.assessor.id).disabled_at = clock.now()
    two.move(now(case), HERE, by=two.north_lead)
    assert now(case).assessor_id is None
    assert mine(case, TaskKind.ALLOCATE).owner_principal_id == two.trust.principal_id
