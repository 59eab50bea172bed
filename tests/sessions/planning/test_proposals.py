"""Proposals for the caseload: asked, worked out, booked man by man, taken back."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask import Flask

from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.clock import LONDON, SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.tasks.models import Leave
from sessions.availability.models import WeeklyHours
from sessions.booking import group_service, move_service, seat_service, service
from sessions.booking.group_service import Group
from sessions.booking.holding import JustTaken
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.queries import booked_of, place_of
from sessions.booking.seat_service import Seat
from sessions.booking.service import Asked
from sessions.booking.shapes import Place
from sessions.courses.kinds import CourseEnd
from sessions.courses.models import Course, CourseSession
from sessions.planning import applying, ask_rules, proposal_service
from sessions.planning.ask_rules import Ask, Left
from sessions.planning.kinds import ProposalKind, ProposalState
from sessions.planning.models import Proposal, ProposalPart
from sessions.planning.stored import place_kept
from sessions.therapies import SessionMode, Therapy
from tests.sessions.availability.makers import make_clinician
from tests.sessions.booking.makers import (
    ASKED,
    MONDAY,
    Clinic,
    another_man,
    assert_taken_is_what_is_booked,
    at,
    clinic,
    leads_groups,
    make_course,
    weekly,
    when,
)
from tests.sessions.planning.asking import asked, parts_of, worked_out

WEEK = timedelta(weeks=1)
WAITING = Ask(ProposalKind.WAITING)


@pytest.fixture
def scene(either_app: Flask) -> Clinic:
    return clinic()


def away(scene: Clinic, first: date = MONDAY, days: int = 14) -> Ask:
    return Ask(ProposalKind.AWAY, scene.ada.id, first=first, last=first + timedelta(days=days - 1))


def applied(part: ProposalPart, by: int) -> bool:
    key = part.id
    with writing():
        return applying.apply_part(part_id=key, by=by)


def undone(part: ProposalPart, by: int) -> bool:
    key = part.id
    with writing():
        return applying.undo_part(part_id=key, by=by)


def starts_of(case: Case) -> list[str]:
    """When his sessions are booked, in London."""
    rows = sorted(one.session.starts_at.astimezone(LONDON) for one in booked_of(case.id))
    return [f"{row:%d %b %H:%M}" for row in rows]


def waits(scene: Clinic, name: str = "Kwame", sessions: int = 4) -> tuple[Case, Course]:
    """Another man with a course of Ada's and nothing booked."""
    case = another_man(scene, name)
    people = scene.people
    whose = type(people)(**{**people.__dict__, "case": case})
    course, _ = make_course(whose, scene.ada, sessions)
    return case, course


def left_of(proposal: Proposal) -> dict[int, str]:
    return {key: why for key, why in (proposal.answer or {})["left"]}


def test_everyone_who_waits_gets_a_whole_course(scene: Clinic) -> None:
    other, _ = waits(scene)
    found = worked_out(WAITING, scene.by)
    assert found.state is ProposalState.READY
    assert found.cost == found.bound
    parts = parts_of(found)
    assert [part.case_id for part in parts] == [scene.case.id, other.id]
    assert [len(part.after) for part in parts] == [6, 4]
    assert not booked_of(other.id), "a proposal books nothing"
    for part in parts:
        assert applied(part, scene.by)
    assert len(starts_of(scene.case)) == 6 and len(starts_of(other)) == 4
    assert_taken_is_what_is_booked()
    assert db.session.get_one(Proposal, found.id).state is ProposalState.APPLIED


