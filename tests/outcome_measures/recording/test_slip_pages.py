"""The pages on which a contact or a form recorded by a slip is put right."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures import listeners
from outcome_measures.models import MeasureContact, OccasionState
from outcome_measures.recording import service
from tests.outcome_measures.treatment import (
    close,
    contact,
    forms,
    phq,
    risk_tasks,
    said,
    save,
    sentenced,
    submit,
)
from tests.pages import PageClient
from tests.suitability.journey import People

ON = date(2026, 10, 19)


@pytest.fixture
def people(app: Flask, client: PageClient) -> People:
    made = sentenced()
    client.sign_in(made.assessor)
    return made


@pytest.fixture
def twelve_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    planned = [lambda ids: dict.fromkeys(ids, 12)]
    monkeypatch.setattr(listeners, "planned_sessions", planned)


def sent(**more: Any) -> dict[str, str]:
    return {"submission_key": str(uuid.uuid4()), **{k: str(v) for k, v in more.items()}}


def when(on: date) -> dict[str, str]:
    return {
        "held_on-day": str(on.day),
        "held_on-month": str(on.month),
        "held_on-year": str(on.year),
    }


def new(on: date, number: int, **more: str) -> dict[str, Any]:
    place = {"mode": "in_person", "language": "en", "point": "session", "session_number": number}
    return {**sent(**{**place, **more}), **when(on), "instruments": ["phq9"]}


def test_a_number_that_jumps_or_lies_beyond_the_plan_is_asked_about_not_refused(
    people: People, client: PageClient, twelve_planned: None
) -> None:
    page = f"/cases/{people.case.ref}/measures/contacts/new"
    asked = client.post(page, data=new(ON, 22))
    text = asked.get_data(as_text=True)
    assert asked.status_code == 422
    assert "No session is on record yet: the next one is 1. 12 sessions are planned." in text
    assert "The number and the day are right" in text
    assert client.post(page, data=new(ON, 22, surely="yes")).status_code == 303
    # The next number of the course is asked about as well, because it lies beyond the plan.
    assert client.post(page, data=new(ON + timedelta(days=7), 23)).status_code == 422


def test_the_usual_number_is_not_asked_about(
    people: People, client: PageClient, twelve_planned: None
) -> None:
    page = f"/cases/{people.case.ref}/measures/contacts/new"
    assert "The number and the day are right" not in client.get(page).get_data(as_text=True)
    assert client.post(page, data=new(ON, 1)).status_code == 303


def test_a_second_session_on_one_day_is_asked_about_not_refused(
    people: People, client: PageClient
) -> None:
    page = f"/cases/{people.case.ref}/measures/contacts/new"
    contact(people, 1, on=ON)
    asked = client.post(page, data=new(ON, 2))
    assert asked.status_code == 422
    assert "Session 1 was on the same day. Is 2 right?" in asked.get_data(as_text=True)
    assert client.post(page, data=new(ON, 2, surely="yes")).status_code == 303


def test_a_session_moved_to_the_day_of_another_is_asked_about(
    people: People, client: PageClient
) -> None:
    contact(people, 1, on=ON - timedelta(days=7), instruments=("phq9",))
    made = contact(people, 2, on=ON, instruments=("gad7",))
    page = f"/cases/{people.case.ref}/measures/contacts/{made.ref}/correct"
    data = {"version": 1, "language": "en", "reason": "A slip"}
    data |= new(ON - timedelta(days=7), 2)
    asked = client.post(page, data=data)
    assert asked.status_code == 422
    assert "Session 1 was on the same day" in asked.get_data(as_text=True)
    assert client.post(page, data=data | {"surely": "yes"}).status_code == 303


def test_the_language_said_with_the_contact_is_that_of_its_forms_and_named(
    people: People, client: PageClient
) -> None:
    page = f"/cases/{people.case.ref}/measures/contacts/new"
    assert client.post(page, data=new(ON, 1, language="pl")).status_code == 303
    made = db.session.scalars(select(MeasureContact)).one()
    further = sent(version=made.version) | {"instruments": "gad7"}
    client.post(f"/cases/{people.case.ref}/measures/contacts/{made.ref}/measures", data=further)
    held = forms(made)
    assert {name: form.language for name, form in held.items()} == {"phq9": "pl", "gad7": "pl"}
    submit(people, held["gad7"], {n: said(1) for n in range(1, 8)})
    answers = f"/cases/{people.case.ref}/measures/answers/{held['gad7'].ref}"
    assert ", Polish</dd>" in client.get(answers).get_data(as_text=True)


def test_a_day_that_does_not_exist_is_named(people: People, client: PageClient) -> None:
    page = f"/cases/{people.case.ref}/measures/contacts/new"
    data = new(ON, 1) | {"held_on-day": "31", "held_on-month": "2"}
    text = client.post(page, data=data).get_data(as_text=True)
    assert "The day of the contact must be a real date: February 2026 has 28 days" in text


def test_a_contact_is_corrected_on_its_page(
    people: People, client: PageClient, twelve_planned: None
) -> None:
    made = contact(people, 22, on=ON)
    page = f"/cases/{people.case.ref}/measures/contacts/{made.ref}"
    assert "Correct its day" in client.get(page).get_data(as_text=True)
    there = client.get(f"{page}/correct").get_data(as_text=True)
    assert 'value="22"' in there
    data = {"version": 1, "mode": "telephone", "point": "session", "language": "pl"}
    wrong = {**sent(**data, session_number=1, reason=""), **when(ON)}
    assert client.post(f"{page}/correct", data=wrong).status_code == 422
    jumps = {**sent(**data, session_number=5, reason="Slip"), **when(ON)}
    assert "The number and the day are right" in client.post(
        f"{page}/correct", data=jumps
    ).get_data(as_text=True)
    right = {**sent(**data, session_number=1, reason="Slip of the pen"), **when(ON)}
    done = client.post(f"{page}/correct", data=right, follow_redirects=True)
    text = done.get_data(as_text=True)
    assert "Session 22, in person, in English" in text
    assert "Slip of the pen" in text
    stale = {**sent(**data, session_number=2, reason="Again", surely="yes"), **when(ON)}
    assert "Somebody changed" in client.post(f"{page}/correct", data=stale).get_data(as_text=True)
    form = forms(db.session.get_one(MeasureContact, made.id))["phq9"]
    assert (form.session_number, form.language) == (1, "pl")


def test_a_contact_is_taken_back_and_put_back_on_its_page(
    people: People, client: PageClient
) -> None:
    made = contact(people, 1, on=ON, instruments=("phq9",))
    submit(people, forms(made)["phq9"], phq(said(2)))
    page = f"/cases/{people.case.ref}/measures/contacts/{made.ref}"
    assert "Take the whole contact back" in client.get(page).get_data(as_text=True)
    assert client.get(f"{page}/put-back").status_code == 404
    assert client.post(f"{page}/take-back", data=sent(version=1)).status_code == 422
    assert "Somebody changed" in client.post(
        f"{page}/take-back", data=sent(version=9, reason="x")
    ).get_data(as_text=True)
    gone = sent(version=made.version, reason="Another man")
    text = client.post(f"{page}/take-back", data=gone, follow_redirects=True).get_data(as_text=True)
    assert "Taken back: it counts nowhere" in text and "Another man" in text
    assert risk_tasks()[0].title in text, "the review stands beside it"
    assert "Close the contact" not in text
    assert client.get(f"{page}/correct").status_code == 404
    measures = client.get(f"/cases/{people.case.ref}/measures").get_data(as_text=True)
    assert "Session 1 of 19 October 2026" in measures and "Contacts at which" not in measures
    task = client.get(f"/tasks/{risk_tasks()[0].ref}").get_data(as_text=True)
    assert "The form was taken back since" in task
    undone = sent(version=made.version + 1, reason="It was him")
    text = client.post(f"{page}/put-back", data=undone, follow_redirects=True).get_data(
        as_text=True
    )
    assert "It was him" in text and "counts nowhere" not in text


def test_a_form_is_taken_back_and_put_back_on_its_page(people: People, client: PageClient) -> None:
    made = contact(people, 1, on=ON, instruments=("gad7",))
    form = forms(made)["gad7"]
    open_page = client.get(f"/cases/{people.case.ref}/measures/forms/{form.ref}/take-back")
    assert open_page.status_code == 200, "one not even begun too: it may be the wrong man's"
    submit(people, form, {n: said(1) for n in range(1, 8)})
    page = f"/cases/{people.case.ref}/measures/forms/{form.ref}"
    assert "Take this form back" in client.get(page).get_data(as_text=True)
    gone = sent(version=form.version, reason="Another man")
    text = client.post(f"{page}/take-back", data=gone, follow_redirects=True).get_data(as_text=True)
    assert "Taken back by" in text and "Another man" in text
    assert "Taken back" in client.get(
        f"/cases/{people.case.ref}/measures/contacts/{made.ref}"
    ).get_data(as_text=True)
    undone = sent(version=form.version, reason="His after all")
    text = client.post(f"{page}/put-back", data=undone, follow_redirects=True).get_data(
        as_text=True
    )
    assert "His after all" in text and "Take this form back" in text


def test_at_a_closed_contact_only_what_was_taken_back_is_offered_again(
    people: People, client: PageClient
) -> None:
    made = contact(people, 1, on=ON, instruments=("gad7",))
    form = forms(made)["gad7"]
    submit(people, form, {n: said(1) for n in range(1, 8)})
    close(people, made)
    page = f"/cases/{people.case.ref}/measures/contacts/{made.ref}"
    assert 'name="instruments"' not in client.get(page).get_data(as_text=True)
    back = f"/cases/{people.case.ref}/measures/forms/{form.ref}/take-back"
    client.post(back, data=sent(version=form.version, reason="Another man’s"))
    text = client.get(page).get_data(as_text=True)
    assert "Ask again what was taken back" in text and 'value="gad7"' in text
    assert 'value="phq9"' not in text
    asked = sent(version=made.version) | {"instruments": "gad7"}
    text = client.post(f"{page}/measures", data=asked, follow_redirects=True).get_data(as_text=True)
    assert "Close the contact" in text and "What is not finished" in text


def test_a_form_is_not_taken_back_or_put_back_as_it_no_longer_is(
    people: People, client: PageClient
) -> None:
    made = contact(people, 1, on=ON, instruments=("gad7",))
    form = forms(made)["gad7"]
    submit(people, form, {n: said(1) for n in range(1, 8)})
    page, seen = f"/cases/{people.case.ref}/measures/forms/{form.ref}", form.version
    with writing():
        service.correct(form, 1, said(3), reason="Misread", version=seen, by=people.lead.id)
    for version in (seen, "", "nonsense"):
        there = client.post(f"{page}/take-back", data=sent(version=version, reason="Slip"))
        text = there.get_data(as_text=True)
        assert there.status_code == 422
        assert "Somebody changed" in text and "<strong>9</strong> out of 21" in text
        assert f'name="version" value="{seen + 1}"' in text, "sent again it is the one he sees"
    there = client.post(f"{page}/take-back", data=sent(reason="Slip"))
    assert "Somebody changed" in there.get_data(as_text=True)
    right = client.post(f"{page}/take-back", data=sent(version=seen + 1, reason="Slip"))
    there = client.post(f"{page}/put-back", data=sent(version=seen + 1, reason="His"))
    assert right.status_code == 303
    assert "Somebody changed" in there.get_data(as_text=True)
    assert form.state is OccasionState.WITHDRAWN


def test_the_way_on_from_a_form_closed_unfinished_is_said(
    people: People, client: PageClient
) -> None:
    made = contact(people, None, on=clock.today(), instruments=("gad7",))
    form = forms(made)["gad7"]
    save(people, form, {1: said(1)})
    close(people, made, unfinished=True)
    page = f"/cases/{people.case.ref}/measures/forms/{form.ref}"
    text = client.get(page).get_data(as_text=True)
    assert "Go on with it" not in text
    assert "The contact is closed. Record a contact to ask GAD-7 again, of the same day too" in text
    assert f"/cases/{people.case.ref}/measures/contacts/new" in text
    refused = client.post(f"{page}/go-on", data=sent(version=form.version))
    assert refused.status_code == 422
    assert "Closed unfinished" in refused.get_data(as_text=True), "the form itself, no bare page"
    assert form.state is OccasionState.CLOSED
    data = new(clock.today(), 1) | {"instruments": ["gad7"]}
    again = client.post(
        f"/cases/{people.case.ref}/measures/contacts/new", data=data, follow_redirects=True
    )
    assert "is recorded" in again.get_data(as_text=True)
    assert "asked again on the same day" in client.get(page).get_data(as_text=True)
