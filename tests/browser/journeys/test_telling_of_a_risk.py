"""A therapist tells probation of a risk, seen first as it is read; the officer acknowledges it."""

import pytest

from tests.browser.journeys.programme import Programme
from tests.browser.journeys.test_telling_the_service import under_order
from tests.browser.person import Person

WORDS = "He said that he will go to 4 Elm Road tonight. Please speak with the police."


@pytest.mark.both_widths
def test_a_risk_is_told_and_acknowledged(programme: Programme, person: Person) -> None:
    ref = under_order(programme)
    person.signs_in_as("assessor").goes_to(f"/cases/{ref}/risk-told")
    person.arrives_at("Risk of which probation was told").finds_the_page_fit()
    person.clicks("Tell probation of a risk").arrives_at("Tell probation of a risk")
    person.clicks("Show what they will read", role="button").sees("Enter what probation must know")
    person.finds_the_page_fit().starts_counting()
    person.types("What must probation know?", WORDS).chooses("It is urgent")
    person.chooses("Without his agreement, to keep somebody from serious harm")
    person.types("Why is it told without his agreement?", "He named a place")
    person.picks("Which clinical lead approved it?", "Dr Hannah Sorensen")
    person.chooses("No, he was not told")
    person.types("Why was he not told?", "He would go at once")
    person.clicks("Show what they will read", role="button").arrives_at("What probation will read")
    person.sees(WORDS, "He was not told. Speak with us").finds_the_page_fit()
    person.clicks("Send it to probation", role="button").within(9)
    person.arrives_at("Risk of which probation was told")
    person.sees("Probation is told.", "Not acknowledged yet", "He named a place")
    person.finds_the_page_fit()
    person.signs_out().signs_in_as("probation").arrives_at("Today")
    person.sees("Risks that the service tells you").finds_the_page_fit()
    person.goes_to(f"/cases/{ref}/risk-from-service").arrives_at("Risk told to you")
    person.sees(WORDS).does_not_see("He named a place").does_not_see("He would go at once")
    person.finds_the_page_fit().clicks("Acknowledge it", role="button")
    person.sees("Acknowledged. The service is told.").finds_the_page_fit()
    person.signs_out().signs_in_as("assessor").arrives_at("Today")
    person.sees("Probation has acknowledged the risk that you told.")
    person.goes_to(f"/cases/{ref}/risk-told").sees("Acknowledged by")
    person.clicks("Take back").arrives_at("Take back what probation was told").finds_the_page_fit()
