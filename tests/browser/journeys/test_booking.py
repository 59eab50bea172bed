"""From the sentence to the whole course: the office books it, moves a session, cancels one."""

from flask import Flask

from mhtr.core.database import db
from tests.browser.person import Person
from tests.sessions.booking.makers import clinic


def test_an_administrator_books_a_course_moves_one_session_and_cancels_one(
    app: Flask, person: Person
) -> None:
    scene = clinic()
    ref = scene.case.ref
    db.session.rollback()
    person.signs_in_as("administrator").goes_to(f"/cases/{ref}/sessions").arrives_at("Sessions")
    person.clicks("Find a time").arrives_at("Find a time").starts_counting()
    person.clicks("Wed 18 Nov 2026 at 12:00").arrives_at("Book a session")
    person.sees("You will see Ada Mensah for 60 minutes.", "This is part of your court order.")
    person.chooses("This and the 5 sessions that follow, as listed below").clicks(
        "Book", exact=True
    )
    person.arrives_at("Sessions").sees("6 sessions are booked.").within(5)
    person.clicks("Move Session 2 of 6").arrives_at("Find another time")
    person.page.locator(".app-offers a").nth(1).click()
    person.arrives_at("Move a session").sees("Booked now", "Moves to")
    person.clicks("Move", exact=True).sees("Select who asked")
    person.chooses("Only this session").chooses("He asked").types("Why?", "He starts a job")
    person.clicks("Move", exact=True).arrives_at("Sessions").sees(
        "The session is moved.", "He starts a job"
    )
    person.clicks("Cancel Session 6 of 6").arrives_at("Cancel a session")
    person.chooses("Only this session").chooses("The service").types("Why?", "Ada is away")
    person.clicks("Cancel", exact=True).arrives_at("Sessions").sees(
        "The session is cancelled.", "Ada is away"
    )
    person.had_no_trouble()
