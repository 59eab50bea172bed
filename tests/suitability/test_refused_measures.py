"""Answers on a page that is refused lose no sign of risk."""

import re
import uuid

from flask import Flask
from sqlalchemy import select

from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks.models import TaskState
from mhtr.web.models import Submission
from outcome_measures.models import MeasureOccasion, OccasionState
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient
from tests.suitability.journey import People, allocated, finished
from tests.suitability.typed_answers import RISK_TITLE, answers, path_of, risks, send
from tests.suitability.typed_answers import client as client
from tests.suitability.typed_answers import on as on
from tests.suitability.typed_answers import people as people


def test_a_page_out_of_date_is_refused_and_its_risk_is_not_lost(
    either_app: Flask, people: People, client: PageClient
) -> None:
    assert send(client, people, answers("0", action="save")) == 303
    assert send(client, people, answers("1", action="submit", version="0")) == 422
    (task,) = risks()
    assert "out-of-date page" in task.title
    occasion = db.session.scalars(select(MeasureOccasion)).one()
    assert occasion.state is OccasionState.OPEN
    assert send(client, people, answers("1", action="submit", version="0")) == 422
    assert len(risks()) == 1
    assert send(client, people, answers("1", action="submit")) == 303
    assert [task.title for task in risks()] == [RISK_TITLE]


def test_a_higher_answer_on_a_refused_page_is_a_review_of_its_own(
    people: People, client: PageClient
) -> None:
    assert send(client, people, answers("1", action="submit", version="0")) == 303
    form = {"submission_key": "9b3f1d52-6d5b-4cf5-9a6c-3b3f6e6f0001", "version": "0"}
    client.post(path_of(people), data={**form, **answers("3", action="submit")})
    assert [task.state for task in risks()] == [TaskState.OPEN] * 2
    client.post(path_of(people), data={**form, **answers("1", action="submit")})
    assert len(risks()) == 2  # what is on record has its review already


def test_a_finished_assessment_refuses_the_form_and_not_the_risk(app: Flask) -> None:
    people = allocated()
    finished(people)
    before = len(risks())
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in(people.assessor)
    client.post(path_of(people), data=answers("2", action="save", version="0", submission_key="x"))
    assert len(risks()) == before + 1


def test_the_same_form_sent_with_another_answer_is_not_lost(
    people: People, client: PageClient
) -> None:
    form = client.page(path_of(people))
    key = re.search(r'name="submission_key"[^>]*value="([^"]*)"', form)
    assert key
    first = answers("0", action="save", version="0", submission_key=key[1])
    assert client.post(path_of(people), data=first).status_code == 303
    assert client.post(path_of(people), data={**first, "item_9": "3"}).status_code == 409
    assert len(risks()) == 1


def test_corrections_count_refused_or_typed_on_an_expired_session(
    people: People, client: PageClient, set_clock: SetClock
) -> None:
    assert send(client, people, answers("0", action="submit", version="0")) == 303
    correct = f"{path_of(people)}/correct"
    data = {"item": "9", "answer": "2", "version": "2"}
    key = "9b3f1d52-6d5b-4cf5-9a6c-3b3f6e6f0002"
    client.post(correct, data={**data, "reason": "", "submission_key": key})
    (task,) = risks()
    assert "in a form that was refused" in task.title, "the page was not out of date"
    client.post(correct, data={**data, "reason": "x", "version": "0", "submission_key": key})
    assert len(risks()) == 1
    set_clock.advance(minutes=16)
    client.post(correct, data={**data, "answer": "3", "reason": "Misheard"})
    assert len(risks()) == 2
    client.post(correct, data={**data, "item": "1", "answer": "3", "reason": "Misheard"})
    assert len(risks()) == 2


def test_who_lost_the_record_while_he_typed_is_refused_and_the_risk_is_not(
    people: People, client: PageClient, set_clock: SetClock
) -> None:
    client.page(path_of(people))
    set_clock.advance(minutes=5)
    with writing():
        access.end_grants(people.case.id, Purpose.CLINICAL, because="test", by=None)
    answer = client.post(path_of(people), data=answers("2", action="submit", version="0"))
    assert answer.status_code == 404
    (task,) = risks()
    assert "in a form that was refused" in task.title
    assert task.owner_staff_id is not None


def test_who_never_had_the_record_opens_nothing(
    app: Flask, people: People, client: PageClient
) -> None:
    client.sign_in(make_staff(Role.ASSESSOR, organisation=make_organisation(name="South")))
    answer = client.post(path_of(people), data=answers("2", action="submit", version="0"))
    assert answer.status_code == 404
    assert risks() == []


def test_the_form_of_finishing_sent_again_otherwise_looks_at_unfinished_forms(
    people: People, client: PageClient
) -> None:
    assert send(client, people, {"item_1": "2", "action": "save", "version": "0"}) == 303
    path = f"/cases/{people.case.ref}/assessment/finish"
    used = str(uuid.uuid4())
    with writing():
        db.session.add(
            Submission(
                staff_id=people.assessor.id,
                route=path,
                key=used,
                body_hash="another",
                body={"version": ["0"]},
                location="/",
            )
        )
    assert risks() == []
    sent = {"version": "1", "submission_key": used}
    assert client.post(path, data=sent).status_code == 409
    (task,) = risks()
    assert task.title == RISK_TITLE
