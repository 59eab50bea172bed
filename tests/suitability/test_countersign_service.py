"""Countersignature: four eyes, one decision, and a report signed is the report released."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.facts import CaseState, FactKind
from mhtr.cases.models import CaseFact
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.intake.court_case import Ending
from mhtr.intake.models import Referral
from mhtr.intake.referral_values import Safety
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.suitability import countersign_service as service
from mhtr.suitability.assessment_queries import open_comments, pending_request
from mhtr.suitability.countersign_queries import leads_for, since_returned, waiting_for
from mhtr.suitability.models import CountersignDecision, CountersignRequest, Verdict
from mhtr.suitability.sections import Section
from mhtr.tasks.models import Leave, Task, TaskKind, TaskState
from tests.makers import make_staff
from tests.suitability.journey import (
    People,
    allocated,
    current_version,
    decided,
    fill,
    finish,
    finished,
    requested,
    sent,
    started,
)
from tests.suitability.test_request_service import ask


@pytest.fixture
def people(app: Flask) -> People:
    return allocated()


def open_task(kind: TaskKind) -> Task:
    query = select(Task).where(Task.kind == kind, Task.state == TaskState.OPEN)
    return db.session.scalars(query).one()


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


def test_signing_is_a_fact_with_the_hash_and_gives_the_author_the_release(people: People) -> None:
    requested(people)
    assessment = finished(people)
    request = sent(assessment, people)
    decision = decided(request, people.lead.id)
    assert decision.hcpc_number == "PYL000456"
    fact = db.session.scalars(select(CaseFact).where(CaseFact.kind == FactKind.COUNTERSIGNED)).one()
    assert fact.detail["content_hash"] == request.content_hash
    assert people.case.state is CaseState.COUNTERSIGNED
    assert open_task(TaskKind.RELEASE).owner_staff_id == people.assessor.id


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
    people.assessor = author
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


def test_another_report_than_the_one_read_is_not_signed(people: People) -> None:
    request = sent(finished(people), people)
    with pytest.raises(Refused, match="not the report you read"), writing():
        service.decide(
            request=request,
            verdict=Verdict.COUNTERSIGNED,
            comments={},
            content_hash="another",
            by=people.lead.id,
        )


def test_a_return_needs_a_comment_and_goes_back_to_its_author(people: People) -> None:
    assessment = finished(people)
    request = sent(assessment, people)
    with pytest.raises(Refused, match="comment"), writing():
        service.decide(
            request=request,
            verdict=Verdict.RETURNED,
            comments={Section.GP: "  "},
            content_hash=request.content_hash,
            by=people.lead.id,
        )
    decided(request, people.lead.id, "Say how treatment helps.")
    db.session.refresh(assessment)
    assert assessment.finished_at is None
    assert open_comments(assessment) == {Section.CONDITIONS: ["Say how treatment helps."]}
    assert open_task(TaskKind.REVISE).owner_staff_id == people.assessor.id


def test_the_lead_sees_what_changed_since_it_was_returned(people: People) -> None:
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id, "Say how treatment helps.")
    fill(assessment, people.assessor.id, only={Section.CONDITIONS}, mark="rewritten")
    finish(assessment, people)
    found = since_returned(sent(assessment, people))
    assert found is not None
    assert [change.field for change in found[1]] == ["need", "arrangements", "willingness"]
    assert "rewritten" in found[1][0].after
    assert "rewritten" not in found[1][0].before


def test_taken_back_it_cannot_be_signed(people: People) -> None:
    assessment = finished(people)
    request = sent(assessment, people)
    with writing():
        db.session.refresh(assessment)
        service.withdraw_request(
            assessment=assessment, version=assessment.version, by=people.assessor.id
        )
    assert pending_request(assessment.id) is None
    with pytest.raises(service.AlreadyDecided, match="took the report back"):
        decided(request, people.lead.id)
    assert db.session.scalars(
        select(Task).where(Task.kind == TaskKind.COUNTERSIGN)
    ).one().state is (TaskState.WITHDRAWN)


def test_two_leads_at_once_leave_one_decision(either_app: Flask) -> None:
    people = allocated()
    request_id = sent(finished(people), people).id
    leads = (people.lead.id, people.other_lead.id)
    barrier, answers = threading.Barrier(2), []

    def sign(lead_id: int) -> None:
        with either_app.app_context():
            request = db.session.get_one(CountersignRequest, request_id)
            barrier.wait(10)
            try:
                decided(request, lead_id, comment="" if lead_id == leads[0] else "Change it.")
                answers.append("done")
            except service.AlreadyDecided as refusal:
                answers.append(refusal.reasons[0])
            finally:
                db.session.remove()

    threads = [threading.Thread(target=sign, args=(lead,)) for lead in leads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.rollback()
    assert db.session.scalar(select(func.count(CountersignDecision.id))) == 1
    assert sorted(answers)[-1] == "done"
    assert "Your decision was not recorded." in sorted(answers)[0]
    assert "Dr " in sorted(answers)[0]


def test_the_database_itself_keeps_one_decision(either_app: Flask) -> None:
    people = allocated()
    request = sent(finished(people), people)
    decided(request, people.lead.id)
    with pytest.raises(IntegrityError), writing():
        db.session.add(
            CountersignDecision(
                request_id=request.id,
                verdict=Verdict.RETURNED,
                by_id=people.other_lead.id,
                at=clock.now() + timedelta(minutes=1),
                hcpc_number="PYL000123",
                comments=[],
            )
        )


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


def end_and_go_on(people: People, ending: Ending) -> None:
    for step in ("end", "go on"):
        case = people.case
        with writing():
            if step == "end":
                court_case.end(
                    case_id=case.id, version=case.version, ending=ending, by=people.lead.id
                )
            else:
                court_case.go_on(
                    case_id=case.id,
                    version=case.version,
                    by=people.lead.id,
                    why=WhyReopened.COURT_GOES_ON,
                )
        held = {row.kind for row in db.session.scalars(select(Task)) if row.state is TaskState.OPEN}
        assert (TaskKind.COUNTERSIGN in held) is (step == "go on")


@pytest.mark.parametrize("ending", [Ending.FAILED_TO_APPEAR, Ending.DISCONTINUED])
def test_a_report_before_the_lead_waits_for_him_again_when_the_case_goes_on(
    people: People, ending: Ending
) -> None:
    sent(finished(people), people, people.lead.id)
    end_and_go_on(people, ending)
    assert open_task(TaskKind.COUNTERSIGN).owner_staff_id == people.lead.id


def test_a_signed_report_is_released_when_the_case_goes_on(people: People) -> None:
    ask(people.case.id, people.psr_author.id)
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    case = people.case
    with writing():
        court_case.end(
            case_id=case.id, version=case.version, ending=Ending.REMANDED, by=people.lead.id
        )
    with writing():
        court_case.go_on(
            case_id=case.id, version=case.version, by=people.lead.id, why=WhyReopened.COURT_GOES_ON
        )
    assert open_task(TaskKind.RELEASE).owner_staff_id == people.assessor.id
    assert (
        db.session.scalars(
            select(Task).where(Task.kind == TaskKind.COUNTERSIGN, Task.state == TaskState.OPEN)
        ).all()
        == []
    )
