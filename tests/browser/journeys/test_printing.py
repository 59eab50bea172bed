"""On paper: no menus, headings of every table, nothing cut, who printed it and when."""

from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from mhtr.core.database import db
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.person import Person
from tests.suitability.journey import finished, sent

PAPER = 700
"""Pixels between the margins of A4."""
NOT_ON_PAPER = (".nhsuk-header__navigation", ".nhsuk-header__account", ".app-tabs", ".app-filter",
                ".app-pages", "[data-print]", ".nhsuk-footer")  # fmt: skip
CUT = """() => [...document.querySelectorAll("main *")].filter((e) => {
  const box = e.getBoundingClientRect();
  return box.width > 1 && box.right > document.documentElement.clientWidth + 1;
}).map((e) => e.outerHTML.slice(0, 120) + Math.round(e.getBoundingClientRect().right))"""

PAGES = (
    ("clinical_lead", "/worklists/reports", "Reports due"),
    ("clinical_lead", "/worklists/hearings?due=month", "Hearings coming"),
    ("clinical_lead", "/worklists/tasks", "All my tasks"),
    ("clinical_lead", "/countersign", "Countersign"),
    ("administrator", "/triage", "Triage"),
    ("court_probation", "/requests", "My reports"),
    ("ld_practitioner", "/referrals", "My referrals"),
    ("privacy_officer", "/audit", "Audit"),
)


@pytest.mark.parametrize(("role", "path", "heading"), PAGES)
def test_a_list_prints_well(
    programme: Programme, somebody_at_a_desk: Person, role: str, path: str, heading: str
) -> None:
    people = programme.asked()
    sent(finished(people), people)
    programme.house.refer(given_name="Kofi", family_name="Mensah", born="1985-07-09")
    db.session.rollback()
    person = somebody_at_a_desk
    person.signs_in_as(role).goes_to(path).arrives_at(heading)
    page = person.page
    expect(page.get_by_role("button", name="Print this list")).to_be_visible()
    person.turns_to((PAPER, 1000))
    page.emulate_media(media="print")
    for selector in NOT_ON_PAPER:
        expect(page.locator(selector).locator("visible=true")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_text("Printed 18 November 2026 at 12:00 by")).to_be_visible()
    headings = page.locator("table thead th")
    expect(headings.first).to_be_visible()
    assert headings.first.bounding_box()["height"] > 10  # type: ignore[index]
    assert page.evaluate(CUT) == []
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join("".join(sheet.extract_text() for sheet in paper.pages).split())
    assert "Link:" not in text and "Page 1 of" in text
    width, height = paper.pages[0].mediabox[2:]
    assert (round(float(width)), round(float(height))) == (595, 842), "A4"
    first = " ".join(paper.pages[0].extract_text().split())
    assert heading in first and headings.first.inner_text().split()[0] in first, "no empty sheet"


def test_the_button_prints(programme: Programme, somebody_at_a_desk: Person) -> None:
    db.session.rollback()
    person = somebody_at_a_desk
    person.page.add_init_script("window.print = () => { window.printed = true; };")
    person.signs_in_as("clinical_lead").goes_to("/countersign").clicks("Print this list")
    person.page.wait_for_function("window.printed === true")


def test_a_case_prints_whole(programme: Programme, somebody_at_a_desk: Person) -> None:
    people = programme.asked()
    db.session.rollback()
    person = somebody_at_a_desk
    person.signs_in_as("assessor").goes_to(f"/cases/{people.case.ref}")
    person.turns_to((PAPER, 1000))
    person.page.emulate_media(media="print")
    expect(person.page.locator(".app-tabs")).to_be_hidden()
    expect(person.page.get_by_text(MAN).first).to_be_visible()
    assert person.page.evaluate(CUT) == []
