"""Finding the way about a case, on paper too, and seeing as whom one is signed in."""

import pytest
from playwright.sync_api import expect

from mhtr.core.database import db
from tests.browser.conftest import PHONE
from tests.browser.journeys.keyboard import Keyboard
from tests.browser.journeys.programme import Programme
from tests.browser.person import Person

LINE = 48
"""Pixels: more than one line of the menu, less than two."""


def menu_height(person: Person) -> float:
    return float(person.page.locator(".app-tabs").evaluate("e => e.getBoundingClientRect().height"))


def on_a_phone(person: Person) -> bool:
    return (person.page.viewport_size or {"width": 0})["width"] == PHONE[0]


@pytest.mark.both_widths
def test_the_pages_of_a_case_take_two_short_lines(programme: Programme, person: Person) -> None:
    people = programme.asked()
    db.session.rollback()
    person.signs_in_as("clinical_lead").goes_to(f"/cases/{people.case.ref}")
    menu = person.page.get_by_role("navigation", name="Pages of this case")
    assert menu_height(person) <= 2 * LINE
    for group, page, heading in (
        ("Person", "Consent", "Consent"),
        ("Suitability", "Assessment", "Assessment"),
        ("Court", "Hearing", "Stage and hearing"),
        ("Case", "Urgent handover", "Urgent handover"),
    ):
        person.starts_counting()
        if on_a_phone(person):
            person.interactions += 1
            menu.get_by_role("link", name=group, exact=True).click()
        person.interactions += 1
        menu.get_by_role("link", name=page, exact=True).click()
        person.arrives_at(heading).within(2 if on_a_phone(person) else 1)
        expect(menu.locator('[aria-current="page"]')).to_have_text(page, use_inner_text=True)
        assert menu_height(person) <= 2 * LINE, page
    person.page.emulate_media(media="print")
    expect(menu).to_be_hidden()


@pytest.mark.both_widths
def test_the_menu_of_a_case_by_keyboard(programme: Programme, person: Person) -> None:
    people = programme.asked()
    db.session.rollback()
    person.signs_in_as("assessor").goes_to(f"/cases/{people.case.ref}")
    keyboard = Keyboard(person)
    if on_a_phone(person):
        keyboard.follows("Person")
    keyboard.follows("Warnings")
    person.arrives_at("Warnings")


def test_the_menu_needs_no_scripts(programme: Programme, without_scripts: Person) -> None:
    people = programme.asked()
    db.session.rollback()
    person = without_scripts
    person.signs_in_as("assessor").goes_to(f"/cases/{people.case.ref}")
    menu = person.page.get_by_role("navigation", name="Pages of this case")
    menu.get_by_role("link", name="Suitability", exact=True).click()
    menu.get_by_role("link", name="Assessment", exact=True).click()
    person.sees("Start the assessment")


def test_who_is_signed_in_and_as_what(programme: Programme, person: Person) -> None:
    db.session.rollback()
    person.signs_in_as("assessor")
    account = person.page.get_by_role("navigation", name="Account")
    expect(account.get_by_text("Ada Assessor")).to_be_visible()
    shown = account.locator(".app-account__role")
    expect(shown).to_be_visible()
    assert shown.inner_text().strip()
    person.settles()
    assert account.bounding_box()["height"] <= 64  # type: ignore[index]
