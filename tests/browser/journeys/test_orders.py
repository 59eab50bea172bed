"""From the sentence to the order's clock: the office records what the court ordered."""

from datetime import date

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.suitability.court_result import Result
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.person import Person
from tests.orders.makers import says


def test_an_administrator_records_the_order_and_the_contact(
    programme: Programme, person: Person
) -> None:
    people = programme.allocated()
    case_id, ref, by = people.case.id, people.case.ref, people.assessor.id
    says(case_id, by, result=Result.CO_MHTR, sentenced_on=clock.today())
    db.session.rollback()
    person.signs_in_as("assessor").arrives_at("Today").starts_counting()
    person.takes_up(MAN, action="Record order").arrives_at("Orders")
    person.clicks("Record the order").arrives_at("Record an order")
    person.types_date("Last day of the community order", 15, 11, 2027)
    # The first day and the day of sentence are there already.
    last = date(2027, 5, 15)
    person.types_date("Last day of treatment", last.day, last.month, last.year)
    person.types("Practitioner or institution that the order names", "Dr Amara Lindqvist")
    person.clicks("Record").sees("12 sessions can be held in time").within(12)
    person.finds_the_page_fit().clicks("Name the contact").arrives_at("Probation contact")
    person.types("Or the name of the officer", "Bo Field").clicks("Save")
    person.sees("Select the probation delivery unit").finds_the_page_fit()
    person.goes_to(f"/cases/{ref}").sees("Community order of 18 November 2026")
    person.finds_the_page_fit()
