"""Journey 3 and 6: PHQ-9 and GAD-7 at a session, by keyboard; what risk asks for comes first."""

import pytest
from playwright.sync_api import Page

from mhtr.core import clock
from mhtr.core.database import db
from outcome_measures.models import MeasureContact, MeasureOccasion, OccasionState
from tests.browser.journeys.programme import Programme
from tests.browser.person import Person
from tests.outcome_measures.treatment import contact, sentence
from tests.suitability.journey import People


@pytest.fixture
def treated(programme: Programme) -> People:
    """A man who was sentenced with the requirement today."""
    people = sentence(programme.allocated(), on=clock.today())
    db.session.rollback()
    return people


def home(people: People) -> str:
    return f"/cases/{people.case.ref}/measures"


def presses(page: Page, *keys: str) -> int:
    """One key after the other; how many there were."""
    for key in keys:
        page.keyboard.press(key)
    return len(keys)


def finishes(page: Page) -> int:
    """Enter on the button to which the last answer led."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return 1


def asked_by_keyboard(person: Person) -> None:
    page = person.page
    person.arrives_at("PHQ-9")
    keys = presses(page, *"2112011D0", "1") + finishes(page)
    assert keys <= 10 + 1, "a key a question, the one on difficulty among them, and one to finish"
    person.arrives_at("GAD-7").sees("PHQ-9 is submitted.")
    keys = presses(page, *"1111111") + finishes(page)
    assert keys <= 7 + 1
    person.arrives_at("Session 1").sees("8 of 9 questions answered", "7 out of 21, mild")


def begins(person: Person, people: People) -> None:
    person.signs_in_as("assessor").goes_to(home(people)).starts_counting()
    person.clicks("Record a contact").arrives_at("Record a contact")
    person.chooses("In person").clicks("Record and begin", role="button").within(3)


def test_both_measures_by_keyboard_and_the_contact_closed(treated: People, person: Person) -> None:
    begins(person, treated)
    asked_by_keyboard(person)
    person.clicks("Close the contact", role="button").arrives_at("Measures")
    person.sees("The contact is closed.")
    db.session.rollback()
    assert db.session.query(MeasureContact).one().closed_at is not None


def test_question_9_first_then_the_contact_closes(
    treated: People, somebody_at_a_desk: Person
) -> None:
    desk = somebody_at_a_desk
    begins(desk, treated)
    desk.arrives_at("PHQ-9")
    presses(desk.page, *"000000001", "0")
    finishes(desk.page)
    desk.arrives_at("GAD-7").sees("An answer needs a clinician to look")
    presses(desk.page, *"0000000")
    finishes(desk.page)
    desk.arrives_at("Session 1").sees("Look at risk first", "It cannot be closed yet")
    assert desk.page.get_by_role("button", name="Close the contact").count() == 0
    desk.clicks("Risk review").arrives_at("Sign of risk").sees("Several days")
    desk.page.locator('[name="outcome"]').fill("Asked him. No plan, no means.")
    desk.page.locator('[name="plan"]').fill("Safety plan gone through; look again on Friday.")
    desk.clicks("Record and close", role="button").sees("What was done")
    desk.goes_to(home(treated)).clicks("Session 1").arrives_at("Session 1")
    desk.sees("Risk looked at").clicks("Close the contact", role="button")
    desk.sees("The contact is closed.")


def test_a_total_a_correction_and_a_form_left_open(
    treated: People, somebody_at_a_desk: Person
) -> None:
    desk = somebody_at_a_desk
    contact(treated)
    db.session.rollback()
    desk.signs_in_as("assessor").goes_to(home(treated)).clicks("Session 1")
    desk.arrives_at("Session 1").clicks("PHQ-9").arrives_at("PHQ-9")
    desk.clicks("Type in a total instead").arrives_at("Type in a total of PHQ-9")
    desk.types("Total of PHQ-9", "28").chooses("Not at all", group="Question 9")
    desk.clicks("Save the total", role="button").arrives_at("Type in a total")
    desk.sees("between 0 and 27").types("Total of PHQ-9", "12")
    desk.clicks("Save the total", role="button").arrives_at("GAD-7")
    desk.clicks("The contact").arrives_at("Session 1").sees("12 out of 27, moderate, typed in")
    desk.clicks("PHQ-9").arrives_at("PHQ-9").clicks("Correct the total")
    desk.arrives_at("Correct the total").types("Total of PHQ-9", "13")
    desk.types("Why is it corrected?", "Read wrong").clicks("Correct the total", role="button")
    desk.arrives_at("PHQ-9").sees("Total was “12” until")
    desk.clicks("The contact").arrives_at("Session 1")
    desk.chooses("What is not finished ends as it stands")
    desk.clicks("Close the contact", role="button").sees("The contact is closed.")


def test_without_scripts(treated: People, without_scripts: Person) -> None:
    person = without_scripts
    begins(person, treated)
    for name, items in (("PHQ-9", 9), ("GAD-7", 7)):
        person.arrives_at(name)
        for number in range(1, items + 1):
            person.page.locator(f'[name="item_{number}"][value="0"]').check()
        if name == "PHQ-9":
            person.sees("Only if any answer above is more than")
            person.page.locator('[name="item_10"][value="2"]').check()
        person.clicks("Submit the answers", role="button")
    person.arrives_at("Session 1").sees("0 out of 27, minimal")
    person.clicks("PHQ-9").arrives_at("PHQ-9").sees("not applicable")
    person.clicks("The contact").clicks("Close the contact", role="button")
    person.sees("The contact is closed.")
    db.session.rollback()
    states = {row.state for row in db.session.query(MeasureOccasion)}
    assert states == {OccasionState.SUBMITTED}
