"""The practitioner in a custody suite: a referral in two minutes, and what became of it."""

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core.database import db
from tests.browser.person import Person
from tests.intake.house import House, accept

BUDGET = 30


@pytest.fixture
def house(app: Flask) -> House:
    made = House()
    db.session.rollback()
    return made


def answers_who(person: Person) -> None:
    person.types("First name", "Tunde").types("Last name", "Okafor")
    person.types_date("Date of birth", 3, 2, 1990)


def answers_the_rest(person: Person) -> None:
    """From where he was seen to the page that shows every answer."""
    person.arrives_at("Where you saw him").picks("Where did you see him?", "Brixton")
    person.chooses("Guilty plea").clicks("Continue")
    person.arrives_at("What he needs").chooses("Anxiety").chooses("Trauma symptoms")
    person.chooses("Medium", group="Health need").chooses("Low", group="Risk")
    person.chooses("Routine").chooses("Identified").chooses("Screened").clicks("Continue")
    person.arrives_at("His agreement").chooses("Yes, he agrees").chooses("Face to face")
    person.chooses("Yes", group="Was he able to decide").types("His telephone", "07700 900123")
    person.chooses("Yes", group="Is it safe to send a text").chooses("No", group="interpreter")
    person.clicks("Continue").arrives_at("Check your answers")


def test_from_today_to_a_sent_referral_within_the_budget(house: House, person: Person) -> None:
    person.signs_in_as("ld_practitioner").arrives_at("Today").starts_counting()
    person.clicks("Refer a man").arrives_at("His safety")
    person.chooses("Yes, he is safe now").clicks("Continue").arrives_at("Who is he?")
    answers_who(person)
    person.clicks("Continue")
    answers_the_rest(person)
    person.sees("Tunde", "Okafor", "3 February 1990", "Anxiety", "Brixton")
    person.clicks("Send the referral").arrives_at("Referral sent").within(BUDGET)

    case = db.session.scalars(select(Case)).one()
    accept(house, case, house.assessor)
    db.session.rollback()
    person.starts_counting().clicks("My referrals").arrives_at("My referrals")
    person.sees("With an assessor")
    person.clicks("Tunde Okafor").finds_the_page_fit().sees("Accepted").within(2)

    person.clicks("My referrals").clicks("Refer a man").chooses("Yes, he is safe now")
    person.clicks("Continue").arrives_at("Who is he?").does_not_see("Tunde", "Okafor")
    person.types("Last name", "Bello").clicks("Save and leave").clicks("Bello")
    person.goes_to(person.page.url.rpartition("/")[0] + "/place").arrives_at("Where you saw him")
    expect(person.page.get_by_label("Where did you see him?")).to_have_value("met-brixton")


def test_an_urgent_case_goes_to_custody_healthcare_first(house: House, person: Person) -> None:
    person.signs_in_as("ld_practitioner").goes_to("/referrals/new")
    person.chooses("I am not sure, or nobody has been told yet").clicks("Continue")
    person.arrives_at("Get help first").sees("custody healthcare", "999")
    person.clicks("I have told them").arrives_at("His safety")
    person.chooses("No. I have told custody healthcare").types("Who did you tell?", "Custody nurse")
    person.types("When?", "11:40").clicks("Continue").arrives_at("Who is he?")
    answers_who(person)
    person.clicks("Continue")
    answers_the_rest(person)
    person.sees("Custody nurse").clicks("Send the referral")
    person.arrives_at("Referral sent").sees("This is no emergency route", "urgent")
    assert db.session.scalars(select(Case)).one().urgent


def test_a_draft_is_left_and_taken_up_again(house: House, person: Person) -> None:
    person.signs_in_as("ld_practitioner").goes_to("/referrals/new")
    person.chooses("Yes, he is safe now").clicks("Continue").arrives_at("Who is he?")
    person.types("First name", "Tunde").types("Last name", "Okafor").clicks("Save and leave")
    person.arrives_at("My referrals").sees("Not sent yet", "Tunde Okafor").starts_counting()
    person.clicks("Tunde Okafor").arrives_at("").within(1)
    person.goes_to(person.page.url.rpartition("/")[0] + "/person")
    assert person.page.get_by_label("Last name").input_value() == "Okafor"
    person.types_date("Date of birth", 3, 2, 1990).clicks("Continue")
    answers_the_rest(person)
    person.clicks("Leave it saved for later").arrives_at("My referrals").sees("Not sent yet")
    person.clicks("Throw away").arrives_at("My referrals").does_not_see("Tunde Okafor")


def test_a_mistake_is_said_where_it_was_made(house: House, person: Person) -> None:
    person.signs_in_as("ld_practitioner").goes_to("/referrals/new").clicks("Continue")
    person.sees("There is a problem").finds_the_page_fit()
    person.chooses("Yes, he is safe now").clicks("Continue").arrives_at("Who is he?")
    answers_who(person)
    person.types_date("Date of birth", 31, 2, 1990).clicks("Continue")
    person.sees("There is a problem").finds_the_page_fit()
    assert person.page.get_by_label("Last name").input_value() == "Okafor", "what was typed stays"
    person.page.locator(".nhsuk-error-summary a").first.click()
    person.page.wait_for_function("document.activeElement.id.includes('born')")
