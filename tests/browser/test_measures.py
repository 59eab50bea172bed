"""Measures at a browser: charts load under the content policy; pages fit both widths."""

from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures.time_points import TimePoint
from tests.browser.person import Person
from tests.browser.test_assessor import look
from tests.outcome_measures.occasions import asked
from tests.suitability.journey import allocated

LOADED = "[...document.querySelectorAll('main img')].map(i => i.complete && i.naturalWidth > 100)"
COLOURS = """
async () => {
  const image = document.querySelector('main img');
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
  const pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0);
  const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  let dark = 0, light = 0;
  for (let i = 0; i < data.length; i += 4) {
    const sum = data[i] + data[i + 1] + data[i + 2];
    if (sum < 120) dark += 1; else if (sum > 650) light += 1;
  }
  return [dark / (data.length / 4), light / (data.length / 4)];
}
"""
"""How much of a chart is black and how much is paper: a blocked style would leave a black box."""


@pytest.fixture
def case(app: Flask) -> Case:
    people = allocated()
    made, staff = people.case, people.assessor
    asked(made, staff, "phq9", date(2026, 6, 1), 22, point=TimePoint.PRE_SENTENCE)
    for number, total in enumerate((21, 18, None, 14, 12), start=1):
        day = date(2026, 9, 7) + timedelta(days=7 * (number - 1))
        asked(made, staff, "phq9", day, total, session=number)
        asked(made, staff, "gad7", day, 15 - number, session=number, typed=number == 5)
    db.session.rollback()
    return made


def test_the_measures_of_a_case(case: Case, person: Person) -> None:
    person.signs_in_as("assessor").goes_to(f"/cases/{case.ref}/measures")
    page = person.page
    page.wait_for_function(f"JSON.stringify({LOADED}) === '[true,true]'")
    black, paper = page.evaluate(COLOURS)
    assert black < 0.1 and paper > 0.7
    person.sees("PHQ-9 down 9 points since the start: reliable improvement")
    look(person, "measures")
    page.get_by_role("link", name="PHQ-9 on Mon 21 Sep 2026").click()
    person.sees("8 of 9 questions answered")
    look(person, "measure-answers")


def test_the_chart_by_itself_is_no_black_box_either(case: Case, somebody_at_a_desk: Person) -> None:
    """Opened by its own address, where the policy of the answer holds for the drawing itself."""
    page = somebody_at_a_desk.signs_in_as("assessor").page
    page.goto(f"/cases/{case.ref}/measures/phq9/chart.svg")
    black = page.evaluate(
        "[...document.querySelectorAll('path')].filter(e => getComputedStyle(e).fill === "
        "'rgb(0, 0, 0)' && e.getBBox().width > 20 && e.getBBox().height > 20).length"
    )
    assert black == 0


def test_the_caseload(case: Case, person: Person) -> None:
    person.signs_in_as("assessor").goes_to("/measures/caseload?whose=all")
    expect(person.page.locator(".app-spark__line")).to_have_count(2)
    person.sees("Down 9 points: reliable improvement, above the cut-off")
    look(person, "caseload")


def test_the_caseload_holds_where_a_score_has_a_line_and_a_day_of_its_own(
    case: Case, somebody_at_a_desk: Person
) -> None:
    """He was asked later without a score: the day stands beside the line, in both columns."""
    assessor = db.session.scalars(select(Staff).where(Staff.id == case.assessor_id)).one()
    day = date(2026, 11, 17)
    asked(case, assessor, "phq9", day, None, session=6)
    asked(case, assessor, "gad7", day, None, session=6)
    with writing():
        db.session.get_one(Case, case.id).report_due_on = date(2026, 12, 30)
    person = somebody_at_a_desk.signs_in_as("assessor")
    for width in (1280, 390, 320):
        person.turns_to((width, 900))
        person.goes_to("/measures/caseload?whose=all").sees("Mon 5 Oct 2026")
        expect(person.page.locator(".app-spark__day")).to_have_count(2)
        look(person, "caseload-with-days")
        column = person.page.locator('td[data-label="Case"]').first.bounding_box()
        assert column and column["x"] + column["width"] <= width


def test_the_case_page_with_its_small_charts(case: Case, person: Person) -> None:
    person.signs_in_as("assessor").goes_to(f"/cases/{case.ref}")
    images = person.page.locator("main img")
    images.first.scroll_into_view_if_needed()
    expect(images).to_have_count(2)
    look(person, "case-measures")
