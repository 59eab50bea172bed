"""The assessor and the clinical lead at a browser: measures by keyboard, and the click budgets."""

import os
from pathlib import Path

import pytest
from flask import Flask

from mhtr.core.database import db
from mhtr.suitability.sections import Section
from tests.browser.person import Person
from tests.suitability.journey import (
    People,
    allocated,
    decided,
    fill,
    finish,
    finished,
    requested,
    sent,
    signed,
    started,
)

PICTURES = os.environ.get("MHTR_PICTURES")


@pytest.fixture
def people(app: Flask) -> People:
    made = allocated()
    db.session.rollback()
    return made


def look(person: Person, name: str) -> None:
    """Check the page with axe and for overflow; keep a picture where one is asked for."""
    person.finds_the_page_fit()
    if PICTURES:
        width = (person.page.viewport_size or {"width": 0})["width"]
        person.page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


def case(people: People) -> str:
    return f"/cases/{people.case.ref}"


def test_measures_by_keyboard_one_key_an_item(people: People, person: Person) -> None:
    started(people)
    db.session.rollback()
    person.signs_in_as("assessor").goes_to(f"{case(people)}/assessment/measures/phq9")
    look(person, "measure")
    page = person.page
    page.locator("#item_1").focus()
    for key in "121212120":
        page.keyboard.press(key)
    page.keyboard.press("1")
    page.wait_for_function("document.activeElement.value === 'submit'")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    person.sees("12 out of 27")
    look(person, "measure-result")


def test_the_task_list_and_a_section(people: People, person: Person) -> None:
    requested(people)
    assessment = started(people)
    fill(assessment, people.assessor.id)
    db.session.rollback()
    person.signs_in_as("assessor").goes_to(f"{case(people)}/assessment")
    look(person, "assessment")
    for section in ("conditions", "measures", "pathway", "risk_now"):
        person.goes_to(f"{case(people)}/assessment/{section}")
        look(person, f"section-{section}")
    person.goes_to(f"{case(people)}/assessment/finish")
    look(person, "finish")
    person.clicks("Finish the assessment")
    person.starts_counting()
    person.clicks("Ask for the countersignature")
    look(person, "countersign-request")
    person.clicks("Send to the clinical lead")
    person.sees("with the clinical lead")
    assert person.interactions <= 2


@pytest.mark.both_widths
def test_the_lead_signs_in_four_interactions(people: People, person: Person) -> None:
    requested(people)
    assessment = finished(people)
    decided(sent(assessment, people), people.other_lead.id, "Say how treatment helps.")
    fill(assessment, people.assessor.id, only={Section.CONDITIONS}, mark="rewritten")
    finish(assessment, people)
    sent(assessment, people)
    db.session.rollback()
    person.signs_in_as("clinical_lead").starts_counting()
    on_a_phone = (person.page.viewport_size or {"width": 0})["width"] < 600
    if on_a_phone:
        person.clicks("More", role="button")
    person.clicks("Countersign", role="link", exact=True).arrives_at("Countersign")
    look(person, "countersign-list")
    person.clicks("Read and sign for Marlon Ekwueme").arrives_at("Countersign")
    look(person, "countersign")
    person.interactions += 1
    person.page.locator('button[value="sign"]').click()
    person.sees("The report is countersigned.")
    assert person.interactions <= 4


def test_the_lead_s_row_on_today_leads_to_the_report(people: People, person: Person) -> None:
    requested(people)
    sent(finished(people), people)
    db.session.rollback()
    person.signs_in_as("clinical_lead").arrives_at("Today").starts_counting()
    person.takes_up("Marlon Ekwueme", action="Read and sign").arrives_at("Countersign")
    person.interactions += 1
    person.page.locator('button[value="sign"]').click()
    person.sees("The report is countersigned.").within(2)


def test_the_release(people: People, person: Person) -> None:
    signed(people)
    db.session.rollback()
    person.signs_in_as("assessor").goes_to(f"{case(people)}/release")
    look(person, "release")
    person.goes_to(f"{case(people)}/release/heard")
    look(person, "heard")
    person.goes_to(f"{case(people)}/release").clicks("Release the report")
    person.sees("Released to the author")
    look(person, "released")
    person.goes_to(f"{case(people)}/release/addendum")
    look(person, "addendum")


def test_a_risk_review(people: People, person: Person) -> None:
    started(people)
    db.session.rollback()
    person.signs_in_as("assessor").goes_to(f"{case(people)}/assessment/measures/phq9")
    person.page.locator('input[name="item_9"][value="2"]').check()
    person.clicks("Keep for later")
    person.goes_to(f"{case(people)}/risk")
    look(person, "risk")
    person.clicks("Record what was done").finds_the_page_fit()