def test_an_absence_moves_only_what_it_touches_and_keeps_the_therapist(scene: Clinic) -> None:
    weekly(scene, 5)
    before = starts_of(scene.case)
    found = worked_out(away(scene), scene.by)
    (part,) = parts_of(found)
    assert found.state is ProposalState.READY and found.cost == found.bound
    assert found.answer is not None and found.answer["changed"] == 2
    assert starts_of(scene.case) == before
    assert applied(part, scene.by)
    after = starts_of(scene.case)
    assert set(before[2:]) < set(after) and len(after) == 5, "the times that could stay did"
    assert not set(before[:2]) & set(after)
    assert {one.session.clinician_id for one in booked_of(scene.case.id)} == {scene.ada.id}
    assert_taken_is_what_is_booked()
    order = [one.place.course_session_id for one in booked_of(scene.case.id)]
    assert order == [one.id for one in scene.parts[:5]], "the sessions of his course stay in order"


def test_who_is_in_no_hurry_keeps_his_weekday_and_hour(
    scene: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """His order leaves him time, so that a week later is less to him than another hour."""
    monkeypatch.setattr(ask_rules, "TIGHT_WEEKS", 0)
    weekly(scene, 3)
    found = worked_out(away(scene, days=1), scene.by)
    (part,) = parts_of(found)
    assert found.answer is not None and found.answer["unusual"] == 0
    assert applied(part, scene.by)
    assert starts_of(scene.case) == ["30 Nov 10:00", "07 Dec 10:00", "14 Dec 10:00"]


def test_taking_back_books_what_was_booked_before(scene: Clinic) -> None:
    weekly(scene, 4)
    before = [place_of(one.session) for one in booked_of(scene.case.id)]
    (part,) = parts_of(worked_out(away(scene), scene.by))
    assert applied(part, scene.by) and undone(part, scene.by)
    assert [place_of(one.session) for one in booked_of(scene.case.id)] == before
    assert not undone(part, scene.by), "once is enough"
    assert_taken_is_what_is_booked()
    found = db.session.get_one(Proposal, part.proposal_id)
    assert found.state is ProposalState.UNDONE
    with pytest.raises(Refused, match="were changed since"):
        applied(part, scene.by)  # what it was worked out from are other bookings by now


def test_taking_back_a_course_cancels_it_and_gives_the_therapist_back(scene: Clinic) -> None:
    with writing():
        db.session.get_one(Course, scene.course.id).therapist_id = None
    (part,) = parts_of(worked_out(WAITING, scene.by))
    assert applied(part, scene.by)
    chosen = db.session.get_one(Course, scene.course.id).therapist_id
    assert chosen in (scene.ada.id, scene.ben.id)
    assert undone(part, scene.by)
    assert booked_of(scene.case.id) == []
    assert db.session.get_one(Course, scene.course.id).therapist_id is None


def test_what_was_taken_back_is_refused_where_the_time_was_taken(scene: Clinic) -> None:
    weekly(scene, 2)
    other, course = waits(scene)
    (part,) = [p for p in parts_of(worked_out(away(scene), scene.by))]
    assert applied(part, scene.by)
    first = db.session.query(CourseSession).filter_by(course_id=course.id, position=1).one()
    taken, case_id, by = Asked(at(scene, MONDAY, 10), first.id), other.id, scene.by
    with writing():
        service.book(case_id=case_id, asked=[taken], by=by)
    after = starts_of(scene.case)
    with pytest.raises(JustTaken):
        undone(part, scene.by)
    db.session.rollback()
    assert starts_of(scene.case) == after


def test_a_part_that_lost_a_race_leaves_the_others(scene: Clinic) -> None:
    other, course = waits(scene)
    parts = parts_of(worked_out(WAITING, scene.by))
    mine = next(part for part in parts if part.case_id == scene.case.id)
    theirs = next(part for part in parts if part.case_id == other.id)
    took_first_time_of(mine, scene)
    with pytest.raises(JustTaken):
        applied(mine, scene.by)
    db.session.rollback()
    assert starts_of(scene.case) == []
    assert applied(theirs, scene.by)
    assert len(starts_of(other)) == 4


def took_first_time_of(part: ProposalPart, scene: Clinic) -> None:
    """Somebody books the first time proposed for him, for a third man."""
    third, course = waits(scene, "Milo")
    session = db.session.query(CourseSession).filter_by(course_id=course.id, position=1).one()
    taken, by, case_id = Asked(place_kept(part.after[0]), session.id), scene.by, third.id
    with writing():
        service.book(case_id=case_id, asked=[taken], by=by)


def test_what_changed_since_is_refused_whole(scene: Clinic) -> None:
    places = weekly(scene, 5)
    (part,) = parts_of(worked_out(away(scene), scene.by))
    row = db.session.get_one(TreatmentSession, places[-1].session_id)
    move = Move(row.id, row.version, at(scene, MONDAY + 5 * WEEK + timedelta(days=1), 11))
    by = scene.by
    with writing():
        move_service.move(moves=[move], why=ASKED, by=by)
    after = starts_of(scene.case)
    with pytest.raises(Refused, match="changed since"):
        applied(part, scene.by)
    db.session.rollback()
    assert starts_of(scene.case) == after


def test_what_stays_in_the_plan_and_was_changed_since_refuses_it_too(scene: Clinic) -> None:
    places = weekly(scene, 5)
    (part,) = parts_of(worked_out(away(scene, MONDAY + 4 * WEEK, 5), scene.by))
    row = db.session.get_one(TreatmentSession, places[0].session_id)
    move, by = Move(row.id, row.version, at(scene, MONDAY + timedelta(days=1), 11)), scene.by
    with writing():
        move_service.move(moves=[move], why=ASKED, by=by)
    after = starts_of(scene.case)
    with pytest.raises(Refused, match="changed since"):
        applied(part, scene.by)
    db.session.rollback()
    assert starts_of(scene.case) == after


def test_one_at_a_time_and_cancelled(scene: Clinic) -> None:
    key = asked(WAITING, scene.by)
    with pytest.raises(Refused, match="being worked out"):
        asked(WAITING, scene.by)
    by = scene.by
    with writing():
        proposal_service.stop(proposal_id=key, by=by)
    assert db.session.get_one(Proposal, key).state is ProposalState.STOPPED
    with writing():
        assert proposal_service.claim(clock.now()) is None
    asked(WAITING, scene.by)


def test_one_that_is_cancelled_while_it_is_worked_out_keeps_nothing(scene: Clinic) -> None:
    key, by = asked(WAITING, scene.by), scene.by
    with writing():
        assert proposal_service.claim(clock.now()) is not None
    with writing():
        assert proposal_service.go_on(key, "so far", clock.now())
    with writing():
        proposal_service.stop(proposal_id=key, by=by)
    assert db.session.get_one(Proposal, key).state is ProposalState.RUNNING
    with writing():
        assert not proposal_service.go_on(key, "so far", clock.now())
    assert db.session.get_one(Proposal, key).state is ProposalState.STOPPED


def test_a_killed_worker_is_followed_by_one_more_and_then_it_has_failed(
    scene: Clinic, set_clock: SetClock
) -> None:
    key = asked(WAITING, scene.by)

    def claims() -> bool:
        with writing():
            return proposal_service.claim(clock.now()) is not None

    assert claims() and not claims(), "nobody takes what another works on"
    set_clock.advance(seconds=61)
    assert claims() and not claims()
    set_clock.advance(seconds=61)
    assert not claims()
    found = db.session.get_one(Proposal, key)
    assert found.state is ProposalState.FAILED and "stopped twice" in found.fault


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (Ask(ProposalKind.AWAY, first=MONDAY, last=MONDAY), "which clinician"),
        (Ask(ProposalKind.ROOM, first=MONDAY, last=MONDAY), "which room"),
        (Ask(ProposalKind.AWAY, 1, first=MONDAY, last=MONDAY - WEEK), "before the first"),
        (Ask(ProposalKind.AWAY, 1, first=MONDAY - 9 * WEEK, last=MONDAY - 8 * WEEK), "are over"),
        (Ask(ProposalKind.AWAY, 1, first=MONDAY, last=MONDAY + 30 * WEEK), "At most 16 weeks"),
        (Ask(ProposalKind.AWAY, 1), "from which day"),
    ],
)
def test_what_makes_no_sense_is_refused(scene: Clinic, ask: Ask, words: str) -> None:
    with pytest.raises(Refused, match=words):
        asked(ask, scene.by)


