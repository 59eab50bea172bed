"""The pages of a plan of the caseload: asked, watched, cancelled, booked in part, taken back."""

import re

import pytest
from flask import Flask

from mhtr.core import clock
from mhtr.core.access import Purpose
from mhtr.core.access_models import Grant
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.booking.queries import booked_of
from sessions.planning import proposal_service
from sessions.planning.ask_rules import Ask
from sessions.planning.kinds import ProposalKind, ProposalState
from sessions.planning.models import Proposal
from tests.pages import PageClient
from tests.sessions.booking.makers import MONDAY, Clinic, clinic, weekly
from tests.sessions.booking.test_pages import send
from tests.sessions.planning.asking import asked, parts_of, work, worked_out
from tests.sessions.planning.test_proposals import WAITING, away, took_first_time_of, waits
from tests.suitability.browsing import as_


@pytest.fixture
def scene(app: Flask) -> Clinic:
    return clinic()


@pytest.fixture
def office(app: Flask, scene: Clinic) -> PageClient:
    return as_(app, scene.people.office)


def here(proposal: Proposal, rest: str = "") -> str:
    return f"/proposals/{proposal.ref}{rest}"


def test_nothing_planned_yet_is_said(office: PageClient) -> None:
    page = office.page("/proposals")
    assert "Nothing was planned yet." in page and "A therapist is away" in page


def test_an_absence_is_asked_for_watched_and_looked_at(office: PageClient, scene: Clinic) -> None:
    weekly(scene, 5)
    page = office.page("/proposals/new/away")
    answer = send(
        office,
        "/proposals/new/away",
        page,
        clinician=str(scene.ada.ref),
        **{"first-day": "23", "first-month": "11", "first-year": "2026"},
        **{"last-day": "6", "last-month": "12", "last-year": "2026"},
        seconds="20",
    )
    assert answer.status_code == 303
    waiting = office.get(answer.location)
    assert waiting.headers["Refresh"] == "3"
    assert "Waiting for the program that works it out." in waiting.text
    assert "Cancel it" in waiting.text
    found = work()
    page = office.page(answer.location)
    assert "Refresh" not in office.get(answer.location).headers
    assert "Ada Mensah is away, 23 November 2026 to 6 December 2026" in page
    assert "No plan can cost less: it is the best there is." in page
    assert "2 appointments that men were told of change." in page
    assert "3 appointments stay as they are." in page
    assert "Monday 23 November 2026 at 10:00" in page
    (part,) = parts_of(found)
    answer = send(office, here(found, "/apply"), page, parts=str(part.ref))
    assert answer.status_code == 303
    page = office.page(here(found))
    assert "The sessions of 1 man are booked." in page and "Take back what is ticked" in page
    assert "23 Nov" not in " ".join(
        f"{b.session.starts_at:%d %b}" for b in booked_of(scene.case.id)
    )
    again = send(office, here(found, "/undo"), page, applied=str(part.ref))
    assert "The sessions of 1 man are taken back." in office.page(again.location)
    days = [f"{one.session.starts_at:%d %b}" for one in booked_of(scene.case.id)]
    assert days[0] == "23 Nov"


def test_where_something_follows_it_is_not_said_that_he_finishes(
    office: PageClient, scene: Clinic
) -> None:
    with writing():
        scene.parts[2].in_group = True
    page = office.page(here(worked_out(WAITING, scene.by)))
    assert "The last of these is on" in page and "He finishes" not in page
    assert "What follows is held in a group" in page
    with writing():
        scene.parts[2].in_group = False
    assert "He finishes on" in office.page(here(worked_out(WAITING, scene.by)))


def test_one_man_lost_a_race_and_the_others_are_booked(office: PageClient, scene: Clinic) -> None:
    other, _ = waits(scene)
    found = worked_out(WAITING, scene.by)
    page = office.page(here(found))
    assert page.count(" checked") == 2, "everybody is ticked at first"
    mine = next(part for part in parts_of(found) if part.case_id == scene.case.id)
    took_first_time_of(mine, scene)
    refs = [str(part.ref) for part in parts_of(found)]
    send(office, here(found, "/apply"), page, parts=refs)
    page = office.page(here(found))
    assert "The sessions of 1 man are booked. 1 could not be: the page says why." in page
    assert "That time has just been taken." in page
    assert booked_of(scene.case.id) == [] and len(booked_of(other.id)) == 4


