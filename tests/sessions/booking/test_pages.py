"""The pages of booking: from finding a time to the whole course, moving and cancelling."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from mhtr.compliance.attendance import HAPPENED_WORDS, Happened, Told
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.availability.models import HowHeCanCome
from sessions.booking import service
from sessions.booking.queries import booked_of
from sessions.booking.service import Asked
from sessions.booking.tokens import place_from, refs_of
from sessions.register import service as register
from sessions.register.service import Entry
from tests.pages import PageClient
from tests.sessions.booking.makers import (
    MONDAY,
    Clinic,
    add_group_part,
    another_man,
    assert_taken_is_what_is_booked,
    at,
    booked,
    clinic,
    leads_groups,
    session_of,
    weekly,
    when,
)
from tests.suitability.browsing import as_

WEEK = timedelta(weeks=1)


@pytest.fixture
def scene(app: Flask) -> Clinic:
    return clinic()


@pytest.fixture
def office(app: Flask, scene: Clinic) -> PageClient:
    return as_(app, scene.people.office)


def path(scene: Clinic, tail: str = "") -> str:
    return f"/cases/{scene.case.ref}/sessions{tail}"


def links(page: str, what: str) -> list[str]:
    """Every link to choose a time, in the order of the page."""
    return [
        href.replace("&amp;", "&") for href in re.findall(rf'href="([^"]*/{what}\?[^"]*)"', page)
    ]


def send(client: PageClient, path: str, page: str, **data: Any) -> Any:
    """Send the form of a page with every hidden field it has."""
    form = page[page.index('method="post"', page.index("<h1")) :]
    for tag in re.findall(r'<input type="hidden"[^>]*>', form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            data.setdefault(name[1], value[1])
    return client.post(path, data=data)


def refused(client: PageClient, path: str, page: str, **data: Any) -> str:
    """What is shown where it is refused."""
    answer = send(client, path, page, **data)
    assert answer.status_code == 422
    shown: str = answer.get_data(as_text=True)
    return shown


def test_the_whole_course_from_the_first_choice(office: PageClient, scene: Clinic) -> None:
    empty = office.page(path(scene))
    assert "Nothing is booked." in empty
    assert "6 sessions of his course are not booked yet" in empty
    found = office.page(path(scene, "/find"))
    assert "Best times" in found
    chosen = links(found, "book")[0]
    page = office.page(chosen)
    assert "What he is told" in page
    assert "You will see Ada Mensah for 60 minutes" in page
    assert "This is part of your court order" in page
    assert "This and the 5 sessions that follow" in page
    answer = send(office, chosen, page, how="course")
    assert answer.status_code == 303
    shown = office.page(answer.location)
    assert "6 sessions are booked." in shown
    assert "Session 6 of 6" in shown
    assert "Every session of his course is booked." in shown
    starts = [one.session.starts_at for one in booked_of(scene.case.id)]
    assert all(two - one == WEEK for one, two in zip(starts, starts[1:], strict=False))
    assert_taken_is_what_is_booked()


def test_one_session_alone(office: PageClient, scene: Clinic) -> None:
    chosen = links(office.page(path(scene, "/find")), "book")[0]
    page = office.page(chosen)
    assert "Select what to book" in refused(office, chosen, page)
    assert send(office, chosen, page, how="one").status_code == 303
    assert len(booked_of(scene.case.id)) == 1


def test_why_a_wanted_time_is_not_possible_and_what_is(office: PageClient, scene: Clinic) -> None:
    booked(scene)
    form = office.page(path(scene, "/find"))
    ada = re.search(r'<option value="([0-9a-f-]{36})">Ada Mensah', form)
    assert ada is not None
    query = f"?ask=yes&day-day=23&day-month=11&day-year=2026&time=10:00&whom={ada[1]}&by=in_person"
    page = office.page(path(scene, f"/find{query}"))
    assert "This time is not possible:" in page
    assert "Ada Mensah has another session then." in page
    assert "He has another session then." in page
    assert "Too soon after the session before: 27 November 2026 is the first day." in page
    assert "The nearest that are" in page
    possible = query.replace("day-day=23", "day-day=30")
    page = office.page(path(scene, f"/find{possible}"))
    assert "This time is possible." in page
    missing = office.page(path(scene, "/find?ask=yes"))
    assert "Enter the day he asks for" in missing


def test_the_loser_of_a_race_is_shown_other_times(office: PageClient, scene: Clinic) -> None:
    chosen = links(office.page(path(scene, "/find")), "book")[0]
    page = office.page(chosen)
    token = re.search(r"slot=([^&]+)", chosen)
    assert token is not None
    place = place_from(token[1], scene.course.organisation_id)
    assert place is not None
    other, by = another_man(scene).id, scene.by
    with writing():
        service.book(case_id=other, asked=[Asked(place)], by=by)
    lost = refused(office, chosen, page, how="one")
    assert "That time has just been taken." in lost
    assert "Other times" in lost
    again = links(lost, "book")[0]
    assert send(office, again, office.page(again), how="one").status_code == 303
    assert_taken_is_what_is_booked()


def test_moving_this_and_all_that_follow(office: PageClient, scene: Clinic) -> None:
    places = weekly(scene)
    session = session_of(places[1])
    found = office.page(path(scene, f"/find?move={session.ref}"))
    assert "Booked now: Mon 30 Nov 2026 at 10:00" in found
    refs = refs_of([scene.ada.id], [scene.room.id])
    token = refs.token(at(scene, MONDAY + WEEK + timedelta(days=1), 14))
    chosen = path(scene, f"/{session.ref}/move?slot={token}")
    page = office.page(chosen)
    assert "Tuesday 1 December 2026 at 14:00" in page
    assert "Where the other sessions would move" in page
    missing = refused(office, chosen, page)
    for said in ("Select which sessions", "Select who asked", "Say why"):
        assert said in missing
    answer = send(office, chosen, page, which="following", side="him", reason="He starts a job")
    assert answer.status_code == 303
    shown = office.page(answer.location)
    assert "3 sessions are moved." in shown
    assert "He asked: He starts a job" in shown
    starts = [one.session.starts_at for one in booked_of(scene.case.id)]
    tuesdays = [when(MONDAY + timedelta(days=1) + n * WEEK, 14).starts_at for n in (1, 2, 3)]
    assert starts == [when(MONDAY, 10).starts_at, *tuesdays]
    assert_taken_is_what_is_booked()


def test_a_move_is_offered_for_it_alone_or_with_those_that_follow(
    office: PageClient, scene: Clinic
) -> None:
    session = session_of(weekly(scene)[1])
    alone = office.page(path(scene, f"/find?move={session.ref}"))
    assert "the last Thu 3 Dec 2026" in alone
    assert "at least 4 days have to lie between the two" in alone
    assert "Only this session moves." in alone
    now = refs_of([scene.ada.id], [scene.room.id]).token(at(scene, MONDAY + WEEK, 10))
    assert now not in alone.partition("Week of")[0], "where it is now is no other time"
    href = links(alone, "find")
    both = office.page(next(one for one in href if "reach=following" in one))
    assert "The 2 sessions that follow move with it." in both
    assert "the last Mon 7 Dec 2026" in both
    later = next(one for one in links(both, "move") if "20261204" in one or "20261207" in one)
    page = office.page(later)
    assert re.search(r'value="following"[^>]* checked', page)
    assert "Only this session cannot move there" in page
    shown = refused(office, later, page, which="one", side="him", reason="He starts a job")
    assert "Too close to the session that follows it" in shown
    assert "He starts a job</textarea>" in shown
    answer = send(office, later, page, which="following", side="him", reason="He starts a job")
    assert "3 sessions are moved." in office.page(answer.location)


def test_what_comes_later_than_planned_is_marked(office: PageClient, scene: Clinic) -> None:
    session = session_of(weekly(scene, 3)[2])
    token = refs_of([scene.ada.id], [scene.room.id]).token(at(scene, MONDAY + 4 * WEEK, 10))
    chosen = path(scene, f"/{session.ref}/move?slot={token}")
    page = office.page(chosen)
    assert "21 days after the session before, and his course says 14 at most." in page
    answer = send(office, chosen, page, which="one", side="him", reason="He is abroad")
    shown = office.page(answer.location)
    assert "21 days after the session before, and his course says 14 at most." in shown


def test_cancelling_one(office: PageClient, scene: Clinic) -> None:
    session = session_of(weekly(scene, 2)[0])
    where = path(scene, f"/{session.ref}/cancel")
    page = office.page(where)
    answer = send(office, where, page, which="one", side="service", reason="Ada is ill")
    shown = office.page(answer.location)
    assert "The session is cancelled." in shown
    assert "The service: Ada is ill" in shown
    assert office.get(where).status_code == 409
    assert_taken_is_what_is_booked()


def test_a_change_meanwhile_loses_nothing(office: PageClient, scene: Clinic) -> None:
    session = session_of(booked(scene))
    where = path(scene, f"/{session.ref}/cancel")
    page = office.page(where)
    with writing():
        session.version += 1
    lost = refused(office, where, page, side="him", reason="Ill")
    assert "Somebody changed this session meanwhile" in lost
    assert "Ill</textarea>" in lost


def test_what_happened_stands_beside_each_past_session(
    app: Flask, scene: Clinic, set_clock: SetClock
) -> None:
    place = booked(scene)
    set_clock.moment = at(scene, MONDAY, 12).span.starts_at
    office = as_(app, scene.people.office)
    page = office.page(path(scene))
    assert "Record it" in page and f"/places/{place.ref}/attendance" in page
    key, by = place.id, scene.people.assessor.id
    entry = Entry(Told(Happened.DID_NOT_COME))
    with writing():
        register.record(place_id=key, entry=entry, by=by)
    page = office.page(path(scene))
    assert HAPPENED_WORDS[Happened.DID_NOT_COME] in page and "Record it" not in page


def test_times_that_have_passed_are_one_line(
    app: Flask, scene: Clinic, set_clock: SetClock
) -> None:
    booked(scene)
    set_clock.moment = at(scene, MONDAY, 14, 40).span.starts_at
    office = as_(app, scene.people.office)
    page = office.page(path(scene, f"/find?week={MONDAY}"))
    assert page.count('app-days__why"> That time has passed') == 1


def test_a_whole_course_is_planned_from_the_list_of_who_waits(
    office: PageClient, scene: Clinic
) -> None:
    page = office.page("/sessions/not-booked")
    assert "Plan all 6" in page and f"{path(scene)}/plan" in page


def test_whoever_books_reads_how_he_comes(office: PageClient, scene: Clinic) -> None:
    assert "His way" not in office.page(path(scene, "/find"))
    case_id, by = scene.case.id, scene.by
    with writing():
        db.session.add(
            HowHeCanCome(case_id=case_id, in_person=True, travel="Two buses, 50 minutes", by_id=by)
        )
    assert "His way: Two buses, 50 minutes" in office.page(path(scene, "/find"))


def test_probation_and_others_see_none_of_it(app: Flask, scene: Clinic) -> None:
    booked(scene)
    client = as_(app, scene.people.officer)
    for tail in ("", "/find"):
        assert client.get(path(scene, tail)).status_code == 403


@pytest.mark.parametrize("slot", ["", "nonsense", "20261123T1000-60-in_person-0-0"])
def test_a_word_that_is_no_time_leads_back(office: PageClient, scene: Clinic, slot: str) -> None:
    answer = office.get(path(scene, f"/book?slot={slot}"))
    assert answer.status_code == 303
    assert "/sessions/find" in answer.location


def test_a_group_from_making_it_to_cancelling_it(office: PageClient, scene: Clinic) -> None:
    leads_groups(scene.ada)
    part = add_group_part(scene)
    page = office.page("/sessions/groups")
    assert "No group is booked." in page
    page = office.page("/sessions/groups/new")
    assert "Enter a name for the group" in refused(office, "/sessions/groups/new", page)
    said = {
        "title": "Skills on Mondays",
        "therapy": "skills",
        "clinician": str(scene.ada.ref),
        "room": str(scene.other_room.ref),
        "capacity": "2",
        "day-day": "23",
        "day-month": "11",
        "day-year": "2026",
        "time": "14:00",
        "minutes": "90",
        "weeks": "2",
    }
    answer = send(office, "/sessions/groups/new", page, **said)
    assert answer.status_code == 303
    where = answer.location
    page = office.page(where)
    assert "0 of 2 taken" in page
    assert "Other sessions of this group" in page
    answer = send(office, where, page, case=str(scene.case.ref), which="one")
    page = office.page(answer.location)
    assert "Marlon Ekwueme" in page
    assert "Part of the requirement" in page
    own = booked_of(scene.case.id)[0]
    assert own.place.course_session_id == part.id
    assert "Group" in office.page(path(scene))
    leave = f"{where}/{own.place.ref}/leave"
    left = send(office, leave, office.page(leave), side="him", reason="He works on Mondays")
    assert "His place is given up." in office.page(left.location)
    cancel = f"{where}/cancel"
    gone = send(office, cancel, office.page(cancel), which="all", side="service", reason="No room")
    assert "No group is booked." in office.page(gone.location)
    assert_taken_is_what_is_booked()


def test_who_waits_and_whom_a_time_that_became_free_helps(
    office: PageClient, scene: Clinic
) -> None:
    page = office.page("/sessions/not-booked")
    assert "Marlon Ekwueme" in page
    assert "12 sessions can be held in time" in page
    session = session_of(booked(scene))
    assert "Everybody has a next appointment." in office.page("/sessions/not-booked")
    where = path(scene, f"/{session.ref}/cancel")
    send(office, where, office.page(where), side="service", reason="Ada is ill")
    page = office.page("/sessions/not-booked")
    assert "Monday 23 November 2026 at 10:00" in page
    chosen = links(page, "book")[0]
    assert send(office, chosen, office.page(chosen), how="one").status_code == 303
    assert_taken_is_what_is_booked()


@pytest.mark.parametrize(("weeks", "offered"), [(3, True), (6, False)])
def test_a_time_far_ahead_is_offered_to_nobody_who_can_come_sooner(
    office: PageClient, scene: Clinic, weeks: int, offered: bool
) -> None:
    day = MONDAY + weeks * WEEK
    session = session_of(booked(scene, day))
    where = path(scene, f"/{session.ref}/cancel")
    send(office, where, office.page(where), side="service", reason="Ada is ill")
    page = office.page("/sessions/not-booked")
    assert "Marlon Ekwueme" in page
    assert bool(links(page, "book")) is offered


def test_a_time_that_is_taken_again_did_not_become_free(office: PageClient, scene: Clinic) -> None:
    session = session_of(booked(scene))
    where = path(scene, f"/{session.ref}/cancel")
    send(office, where, office.page(where), side="service", reason="Ada is ill")
    assert links(office.page("/sessions/not-booked"), "book")
    other, by = another_man(scene).id, scene.by
    with writing():
        service.book(case_id=other, asked=[Asked(at(scene, MONDAY, 10, 30))], by=by)
    assert not links(office.page("/sessions/not-booked"), "book")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("minutes", "0", "Minutes must be"),
        ("capacity", "1", "must be"),
        ("weeks", "500", "must be"),
        ("day-year", "9999", "at most 60 weeks ahead"),
        ("day-year", "2025", "at most 60 weeks ahead"),
    ],
)
def test_a_group_that_cannot_be_is_refused_beside_what_was_typed(
    office: PageClient, scene: Clinic, field: str, typed: str, said: str
) -> None:
    leads_groups(scene.ada)
    page = office.page("/sessions/groups/new")
    typed_all = {
        "title": "Skills on Mondays",
        "therapy": "skills",
        "clinician": str(scene.ada.ref),
        "room": str(scene.other_room.ref),
        "capacity": "2",
        "day-day": "23",
        "day-month": "11",
        "day-year": "2026",
        "time": "14:00",
        "minutes": "90",
        "weeks": "2",
        field: typed,
    }
    assert said in refused(office, "/sessions/groups/new", page, **typed_all)


@pytest.mark.parametrize("year", ["2025", "9999"])
def test_a_day_that_is_not_looked_at_is_said(office: PageClient, scene: Clinic, year: str) -> None:
    form = office.page(path(scene, "/find"))
    ada = re.search(r'<option value="([0-9a-f-]{36})">Ada Mensah', form)
    assert ada is not None
    query = f"?ask=yes&day-day=23&day-month=11&day-year={year}&time=10:00&whom={ada[1]}"
    page = office.page(path(scene, f"/find{query}&by=in_person"))
    assert "Enter a day from this week on, at most 60 weeks ahead." in page
