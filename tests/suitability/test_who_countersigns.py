"""Who may countersign, who is asked, and who is offered."""

import pytest
from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake.models import Referral
from mhtr.intake.referral_values import Safety
from mhtr.suitability import countersign_service as service
from mhtr.suitability.countersign_queries import leads_for, waiting_for
from mhtr.suitability.models import CountersignDecision
from mhtr.suitability.sections import Section
from mhtr.tasks.models import Leave, TaskKind
from tests.makers import make_staff
from tests.suitability.journey import (
    People,
    current_version,
    decided,
    fill,
    finish,
    finished,
    sent,
    started,
)
from tests.suitability.reports import open_task


def test_the_request_is_a_task_of_the_trust_or_of_the_named_lead(people: People) -> None:
    assessment = finished(people)
    sent(assessment, people)
    task = open_task(TaskKind.COUNTERSIGN)
    assert task.owner_principal_id == people.lead.organisation.principal_id
    assert task.subject_ref == str(people.case.ref)


def test_a_named_lead_is_asked_alone(people: People) -> None:
    assessment = finished(people)
    request = sent(assessment, people, people.lead.id)
    assert open_task(TaskKind.COUNTERSIGN).owner_staff_id == people.lead.id
    with pytest.raises(Refused, match="put before Dr Amara Lindqvist"):
        decided(request, people.other_lead.id)
    decided(request, people.lead.id)


def test_who_wrote_any_of_it_cannot_sign(people: People) -> None:
    assessment = started(people)
    fill(assessment, people.assessor.id)
    with writing():
        from mhtr.suitability import assessment_service

        assessment_service.save_section(
            assessment,
            Section.GP,
            {"gp": "no"},
            version=current_version(assessment, Section.GP),
            by=people.lead.id,
        )
    finish(assessment, people)
    request = sent(assessment, people)
    with pytest.raises(Refused, match="wrote"):
        decided(request, people.lead.id)
    assert [lead.id for lead in leads_for(assessment)] == [people.other_lead.id]
    decided(request, people.other_lead.id)


def test_an_author_who_is_a_lead_cannot_sign_his_own(people: People) -> None:
    author = make_staff(Role.CLINICAL_LEAD, organisation=people.lead.organisation, hcpc="PYL000789")
    people.assessor, author_id = author, author.id
    with writing():
        cases.lock(people.case.id).assessor_id = author_id
    request = sent(finished(people), people)
    with pytest.raises(Refused, match="wrote"):
        decided(request, author.id)


@pytest.mark.parametrize(
    ("role", "hcpc", "words"),
    [
        (Role.ASSESSOR, "PYL000111", "Only a clinical lead"),
        (Role.CLINICAL_LEAD, None, "No HCPC"),
        (Role.CLINICAL_LEAD, "OT000111", "practitioner psychologist"),
    ],
)
def test_who_is_not_fit_to_sign(people: People, role: Role, hcpc: str | None, words: str) -> None:
    somebody = make_staff(role, organisation=people.lead.organisation, hcpc=hcpc)
    request = sent(finished(people), people)
    with pytest.raises(Refused, match=words):
        decided(request, somebody.id)


def test_a_lead_of_another_trust_who_sees_the_record_does_not_sign(people: People) -> None:
    request = sent(finished(people), people)
    assert service.stands_against(request, people.case, people.lead.id) == ()
    of_the_trust(people.case.id, people.lead.organisation_id)
    elsewhere = make_staff(Role.CLINICAL_LEAD, hcpc="PYL000321")
    with pytest.raises(Refused, match="of the trust that has the case"):
        decided(request, elsewhere.id)
    assert db.session.scalar(select(func.count(CountersignDecision.id))) == 0
    decided(request, people.lead.id)


def of_the_trust(case_id: int, trust_id: int) -> None:
    """The case came with a referral that went to this trust."""
    with writing():
        db.session.add(
            Referral(
                case_id=case_id,
                organisation_id=trust_id,
                source="ld",
                channel="form",
                referred_at=clock.now(),
                safety=Safety.SAFE,
                answers={},
                trust_id=trust_id,
                routed_because="court",
            )
        )


def test_a_check_of_the_register_too_long_ago(people: People, set_clock: SetClock) -> None:
    request = sent(finished(people), people)
    set_clock.advance(days=366)
    with pytest.raises(Refused, match="too long ago"):
        decided(request, people.lead.id)


def test_on_a_restricted_record_the_lead_is_named(people: People) -> None:
    assessment = finished(people)
    with writing():
        people.case.restricted = True
    with pytest.raises(Refused, match="Name the clinical lead"):
        sent(assessment, people)
    sent(assessment, people, people.lead.id)


def test_only_leads_who_may_sign_today_are_offered(people: People) -> None:
    make_staff(Role.CLINICAL_LEAD, organisation=people.lead.organisation)
    assert {lead.id for lead in leads_for(finished(people))} == {
        people.lead.id,
        people.other_lead.id,
    }


@pytest.mark.parametrize("why", ["leave", "disabled"])
def test_a_named_lead_who_is_not_there_holds_nothing_up(people: People, why: str) -> None:
    request = sent(finished(people), people, lead_id=people.lead.id)
    other = viewer_of(people.other_lead)
    assert waiting_for(other, sort="due", limit=9) == []
    assert any("put before" in reason for reason in service.check_lead(request, other.staff_id))
    today = clock.today()
    with writing():
        if why == "leave":
            db.session.add(Leave(staff_id=people.lead.id, first_day=today, last_day=today))
        else:
            db.session.get_one(Staff, people.lead.id).disabled_at = clock.now()
    assert [line.request.id for line in waiting_for(other, sort="due", limit=9)] == [request.id]
    decided(request, people.other_lead.id)
    assert people.case.state is CaseState.COUNTERSIGNED
