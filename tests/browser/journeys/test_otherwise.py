"""Other ways to use it: by keyboard only, and where scripts do not run."""

import pytest
from flask import Flask

from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from tests.accounts.enrolled import PASSWORD, Enrolled, enrol
from tests.browser.journeys.keyboard import Keyboard
from tests.browser.person import Person
from tests.intake.journey import make_trust


@pytest.fixture
def practitioner(app: Flask) -> Enrolled:
    make_trust()
    made = enrol(Role.LD_PRACTITIONER)
    db.session.rollback()
    return made


def test_sign_in_and_a_whole_referral_by_keyboard_only(
    practitioner: Enrolled, person: Person
) -> None:
    person.goes_to("/sign-in").finds_the_page_fit()
    keys = Keyboard(person)
    keys.types("Work email address", practitioner.username).types("Password", PASSWORD).press(
        "Enter"
    )
    person.arrives_at("Enter your code")
    keys.types("6-digit code", practitioner.code()).press("Enter")
    person.arrives_at("Today")

    person.goes_to("/today")
    keys.press("Tab")
    assert person.page.evaluate("document.activeElement.textContent") == "Skip to main content"
    keys.press("Enter")
    person.page.wait_for_function("document.activeElement.id === 'maincontent'")
    keys.follows("Refer a man")
    person.arrives_at("His safety")
    keys.chooses("Yes, he is safe now", "Is he safe now?").follows("Continue")
    person.arrives_at("Who is he?")
    keys.types("First name", "Tunde").types("Last name", "Okafor")
    for part, value in (("Day", "3"), ("Month", "2"), ("Year", "1990")):
        keys.types(part, value, "Date of birth")
    keys.follows("Continue")
    person.arrives_at("Where you saw him")
    keys.types("Where did you see him?", "Brixton")
    keys.chooses("Guilty plea", "How far has the criminal case got?").follows("Continue")
    person.arrives_at("What he needs")
    keys.ticks("Anxiety").chooses("Medium", "Health need").chooses("Low", "Risk")
    keys.chooses("Routine", "How soon").ticks("Identified").ticks("Screened").follows("Continue")
    person.arrives_at("His agreement")
    keys.chooses("Yes, he agrees", "Does he agree").chooses("Face to face", "How did he say so?")
    keys.chooses("Yes", "Was he able").types("His telephone number", "07700 900123")
    keys.chooses("Yes", "Is it safe").chooses("No", "interpreter").follows("Continue")
    person.arrives_at("Check your answers").sees("Brixton", "Tunde", "Anxiety")
    keys.follows("Send the referral")
    person.arrives_at("Referral sent")
    db.session.rollback()
    assert db.session.query(Case).count() == 1


def test_sign_in_and_a_whole_referral_without_scripts(
    practitioner: Enrolled, without_scripts: Person
) -> None:
    person = without_scripts
    person.goes_to("/sign-in").types("Work email address", practitioner.username).types(
        "Password", PASSWORD
    )
    person.clicks("Continue").types("6-digit code", practitioner.code())
    person.clicks("Sign in", role="button")
    person.sees("Today").clicks("Refer a man").sees("Is he safe now?")
    person.chooses("No. I have told custody healthcare").types("Who did you tell?", "The nurse")
    person.types("When?", "11:40").clicks("Continue")
    person.types("First name", "Tunde").types("Last name", "Okafor")
    person.types_date("Date of birth", 3, 2, 1990).clicks("Continue")
    person.picks("Where did you see him?", "Brixton").chooses("Guilty plea").clicks("Continue")
    person.chooses("Anxiety").chooses("Medium", group="Health need").chooses("Low", group="Risk")
    person.chooses("Routine").chooses("Identified").chooses("Screened").clicks("Continue")
    person.chooses("Yes, he agrees").chooses("Face to face")
    person.chooses("Yes", group="Was he able to decide").types("His telephone", "07700 900123")
    person.chooses("Yes", group="Is it safe to send a text").chooses("No", group="interpreter")
    person.clicks("Continue").sees("Check your answers", "The nurse").clicks("Send the referral")
    person.sees("Referral sent")
    db.session.rollback()
    assert db.session.query(Case).one().urgent
