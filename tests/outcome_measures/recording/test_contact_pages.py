"""The pages of a contact: recorded, filled in, corrected, closed; nothing typed is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import sessions
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.tasks.models import TaskState
from outcome_measures.models import MeasureContact, MeasureOccasion, OccasionState
from outcome_measures.time_points import Origin
from tests.makers import make_staff
from tests.outcome_measures.signing.test_service import sign, withdraw
from tests.outcome_measures.treatment import (
    another,
    close,
    contact,
    forms,
    risk_tasks,
    sentenced,
)
from tests.pages import PageClient
from tests.suitability.browsing import as_, base, refused, send
from tests.suitability.journey import People, allocated


@pytest.fixture
def people(app: Flask) -> People:
    return sentenced()


@pytest.fixture
def client(app: Flask, people: People) -> PageClient:
    return as_(app, people.assessor)


def new(**other: Any) -> dict[str, Any]:
    """A filled-in form of a contact today, the first session."""
    return {
        "held_on-day": "18",
        "held_on-month": "11",
        "held_on-year": "2026",
        "mode": "in_person",
        "language": "en",
        "point": "session",
        "session_number": "1",
        "instruments": ["phq9", "gad7"],
    } | other


def items(value: int, count: int, **other: str) -> dict[str, str]:
    return {f"item_{n}": str(value) for n in range(1, count + 1)} | other


def path_of(people: People, form: MeasureOccasion) -> str:
    return f"{base(people)}/measures/forms/{form.ref}"


def state_of(form: MeasureOccasion) -> OccasionState:
    db.session.rollback()
    db.session.refresh(form)
    return form.state


def test_a_session_from_the_list_to_the_closed_contact(client: PageClient, people: People) -> None:
    page = client.page(f"{base(people)}/measures")
    assert "Record a contact" in page
    path = f"{base(people)}/measures/contacts/new"
    page = client.page(path)
    assert re.search(r'value="phq9" checked', page) and re.search(r'value="gad7" checked', page)
    assert 'name="session_number" type="text" value="1"' in page
    answer = send(client, path, page, **new())
    assert answer.status_code == 303
    phq = answer.location
    page = client.page(phq)
    assert "Little interest or pleasure" in page and "Copyright © Pfizer" in page
    answer = send(client, phq, page, action="submit", **items(2, 9), item_10="1")
    gad = answer.location
    assert answer.status_code == 303 and gad != phq, "on to the next measure"
    answer = send(client, gad, client.page(gad), action="submit", **items(1, 7))
    found = answer.location
    page = client.page(found)
    assert "Session 1, 18 November 2026" in page
    assert "18 out of 27, moderately severe" in page and "7 out of 21, mild" in page
    assert "Look at risk first" in page and f"/tasks/{risk_tasks()[0].ref}" in page
    assert "Close the contact</button>" not in page
    assert "18 out of 27" in client.page(f"{base(people)}/measures")


def test_it_closes_once_the_response_is_recorded(client: PageClient, people: People) -> None:
    made = contact(people)
    held = forms(made)
    client_form = path_of(people, held["phq9"])
    send(client, client_form, client.page(client_form), action="submit", **items(1, 9))
    path = f"{base(people)}/measures/contacts/{made.ref}"
    page = client.page(path)
    assert "GAD-7." in page, "what is not finished is named"
    answer = send(client, f"{path}/close", page)
    assert answer.status_code == 422
    assert "GAD-7 not finished" in answer.get_data(as_text=True)
    answer = send(client, f"{path}/close", client.page(path), unfinished="yes")
    assert answer.location == path
    assert state_of(held["gad7"]) is OccasionState.CLOSED
    assert "stays open: a risk review from it must come first" in client.page(path)
    task = risk_tasks()[0]
    outcome = client.page(f"/tasks/{task.ref}")
    answer = send(
        client, f"/tasks/{task.ref}/outcome", outcome, outcome="Spoke with him", plan="Ring Friday"
    )
    assert answer.status_code == 303
    page = client.page(path)
    assert "Risk looked at" in page
    assert send(client, f"{path}/close", page).location == f"{base(people)}/measures"
    db.session.rollback()
    assert db.session.scalars(select(MeasureContact.closed_by)).one() == people.assessor.id
    assert "Closed" in client.page(path)


def test_what_cannot_stand_is_said_beside_its_field_and_kept(
    client: PageClient, people: People
) -> None:
    path = f"{base(people)}/measures/contacts/new"
    page = refused(client, path, client.page(path), **new(**{"held_on-day": "19"}))
    assert 'id="held_on-error"' in page and "cannot be in the future" in page
    assert 'value="in_person" checked' in page
    page = refused(
        client, path, client.page(path), **new(**{"held_on-day": "11", "held_on-month": "10"})
    )
    assert "belong to the assessment" in page
    page = refused(client, path, client.page(path), **new(session_number="first"))
    assert 'id="session_number-error"' in page and 'value="first"' in page
    page = refused(client, path, client.page(path), **new(point="follow_up", session_number=""))
    assert "Follow-up comes after treatment" in page
    page = refused(client, path, client.page(path), **new(instruments=[]))
    assert "Select what is asked" in page
    assert db.session.scalars(select(MeasureContact.id)).all() == []


def test_before_sentence_no_contact_is_offered(app: Flask) -> None:
    people = allocated()
    client = as_(app, people.assessor)
    words = "Measures before sentence belong to the assessment."
    assert words in client.page(f"{base(people)}/measures")
    path = f"{base(people)}/measures/contacts/new"
    assert words in client.page(path)
    assert words in refused(client, path, "", **new())


def test_a_measure_asked_the_same_day_is_shown_and_not_asked_again(
    client: PageClient, people: People
) -> None:
    first = contact(people)
    path = f"{base(people)}/measures/contacts/new"
    data = new(point="between", session_number="", instruments=["phq9"])
    answer = send(client, path, client.page(path), **data)
    page = client.page(answer.location)
    assert "was asked on the same day already" in page
    assert path_of(people, forms(first)["phq9"]) in page
    assert len(db.session.scalars(select(MeasureOccasion.id)).all()) == 2


def test_half_finished_is_kept_and_gone_on_with(client: PageClient, people: People) -> None:
    made = contact(people)
    path = path_of(people, forms(made)["phq9"])
    send(client, path, client.page(path), action="save", item_1="3", item_2="declined")
    assert "Half-finished" in client.page(f"{base(people)}/measures/contacts/{made.ref}")
    page = client.page(path)
    assert re.search(r'id="item_1-3"[^>]*value="3" checked|value="3" checked', page)
    assert 'value="declined" checked' in page
    assert risk_tasks() == []


def test_blanks_and_wrong_values_are_refused_beside_the_item_and_the_rest_saved(
    client: PageClient, people: People
) -> None:
    path = path_of(people, forms(contact(people))["phq9"])
    answer = send(client, path, client.page(path), action="submit", item_9="1", item_2="7")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Question 2 must be one of the answers shown" in page
    assert "Answer question 1, or tick the box at the end" in page
    assert len(risk_tasks()) == 1, "what can stand is kept, with its risk"
    answer = send(client, path, page, action="submit", item_9="1", item_2="2", incomplete="yes")
    assert answer.status_code == 303
    page = client.page(path)
    assert "2 of 9 questions answered" in page
    assert "skipped" in page and "Severity band" not in page
    assert len(risk_tasks()) == 1


def test_the_difficulty_question_is_dropped_where_the_total_is_zero(
    client: PageClient, people: People
) -> None:
    path = path_of(people, forms(contact(people))["phq9"])
    send(client, path, client.page(path), action="submit", **items(0, 9), item_10="3")
    said = "Question 10 is asked only where the total is above 0: its answer is not kept."
    assert said in client.page(f"{base(people)}/measures")
    assert "not applicable" in client.page(path)


def test_an_answer_is_corrected_and_the_old_one_kept(client: PageClient, people: People) -> None:
    path = path_of(people, forms(contact(people))["phq9"])
    send(client, path, client.page(path), action="submit", **items(1, 9))
    correct = f"{path}/correct/9"
    assert correct in client.page(path)
    page = client.page(correct)
    assert "better off dead" in page and "Several days" in page
    assert "Say why" in refused(client, correct, page, answer="0", reason="")
    send(client, correct, client.page(correct), answer="0", reason="Misheard")
    page = client.page(path)
    assert "<strong>8</strong> out of 27" in page
    assert "Question 9 was “Several days” until Tomasz Whitfield" in page
    assert [task.state for task in risk_tasks()] == [TaskState.OPEN]
    assert client.get(f"{path}/correct/11").status_code == 404
    send(client, correct, client.page(correct), answer="declined", reason="He would not say")
    send(client, correct, client.page(correct), answer="1", reason="He does")
    page = client.page(path)
    assert "Question 9 was “I" in page.replace("’", "'").replace("‘", "'") and "““" not in page


def test_a_review_of_a_refused_correction_does_not_blame_the_page(
    client: PageClient, people: People
) -> None:
    path = path_of(people, forms(contact(people))["phq9"])
    send(client, path, client.page(path), action="submit", **items(0, 9))
    correct = f"{path}/correct/9"
    refused(client, correct, client.page(correct), answer="2", reason="")
    (task,) = risk_tasks()
    assert "in a form that was refused" in task.title and "out-of-date" not in task.title
    page = client.page(f"/tasks/{task.ref}")
    assert "in a form that was refused" in page and "out of date" not in page


def test_a_day_that_is_none_is_named(client: PageClient, people: People) -> None:
    path = f"{base(people)}/measures/contacts/new"
    wrong = new(**{"held_on-day": "31", "held_on-month": "2"})
    page = refused(client, path, client.page(path), **wrong)
    assert "The day of the contact must be a real date" in page


def test_a_session_held_without_a_measure_is_told_beside_its_chart(
    client: PageClient, people: People
) -> None:
    path = path_of(people, forms(contact(people, on=clock.today() - timedelta(days=14)))["gad7"])
    send(client, path, client.page(path), action="submit", **items(1, 7))
    for days, number in ((7, 2), (0, 3)):
        on = clock.today() - timedelta(days=days)
        contact(people, number, on=on, instruments=("phq9",))
    page = client.page(f"{base(people)}/measures")
    assert "one score so far" in page and "Gaps: 2 sessions without GAD-7." in page
    assert "Sessions without it" in page
    (address,) = re.findall(r'src="([^"]*gad7/chart[^"]*)"', page)
    drawn = client.get(address.replace("&amp;", "&")).get_data(as_text=True)
    assert "session without it: no score" in drawn and f'id="course-{"without"}"' in drawn


def test_two_sessions_of_one_day_are_the_same_picture_wherever_it_is_drawn(
    client: PageClient, people: People
) -> None:
    path = path_of(people, forms(contact(people, on=clock.today() - timedelta(days=14)))["gad7"])
    send(client, path, client.page(path), action="submit", **items(1, 7))
    for number in (2, 3):
        contact(people, number, instruments=("phq9",))
    page = client.page(f"{base(people)}/measures")
    (key,) = re.findall(r'src="[^"]*gad7/chart[^"]*of=([^"&]*)"', page)
    drawn = client.get(f"{base(people)}/measures/gad7/chart.svg?size=narrow")
    assert (drawn.status_code, drawn.get_etag()[0]) == (200, key)


def test_a_total_with_its_risk_question(client: PageClient, people: People) -> None:
    form = forms(contact(people))["phq9"]
    path = f"{path_of(people, form)}/total"
    page = client.page(path)
    assert "A total says nothing about risk" in page and "Not known" in page
    for typed, words in (("28", "between 0 and 27"), ("9.5", "whole number"), ("", "Enter the")):
        page = refused(client, path, client.page(path), total=typed, risk_9="0")
        assert words in page and 'id="total-error"' in page
        assert f'value="{typed}"' in page
    assert "Say what he answered to question 9" in refused(
        client, path, client.page(path), total="12"
    )
    assert risk_tasks() == []
    page = refused(client, path, client.page(path), total="1", risk_9="3")
    assert "from 3 to 27" in page
    assert len(risk_tasks()) == 1, "the answer typed beside a refused total is looked at"
    page = refused(client, path, page, total="12", risk_9="declined")
    assert "has no total. Enter his answers one by one" in page and 'id="risk_9-error"' in page
    answer = send(client, path, page, total="12", risk_9="unknown")
    assert answer.status_code == 303
    page = client.page(path_of(people, form))
    assert "<strong>12</strong> out of 27 (typed in, no answers on record)" in page
    assert "not known" in page
    assert len([task for task in risk_tasks() if task.key.startswith("risk:occasion")]) == 1
    assert client.get(path).status_code == 303, "it is typed in already"


def test_a_typed_total_is_corrected_and_so_is_the_answer_beside_it(
    client: PageClient, people: People
) -> None:
    form = forms(contact(people))["phq9"]
    path = path_of(people, form)
    total = f"{path}/total"
    send(client, total, client.page(total), total="12", risk_9="0")
    assert risk_tasks() == []
    correct = f"{total}/correct"
    page = client.page(correct)
    assert 'value="12"' in page
    assert "whole number" in refused(client, correct, page, total="x", reason="Read wrong")
    send(client, correct, client.page(correct), total="2", reason="Read wrong")
    page = client.page(path)
    assert "<strong>2</strong> out of 27 (typed in" in page
    assert "Total was “12” until Tomasz Whitfield" in page
    beside = f"{path}/correct/9"
    page = refused(client, beside, client.page(beside), answer="3", reason="On paper")
    assert "it must be from 3 to 27" in page
    assert len(risk_tasks()) == 1
    send(client, beside, client.page(beside), answer="2", reason="On paper")
    assert "more than half the days" in client.page(path).lower()
    assert client.get(f"{path}/correct/1").status_code == 404, "no such answer is on record"
    db.session.refresh(form)
    assert form.origin is Origin.TOTAL
    send(client, beside, client.page(beside), answer="declined", reason="He left it out")
    page = client.page(path)
    assert "Total was “2” until" in page and "Severity band" not in page
    assert "0 of 9 questions answered" in page
    client.page(f"{path}/correct/1")
    assert client.get(correct).status_code == 404, "there is no total to correct"


def test_closed_unfinished_can_be_gone_on_with_until_the_contact_closes(
    client: PageClient, people: People
) -> None:
    made = contact(people)
    held = forms(made)
    assert not close(people, made, unfinished=True).closed
    path = path_of(people, held["gad7"])
    page = client.page(path)
    assert "Closed unfinished" in page
    answer = send(client, f"{path}/go-on", page)
    assert answer.status_code == 303
    assert state_of(held["gad7"]) is OccasionState.OPEN
    send(client, path, client.page(path), action="submit", **items(0, 7))
    assert state_of(held["gad7"]) is OccasionState.SUBMITTED


def test_answers_of_an_expired_session_open_their_review(
    client: PageClient, people: People, set_clock: SetClock
) -> None:
    made = contact(people)
    held = forms(made)
    path = path_of(people, held["phq9"])
    page = client.page(path)
    set_clock.advance(seconds=sessions.IDLE.total_seconds() + 1)
    answer = send(client, path, page, action="submit", **items(0, 8), item_9="2")
    assert answer.location == "/sign-in"
    db.session.rollback()
    (task,) = risk_tasks()
    assert task.key.startswith(f"risk:unsaved:contact:{made.ref}:phq9:item:9")
    client.sign_in(people.assessor)
    assert "typed on an expired session" in client.page(
        f"{base(people)}/measures/contacts/{made.ref}"
    )
    total = f"{path_of(people, held['phq9'])}/total"
    page = client.page(total)
    set_clock.advance(seconds=sessions.IDLE.total_seconds() + 1)
    send(client, total, page, total="9", risk_9="unknown")
    db.session.rollback()
    assert len(risk_tasks()) == 2
    client.sign_in(people.assessor)
    set_clock.advance(seconds=sessions.IDLE.total_seconds() + 1)
    close_path = f"{base(people)}/measures/contacts/{made.ref}/close"
    client.post(close_path, data={"unfinished": "yes", "version": "1"})
    db.session.rollback()
    kinds = [task.key.split(":")[1] for task in risk_tasks()]
    assert kinds == ["unsaved", "occasion"], "the silence of what he was about to close counts"


def test_a_stale_page_keeps_what_was_typed_and_looks_at_its_risk(
    client: PageClient, people: People
) -> None:
    path = path_of(people, forms(contact(people))["phq9"])
    page = client.page(path)
    send(client, path, client.page(path), action="save", item_1="1", item_9="0")
    answer = send(client, path, page, action="submit", **items(0, 8), item_9="3")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Saved meanwhile" in shown
    (task,) = risk_tasks()
    assert task.key.startswith("risk:unsaved:")
    assert send(client, path, shown, action="submit", **items(0, 8), item_9="3").status_code == 303
    (task,) = risk_tasks()
    assert task.key.startswith("risk:occasion:"), "saved now: the same review, the saved answer's"


def test_pages_are_for_clinicians_who_have_the_case(app: Flask, people: People) -> None:
    made = contact(people)
    form = forms(made)["phq9"]
    elsewhere = as_(app, make_staff(Role.ASSESSOR))
    for path in (
        f"{base(people)}/measures",
        f"{base(people)}/measures/contacts/new",
        f"{base(people)}/measures/contacts/{made.ref}",
        path_of(people, form),
        f"{path_of(people, form)}/total",
    ):
        assert elsewhere.get(path).status_code == 404, path
    officer = as_(app, people.psr_author)
    assert officer.get(f"{base(people)}/measures").status_code == 403


def test_the_form_of_another_case_is_not_found_under_this_one(app: Flask, people: People) -> None:
    form = forms(contact(another(people)))["phq9"]
    client = as_(app, people.assessor)
    assert client.get(f"{base(people)}/measures/forms/{form.ref}").status_code == 404


def test_an_open_form_says_that_nobody_stands_for_its_words_any_more(
    client: PageClient, people: People
) -> None:
    lead = make_staff(Role.CLINICAL_LEAD, hcpc="PYL000456")
    sign(lead, "itq", "wording")
    form = forms(contact(people, instruments=("itq",)))["itq"]
    said = "No clinical lead stands for this any more: Wording."
    assert said not in client.page(path_of(people, form))
    withdraw(lead, "itq", "wording")
    assert said in client.page(path_of(people, form))
