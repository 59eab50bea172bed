"""The clinical lead and the flags at a browser: from Today to the response in four interactions."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from mhtr.core.database import db
from tests.browser.person import Person
from tests.outcome_measures.courses import make_course
from tests.suitability.journey import People, allocated, taken_on

WORDS = "Eviction notice. Problem solving first; look again at the next score."


@pytest.fixture
def people(app: Flask) -> People:
    made = allocated()
    make_course(made.case, made.assessor, [10, 16], [5, 5])
    other = taken_on(made.assessor, "Idris", "Fofana")
    make_course(other, made.assessor, [18, 15, 12], [8, 10, 13], item_9=[0, 1, 2])
    db.session.rollback()
    return made


def test_the_lead_responds_from_today(people: People, person: Person) -> None:
    person.signs_in_as("clinical_lead").finds_the_page_fit()
    person.starts_counting()
    person.takes_up("Marlon Ekwueme", heading="Scores to look at", action="Respond")
    person.finds_the_page_fit()
    person.types("What was decided", WORDS).chooses("Yes").clicks("Record the response")
    person.within(4)
    person.finds_the_page_fit()
    person.sees(WORDS, "taken up in supervision")


def test_the_lead_goes_through_the_supervision_list(people: People, person: Person) -> None:
    page = person.page
    person.signs_in_as("clinical_lead")
    page.locator("section:has(#block-score_flags) >> text=See all").click()
    person.arrives_at("Supervision")
    page.get_by_label("Flag", exact=True).select_option(label="Score up")
    person.clicks("Show", exact=True)
    expect(page.locator("tbody tr")).to_have_count(2)
    person.finds_the_page_fit()
    page.locator("tr", has_text="Marlon Ekwueme").get_by_role("link", name="Respond").click()
    person.clicks("Record the response")
    person.sees("There is a problem").finds_the_page_fit()
    person.types("What was decided", WORDS).chooses("No").clicks("Record the response")
    page.wait_for_url("**/measures/supervision")
    expect(page.locator("section:has(#recent)")).to_contain_text(WORDS)
    person.finds_the_page_fit()


def test_the_assessor_finds_the_flags_on_the_page_of_measures(
    people: People, person: Person
) -> None:
    person.signs_in_as("assessor").goes_to(f"/cases/{people.case.ref}/measures")
    person.clicks("1 flag waits for a response")
    person.finds_the_page_fit()
    person.page.locator("section:has(#flags)").get_by_role("link", name="Respond").click()
    person.sees("PHQ-9 score changed from 10 to 16 (up 6)")
