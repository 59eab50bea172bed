"""Countersignature: four eyes, one decision, and a report signed as it was read."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from mhtr.cases.facts import CaseState, FactKind
from mhtr.cases.models import CaseFact
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.intake.court_case import Ending
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.suitability import countersign_service as service
from mhtr.suitability.assessment_queries import open_comments, pending_request
from mhtr.suitability.countersign_queries import since_returned
from mhtr.suitability.models import CountersignDecision, CountersignRequest, Verdict
from mhtr.suitability.sections import Section
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.suitability.journey import (
    People,
    allocated,
    decided,
    fill,
    finish,
    finished,
    requested,
    sent,
)
from tests.suitability.reports import open_task
from tests.suitability.requesting import ask


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


@pytest.mark.parametrize("nothing", ["  ", " \u200b\u2060 "])
def test_a_return_needs_a_comment_and_goes_back_to_its_author(people: People, nothing: str) -> None:
    assessment = finished(people)
    request = sent(assessment, people)
    with pytest.raises(Refused, match="comment"), writing():
        service.decide(
            request=request,
            verdict=Verdict.RETURNED,
            comments={Section.GP: nothing},
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