def test_only_administrators_and_leads_of_the_trust_ask_and_apply(scene: Clinic) -> None:
    with pytest.raises(Refused):
        asked(WAITING, scene.ada.id)
    (part,) = parts_of(worked_out(WAITING, scene.by))
    with pytest.raises(Refused):
        applied(part, scene.ada.id)
    db.session.rollback()
    assert starts_of(scene.case) == []


def test_a_room_that_is_lost_is_another_room_at_the_same_time(scene: Clinic) -> None:
    weekly(scene, 3)
    ask = Ask(
        ProposalKind.ROOM,
        site_id=scene.site.id,
        room_id=scene.room.id,
        first=MONDAY,
        last=MONDAY + WEEK,
    )
    before = starts_of(scene.case)
    found = worked_out(ask, scene.by)
    (part,) = parts_of(found)
    assert found.cost == 0
    assert applied(part, scene.by)
    assert starts_of(scene.case) == before
    rooms = [one.session.room_id for one in booked_of(scene.case.id)]
    assert rooms == [scene.other_room.id, scene.other_room.id, scene.room.id]


def test_a_new_therapist_sees_whoever_starts_sooner(scene: Clinic) -> None:
    carl = make_clinician(scene.people.assessor.organisation, scene.site, name="Carl Osei")
    first = MONDAY
    scene_ada = scene.ada.id
    with writing():
        db.session.add(Leave(staff_id=scene_ada, first_day=first, last_day=first + 4 * WEEK))
    late = worked_out(WAITING, scene.by)
    assert late.answer is not None and late.answer["delay"] >= 4
    soon = worked_out(Ask(ProposalKind.JOINS, carl.id), scene.by)
    (part,) = parts_of(soon)
    assert soon.answer is not None and soon.answer["delay"] <= 1
    assert {row["staff"] for row in part.after} == {carl.id}
    assert applied(part, scene.by)
    assert db.session.get_one(Course, scene.course.id).therapist_id == carl.id


