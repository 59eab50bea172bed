"""The outcomes report in a real browser: figures, chart, men behind them, and a narrow screen."""

from playwright.sync_api import expect

from mhtr.core.access import Purpose, Role
from mhtr.people.kinds import Answered
from tests.browser.person import Person
from tests.makers import make_staff
from tests.overview.things import give
from tests.overview.treated import treated

DRAWN = """() => {
  const image = document.querySelector(".app-cohort-chart img");
  return image.complete && image.naturalWidth > 300;
}"""


def test_a_lead_reads_the_figures_and_opens_the_men_behind_one(person: Person) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    for number in range(12):
        last = (6, 5) if number % 3 else (19, 15)
        give(treated(lead, (18, 15), last, name="Behind").id, Purpose.CLINICAL, lead)
    treated(lead, (18, 15), (12, 9), ended_on=None)
    person.signs_in_as(Role.CLINICAL_LEAD.value).goes_to("/measures/report")
    person.sees("Reliable recovery", "67%", "Interim: men still in treatment")
    chart = person.page.locator(".app-cohort-chart img")
    chart.scroll_into_view_if_needed()
    person.page.wait_for_function(DRAWN)
    assert chart.bounding_box()["width"] > 250  # type: ignore[index]  # it is on the page
    person.finds_the_page_fit()
    person.goes_to("/measures/report?compare=age").sees("Compared by age", "35 to 44")
    person.finds_the_page_fit()
    person.goes_to("/measures/report/men?figure=reliably_recovered").sees("Behind", "18, then 6")
    person.finds_the_page_fit().had_no_trouble()


def test_groups_with_long_names_fit_the_narrowest_screen(somebody_at_a_desk: Person) -> None:
    lead, person = make_staff(Role.CLINICAL_LEAD), somebody_at_a_desk
    for number in range(24):
        ethnic = (Answered.GIVEN, ("F", "N")[number % 2])
        treated(lead, (18, 15), (6, 5) if number % 3 else (19, 15), ethnic=ethnic)
    person.signs_in_as(Role.CLINICAL_LEAD.value)
    for width in (320, 390):
        person.turns_to((width, 844))
        person.goes_to("/measures/report?compare=ethnic_category").sees("Compared by ethnic group")
        groups = person.page.locator("table", has_text="Groups compared")
        # An interval of each rate.
        expect(groups.locator(".app-nowrap")).to_have_count(4)
        person.finds_nothing_too_wide()


def test_a_commissioner_is_told_no_small_number(person: Person) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    make_staff(Role.COMMISSIONER)
    for number in range(8):
        treated(lead, (18, 15), (6, 5) if number else (24, 20))
    person.signs_in_as(Role.COMMISSIONER.value).goes_to("/measures/report")
    person.sees("not shown", "one half-year at a time").does_not_see(
        "7 of 8", "1 of 8", "Ended from"
    )
    person.finds_the_page_fit().had_no_trouble()
