"""A lead makes a pathway; a therapist makes a course from it, skips a session and repeats one."""

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.suitability.court_result import Result
from tests.browser.journeys.programme import Programme
from tests.browser.person import Person
from tests.orders.makers import says


def _drafts(person: Person, name: str, review: str) -> None:
    person.clicks("Add a session").arrives_at("Add a session")
    person.types("Name", name).types("What it is for", "We look at how thoughts work.")
    person.chooses("Cognitive behavioural therapy (CBT)").chooses(review)
    person.clicks("Save the session").sees(name)


def test_from_a_pathway_to_a_course_that_is_his_own(programme: Programme, person: Person) -> None:
    people = programme.allocated()
    case_id, ref, by = people.case.id, people.case.ref, people.assessor.id
    says(case_id, by, result=Result.CO_MHTR, sentenced_on=clock.today())
    db.session.rollback()
    person.signs_in_as("clinical_lead").goes_to("/pathways").clicks("New pathway")
    person.types("Name of the pathway", "Brief CBT").clicks("Go on to its sessions")
    _drafts(person, "Noticing thoughts", "Review at the middle")
    _drafts(person, "Testing thoughts", "Review at the end")
    person.clicks("Up session 2").sees("Sessions follow after the review at the end")
    person.clicks("Down session 1").finds_the_page_fit()
    person.clicks("Put it into use").types("What is new, or why", "The first")
    person.clicks("Put it into use").sees("revision 1").finds_the_page_fit()
    person.signs_out().signs_in_as("assessor").goes_to(f"/cases/{ref}/course")
    person.clicks("Make his course").chooses("Brief CBT").finds_the_page_fit()
    person.clicks("Make the course").sees("His course is made")
    person.clicks("Change Testing thoughts").clicks("Skip it").types("Why?", "He knows it")
    person.clicks("Skip the session").sees("Skipped")
    person.clicks("Change Noticing thoughts").clicks("Repeat it as catch-up")
    person.types("Why?", "He was ill that day").clicks("Add the catch-up")
    person.sees("catch-up of Noticing thoughts").finds_the_page_fit()
