"""Answers typed on an expired session lose no sign of risk, and nothing closes its review."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import sessions
from mhtr.accounts.models import SignInSession, Staff
from mhtr.cases import access_service
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Exclusion, Grant, Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability import assessment_service
from mhtr.suitability.assessment_queries import written_version
from mhtr.suitability.models import Assessment
from mhtr.suitability.sections import Section
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind, TaskState
from mhtr.web.models import KeptPost
from outcome_measures.models import MeasureOccasion
from tests.accounts.conftest import AppMaker
from tests.accounts.conftest import make_app as make_app
from tests.counts import count
from tests.faults.every_statement import fail_at_each
from tests.faults.invariants import assert_sound
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient
from tests.suitability.journey import People, allocated, started
from tests.suitability.typed_answers import RISK_TITLE, answers, hidden, path_of, risks, send
from tests.suitability.typed_answers import client as client
from tests.suitability.typed_answers import on as on
from tests.suitability.typed_answers import people as people

TITLE = (
    "Risk review, harm to himself: answers were typed on an expired session and have not been saved"
)


def kept() -> list[KeptPost]:
    db.session.rollback()
    return list(db.session.scalars(select(KeptPost)))


def again(client: PageClient, staff: Staff) -> PageClient:
    return client.sign_in(db.session.get_one(Staff, staff.id))


@pytest.mark.parametrize(
    ("item_9", "action", "opens"),
    [
        ("1", "submit", True),
        ("3", "save", True),
        ("declined", "save", True),
        ("7", "save", True),
        (None, "submit", True),
        (None, "save", False),
        ("0", "submit", False),
    ],
)
def test_answers_on_an_expired_session_open_a_review_as_they_are_kept(
    people: People,
    client: PageClient,
    set_clock: SetClock,
    item_9: str | None,
    action: str,
    opens: bool,
) -> None:
    client.page(path_of(people))
    set_clock.advance(minutes=16)
    answer = client.post(path_of(people), data=answers(item_9, action=action, version="0"))
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert len(kept()) == 1
    assert db.session.scalars(select(MeasureOccasion)).all() == []
    found = risks()
    assert len(found) == int(opens)
    for task in found:
        assert (task.title, task.owner_staff_id) == (TITLE, people.assessor.id)
        assert task.case_id == people.case.id
        assert task.due_at > clock.now()


def test_its_page_tells_clinicians_what_was_typed_and_nobody_else(
    people: People, client: PageClient, set_clock: SetClock
) -> None:
    set_clock.advance(minutes=16)
    client.post(path_of(people), data=answers("2", action="submit"))
    (task,) = risks()
    raw = db.session.connection().exec_driver_sql("SELECT about FROM tasks").scalar_one()
    assert b"phq9" not in bytes(raw)
    page = again(client, people.lead).page(f"/tasks/{task.ref}")
    assert "PHQ-9, question 9" in page and "More than half the days" in page
    assert "Tomasz Whitfield typed it" in page and "after the session had expired" in page
    listed = client.page(f"/cases/{people.case.ref}/risk")
    assert "typed by Tomasz Whitfield, not saved" in listed
    assert "More than half the days (not saved)" in client.page("/today")


def test_the_owner_is_whoever_is_on_duty_by_the_usual_rules(
    people: People, client: PageClient, set_clock: SetClock
) -> None:
    set_clock.advance(hours=8)
    client.post(path_of(people), data=answers("1", action="submit"))
    (task,) = risks()
    assert task.owner_staff_id == people.lead.id  # eight in the evening: at the next opening
    assert task.due_at.astimezone(clock.LONDON).hour == 9
    assert again(client, people.lead).get(f"/tasks/{task.ref}").status_code in (200, 303)


def test_sent_again_the_same_answer_keeps_the_one_review_open(
    either_app: Flask, people: People, client: PageClient, set_clock: SetClock
) -> None:
    set_clock.advance(minutes=16)
    for _ in range(2):
        client.post(path_of(people), data=answers("2", action="submit", version="0"))
    assert len(risks()) == 1
    again(client, people.assessor)
    page = client.page("/sign-in/kept")
    answer = client.post("/sign-in/kept", data={**hidden(page), "restore": "yes"})
    form = client.page(answer.location)
    assert re.search(r'name="item_9"[^>]*value="2"[^>]*checked', form)
    key = re.search(r'name="submission_key"[^>]*value="([^"]*)"', form)
    assert key
    sent = answers("2", action="submit", version="0", submission_key=key[1])
    assert client.post(path_of(people), data=sent).status_code == 303
    (task,) = risks()
    occasion = db.session.scalars(select(MeasureOccasion)).one()
    assert (task.state, task.title) == (TaskState.OPEN, RISK_TITLE)
    assert task.key == f"risk:occasion:{occasion.id}:item:9"
    assert "The answer was saved; the review stays open" in client.page(f"/tasks/{task.ref}")


def test_another_answer_sent_later_leaves_the_first_review_open(
    people: People, client: PageClient, set_clock: SetClock
) -> None:
    set_clock.advance(minutes=16)
    client.post(path_of(people), data=answers("2", action="submit"))
    again(client, people.assessor)
    assert send(client, people, answers("0", action="submit", version="0")) == 303
    (task,) = risks()
    assert (task.state, task.title) == (TaskState.OPEN, TITLE)


def test_who_had_no_access_opens_nothing(app: Flask, set_clock: SetClock) -> None:
    people = allocated()
    started(people)
    stranger = make_staff(Role.ASSESSOR, organisation=make_organisation(name="South"))
    shut_out = make_staff(Role.ASSESSOR, organisation=people.assessor.organisation)
    with writing():
        row = Exclusion(
            case_id=people.case.id,
            principal_id=shut_out.principal_id,
            because="family",
            starts_at=clock.now(),
        )
        db.session.add(row)
    for staff in (stranger, shut_out):
        client = app.test_client()
        assert isinstance(client, PageClient)
        client.sign_in(staff)
        set_clock.advance(minutes=16)
        client.post(path_of(people), data=answers("2", action="submit"))
    assert risks() == []


def test_who_may_not_open_a_restricted_record_opens_nothing_on_it(
    app: Flask, people: People, set_clock: SetClock
) -> None:
    trust = people.assessor.organisation
    colleague = make_staff(Role.ASSESSOR, organisation=trust)
    with writing():
        access.grant(people.case.id, Purpose.CLINICAL, trust.principal_id, because="test", by=None)
    with writing():
        access_service.restrict(
            people.case.id,
            staff_ids=[people.assessor.id],
            reason="His brother works here.",
            version=db.session.get_one(Case, people.case.id).version,
            by=people.lead.id,
        )
    grants = len(db.session.scalars(select(Grant)).all())
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in(colleague)
    data = answers("2", action="submit", version="0")
    assert client.post(path_of(people), data=data).status_code == 404
    set_clock.advance(minutes=16)
    client.post(path_of(people), data=data)
    assert risks() == []
    assert len(db.session.scalars(select(Grant)).all()) == grants


def test_access_that_ended_meanwhile_a_session_ended_and_a_disabled_account_count(
    people: People, client: PageClient, set_clock: SetClock
) -> None:
    case_id = people.case.id
    set_clock.advance(minutes=5)
    with writing():
        access.end_grants(case_id, Purpose.CLINICAL, because="test", by=None)
        staff = db.session.get_one(Staff, people.assessor.id)
        row = db.session.scalars(select(SignInSession)).one()
        sessions.end(row.id, by=staff.id, because="signed_out")
        staff.disabled_at = clock.now()
    set_clock.advance(minutes=1)
    client.post(path_of(people), data=answers("2", action="submit"))
    (task,) = risks()
    assert task.owner_staff_id == people.lead.id
    assert kept() == []
    lead_grant = select(Grant).where(
        Grant.case_id == case_id, Grant.principal_id == people.lead.principal_id
    )
    assert db.session.scalars(lead_grant).one().by_name


def test_finishing_on_an_expired_session_looks_at_unfinished_forms(
    people: People, client: PageClient, set_clock: SetClock
) -> None:
    assert send(client, people, {"item_1": "2", "action": "save", "version": "0"}) == 303
    set_clock.advance(minutes=16)
    path = f"/cases/{people.case.ref}/assessment/finish"
    assert client.post(path, data={"version": "1"}).location == "/sign-in"
    (task,) = risks()
    assert task.title == RISK_TITLE


def test_a_page_from_before_a_new_sign_in_is_kept_with_its_risk(
    app: Flask, make_app: AppMaker
) -> None:
    people = allocated()
    started(people)
    protected = make_app().test_client()
    assert isinstance(protected, PageClient)
    protected.sign_in(people.assessor)
    data = answers("1", action="submit", version="0", csrf_token="of an earlier sign-in")
    answer = protected.post(path_of(people), data=data)
    assert (answer.status_code, answer.location) == (303, "/sign-in/kept")
    assert len(kept()) == 1
    assert len(risks()) == 1
    stranger = make_app().test_client()
    assert stranger.post(path_of(people), data=data).status_code == 400
    assert len(kept()) == 1


def test_no_statement_that_fails_keeps_the_form_without_its_review(
    either_app: Flask, people: People, client: PageClient, set_clock: SetClock
) -> None:
    set_clock.advance(minutes=16)

    def post() -> None:
        client.post(path_of(people), data=answers("2", action="submit"))

    def both() -> None:
        assert len(kept()) == len(risks()) == 1
        assert_sound()

    small = 3 if db.engine.dialect.name == "sqlite" else 7
    fail_at_each(post, stride=count(small, 1), sound=both)


def test_nothing_that_happens_afterwards_closes_it(
    people: People, client: PageClient, set_clock: SetClock
) -> None:
    set_clock.advance(minutes=16)
    client.post(path_of(people), data=answers("2", action="submit"))
    again(client, people.assessor)
    client.post("/sign-in/kept", data={"discard": "yes"})
    assert send(client, people, answers("0", action="submit", version="0")) == 303
    assessment = db.session.scalars(select(Assessment)).one()
    with writing():
        data: dict[str, Any] = {"recommendation": "suitable"}
        assessment_service.set_derived(
            assessment, Section.RECOMMENDATION, data, by=people.assessor.id
        )
    with writing():
        db.session.refresh(assessment)
        version = written_version(assessment)
        assessment_service.finish(assessment=assessment, version=version, by=people.assessor.id)
        tasks.settle(people.case.id, *TaskKind, by=people.assessor.id)
    assert [task.state for task in risks()] == [TaskState.OPEN]
