"""Probation takes its request back: everybody knows, nothing is due, and nothing goes out."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability import addendum_service, date_answering
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.concerned import current_request
from mhtr.suitability.models import Assessment, CountersignRequest, ReportRelease
from mhtr.suitability.release_content import NOBODY_ASKS, prepare
from mhtr.suitability.report_content import HisAnswer
from mhtr.suitability.report_work import TOLD
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import TaskKind
from tests.pages import PageClient
from tests.suitability.browsing import as_, base
from tests.suitability.journey import (
    People,
    allocated,
    decided,
    finished,
    heard,
    released,
    sent,
)
from tests.suitability.makers import COURT
from tests.suitability.requesting import ask, tasks_of, told

K = TaskKind
WITHDREW = "Probation withdrew its request on 18 November 2026."


def withdraw(people: People) -> None:
    request = current_request(people.case.id)
    assert request is not None
    request_id, by = request.id, people.psr_author.id
    with writing():
        date_answering.answer_date(request_id=request_id, answer=DateAnswer.WITHDRAWS, by=by)


def with_the_lead(people: People) -> tuple[Assessment, CountersignRequest]:
    ask(people.case.id, people.psr_author.id)
    assessment = finished(people)
    return assessment, sent(assessment, people, people.lead.id)


def open_kinds(people: People) -> set[TaskKind]:
    return {kind for kind in K if tasks_of(people.case.id, kind)}


def test_lead_and_assessor_are_told_and_nothing_is_due(either_app: Flask) -> None:
    people = allocated()
    assessment, waiting = with_the_lead(people)
    assert {K.COUNTERSIGN, K.REPORT_DUE} <= open_kinds(people)
    withdraw(people)
    assert told(people.lead).count(TOLD) == 1
    assert told(people.assessor).count(TOLD) == 1
    assert not open_kinds(people) & {K.COUNTERSIGN, K.REPORT_DUE, K.RELEASE, K.REVISE}
    with pytest.raises(Refused, match="Nothing is to be signed"):
        decided(waiting, people.lead.id)


def test_a_report_signed_before_is_released_to_nobody(either_app: Flask) -> None:
    people = allocated()
    assessment, waiting = with_the_lead(people)
    decided(waiting, people.lead.id)
    heard(assessment, people)
    withdraw(people)
    assert not open_kinds(people) & {K.RELEASE, K.REPORT_DUE}
    found = prepare(people.case, assessment, by=people.assessor.id)
    assert found.against == (f"{WITHDREW} {NOBODY_ASKS}",)


def test_the_pages_say_that_she_withdrew_and_stay_shut(app: Flask) -> None:
    people = allocated()
    assessment, waiting = with_the_lead(people)
    withdraw(people)
    lead = as_(app, people.lead)
    page = lead.page(f"{base(people)}/countersign")
    assert f"{WITHDREW} Nothing is to be signed" in page
    assert ">Countersign</button>" not in page
    ask(people.case.id, people.psr_author.id)
    decided(waiting, people.lead.id)
    withdraw(people)
    heard(assessment, people)
    client, author = as_(app, people.assessor), as_(app, people.psr_author)
    for path in ("assessment", "release"):
        assert WITHDREW in client.page(f"{base(people)}/{path}")
    assert "Release the report" not in client.page(f"{base(people)}/release")
    with pytest.raises(Refused, match="withdrew its request"):
        released(assessment, people)
    assert db.session.scalars(select(ReportRelease.id)).all() == []
    shut(author, people)


def shut(author: PageClient, people: People) -> None:
    """Her access runs for some days yet: there is nothing behind it."""
    page = author.page(f"{base(people)}/report")
    assert "No report is released" in page
    assert "Emotional skills" not in page
    assert author.get(f"{base(people)}/report.pdf").status_code == 404


def test_asked_for_again_the_work_goes_on_where_it_stood(app: Flask) -> None:
    people = allocated()
    _, waiting = with_the_lead(people)
    withdraw(people)
    again = ask(people.case.id, people.psr_author.id)
    (task,) = tasks_of(people.case.id, K.COUNTERSIGN)
    assert (task.owner_staff_id, task.due_at) == (people.lead.id, end_of_day(again.due_on))
    decided(waiting, people.lead.id)
    withdraw(people)
    assert not tasks_of(people.case.id, K.RELEASE)
    ask(people.case.id, people.psr_author.id)
    (release,) = tasks_of(people.case.id, K.RELEASE)
    assert release.owner_staff_id == people.assessor.id


def test_a_report_that_came_back_is_the_authors_again(app: Flask) -> None:
    people = allocated()
    _, waiting = with_the_lead(people)
    decided(waiting, people.lead.id, comment="Say more")
    withdraw(people)
    assert not tasks_of(people.case.id, K.REVISE)
    ask(people.case.id, people.psr_author.id)
    (task,) = tasks_of(people.case.id, K.REVISE)
    assert task.owner_staff_id == people.assessor.id


def test_an_addendum_signed_meanwhile_is_released_when_she_asks_again(app: Flask) -> None:
    people = allocated()
    assessment, waiting = with_the_lead(people)
    decided(waiting, people.lead.id)
    heard(assessment, people)
    released(assessment, people)
    with writing():
        added = addendum_service.write_addendum(
            assessment=assessment,
            text="The hearing has moved.",
            his_answer=HisAnswer.AGREES,
            his_words="",
            lead_id=None,
            by=people.assessor.id,
        )
    withdraw(people)
    assert not tasks_of(people.case.id, K.COUNTERSIGN)
    with pytest.raises(Refused, match="Nothing is to be signed"):
        decided(added, people.lead.id)
    ask(people.case.id, people.psr_author.id)
    decided(added, people.lead.id)
    withdraw(people)
    assert not tasks_of(people.case.id, K.RELEASE)
    ask(people.case.id, people.psr_author.id)
    (task,) = tasks_of(people.case.id, K.RELEASE)
    assert task.owner_staff_id == people.assessor.id


def test_the_result_is_the_assessors_at_once(either_app: Flask, set_clock: SetClock) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    (task,) = tasks_of(people.case.id, K.RESULT_AWAITED)
    assert task.owner_staff_id == people.psr_author.id
    due_at = task.due_at
    withdraw(people)
    (task,) = tasks_of(people.case.id, K.RESULT_AWAITED)
    assert (task.owner_staff_id, task.due_at) == (people.assessor.id, due_at)
    set_clock.advance(days=30)
    page = as_(either_app, db.session.get_one(Staff, people.assessor.id)).page("/today")
    assert "Record what the court decided" in page or "result" in page.lower()


def test_after_release_the_news_is_the_new_date_and_not_a_due_date(either_app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)
    released(assessment, people)
    request = current_request(people.case.id)
    assert request is not None
    due_on = request.due_on
    on = due_on + timedelta(days=60)
    with writing():
        hearings.record_hearing(cases.lock(people.case.id), court_code=COURT, on=on, by=None)
    news = f"Court date changed: now {on:%A} {on.day} {on:%B %Y}. The report is released."
    for staff in (people.psr_author, people.assessor):
        assert news in told(staff)
        assert not any("due" in text and "Court date" in text for text in told(staff))
    assert current_request(people.case.id).due_on == due_on  # type: ignore[union-attr]
    assert not tasks_of(people.case.id, K.REPORT_DUE)
    (task,) = tasks_of(people.case.id, K.RESULT_AWAITED)
    assert task.due_at.date() > on


def test_before_release_the_news_names_the_new_date_too(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    with writing():
        hearings.record_hearing(cases.lock(people.case.id), court_code=COURT, on=None, by=None)
    assert any(
        "Court date changed: no new date is fixed." in text for text in told(people.assessor)
    )
