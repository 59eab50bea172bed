"""After his first session: a lead proposes another therapist, and each of the three agrees."""

import pytest
from flask import Flask

from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from sessions.booking.queries import booked_of
from tests.browser.person import Person
from tests.sessions.therapists.makers import Begun, begun, gone

PROPOSING, ANSWERING = 10, 4


@pytest.fixture
def scene(app: Flask, set_clock: SetClock) -> Begun:
    """Ada has seen him once, and is who signs in here as a therapist."""
    made = begun(set_clock)
    gone(made.clinic.people.assessor)
    db.session.rollback()
    return made


def _proposes(scene: Begun, person: Person) -> None:
    person.signs_in_as("clinical_lead").goes_to(f"/cases/{scene.clinic.case.ref}/course")
    person.arrives_at("Course").starts_counting()
    person.clicks("Change the therapist").arrives_at("Change the therapist")
    person.sees("His first session was held, so his therapist is fixed")
    person.clicks("Propose another therapist").arrives_at("Propose another therapist")
    person.clicks("Propose the change").sees("Select who would see him", "Say why")
    person.finds_the_page_fit()
    person.chooses("Ben Ferreira").chooses("No time suits them both")
    person.types("Say more about why", "He works on Mondays now").clicks("Propose the change")
    person.arrives_at("Change of therapist").within(PROPOSING)
    person.sees("It waits for his therapist, a clinical lead and him.")


def test_the_therapist_the_lead_and_the_man_agree(scene: Begun, person: Person) -> None:
    case_id, name = scene.clinic.case.id, scene.clinic.case.person.family_name
    db.session.rollback()
    _proposes(scene, person)
    person.starts_counting().clicks("Answer")
    person.arrives_at("Your answer as clinical lead").chooses("Yes, I agree")
    person.clicks("Record your answer").arrives_at("Change of therapist").within(ANSWERING)
    person.sees("It waits for his therapist and him.").signs_out()
    person.signs_in_as("assessor").arrives_at("Today").starts_counting()
    person.takes_up(name, action="Answer").arrives_at("Change of therapist")
    person.clicks("Answer").arrives_at("Your answer as his therapist")
    person.chooses("Yes, I agree").clicks("Record your answer").within(ANSWERING)
    person.sees("It waits for him.").starts_counting()
    person.clicks("Record what he said").arrives_at("What he said about another therapist")
    person.chooses("In person").chooses("Yes, he agrees").types("What did he say?", "Fine by me")
    person.clicks("Record what he said").arrives_at("Change of therapist").within(ANSWERING + 1)
    person.sees("Done", "Fine by me", "Ben Ferreira")
    db.session.rollback()
    assert scene.therapist == scene.ben_id
    later = [one.session for one in booked_of(case_id) if one.session.starts_at > clock.now()]
    assert {one.clinician_id for one in later} == {scene.ben_id}


def test_he_refuses_and_stays_with_her(scene: Begun, person: Person) -> None:
    case_ref, name = scene.clinic.case.ref, scene.clinic.case.person.family_name
    db.session.rollback()
    _proposes(scene, person)
    person.signs_out().signs_in_as("assessor").arrives_at("Today")
    person.takes_up(name, action="Answer").clicks("Record what he said")
    person.chooses("By telephone").chooses("No, he refuses. This ends the proposal")
    person.clicks("Record what he said").sees("Write what he said").finds_the_page_fit()
    person.types("What did he say?", "I want to stay with her").clicks("Record what he said")
    person.arrives_at("Change of therapist").sees("I want to stay with her")
    person.does_not_see("It waits for")
    person.goes_to(f"/cases/{case_ref}/course").arrives_at("Course").sees("Ada Mensah")
    db.session.rollback()
    assert scene.therapist == scene.ada_id
