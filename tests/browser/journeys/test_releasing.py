"""A compliance report leaves for a colleague, and is issued again after a correction."""

from mhtr.compliance.attendance import Happened
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.orders.unit_mail import unit_of
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.journeys.test_papers import not_accepted
from tests.browser.person import Person
from tests.makers import make_staff
from tests.sessions.seen import tell


def test_released_changed_since_and_issued_again(programme: Programme, person: Person) -> None:
    people, place = not_accepted(programme)
    case_ref, assessor = people.case.ref, people.assessor
    unit = unit_of(people.case.id)
    make_staff(Role.SENIOR_PROBATION, organisation=unit, name="Joan Okoro")
    db.session.rollback()
    person.signs_in_as("probation").goes_to(f"/cases/{case_ref}/compliance-report")
    person.arrives_at("Compliance report").clicks("Release this report")
    person.arrives_at("Release a compliance report").sees("Did not come")
    person.clicks("Release it").sees("Select a format", "Select who gets it").finds_the_page_fit()
    person.chooses("PDF").chooses("A colleague")
    person.picks("Which colleague?", "Joan Okoro")
    person.clicks("Release it").arrives_at("A released report")
    person.sees("The report is released.", "It says what is on record today.")
    person.does_not_see("He sends nothing")
    where = person.page.url

    tell(place, assessor, Happened.TOO_LATE, seen=1, why="The log of calls shows it")
    db.session.rollback()
    person.goes_to(where).sees("Changed since it was released").finds_the_page_fit()
    person.does_not_see("The log of calls shows it")
    person.clicks("Issue it again").arrives_at("Issue a compliance report again")
    person.clicks("Issue version 2").sees("Say why").finds_the_page_fit()
    person.types("Why", "The clinic put its record right").clicks("Issue version 2")
    person.arrives_at("A released report").sees("It is issued again", "Superseded", "Version 2")
    person.goes_to("/my-people/released-reports").arrives_at("Released reports").sees(MAN)
    person.signs_out().signs_in_as("senior_probation")
    person.sees("A compliance report that you have was issued again")
    person.signs_out().signs_in_as("assessor").goes_to(where)
    person.sees("You cannot use this page")