def test_nobody_ticked_is_said_beside_the_form(office: PageClient, scene: Clinic) -> None:
    found = worked_out(WAITING, scene.by)
    answer = send(office, here(found, "/apply"), office.page(here(found)))
    assert answer.status_code == 422 and "Tick at least one man" in answer.text
    assert booked_of(scene.case.id) == []


def test_the_same_form_sent_twice_books_once(office: PageClient, scene: Clinic) -> None:
    found = worked_out(WAITING, scene.by)
    page, (part,) = office.page(here(found)), parts_of(found)
    for _ in range(2):
        send(office, here(found, "/apply"), page, parts=str(part.ref))
    assert len(booked_of(scene.case.id)) == 6


def test_it_is_cancelled_on_the_page(office: PageClient, scene: Clinic) -> None:
    key = asked(WAITING, scene.by)
    found = db.session.get_one(Proposal, key)
    with writing():
        proposal_service.claim(clock.now())
    page = office.page(here(found))
    send(office, here(found, "/stop"), page)
    assert "It is being cancelled." in office.page(here(found))
    with writing():
        assert not proposal_service.go_on(key, "", clock.now())
    assert "It was cancelled before it was ready." in office.page(here(found))


def test_what_failed_says_so(office: PageClient, scene: Clinic) -> None:
    key = asked(WAITING, scene.by)
    with writing():
        proposal_service.claim(clock.now())
    with writing():
        proposal_service.fail(key)
    page = office.page(here(db.session.get_one(Proposal, key)))
    assert "The program could not work it out." in page and "Ask again" in page


def test_days_that_make_no_sense_are_said_and_kept(office: PageClient, scene: Clinic) -> None:
    page = office.page("/proposals/new/away")
    answer = send(
        office,
        "/proposals/new/away",
        page,
        clinician=str(scene.ada.ref),
        **{"first-day": "23", "first-month": "11", "first-year": "2026"},
        **{"last-day": "6", "last-month": "11", "last-year": "2026"},
        seconds="20",
    )
    assert answer.status_code == 422
    assert "The last day lies before the first." in answer.text
    assert re.search(r'name="last-day"[^>]*value="6"', answer.text)


def test_another_trust_and_other_roles_see_nothing(app: Flask, scene: Clinic) -> None:
    found = worked_out(WAITING, scene.by)
    assert as_(app, scene.ada).get(here(found)).status_code == 403
    assert as_(app, scene.people.officer).get(here(found)).status_code == 403


def closed_to_the_office(case_id: int) -> None:
    with writing():
        rows = db.session.query(Grant).filter_by(case_id=case_id, purpose=Purpose.ADMINISTRATION)
        for row in rows:
            row.ends_at = clock.now()


def test_a_man_whose_record_is_closed_is_counted_and_not_named(
    office: PageClient, scene: Clinic
) -> None:
    other, _ = waits(scene)
    found = worked_out(WAITING, scene.by)
    page = office.page(here(found))
    name, case_id = scene.case.person.name, scene.case.id
    assert name in page
    closed_to_the_office(case_id)
    shut = office.page(here(found))
    assert name not in shut and "whose record is not open to you" in shut
    mine = next(part for part in parts_of(found) if part.case_id == case_id)
    answer = send(office, here(found, "/apply"), page, parts=str(mine.ref))
    assert answer.status_code == 422
    assert booked_of(case_id) == []
    closed_to_the_office(other.id)
    assert office.get(here(found)).status_code == 404, "none of them is open to the office"
    assert str(found.ref) not in office.page("/proposals")


def test_a_room_is_asked_for_by_name(office: PageClient, scene: Clinic) -> None:
    weekly(scene, 2)
    page = office.page("/proposals/new/room")
    assert "Room 1 at Elm Road Clinic" in page and "Elm Road Clinic, every room" in page
    ask = Ask(
        ProposalKind.ROOM, site_id=scene.site.id, room_id=scene.room.id, first=MONDAY, last=MONDAY
    )
    found = worked_out(ask, scene.by)
    assert found.state is ProposalState.READY
    page = office.page(here(found))
    assert "Room 1 at Elm Road Clinic cannot be used" in page
    assert "Room 2 instead of Room 1" in page


def test_the_list_shows_where_each_stands(office: PageClient, scene: Clinic) -> None:
    weekly(scene, 5)
    worked_out(away(scene), scene.by)
    page = office.page("/proposals")
    assert "Ada Mensah is away" in page and "Ready to look at" in page