def test_who_is_left_out_is_said(scene: Clinic) -> None:
    case, course = waits(scene)
    with writing():
        first = db.session.query(CourseSession).filter_by(course_id=course.id, position=1).one()
        first.in_group = True
    found = worked_out(WAITING, scene.by)
    assert left_of(found) == {case.id: Left.GROUP.value}
    assert [part.case_id for part in parts_of(found)] == [scene.case.id]


def test_what_comes_before_a_group_is_planned_and_leaves_the_rest_its_time(scene: Clinic) -> None:
    case, course = waits(scene)
    with writing():
        third = db.session.query(CourseSession).filter_by(course_id=course.id, position=3).one()
        third.in_group = True
    found = worked_out(WAITING, scene.by)
    assert left_of(found) == {case.id: Left.GROUP_NEXT.value}
    part = next(part for part in parts_of(found) if part.case_id == case.id)
    assert len(part.after) == 2 and applied(part, scene.by)
    assert len(booked_of(case.id)) == 2
    again = worked_out(WAITING, scene.by)
    assert left_of(again)[case.id] == Left.GROUP.value, "now the place in the group is next"


def test_a_course_of_fortnights_and_a_last_session_after_a_month(scene: Clinic) -> None:
    with writing():
        for one in scene.parts:
            one.least_gap, one.ideal_gap, one.most_gap = 10, 14, 21
        last = scene.parts[-1]
        last.least_gap, last.ideal_gap, last.most_gap = 24, 28, 35
    (part,) = parts_of(worked_out(WAITING, scene.by))
    assert applied(part, scene.by)
    days = [one.session.starts_at.astimezone(LONDON).date() for one in booked_of(scene.case.id)]
    *gaps, longest = [(b - a).days for a, b in pairwise(days)]
    assert longest == 28 and set(gaps) <= {14, 21}, "a week more where the clinic is closed"
    assert gaps.count(21) <= 1


