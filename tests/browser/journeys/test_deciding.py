"""Assessor and clinical lead: from the case on Today to the released report."""

import pytest
from sqlalchemy import select

from mhtr.core.database import db
from mhtr.suitability.models import ReportRelease
from mhtr.suitability.sections import SECTIONS, Section
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.person import Person
from tests.suitability.journey import (
    People,
    decided,
    fill,
    finish,
    finished,
    sent,
    started,
)

LEFT_TO_WRITE = (Section.TOLD, Section.GP, Section.RECOMMENDATION)


@pytest.fixture
def people(programme: Programme) -> People:
    made = programme.asked()
    db.session.rollback()
    return made


def opens(person: Person, section: Section) -> None:
    """A section from the task list."""
    title = next(spec.title for spec in SECTIONS if spec.section is section)
    person.page.locator(".app-tasks").get_by_role("link", name=title, exact=True).click()
    person.arrives_at(title)


def test_the_assessor_writes_the_last_sections_and_asks_for_the_signature(
    people: People, person: Person
) -> None:
    assessment = started(people)
    rest = {spec.section for spec in SECTIONS} - set(LEFT_TO_WRITE)
    fill(assessment, people.assessor.id, only=rest)
    db.session.rollback()
    person.signs_in_as("assessor").arrives_at("Today").sees(MAN).starts_counting()
    person.takes_up(MAN).arrives_at("Assessment").within(1)
    opens(person, Section.TOLD)
    for question in (
        "Told who will read",
        "Told that it may be quoted",
        "Told that he can stop",
        "he agrees",
    ):
        person.chooses("Yes", group=question)
    person.clicks("Save").arrives_at("Assessment")
    opens(person, Section.GP)
    person.chooses("Registered").clicks("Save").arrives_at("Assessment")
    opens(person, Section.RECOMMENDATION)
    person.chooses("Suitable").types("Why, for the report", "He can use this treatment now.")
    person.clicks("Save").arrives_at("Assessment").sees("He can use this treatment now.")
    person.clicks("Finish the assessment").arrives_at("Finish the assessment")
    person.clicks("Finish the assessment", role="button")
    person.arrives_at("Assessment").sees("not countersigned yet").starts_counting()
    person.clicks("Ask for the countersignature").arrives_at("Ask for the countersignature")
    person.clicks("Send to the clinical lead").arrives_at("Assessment")
    person.sees("with the clinical lead").within(2)


def test_an_answer_above_zero_to_the_ninth_question_is_on_today(
    people: People, person: Person
) -> None:
    started(people)
    db.session.rollback()
    person.signs_in_as("assessor").goes_to(f"/cases/{people.case.ref}/assessment/measures/phq9")
    person.finds_the_page_fit().starts_counting()
    keyboard = person.page.keyboard
    person.page.locator("#item_1").focus()
    for key in "0000000010":
        keyboard.press(key)
        person.interactions += 1
    keyboard.press("Enter")
    person.interactions += 1
    person.sees("out of 27").within(11)
    person.clicks("Today").arrives_at("Today").sees(MAN).starts_counting()
    person.takes_up(MAN, heading="risk").within(1)
    person.arrives_at("Sign of risk").sees("Several days", "Ada Assessor")
    person.types("What you did and found", "Spoke to him.").types("The plan now", "Call tomorrow.")
    person.clicks("Record and close")
    person.sees("Spoke to him.").finds_the_page_fit()


def test_the_lead_returns_it_and_the_assessor_revises_it(people: People, person: Person) -> None:
    sent(finished(people), people)
    db.session.rollback()
    person.signs_in_as("clinical_lead").arrives_at("Today").starts_counting()
    person.takes_up(MAN, heading="countersign").arrives_at("Countersign the report")
    person.types("The three conditions", "Say how treatment helps him.")
    person.clicks("Return with comments").sees("returned").within(4)
    person.signs_out().signs_in_as("assessor").arrives_at("Today")
    person.takes_up(MAN, action="Revise").arrives_at("Assessment").sees("1 comment")
    opens(person, Section.CONDITIONS)
    person.sees("Say how treatment helps him.")


def test_signed_heard_and_released(people: People, person: Person) -> None:
    assessment = finished(people)
    decided(sent(assessment, people), people.other_lead.id, "Say how treatment helps.")
    fill(assessment, people.assessor.id, only={Section.CONDITIONS}, mark="rewritten")
    finish(assessment, people)
    sent(assessment, people)
    db.session.rollback()
    person.signs_in_as("clinical_lead").starts_counting()
    person.takes_up(MAN, heading="countersign").arrives_at("Countersign the report")
    person.sees("Say how treatment helps.", "Before", "Now")
    person.page.locator('button[value="sign"]').click()
    person.interactions += 1
    person.sees("The report is countersigned.").within(4)

    person.signs_out().signs_in_as("assessor").arrives_at("Today").starts_counting()
    person.takes_up(MAN, action="Release").arrives_at("Release").within(1)
    person.clicks("Record that he read or heard the report").arrives_at("He reads or hears")
    person.chooses("It was read to him by telephone").chooses("He agrees with it").clicks(
        "Save his answer"
    )
    person.arrives_at("Release").clicks("Release the report", role="button")
    person.sees("Released to the author").finds_the_page_fit()
    assert len(db.session.scalars(select(ReportRelease)).all()) == 1
