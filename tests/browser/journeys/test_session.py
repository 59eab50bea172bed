"""A session that runs out: warned before, and nothing that was typed is lost."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from tests.accounts.enrolled import PASSWORD, Enrolled, enrol
from tests.browser.person import Person
from tests.intake.journey import make_trust


@pytest.fixture
def practitioner(app: Flask) -> Enrolled:
    make_trust()
    made = enrol(Role.LD_PRACTITIONER)
    db.session.rollback()
    return made


class Passing:
    """Time, for the program and for the page alike."""

    def __init__(self, person: Person, server: SetClock) -> None:
        self.page, self.server = person.page, server
        self.page.clock.install(time=server.moment)

    def minutes(self, number: int) -> None:
        """So many minutes go by while nobody touches anything."""
        self.server.advance(minutes=number)
        self.page.clock.fast_forward(number * 60_000)
        self.page.clock.run_for(1_500)


def begins_a_referral(person: Person) -> None:
    """Typed, and not sent."""
    person.goes_to("/referrals/new")
    person.chooses("Yes, he is safe now").clicks("Continue").arrives_at("Who is he?")
    person.types("Last name", "Okafor")


def goes_on(person: Person) -> None:
    """What was typed is there and is saved."""
    expect(person.page.get_by_label("Last name").first).to_have_value("Okafor")
    person.clicks("Save and leave").arrives_at("My referrals").sees("Okafor")


def test_warned_in_time_and_stays_signed_in(
    practitioner: Enrolled, person: Person, set_clock: SetClock
) -> None:
    time = Passing(person, set_clock)
    begins_a_referral(person.signs_in_as("ld_practitioner"))
    warning = person.page.get_by_role("dialog", name="You will soon be signed out")
    time.minutes(12)
    expect(warning).to_be_hidden()
    time.minutes(1)
    expect(warning).to_be_visible()
    person.finds_the_page_fit().sees("2 minutes")
    stay = warning.get_by_role("button", name="Stay signed in")
    expect(stay).to_be_focused()
    with person.page.expect_response("**/session/extend") as answer:
        person.page.keyboard.press("Enter")
    assert answer.value.ok
    expect(warning).to_be_hidden()
    time.minutes(12)
    expect(warning).to_be_hidden()
    goes_on(person)


def test_covered_at_the_end_and_open_again_after_signing_in_elsewhere(
    practitioner: Enrolled, person: Person, set_clock: SetClock
) -> None:
    time = Passing(person, set_clock)
    begins_a_referral(person.signs_in_as("ld_practitioner"))
    time.minutes(16)
    ended = person.page.get_by_role("dialog", name="You have been signed out")
    expect(ended).to_be_visible()
    person.finds_the_page_fit()
    expect(person.page.get_by_label("Last name").first).to_be_hidden()  # covered
    person.page.keyboard.press("Escape")
    expect(ended).to_be_visible()
    with person.page.expect_popup() as opened:
        ended.get_by_role("button", name="Sign in again").click()
    elsewhere = Person(opened.value).arrives_at("Sign in")
    elsewhere.signs_in_as("ld_practitioner").had_no_trouble()
    expect(ended).to_be_hidden()
    goes_on(person)


def test_what_was_sent_too_late_comes_back_without_scripts(
    practitioner: Enrolled, without_scripts: Person, set_clock: SetClock
) -> None:
    person = without_scripts

    def signs_in() -> None:
        person.types("Work email address", practitioner.username).types("Password", PASSWORD)
        person.clicks("Continue").types("6-digit code", practitioner.code())
        person.clicks("Sign in", role="button")

    person.goes_to("/sign-in")
    signs_in()
    person.sees("Today")
    begins_a_referral(person)
    set_clock.advance(minutes=16)
    person.clicks("Save and leave").arrives_at("Sign in").does_not_see("Okafor")
    signs_in()
    person.arrives_at("You were signed out before this was saved").sees("Okafor")
    person.clicks("Go back to the form").arrives_at("Who is he?")
    goes_on(person)
