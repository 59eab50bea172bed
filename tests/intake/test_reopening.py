"""A closed case is reopened with a reason; what the service declined, by the service alone."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState, CloseReason, FactKind
from mhtr.cases.models import Case
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import court_case, reopening, triage
from mhtr.intake.court_case import Ending
from mhtr.intake.models import TriageDecision
from mhtr.intake.reopening_rules import WhyReopened, may_reopen
from mhtr.intake.rules import DeclineReason, TriageOutcome
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake.house import House, notices, open_kinds
from tests.intake.posting import post
from tests.intake.test_court_case import end
from tests.makers import make_staff
from tests.pages import PageClient

WHY = WhyReopened.KNOW_MORE
WORDS = "zqagainzq his need was written down wrongly"
DECLINED_CASE = CloseReason.DECLINED_BY_SERVICE


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("of_the_trust", [True, False])
def test_who_reopens(role: Role, of_the_trust: bool) -> None:
    decides = of_the_trust and role in {Role.CLINICAL_LEAD, Role.ADMINISTRATOR}
    assert may_reopen(DECLINED_CASE, {role}, of_the_trust=of_the_trust).allowed is decides
    assert may_reopen(CloseReason.ACQUITTED, {role}, of_the_trust=of_the_trust).allowed


def declined(house: House) -> Case:
    case = house.refer()
    with writing():
        triage.decline(
            case_id=case.id,
            version=case.version,
            reason=DeclineReason.SECONDARY_CARE_NEED,
            words="",
            by=house.lead.id,
        )
    return case


def reopen(case: Case, by: Staff, why: WhyReopened | None = WHY) -> None:
    with writing():
        court_case.go_on(case_id=case.id, version=case.version, by=by.id, why=why)


def test_the_referrer_does_not_undo_what_the_service_decided(app: Flask) -> None:
    house = House()
    case = declined(house)
    other_lead = make_staff(Role.CLINICAL_LEAD)
    for staff in (house.practitioner, house.assessor, other_lead):
        with pytest.raises(Refused, match="clinical leads and administrators"):
            reopen(case, staff)
    assert open_kinds(case) == set()
    reopen(case, house.administrator)
    assert case.state is CaseState.SCREENED
    assert TaskKind.TRIAGE in open_kinds(case)
    assert "A referral you declined was reopened" in notices(house.lead)


def test_any_reopening_needs_a_reason_that_is_kept(either_app: Flask) -> None:
    house = House()
    case = house.refer()
    end(house, case, Ending.DISCONTINUED)
    with pytest.raises(Refused, match="Say why"):
        reopen(case, house.practitioner, None)
    reopen(case, house.practitioner, WhyReopened.COURT_GOES_ON)
    (kept,) = reopening.reopenings(case.id)
    assert (kept.why, kept.by) == (
        "The case against him goes on after all",
        house.practitioner.name,
    )


def asked(house: House) -> Case:
    case = declined(house)
    with writing():
        reopening.ask_again(
            case_id=case.id, version=case.version, words=WORDS, by=house.practitioner.id
        )
    return case


def test_the_referrer_asks_and_the_trust_has_a_task_until_it_answers(app: Flask) -> None:
    house = House()
    case = asked(house)
    (task,) = db.session.scalars(select(Task).where(Task.state == TaskState.OPEN)).all()
    assert (task.kind, task.owner_principal_id) == (TaskKind.PAUSED_CASE, house.trust.principal_id)
    assert "zqagainzq" not in task.title
    assert any("asked to look again" in text for text in notices(house.lead))
    with pytest.raises(Refused, match="asked already"), writing():
        reopening.ask_again(
            case_id=case.id, version=case.version, words=WORDS, by=house.practitioner.id
        )
    with pytest.raises(Refused, match="clinical leads"), writing():
        reopening.leave_closed(case_id=case.id, version=case.version, by=house.practitioner.id)
    with writing():
        reopening.leave_closed(case_id=case.id, version=case.version, by=house.lead.id)
    assert open_kinds(case) == set() and case.state is CaseState.CLOSED
    assert "The service has looked again at a referral. It stays closed" in notices(
        house.practitioner
    )
    decision = triage.last_decision(case.id)
    assert decision is not None and decision.outcome is TriageOutcome.DECLINE


def test_reopening_answers_it_as_well(app: Flask) -> None:
    house = House()
    case = asked(house)
    reopen(case, house.lead)
    assert TaskKind.PAUSED_CASE not in open_kinds(case)
    assert TaskKind.TRIAGE in open_kinds(case)


def test_only_what_was_declined_is_asked_about(app: Flask) -> None:
    house = House()
    case = house.refer()
    end(house, case, Ending.ACQUITTED)
    with pytest.raises(Refused, match="declined"), writing():
        reopening.ask_again(
            case_id=case.id, version=case.version, words=WORDS, by=house.practitioner.id
        )


def test_the_pages_offer_each_what_is_his(client: PageClient) -> None:
    house = House()
    case = declined(house)
    case_id, path = case.id, f"/cases/{case.ref}/hearing"
    client.sign_in(house.practitioner)
    page = client.page(path)
    assert "Reopen the case" not in page and "Ask the service to look again" in page
    version = str(case.version)
    tried = post(client, f"{path}/go-on", version=version, why=WHY.value)
    assert tried.status_code == 409 and "clinical leads" in tried.get_data(as_text=True)
    empty = post(client, f"{path}/look-again", version=version, words="")
    assert empty.status_code == 422
    assert post(client, f"{path}/look-again", version=version, words=WORDS).status_code == 303
    page = client.page(path)
    assert "has not answered yet" in page and "zqagainzq" not in page
    client.sign_in(house.lead)
    assert "A declined referral" in client.page("/today")
    page = client.page(path)
    assert "zqagainzq" in page and "It stays closed" in page
    db.session.rollback()
    version = str(db.session.get_one(Case, case_id).version)
    assert post(client, f"{path}/go-on", version=version).status_code == 422
    assert post(client, f"{path}/go-on", version="0", stays="yes").status_code == 409
    done = post(client, f"{path}/go-on", version=version, why=WHY.value)
    assert done.status_code == 303
    assert "More is known than when it was closed" in client.page(path)
    assert "More is known than when it was closed" in client.page(f"/cases/{case.ref}")


def test_the_lead_answers_that_it_stays_closed(client: PageClient) -> None:
    house = House()
    case = asked(house)
    path = f"/cases/{case.ref}/hearing"
    client.sign_in(house.lead)
    sent = {"version": str(case.version), "stays": "yes"}
    assert post(client, f"{path}/go-on", **sent).status_code == 303
    assert "It stays closed" not in client.page(path).partition("<h1")[2]
    rows = db.session.scalars(select(TriageDecision.outcome)).all()
    assert rows[-1] is TriageOutcome.STAYS_CLOSED


def test_court_probation_asks_and_does_not_reopen(client: PageClient) -> None:
    house = House()
    case = declined(house)
    officer = make_staff(Role.COURT_PROBATION)
    with writing():
        access.grant(case.id, Purpose.PRE_SENTENCE, officer.principal_id, because="test", by=None)
    client.sign_in(officer)
    page = client.page(f"/cases/{case.ref}/hearing")
    assert "Reopen the case" not in page and "Ask the service to look again" in page


def test_a_merged_case_says_why_it_is_not_reopened(client: PageClient) -> None:
    house = House()
    case = house.refer()
    with writing():
        cases.add_fact(cases.lock(case.id), FactKind.CLOSED, by=None, detail={"reason": "merged"})
    client.sign_in(house.practitioner)
    page = client.page(f"/cases/{case.ref}/hearing")
    assert "Correct the record that closed it" in page
    assert "Reopen the case" not in page and "Ask the service" not in page