def with_ben(scene: Clinic, place: SessionPlace) -> None:
    """One session of his course is Ben's, at the same time."""
    row, by = db.session.get_one(TreatmentSession, place.session_id), scene.by
    move = Move(row.id, row.version, replace(place_of(row), clinician_id=scene.ben.id))
    with writing():
        move_service.move(moves=[move], why=ASKED, by=by)


def test_what_he_has_with_another_clinician_stays_and_the_rest_moves_around_it(
    scene: Clinic,
) -> None:
    places = weekly(scene, 5)
    with_ben(scene, places[2])
    before = starts_of(scene.case)
    found = worked_out(away(scene, MONDAY + WEEK, 7), scene.by)
    assert not left_of(found) and found.cost == found.bound
    (part,) = parts_of(found)
    assert len(part.after) == 4 and applied(part, scene.by)
    after = starts_of(scene.case)
    assert [*after[:1], *after[2:]] == [*before[:1], *before[2:]]
    assert after[1].startswith("27 Nov"), "four days after the first, before the one with Ben"
    order = [one.place.course_session_id for one in booked_of(scene.case.id)]
    assert order == [one.id for one in scene.parts[:5]]
    staff = [one.session.clinician_id for one in booked_of(scene.case.id)]
    assert staff == [scene.ada.id, scene.ada.id, scene.ben.id, scene.ada.id, scene.ada.id]
    assert_taken_is_what_is_booked()


def test_a_meeting_of_his_group_is_left_to_be_moved_and_his_own_sessions_are_planned(
    scene: Clinic,
) -> None:
    weekly(scene, 2)
    leads_groups(scene.ada)
    span = when(MONDAY + timedelta(days=1), 14, minutes=90)
    room = Place(scene.ada.id, SessionMode.IN_PERSON, span, scene.site.id, scene.other_room.id)
    by, case_id = scene.by, scene.case.id
    with writing():
        group = group_service.make_group(
            group=Group("Skills", Therapy.SKILLS, 4), places=[room], by=by
        )
        seat_service.join_group(case_id=case_id, seats=[Seat(group[0].id)], by=by)
    found = worked_out(away(scene, days=7), by)
    assert left_of(found) == {case_id: Left.MEETING.value}
    (part,) = parts_of(found)
    assert len(part.after) == 2 and applied(part, by)
    days = [one.session.starts_at for one in booked_of(case_id) if not one.session.in_group]
    assert not [at for at in days if MONDAY <= at.date() < MONDAY + WEEK]


def test_nothing_to_plan_is_an_answer(scene: Clinic) -> None:
    with writing():
        db.session.get_one(Course, scene.course.id).ended_at = clock.now()
        db.session.get_one(Course, scene.course.id).ended_how = CourseEnd.EARLY
    found = worked_out(WAITING, scene.by)
    assert found.state is ProposalState.READY and parts_of(found) == []
    assert found.cost == found.bound == 0


def test_who_has_no_time_inside_his_requirement_needs_another_therapist(scene: Clinic) -> None:
    weekly(scene, 2)
    staff_id = scene.ada.id
    with writing():
        for row in db.session.query(WeeklyHours).filter_by(staff_id=staff_id):
            row.valid_to = MONDAY + 2 * WEEK
    found = worked_out(away(scene, days=21), scene.by)
    assert left_of(found) == {scene.case.id: Left.NO_TIME.value}
    assert parts_of(found) == []
    assert starts_of(scene.case) == ["23 Nov 10:00", "30 Nov 10:00"], "what is booked stays"
