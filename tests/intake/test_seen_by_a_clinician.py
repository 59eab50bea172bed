"""An unsafe man is seen by a clinician, whatever becomes of his referral."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import access_service
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import court_case, office, office_rules, triage
from mhtr.intake.rules import DeclineReason
from mhtr.intake.steps import FormStep
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake.house import House, amend, named_only, open_kinds
from tests.intake.posting import post_triage
from tests.makers import make_staff
from tests.pages import PageClient

UNSAFE = [
    {"safety": "not_known"},
    {"safety": "healthcare_told", "told_whom": "Nurse Bell", "told_at": "2026-11-18T09:00"},
    {"vulnerabilities": "self-harm", "risk": "high"},
    {"vulnerabilities": "anxiety;suicide-risk", "urgency": "urgent"},
]
CALM = [
    {"vulnerabilities": "self-harm;suicide-risk", "risk": "medium", "urgency": "soon"},
    {"vulnerabilities": "anxiety", "risk": "high"},
    {"urgency": "urgent"},
]


def signs(case: Case) -> list[Task]:
    db.session.rollback()
    found = select(Task).where(Task.case_id == case.id, Task.kind == TaskKind.RISK_REVIEW)
    return [task for task in db.session.scalars(found) if task.state is TaskState.OPEN]


def decline(case: Case, by: Staff, reason: DeclineReason = DeclineReason.ALREADY_KNOWN) -> None:
    case_id, version = case.id, case.version
    with writing():
        triage.decline(case_id=case_id, version=version, reason=reason, words="", by=by.id)


@pytest.mark.parametrize("said", UNSAFE)
def test_a_sign_of_risk_opens_with_the_referral(house: House, said: dict[str, str]) -> None:
    case = house.refer(None, **said)
    (sign,) = signs(case)
    assert sign.owner_staff_id == house.lead.id
    assert case.urgent


@pytest.mark.parametrize("said", CALM)
def test_no_sign_without_a_danger(house: House, said: dict[str, str]) -> None:
    assert signs(house.refer(None, **said)) == []


@pytest.mark.parametrize("said", UNSAFE)
def test_the_office_cannot_decline_him(house: House, said: dict[str, str]) -> None:
    case = house.refer(None, **said)
    with pytest.raises(Refused, match="clinical lead only"):
        decline(case, house.administrator)
    assert TaskKind.TRIAGE in open_kinds(case)


def test_a_leads_decline_ends_no_sign(house: House) -> None:
    case = house.refer(safety="not_known")
    decline(case, house.lead, DeclineReason.SECONDARY_CARE_NEED)
    (sign,) = signs(case)
    assert case.state is CaseState.CLOSED and sign.owner_staff_id == house.lead.id


def test_no_further_action_ends_no_sign(house: House) -> None:
    case = house.refer(safety="not_known")
    case_id, version = case.id, case.version
    with writing():
        court_case.end(
            case_id=case_id,
            version=version,
            ending=court_case.Ending.NO_FURTHER_ACTION,
            by=house.practitioner.id,
        )
    assert len(signs(case)) == 1 and open_kinds(case) == {TaskKind.RISK_REVIEW}


def test_once_something_was_found_the_office_may_decline(house: House) -> None:
    case = house.refer(safety="not_known")
    (sign,) = signs(case)
    with writing():
        tasks.finish(sign, by=house.lead.id, outcome="Spoke to him: safe", plan="None")
    assert not db.session.get_one(Case, case.id).urgent
    decline(case, house.administrator)
    assert signs(case) == [] and case.state is CaseState.CLOSED


def test_what_is_said_later_asks_and_the_same_again_does_not(house: House) -> None:
    case = house.refer()
    amend(house, case, FormStep.NEEDS, vulnerabilities="self-harm", risk="high")
    (sign,) = signs(case)
    with writing():
        tasks.finish(sign, by=house.lead.id, outcome="Spoke to him: safe", plan="None")
    amend(house, case, FormStep.NEEDS, vulnerabilities="self-harm;anxiety", risk="high")
    assert signs(case) == []
    amend(house, case, FormStep.NEEDS, vulnerabilities="self-harm;suicide-risk", risk="high")
    assert len(signs(case)) == 1


def test_to_be_seen_today_outlives_what_was_found_until_he_is_assessed(house: House) -> None:
    case = house.refer(safety="not_known", urgency="urgent")
    (sign,) = signs(case)
    with writing():
        tasks.finish(sign, by=house.lead.id, outcome="Spoke to him: safe", plan="None")
    assert db.session.get_one(Case, case.id).urgent


@pytest.mark.parametrize("reason", sorted(office_rules.CLINICIANS_ONLY))
def test_reasons_of_health_are_a_clinicians(house: House, reason: DeclineReason) -> None:
    case = house.refer()
    with pytest.raises(Refused, match="clinician"):
        decline(case, house.administrator, reason)
    decline(case, house.lead, reason)


def test_the_office_leaves_it_to_the_lead_with_one_press(client: PageClient, house: House) -> None:
    case = house.refer()
    client.sign_in(house.administrator)
    page = client.page(f"/cases/{case.ref}/triage")
    assert "secondary mental health care" not in page and "Leave it to the clinical lead" in page
    assert post_triage(client, case, leave="yes").status_code == 303
    (task,) = tasks.open_tasks(case.id, TaskKind.TRIAGE)
    assert (task.owner_staff_id, task.title) == (house.lead.id, office.LEFT)
    page = client.page(f"/cases/{case.ref}/triage")
    assert house.lead.name in page and "Leave it to the clinical lead" not in page
    assert post_triage(client, case, leave="yes").status_code == 409
    client.sign_in(house.lead)
    assert "Tunde Okafor" in client.page("/today")
    assert "secondary mental health care" in client.page(f"/cases/{case.ref}/triage")


def test_it_is_left_to_a_lead_who_can_open_the_case(house: House) -> None:
    named = make_staff(Role.CLINICAL_LEAD, organisation=house.trust)
    case = house.refer()
    named_only(case, named, named, house.administrator)
    case_id, version = case.id, db.session.get_one(Case, case.id).version
    with writing():
        office.leave_to_lead(case_id=case_id, version=version, by=house.administrator.id)
    (task,) = tasks.open_tasks(case_id, TaskKind.TRIAGE)
    assert task.owner_staff_id == named.id


def test_it_is_left_to_no_lead_where_none_can_open_the_case(house: House) -> None:
    case = house.refer()
    named_only(case, house.lead, house.assessor, house.administrator)
    case_id, version = case.id, db.session.get_one(Case, case.id).version
    with pytest.raises(Refused, match="No clinical lead"), writing():
        office.leave_to_lead(case_id=case_id, version=version, by=house.administrator.id)
    (task,) = tasks.open_tasks(case_id, TaskKind.TRIAGE)
    assert task.owner_staff_id is None


def test_the_page_says_who_may_decline_him(client: PageClient, house: House) -> None:
    case = house.refer(safety="not_known")
    client.sign_in(house.administrator)
    page = client.page(f"/cases/{case.ref}/triage")
    assert office_rules.FIRST in page and 'value="decline"' not in page
    sent = post_triage(client, case, outcome="decline", reason="already_known")
    assert sent.status_code == 422
    client.sign_in(house.lead)
    page = client.page(f"/cases/{case.ref}/triage")
    assert office_rules.FIRST not in page and 'value="decline"' in page


@pytest.mark.parametrize("shut", [False, True])
def test_what_was_left_to_a_lead_is_still_his_after_a_pause(either_app: Flask, shut: bool) -> None:
    house = House()
    case = house.refer()
    case_id, by = case.id, house.practitioner.id
    with writing():
        office.leave_to_lead(case_id=case_id, version=case.version, by=house.administrator.id)
    with writing():
        version = db.session.get_one(Case, case_id).version
        ending = court_case.Ending.FAILED_TO_APPEAR
        court_case.end(case_id=case_id, version=version, ending=ending, by=by)
    if shut:
        with writing():
            access_service.exclude(
                case_id, username=house.lead.username, reason="Family", by=house.lead.id
            )
    with writing():
        version = db.session.get_one(Case, case_id).version
        court_case.go_on(case_id=case_id, version=version, by=by)
    left = office.left_to(case_id)
    assert (left is None) if shut else (left is not None and left.id == house.lead.id)
