"""The end of treatment: a question is answered; a report is drafted, signed, read, acted on."""

from datetime import date

import pytest

from mhtr.cases.models import Case
from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.orders import service as orders
from sessions.booking.models import SessionPlace
from sessions.courses import service as courses
from sessions.courses.kinds import Priority
from sessions.courses.queries import sessions_of
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.journeys.test_attendance import treated
from tests.browser.person import Person
from tests.orders.makers import community, treatment
from tests.sessions.courses.makers import pathway_of, planned
from tests.sessions.seen import tell


def ended(programme: Programme) -> Case:
    """The only planned session of a man was held today, and his requirement runs."""
    people, place = treated(programme)
    today = clock.today()
    case_id, by, lead = people.case.id, people.assessor.id, programme.house.lead
    order = community(made_on=today, convicted_on=today, periods=(treatment(starts=today),))
    pathway = pathway_of(lead.organisation_id, lead.id, (planned("The only one"),), name="Short")
    pathway_id, place_id = pathway.id, place.id
    with writing():
        orders.record_order(case_id=case_id, said=order, by=by)
        course = courses.make_course(
            case_id=case_id,
            pathway_id=pathway_id,
            therapist_id=by,
            priority=Priority.ROUTINE,
            by=by,
        )
        (part,) = sessions_of(course.id)
        db.session.get_one(SessionPlace, place_id).course_session_id = part.id
    tell(place, people.assessor, Happened.SEEN)
    case = db.session.get_one(Case, case_id)
    db.session.rollback()
    return case


def parts(day: date) -> tuple[int, int, int]:
    return day.day, day.month, day.year


@pytest.mark.both_widths
def test_the_end_is_told_and_the_question_answered(programme: Programme, person: Person) -> None:
    case = ended(programme)
    path = f"/cases/{case.ref}"
    person.signs_in_as("probation").arrives_at("Today")
    person.sees("The planned sessions of a man of yours are finished.")
    person.goes_to(f"{path}/treatment-end").arrives_at("The end of treatment")
    person.sees("Not answered yet", "does not say that he complied").finds_the_page_fit()
    person.signs_out().signs_in_as("clinical_lead").arrives_at("Today").starts_counting()
    person.takes_up(MAN, action="Answer").arrives_at("The end of treatment")
    person.clicks("Answer", role="link", exact=True).arrives_at(
        "Is further treatment required?"
    ).within(2)
    person.clicks("Record the answer").sees("Select whether he requires further treatment")
    person.finds_the_page_fit()
    keyboard = person.page.keyboard
    person.page.get_by_label("No: I report to the responsible officer in writing").focus()
    keyboard.press("Space")
    keyboard.press("Enter")
    person.arrives_at("The end of treatment").sees("No: I report", "Answer anew")
    person.finds_the_page_fit()


@pytest.mark.both_widths
def test_a_report_on_treatment_from_the_draft_to_the_court(
    programme: Programme, person: Person
) -> None:
    case, today = ended(programme), clock.today()
    end = f"/cases/{case.ref}/end-of-treatment"
    person.signs_in_as("assessor").goes_to(end).arrives_at("The end of treatment")
    person.clicks("Draft a report for whom the order names", role="link")
    person.arrives_at("A report on treatment").clicks("Begin the draft")
    person.arrives_at("Write the report on treatment").finds_the_page_fit()
    person.chooses("He does not require further treatment")
    person.types_date("Day of the first fact", *parts(today))
    person.page.locator("#fact_1").fill("The last planned session was held.")
    person.types("Why?", "He uses what he learnt.").clicks("Keep it and read it")
    person.arrives_at("Read the report and sign it").sees("You cannot sign it now")
    person.finds_the_page_fit()
    person.signs_out().signs_in_as("clinical_lead").arrives_at("Today").starts_counting()
    person.takes_up(MAN, action="Write or sign").arrives_at("The end of treatment")
    person.clicks("Read it and sign", role="link").arrives_at("Read the report and sign it")
    person.sees("This is exactly what is sent.", "He uses what he learnt.")
    person.clicks("Sign it and send it").sees("Tick that this is your own opinion")
    person.chooses("I treat him or direct his treatment, and this is my own opinion")
    person.clicks("Sign it and send it")
    person.arrives_at("The end of treatment").sees("Signed, and sent").finds_the_page_fit()
    person.signs_out().signs_in_as("probation").arrives_at("Today").starts_counting()
    person.takes_up(MAN, heading="application").arrives_at("The end of treatment").within(1)
    person.sees("have one made", "does not require further treatment").finds_the_page_fit()
    person.clicks("Read version 1", role="link").arrives_at("Report on treatment")
    person.sees("He uses what he learnt.").finds_the_page_fit()
    person.goes_to(f"/cases/{case.ref}/treatment-end")
    person.clicks("Record what became of it", role="link").arrives_at("What became of the report")
    person.chooses("An application was made to the court")
    person.types_date("On which day?", *parts(today)).clicks("Record it")
    person.arrives_at("The end of treatment").sees("An application was made to the court")
    person.does_not_see("have one made")
