"""A three-way review: arranged, an officer's point, held, and signed by each on its own."""

from datetime import date

import pytest

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.reviews import due_service
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.journeys.test_ending import ended, parts
from tests.browser.person import Person


def due(programme: Programme) -> str:
    """The reference of a man whose only session was held today; the job has looked."""
    ref = str(ended(programme).ref)
    with writing():
        due_service.look(clock.now())
    db.session.rollback()
    return ref


@pytest.mark.both_widths
def test_a_review_from_the_task_to_three_signatures(programme: Programme, person: Person) -> None:
    ref, today = due(programme), clock.today()
    tomorrow = date.fromordinal(today.toordinal() + 1)
    person.signs_in_as("assessor").arrives_at("Today").starts_counting()
    person.takes_up(MAN, heading="Orders and treatment").arrives_at("Three-way reviews")
    person.finds_the_page_fit().clicks("Review at the middle", role="link")
    person.arrives_at("Review at the middle").finds_the_page_fit()
    person.clicks("Arrange it", role="link").arrives_at("Arrange the review").within(3)
    person.clicks("Arrange it", role="button").sees("Enter the day").finds_the_page_fit()
    person.types_date("Day", *parts(tomorrow)).types("Time", "10:00").chooses("In person")
    person.types("Where, or on which number?", "Room 2, 4 Fictional Road")
    person.clicks("Arrange it", role="button").arrives_at("Review at the middle")
    person.sees("Arranged. Probation is told.", "Room 2, 4 Fictional Road")
    person.clicks("Add a point", role="link").arrives_at("A point for the review")
    person.finds_the_page_fit().chooses("His, in his words").chooses("What gets in the way")
    person.types("The point", "The bus is late")
    person.chooses("Yes", group="What does he say: may probation read it?")
    person.picks("How did he say it?", "In person")
    person.chooses("No", group="What do you say: may probation read it?")
    person.clicks("Keep it").arrives_at("Review at the middle").finds_the_page_fit()
    person.sees("Between him and his therapist").signs_out()
    person.signs_in_as("probation").arrives_at("Today").sees("A review with a man of yours")
    person.goes_to(f"/cases/{ref}/reviews-told").arrives_at("Reviews").does_not_see("The bus")
    person.finds_the_page_fit().clicks("Add a point of yours to the review at the middle")
    person.arrives_at("A point of probation’s").chooses("What comes next")
    person.finds_the_page_fit().types("The point", "We meet every other week")
    person.clicks("Keep it").arrives_at("Reviews").sees("We meet every other week")
    happens(programme, person, ref, today)


def happens(programme: Programme, person: Person, ref: str, today: date) -> None:
    """It is held and signed; his officer finds it on Today."""
    person.signs_out().signs_in_as("assessor").goes_to(f"/cases/{ref}/reviews")
    person.clicks("Review at the middle", role="link").clicks("Record what happened")
    person.arrives_at("What happened at the review").finds_the_page_fit()
    person.chooses("It was held").types_date("On which day?", *parts(today))
    person.types("At what time?", "8:30am").chooses("He himself")
    person.clicks("Record it").arrives_at("Review at the middle").finds_the_page_fit()
    person.clicks("Read it and sign", role="link").arrives_at("Read the sheet and sign it")
    person.sees("1 held of 1 planned", "We meet every other week").finds_the_page_fit()
    person.does_not_see("The bus is late").chooses("I have read it and sign it")
    person.clicks("Record it").arrives_at("Review at the middle")
    person.clicks("Record what he says of it").arrives_at("What he says of the sheet")
    person.finds_the_page_fit().chooses("Did not sign: does not want to sign anything")
    person.picks("How was it said?", "In person").clicks("Record it")
    person.arrives_at("Review at the middle").clicks("Print it for him").arrives_at("Your review")
    person.sees("Only you and the people who treat you read this.").finds_the_page_fit()
    person.goes_to("/today").signs_out().signs_in_as("probation").arrives_at("Today")
    person.starts_counting().takes_up(MAN, heading="Reviews to read and sign")
    person.arrives_at("Reviews").finds_the_page_fit().clicks("Read it and sign", role="link")
    person.arrives_at("Read the sheet and sign it").finds_the_page_fit()
    person.chooses("I have read it and sign it").clicks("Record it").within(4)
    person.arrives_at("Reviews").sees("Signed", "Did not sign, in person").finds_the_page_fit()
    person.goes_to("/my-people").sees("Review").finds_the_page_fit()
