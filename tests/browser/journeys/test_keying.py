"""An officer keys the week's entries into nDelius: each copied, marked, and on to the next."""

from datetime import timedelta

import pytest

from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.database import db
from tests.browser.journeys.keyboard import Keyboard
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.journeys.test_attendance import treated
from tests.browser.person import Person
from tests.sessions.seen import booked, tell


def week(programme: Programme) -> str:
    """Three sessions of one man; his reference."""
    people, place = treated(programme)
    for days, happened in ((7, Happened.SEEN), (3, Happened.WE_CANCELLED)):
        held = booked(people.case, people.assessor, clock.now() - timedelta(days=days))
        tell(held, people.assessor, happened)
    tell(place, people.assessor, Happened.DID_NOT_COME)
    ref = str(people.case.ref)
    db.session.rollback()
    return ref


@pytest.mark.both_widths
def test_the_weeks_entries_one_after_the_other(programme: Programme, person: Person) -> None:
    """Two interactions an entry, the copy counted."""
    ref = week(programme)
    person.signs_in_as("probation").goes_to("/my-people").arrives_at("My people")
    person.clicks("To key into nDelius", role="link", exact=True).arrives_at("To key into nDelius")
    person.sees(MAN, "Did not come").finds_the_page_fit().starts_counting()
    person.clicks(f"Key in {MAN}").arrives_at("Key into nDelius").finds_the_page_fit()
    for number in range(3):
        person.clicks("Copy the entry", role="button").clicks("Mark as keyed in").within(
            1 + 2 * (number + 1)
        )
        person.sees("Marked as keyed in.")
    person.arrives_at("To key into nDelius").sees("Nothing waits to be keyed in.")
    person.finds_the_page_fit()
    person.goes_to(f"/cases/{ref}/ndelius").arrives_at("Entries for nDelius")
    person.sees("AFTA", "ATTC", "RSSR", "Priya Nair").finds_the_page_fit()
    person.clicks("Take back").arrives_at("Take back a mark").finds_the_page_fit()
    person.types("Why?", "Keyed in for another man").clicks("Take it back").sees("Taken back.")


def test_entries_are_marked_by_keyboard(programme: Programme, person: Person) -> None:
    week(programme)
    person.signs_in_as("probation").goes_to("/my-people/ndelius")
    keys = Keyboard(person).is_never_trapped()
    keys.follows(f"Key in {MAN}")
    person.arrives_at("Key into nDelius")
    keys.follows("Mark as keyed in")
    person.sees("Marked as keyed in.")
