"""No page promises a report that nobody writes, and no task ends while the man waits."""

import uuid

import pytest
from flask import Flask

from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, PauseReason
from mhtr.core import access, clock
from mhtr.core.access import Purpose
from mhtr.core.clock import SetClock
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people.models import ConsentDecision
from mhtr.suitability import date_answering
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.concerned import current_request
from mhtr.suitability.court_result import Result
from mhtr.suitability.report_work import NOTHING_TO_SIGN, SIGN_AGAIN
from mhtr.tasks.models import Task, TaskKind
from tests.intake.house import notices
from tests.suitability.browsing import as_, base
from tests.suitability.journey import (
    People,
    allocated,
    decided,
    finished,
    released,
    say,
    sent,
    signed,
)
from tests.suitability.requesting import ask, tasks_of
from tests.suitability.test_after_court import record


def add(people: People, kind: FactKind, **detail: object) -> None:
    with writing():
        cases.add_fact(cases.lock(people.case.id), kind, by=people.assessor.id, detail=detail)


def with_the_lead(app: Flask) -> People:
    people = allocated()
    say(people, ConsentDecision.GIVEN)
    ask(people.case.id, people.psr_author.id)
    sent(finished(people), people)
    return people


def test_after_the_sentence_no_report_is_still_to_come(app: Flask) -> None:
    people = with_the_lead(app)
    record(people.case.id, people.psr_author.id, result=Result.CUSTODY, sentenced_on=clock.today())
    author = as_(app, people.psr_author)
    report = author.page(f"{base(people)}/report")
    assert "No report was released." in report and "It appears here" not in report
    request = author.page(f"{base(people)}/request")
    assert "Nothing is due: the court has decided" in request
    assert "Read the report" not in request
    assert "is waiting for a clinical lead" not in as_(app, people.assessor).page(base(people))
    assert "Report due" not in as_(app, people.assessor).page(f"{base(people)}/assessment")


def test_after_closing_no_report_is_still_to_come(app: Flask) -> None:
    people = with_the_lead(app)
    add(people, FactKind.CLOSED, reason="acquitted")
    report = as_(app, people.psr_author).page(f"{base(people)}/report")
    assert "The case is closed" in report and "It appears here" not in report
    assert "Nothing is due: the case is closed" in report
    assert "is waiting for a clinical lead" not in as_(app, people.assessor).page(base(people))


def test_a_pause_is_not_counted_and_the_request_can_be_changed(app: Flask) -> None:
    people = with_the_lead(app)
    author = as_(app, people.psr_author)
    assert "working day" in author.page(f"{base(people)}/request")
    add(people, FactKind.PAUSED, reason=PauseReason.REMANDED.value)
    page = author.page(f"{base(people)}/request")
    assert "working day" not in page and "Not counted while the case is paused" in page
    assert "Withdraw the request" in page


def test_after_the_release_the_assessment_counts_to_nothing(app: Flask) -> None:
    people = allocated()
    assessment = signed(people)
    page = f"{base(people)}/assessment"
    assert "Report due" in as_(app, people.assessor).page(page)
    released(assessment, people)
    assert "Report due" not in as_(app, people.assessor).page(page)


def test_nothing_is_signed_after_probation_took_its_request_back(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    waiting = sent(finished(people), people, lead_id=people.lead.id)
    request = current_request(people.case.id)
    assert request is not None
    with writing():
        date_answering.answer_date(
            request_id=request.id, answer=DateAnswer.WITHDRAWS, by=people.psr_author.id
        )
    for comment in ("", "Say more."):
        with pytest.raises(Refused, match="Nothing is to be signed"):
            decided(waiting, people.lead.id, comment)
    ask(people.case.id, people.psr_author.id)
    assert SIGN_AGAIN in notices(people.lead)
    decided(waiting, people.lead.id)


def test_a_lead_who_was_told_to_stop_is_told_to_go_on(app: Flask, set_clock: SetClock) -> None:
    people = allocated()
    say(people, ConsentDecision.GIVEN)
    ask(people.case.id, people.psr_author.id)
    sent(finished(people), people, lead_id=people.lead.id)
    set_clock.advance(minutes=5)
    say(people, ConsentDecision.WITHDRAWN)
    assert NOTHING_TO_SIGN in notices(people.lead) and SIGN_AGAIN not in notices(people.lead)
    set_clock.advance(minutes=5)
    say(people, ConsentDecision.GIVEN)
    assert SIGN_AGAIN in notices(people.lead)


def waits(people: People) -> Task:
    (task,) = tasks_of(people.case.id, TaskKind.CONSENT_WITHDRAWN)
    return task


def test_the_task_of_his_no_leads_to_what_can_be_done_and_ends_with_it(
    app: Flask, set_clock: SetClock
) -> None:
    people = with_the_lead(app)
    set_clock.advance(minutes=5)
    say(people, ConsentDecision.WITHDRAWN)
    client, page = as_(app, people.assessor), f"/tasks/{waits(people).ref}"
    shown = client.page(page)
    assert "Mark as done" not in shown
    assert f'href="{base(people)}/consent"' in shown and f'href="{base(people)}/close"' in shown
    pressed = client.post(f"{page}/done", data={"submission_key": str(uuid.uuid4())})
    assert pressed.status_code == 422
    assert tasks_of(people.case.id, TaskKind.CONSENT_WITHDRAWN)
    set_clock.advance(minutes=5)
    say(people, ConsentDecision.GIVEN)
    assert not tasks_of(people.case.id, TaskKind.CONSENT_WITHDRAWN)


def test_after_the_release_it_offers_no_closing_and_ends_by_hand(
    app: Flask, set_clock: SetClock
) -> None:
    people = allocated()
    say(people, ConsentDecision.GIVEN)
    released(signed(people), people)
    with writing():
        access.grant(
            people.case.id, Purpose.CLINICAL, people.assessor.principal_id, because="test", by=None
        )
    set_clock.advance(minutes=5)
    say(people, ConsentDecision.WITHDRAWN)
    task = waits(people)
    assert "close the case" not in task.title and "after the report went out" in task.title
    shown = as_(app, people.assessor).page(f"/tasks/{task.ref}")
    assert "Mark as done" in shown and f'href="{base(people)}/consent"' in shown
    assert f'href="{base(people)}/close"' not in shown
