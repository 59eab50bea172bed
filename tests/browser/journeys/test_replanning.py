"""Therapist off sick: new times for everyone touched, side by side, booked, taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.jobs import plans
from sessions.booking import service
from sessions.booking.queries import booked_of
from tests.browser.person import Person
from tests.sessions.booking.makers import (
    MONDAY,
    Clinic,
    another_man,
    at,
    clinic,
    make_course,
    weekly,
)

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


def _also_weekly(scene: Clinic) -> Case:
    """Another man whom Ada sees, Mondays at one."""
    case = another_man(scene)
    _, parts = make_course(replace(scene.people, case=case), scene.ada)
    asked = [
        service.Asked(at(scene, MONDAY + n * timedelta(weeks=1), 13), parts[n].id) for n in range(5)
    ]
    case_id, by = case.id, scene.by
    with writing():
        service.book(case_id=case_id, asked=asked, by=by)
    return case


def _starts_of(case_id: int) -> list[str]:
    db.session.rollback()
    return sorted(f"{one.session.starts_at:%d %b %H:%M}" for one in booked_of(case_id))


def test_some_of_a_plan_is_booked_and_taken_back(app: Flask, person: Person) -> None:
    scene = clinic()
    weekly(scene, 5)
    one, other = scene.case.id, _also_weekly(scene).id
    told, told_other = _starts_of(one), _starts_of(other)
    last = MONDAY + timedelta(days=20)
    person.signs_in_as("administrator").goes_to("/proposals/new/away").starts_counting()
    person.picks("Which therapist?", "Ada Mensah")
    person.types_date("Last day", last.day, last.month, last.year)
    person.clicks("Work out a plan").sees("Waiting for the program that works it out.")
    assert plans.work(app)
    person.clicks("look again now").sees("Before and after")
    person.page.get_by_label("Kwame Boateng").uncheck()
    person.clicks("Book what is ticked").sees("The sessions of 1 man are booked.").within(BUDGET)
    person.sees("Booked from this plan", "Before and after").finds_the_page_fit()
    assert _starts_of(one) != told
    assert _starts_of(other) == told_other, "nothing was booked of the man who was not ticked"
    person.page.locator("input[name=applied]").check(force=True)
    person.clicks("Take back what is ticked").sees("The sessions of 1 man are taken back.")
    assert (_starts_of(one), _starts_of(other)) == (told, told_other)
    person.page.get_by_label("Kwame Boateng").check()
    for ticked in person.page.locator("input[name=parts]:checked").all():
        name = person.page.locator(f"label[for={ticked.get_attribute('id')}]").inner_text()
        ticked.set_checked("Kwame" in name, force=True)
    person.clicks("Book what is ticked").sees("The sessions of 1 man are booked.")
    assert _starts_of(one) == told and _starts_of(other) != told_other
    person.had_no_trouble()
