"""The page that plans one man's whole course: booked as shown, refused as a whole, or why not."""

from itertools import pairwise

import pytest
from flask import Flask

from mhtr.core.clock import LONDON
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.availability.models import HowHeCanCome
from sessions.booking.queries import booked_of
from sessions.courses.models import CourseSession
from sessions.therapies import Gender
from tests.pages import PageClient
from tests.sessions.booking.makers import (
    MONDAY,
    Clinic,
    assert_taken_is_what_is_booked,
    booked,
    clinic,
    weekly,
)
from tests.sessions.booking.test_pages import path, send
from tests.suitability.browsing import as_


@pytest.fixture
def scene(app: Flask) -> Clinic:
    return clinic()


@pytest.fixture
def office(app: Flask, scene: Clinic) -> PageClient:
    return as_(app, scene.people.office)


def asks_for(scene: Clinic, gender: Gender) -> None:
    case_id, by = scene.case.id, scene.by
    with writing():
        db.session.add(HowHeCanCome(case_id=case_id, therapist_gender=gender, by_id=by))


def test_the_whole_course_is_booked_as_it_was_shown(office: PageClient, scene: Clinic) -> None:
    assert "Plan the whole course" in office.page(path(scene))
    page = office.page(path(scene, "/plan"))
    assert "6 sessions: " in page
    assert "Every session is on the same weekday, at the same time and place." in page
    assert "Every gap between two sessions is the ideal one." in page
    assert "inside the requirement" in page
    answer = send(office, path(scene, "/plan"), page)
    assert answer.status_code == 303
    assert "6 sessions booked." in office.page(answer.location)
    starts = [one.session.starts_at.astimezone(LONDON) for one in booked_of(scene.case.id)]
    assert len(starts) == 6
    assert {(b - a).days for a, b in pairwise(sorted(s.date() for s in starts))} == {7}
    assert_taken_is_what_is_booked()
    assert "There is nothing to plan." in office.page(path(scene, "/plan"))


def test_what_follows_the_booked_sessions_is_planned_like_them(
    office: PageClient, scene: Clinic
) -> None:
    weekly(scene, 2)
    page = office.page(path(scene, "/plan"))
    assert "4 sessions: " in page
    send(office, path(scene, "/plan"), page)
    starts = sorted(one.session.starts_at.astimezone(LONDON) for one in booked_of(scene.case.id))
    gaps = [(b - a).days for a, b in pairwise(one.date() for one in starts)]
    # Monday 28 December is a bank holiday, so one gap is a day more.
    assert sorted(gaps) == [7, 7, 7, 7, 8]
    assert {(one.hour, one.minute) for one in starts} == {(10, 0)}


def test_a_time_taken_meanwhile_refuses_all_of_it_and_another_course_is_shown(
    office: PageClient, scene: Clinic
) -> None:
    page = office.page(path(scene, "/plan"))
    booked(scene, MONDAY)  # his first session, by somebody else
    answer = send(office, path(scene, "/plan"), page)
    assert answer.status_code == 422
    assert "booked already" in answer.get_data(as_text=True)
    assert "5 sessions: " in answer.get_data(as_text=True)
    assert len(booked_of(scene.case.id)) == 1


def test_where_no_course_is_possible_the_smallest_changes_are_named(
    office: PageClient, scene: Clinic
) -> None:
    asks_for(scene, Gender.ANOTHER)
    page = office.page(path(scene, "/plan"))
    assert "No whole course is possible as things are." in page
    assert "Not even the first session could be held." in page
    assert "He could be seen by a woman or a man" in page
    assert "Book all" not in page


def test_a_course_that_takes_too_long_says_how_far_it_gets(
    office: PageClient, scene: Clinic
) -> None:
    with writing():
        for part in db.session.query(CourseSession):
            part.least_gap = part.ideal_gap = part.most_gap = 91
    page = office.page(path(scene, "/plan"))
    assert "of 6 sessions could be held." in page


def test_nothing_is_booked_of_what_was_made_up(office: PageClient, scene: Clinic) -> None:
    page = office.page(path(scene, "/plan"))
    answer = send(office, path(scene, "/plan"), page, plan="nonsense=1-2-3")
    assert answer.status_code == 422
    assert booked_of(scene.case.id) == []
