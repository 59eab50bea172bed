"""Probation tells the service whom he must not meet; an administrator keeps the two apart."""

import pytest

from mhtr.core.database import db
from tests.browser.journeys.keyboard import Keyboard
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.journeys.test_attendance import treated
from tests.browser.person import Person


def under_order(programme: Programme) -> str:
    """The man's reference."""
    ref = str(treated(programme)[0].case.ref)
    db.session.rollback()
    return ref


@pytest.mark.both_widths
def test_whom_he_must_not_meet(programme: Programme, person: Person) -> None:
    ref = under_order(programme)
    person.signs_in_as("probation").goes_to(f"/cases/{ref}/told-service")
    person.arrives_at("Tell the service").finds_the_page_fit()
    person.clicks("Somebody he must not meet").arrives_at("Somebody he must not meet")
    person.clicks("Tell the service", role="button").sees("Enter what whoever works with him")
    person.finds_the_page_fit().starts_counting()
    person.types("Whom must he not meet?", "Darren Pugh")
    person.types("Why, and what does the condition say?", "A condition of the order")
    person.chooses("The order or another court order").chooses("It is urgent")
    person.clicks("Tell the service", role="button").within(5)
    person.arrives_at("Tell the service").sees("The service is told.", "Not received yet")
    person.finds_the_page_fit()
    person.signs_out().signs_in_as("administrator").arrives_at("Today").starts_counting()
    person.takes_up(MAN, heading="To and from probation").arrives_at("Somebody he must not meet")
    person.sees("Darren Pugh").does_not_see("A condition of the order").finds_the_page_fit()
    person.clicks("Add the warning").within(2).arrives_at("From probation")
    person.sees("Acted on", "A warning was put on his record").finds_the_page_fit()
    person.goes_to("/today").signs_out().signs_in_as("probation").arrives_at("Today")
    person.sees("The service has seen to what you told it")
    person.goes_to(f"/cases/{ref}/told-service").sees("Acted on")
    person.does_not_see("A warning was put").clicks("Take back").arrives_at("Take back what")
    person.finds_the_page_fit()


def test_told_by_keyboard(programme: Programme, person: Person) -> None:
    ref = under_order(programme)
    person.signs_in_as("probation").goes_to(f"/cases/{ref}/told-service/new/address")
    keys = Keyboard(person).is_never_trapped()
    keys.types("His new address", "9 Fictional Road").types("Postcode", "N1 9GU")
    keys.chooses("He said so", group="How do you know?")
    keys.follows("Tell the service")
    person.sees("The service is told.", "9 Fictional Road, N1 9GU")
