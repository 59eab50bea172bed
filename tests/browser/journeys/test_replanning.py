"""Therapist off sick: new times for everyone touched, side by side, booked, taken back."""

from datetime import timedelta

import pytest
from flask import Flask

from mhtr.core.database import db
from mhtr.jobs import plans
from sessions.booking.queries import booked_of
from tests.browser.person import Person
from tests.sessions.booking.makers import MONDAY, clinic, weekly

BUDGET = 10


@pytest.mark.parametrize("role", ["administrator", "clinical_lead"])
def test_therapist_off_sick(app: Flask, person: Person, role: str) -> None:
    scene = clinic()
    weekly(scene, 5)
    case_id, last = scene.case.id, MONDAY + timedelta(days=20)
    db.session.rollback()
    person.signs_in_as(role).goes_to("/calendar").starts_counting()
    person.clicks("Plan", exact=True).arrives_at("Plan the caseload")
    person.sees("Nothing was planned yet.")
    person.clicks("A therapist is away").arrives_at("A therapist is away")
    person.picks("Which therapist?", "Ada Mensah")
    person.types_date("Last day", last.day, last.month, last.year)
    person.clicks("Work out a plan").sees("Waiting for the program that works it out.")
    person.sees("Cancel it")
    assert plans.work(app)
    person.clicks("look again now")
    person.sees("No plan can cost less: it is the best there is.", "He was told", "He finishes")
    person.finds_the_page_fit()
    person.clicks("Book what is ticked").sees("The sessions of 1 man are booked.").within(BUDGET)
    db.session.rollback()
    days = [one.session.starts_at.date() for one in booked_of(case_id)]
    assert not [day for day in days if MONDAY <= day <= last]
    person.page.locator("input[name=applied]").check(force=True)
    person.clicks("Take back what is ticked").sees("The sessions of 1 man are taken back.")
    db.session.rollback()
    assert booked_of(case_id)[0].session.starts_at.date() == MONDAY
    person.had_no_trouble()
