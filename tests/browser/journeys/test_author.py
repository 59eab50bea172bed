"""The author of a pre-sentence report: asks, answers about the date, reads, records the result."""

from io import BytesIO

from pypdf import PdfReader

from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.models import CourtOutcome, ReportRequest
from tests.browser.journeys.programme import COURT, CRN, MAN, Programme
from tests.browser.person import Person
from tests.suitability.journey import decided, finished, heard, sent


def answers_the_request(person: Person) -> None:
    """Everything but the dates."""
    person.chooses("Guilty plea", group="Plea or finding")
    person.page.get_by_label("Court of the next hearing").select_option(value=COURT)
    person.interactions += 1
    person.types_date("Date of the next hearing", 11, 12, 2026).chooses("Short written")
    person.chooses("In the community, on bail or summons").chooses(
        "Medium", group="Risk of serious"
    )
    person.chooses("None known").chooses("No", group="interpreter")


def test_asks_is_told_that_the_date_cannot_be_met_and_answers(
    programme: Programme, person: Person, set_clock: SetClock
) -> None:
    set_clock.advance(hours=6)  # after closing: the earliest day is tomorrow
    person.signs_in_as("court_probation").arrives_at("Today").starts_counting()
    person.clicks("Ask for a report").arrives_at("Ask about a man")
    person.types("CRN", CRN).types("Given name", "Tunde").types("Family name", "Okafor")
    person.types_date("Date of birth", 3, 2, 1990).chooses("Yes", group="Is he safe now")
    answers_the_request(person)
    person.types_date("When do you need our report?", 18, 11, 2026)
    person.clicks("Send the request").sees("This date cannot be met", "The earliest possible is")
    person.finds_the_page_fit().within(25)
    person.clicks("Today").arrives_at("Today").starts_counting()
    person.takes_up(MAN, action="Answer").sees("This date cannot be met")
    person.chooses("I will ask the court for an adjournment").clicks("Send your answer").within(3)
    person.sees(
        "Answer: Will ask the court for an adjournment", "Change your answer"
    ).finds_the_page_fit()
    db.session.rollback()
    request = db.session.query(ReportRequest).one()
    assert request.date_answer == DateAnswer.SEEKS_ADJOURNMENT


def test_reads_the_released_report_and_records_what_became_of_it(
    programme: Programme, person: Person
) -> None:
    people = programme.asked()
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)
    db.session.rollback()
    person.signs_in_as("assessor").goes_to(f"/cases/{people.case.ref}/release")
    person.clicks("Release the report", role="button").sees("Released to the author").signs_out()

    person.signs_in_as("court_probation").arrives_at("Today").starts_counting()
    person.takes_up(MAN, action="Read report").arrives_at("report").within(1)
    person.sees("Paragraph for the pre-sentence report", "Ada Assessor", "Release log")
    link = person.page.get_by_role("button", name="Download the report (PDF)")
    answer = person.page.request.get(str(link.get_attribute("href")))
    assert answer.ok and answer.headers["content-type"] == "application/pdf"
    read = PdfReader(BytesIO(answer.body()))
    assert read.root_object.get("/StructTreeRoot") is not None, "a tagged file"
    assert "Okafor" in "".join(page.extract_text() for page in read.pages)

    person.starts_counting()
    person.page.locator(".app-tabs").get_by_role("link", name="Court result").click()
    person.arrives_at("Court result").chooses("Yes, proposed").clicks("Record")
    person.sees("Proposed").finds_the_page_fit()
    db.session.rollback()
    assert db.session.query(CourtOutcome).one().proposed
    person.chooses("No sentence yet: adjourned")
    person.types_date("New court date", 18, 12, 2026).clicks("Record")
    person.sees("18 Dec").finds_the_page_fit()


def test_sees_how_the_date_was_worked_out(programme: Programme, person: Person) -> None:
    programme.asked()
    db.session.rollback()
    person.signs_in_as("court_probation").goes_to("/requests").arrives_at("My reports").sees(MAN)
    person.clicks(MAN).arrives_at("Report request").does_not_see("PHQ-9", "canaryhealth")
    person.clicks("How this date was worked out").arrives_at("How this date was worked out")
