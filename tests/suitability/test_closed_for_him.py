"""Closing a case for what he said, or for what the assessment found."""

import pytest
from flask import Flask

from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.intake.court_case import Ending
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.suitability.models import Assessment
from mhtr.suitability.sections import Section
from mhtr.tasks import service as tasks
from tests.suitability.browsing import as_, base, refused, send
from tests.suitability.journey import People, allocated, finish, finished, say, started
from tests.suitability.requesting import ask, tasks_of
from tests.suitability.test_no_report import D, K, declined, open_work, save


def test_closed_for_his_reason_nobody_outside_reads_it(either_app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    declined(people)
    client = as_(either_app, people.assessor)
    path = f"{base(people)}/close"
    page = client.page(path)
    assert "He declined the assessment" in page
    assert "He withdrew" not in page
    assert "Select why" in refused(client, path, page)
    assert send(client, path, page, reason="he_withdrew").status_code == 422
    assert send(client, path, page, reason="he_declined").status_code == 303
    db.session.expire_all()
    assert people.case.state is CaseState.CLOSED
    assert not tasks_of(people.case.id, K.CONSENT_WITHDRAWN)
    author = as_(either_app, people.psr_author)
    for shown in (base(people), f"{base(people)}/request", f"{base(people)}/hearing"):
        assert "declined" not in author.page(shown).split("<main", 1)[1].lower()


def test_nothing_to_close_it_for_is_said(app: Flask) -> None:
    people = allocated()
    client = as_(app, people.assessor)
    assert "Nothing on record closes the case" in client.page(f"{base(people)}/close")
    with pytest.raises(Refused, match="has not withdrawn"), writing():
        court_case.end(
            case_id=people.case.id,
            version=people.case.version,
            ending=Ending.HE_WITHDREW,
            by=people.assessor.id,
        )


def unsuitable(people: People) -> Assessment:
    assessment = started(people)
    save(assessment, people, Section.RECOMMENDATION, {"recommendation": "unsuitable"})
    finish(assessment, people)
    return assessment


def test_not_suitable_closes_only_once_no_report_is_due(either_app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    unsuitable(people)
    page = as_(either_app, people.assessor).page(base(people))
    assert "Close: not suitable" not in page
    with pytest.raises(Refused, match="Release it first"):
        close_as_unsuitable(people)
    with writing():
        cases.lock(people.case.id).report_due_on = None
    assert "Close: not suitable" in as_(either_app, people.assessor).page(base(people))
    close_as_unsuitable(people)
    facts = cases.facts_of(people.case.id)
    reason = rules.fold(facts, clock.today()).closed_reason
    assert reason is not None and reason.value == "not_suitable"


def close_as_unsuitable(people: People) -> None:
    with writing():
        case = cases.lock(people.case.id)
        court_case.end(
            case_id=case.id, version=case.version, ending=Ending.NOT_SUITABLE, by=people.lead.id
        )


def test_reopened_after_he_agreed_again_the_report_is_due(app: Flask) -> None:
    people = allocated()
    request = ask(people.case.id, people.psr_author.id)
    finished(people)
    say(people, D.WITHDRAWN)
    with writing():
        case = cases.lock(people.case.id)
        court_case.end(
            case_id=case.id, version=case.version, ending=Ending.HE_WITHDREW, by=people.lead.id
        )
    say(people, D.GIVEN)
    with writing():
        case = cases.lock(people.case.id)
        why = WhyReopened.HE_WANTS_IT
        court_case.go_on(case_id=case.id, version=case.version, by=people.lead.id, why=why)
    db.session.refresh(people.case)
    assert people.case.report_due_on == request.due_on
    assert open_work(people) == {K.REPORT_DUE}


def test_an_open_risk_review_is_named_before_the_case_is_closed(app: Flask) -> None:
    people = allocated()
    declined(people)
    client, path = as_(app, people.assessor), f"{base(people)}/close"
    assert "A risk review is open" not in client.page(path)
    with writing():
        tasks.open_task(
            K.RISK_REVIEW,
            key="risk:test",
            title="Look at an answer about risk",
            owner_principal_id=people.lead.principal_id,
            owner_staff_id=people.lead.id,
            due_at=clock.now(),
            by=None,
            case_id=people.case.id,
        )
    page = client.page(path)
    assert f"A risk review is open, with {people.lead.name}" in page
    assert send(client, path, page, reason="he_declined").status_code == 303
