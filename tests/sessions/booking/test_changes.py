"""Moving and cancelling: what supersedes what, who asked, and how far a change reaches."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.cases import away_service, identity
from mhtr.cases import service as cases
from mhtr.cases.facts import Away, FactKind
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import writing
from mhtr.orders import contact_service
from mhtr.orders.contact_service import Named
from mhtr.orders.endings import HowEnded
from mhtr.orders.models import Order
from mhtr.orders.news_kinds import News
from mhtr.people import merge_parts
from mhtr.people.models import IdentityQuestion
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Notice
from sessions.booking import (
    cancel_service,
    follow,
    group_service,
    move_service,
    news,
    seat_service,
    service,
)
from sessions.booking.changes import Which
from sessions.booking.closing import Why
from sessions.booking.group_service import Group
from sessions.booking.holding import BEGUN, GONE, JustTaken
from sessions.booking.models import BookingState, SessionPlace, TakenTime, TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.queries import booked_of
from sessions.booking.seat_service import Seat
from sessions.booking.service import Asked
from sessions.booking.shapes import Place
from sessions.therapies import SessionMode, Side, Therapy
from tests.cases.test_death import record as record_death
from tests.orders.recording import ended
from tests.people.merged import merge, undo
from tests.sessions.booking.makers import (
    ASKED,
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

WEEK = timedelta(weeks=1)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def scene(either_app: Flask) -> Clinic:
    return clinic()


def move(scene: Clinic, *moves: Move, why: Why = ASKED) -> list[TreatmentSession]:
    by = scene.by
    with writing():
        return move_service.move(moves=moves, why=why, by=by)


def to(session: TreatmentSession, place: Place) -> Move:
    return Move(session.id, session.version, place)


def cancel(
    scene: Clinic, session: TreatmentSession, which: Which = Which.ONE, why: Why = ASKED
) -> None:
    by, session_id, version = scene.by, session.id, session.version
    with writing():
        cancel_service.cancel(session_id=session_id, which=which, version=version, why=why, by=by)


def test_a_move_supersedes_and_keeps_who_asked_and_why(scene: Clinic) -> None:
    place = booked(scene)
    session = session_of(place)
    made = move(scene, to(session, at(scene, TUESDAY, 14)))[0]
    db.session.refresh(session)
    assert (session.state, session.side, session.reason) == (
        BookingState.MOVED,
        Side.HIM,
        "He starts a job",
    )
    assert (session.closed_by, session.version) == (scene.by, 2)
    assert (made.uid, made.sequence, made.supersedes_id) == (session.uid, 1, session.id)
    now = booked_of(scene.case.id)[0].place
    assert (now.uid, now.sequence, now.supersedes_id) == (place.uid, 1, place.id)
    assert now.course_session_id == place.course_session_id
    assert db.session.get_one(SessionPlace, place.id).state is BookingState.MOVED
    assert_taken_is_what_is_booked()


def test_a_session_can_move_into_its_own_time(scene: Clinic) -> None:
    session = session_of(booked(scene))
    move(scene, to(session, at(scene, MONDAY, 10, 30)))
    assert_taken_is_what_is_booked()


def test_several_can_move_into_each_others_times(scene: Clinic) -> None:
    first, second = (session_of(one) for one in weekly(scene, 2))
    moves = to(first, at(scene, MONDAY + WEEK, 10)), to(second, at(scene, MONDAY + 2 * WEEK, 10))
    move(scene, *moves)
    starts = [one.session.starts_at for one in booked_of(scene.case.id)]
    assert starts == [when(MONDAY + n * WEEK, 10).starts_at for n in (1, 2)]
    assert_taken_is_what_is_booked()


@pytest.mark.parametrize("which", Which)
def test_a_cancellation_reaches_as_far_as_it_is_asked(scene: Clinic, which: Which) -> None:
    places = weekly(scene)
    cancel(scene, session_of(places[1]), which)
    left = [one.session.starts_at for one in booked_of(scene.case.id)]
    weeks = {Which.ONE: (0, 2, 3), Which.FOLLOWING: (0,), Which.ALL: ()}[which]
    assert left == [when(MONDAY + n * WEEK, 10).starts_at for n in weeks]
    assert_taken_is_what_is_booked()


def test_all_that_follows_leaves_what_is_over(scene: Clinic, set_clock: SetClock) -> None:
    places = weekly(scene)
    set_clock.moment = when(MONDAY + WEEK, 11).starts_at
    cancel(scene, session_of(places[2]), Which.ALL)
    assert len(booked_of(scene.case.id)) == 2


def test_what_is_cancelled_can_be_booked_again(scene: Clinic) -> None:
    cancel(scene, session_of(booked(scene)))
    booked(scene)
    assert_taken_is_what_is_booked()


def test_what_is_refused(scene: Clinic, set_clock: SetClock) -> None:
    session = session_of(booked(scene))
    same = at(scene, MONDAY, 10)
    with pytest.raises(Refused, match="this is what is booked"):
        move(scene, to(session, same))
    with pytest.raises(Refused, match="Say why"):
        move(scene, to(session, at(scene, TUESDAY, 10)), why=replace(ASKED, reason=" "))
    with pytest.raises(Refused, match="500 characters"):
        cancel(scene, session, why=replace(ASKED, reason="x" * 501))
    with pytest.raises(Refused, match="does not see people then"):
        move(scene, to(session, at(scene, MONDAY, 17)))
    with pytest.raises(Stale):
        move(scene, replace(to(session, at(scene, TUESDAY, 10)), version=7))
    cancel(scene, session)
    with pytest.raises(Refused, match=GONE):
        cancel(scene, session)
    later = session_of(booked(scene))
    set_clock.moment = later.starts_at
    with pytest.raises(Refused, match=BEGUN):
        cancel(scene, later)
    with pytest.raises(Refused, match=BEGUN):
        move(scene, to(later, at(scene, TUESDAY, 10)))
    assert_taken_is_what_is_booked()


def test_a_session_stays_between_its_neighbours(scene: Clinic) -> None:
    first, second, third = (session_of(one) for one in weekly(scene, 3))
    with pytest.raises(Refused, match="Not before the session that follows"):
        move(scene, to(second, at(scene, MONDAY + 2 * WEEK, 14)))
    with pytest.raises(Refused, match="Too soon after"):
        move(scene, to(second, at(scene, MONDAY + timedelta(days=2), 10)))
    move(
        scene,
        to(second, at(scene, MONDAY + 2 * WEEK, 14)),
        to(third, at(scene, MONDAY + 3 * WEEK, 14)),
    )
    assert first.state is BookingState.BOOKED


def test_the_clinician_hears_of_a_change_by_somebody_else(scene: Clinic) -> None:
    session = session_of(booked(scene))
    place = replace(at(scene, TUESDAY, 10), clinician_id=scene.ben.id)
    move(scene, to(session, place))
    for staff in (scene.ada, scene.ben):
        query = select(Notice.text).where(Notice.principal_id == staff.principal_id)
        assert news.MOVED.one in db.session.scalars(query).all()


def heard_by(staff: Staff) -> list[str]:
    query = select(Notice.text).where(Notice.principal_id == staff.principal_id)
    return list(db.session.scalars(query.order_by(Notice.id)))


def test_of_several_sessions_of_one_man_a_clinician_hears_once_with_all_times(
    scene: Clinic,
) -> None:
    weekly(scene, 3)
    sessions = [one.session for one in booked_of(scene.case.id)]
    ben = scene.ben.id
    to_ben = [
        to(one, replace(at(scene, MONDAY + n * WEEK, 14), clinician_id=ben))
        for n, one in enumerate(sessions)
    ]
    move(scene, *to_ben)
    assert heard_by(scene.ada)[-1] == (
        "3 sessions with a man of yours went to somebody else: "
        "23 Nov 10:00, 30 Nov 10:00, 7 Dec 10:00."
    )
    assert heard_by(scene.ben) == [
        "3 sessions with a man of yours were moved to: 23 Nov 14:00, 30 Nov 14:00, 7 Dec 14:00."
    ]
    first = booked_of(scene.case.id)[0].session
    cancel(scene, first, Which.ALL)
    assert heard_by(scene.ben)[1:] == [
        "3 sessions with a man of yours were cancelled: 23 Nov 14:00, 30 Nov 14:00, 7 Dec 14:00."
    ]


def test_a_notice_lists_as_many_times_as_it_has_room_for() -> None:
    moments = [when(MONDAY + n * WEEK, 10).starts_at for n in range(40)]
    said = news.listed("Moved to", [TreatmentSession(starts_at=one) for one in moments])
    assert len(said) <= tasks.LONGEST
    assert said.startswith("Moved to: 23 Nov 10:00, 30 Nov 10:00")
    shown = said.count(", ") + 1
    assert said.endswith(f" and {40 - shown} more.") and shown > 15


@pytest.fixture
def group(scene: Clinic) -> TreatmentSession:
    """A skills group on Monday at two, for two men."""
    leads_groups(scene.ada)
    place = Place(
        scene.ada.id,
        SessionMode.IN_PERSON,
        when(MONDAY, 14, minutes=90),
        scene.site.id,
        scene.other_room.id,
    )
    by = scene.by
    with writing():
        return group_service.make_group(
            group=Group("Skills on Mondays", Therapy.SKILLS, 2), places=[place], by=by
        )[0]


def join(
    scene: Clinic, group: TreatmentSession, case_id: int, part: int | None = None
) -> SessionPlace:
    by, session_id = scene.by, group.id
    with writing():
        return seat_service.join_group(case_id=case_id, seats=[Seat(session_id, part)], by=by)[0]


def test_a_group_holds_so_many_and_no_more(scene: Clinic, group: TreatmentSession) -> None:
    part = add_group_part(scene)
    place = join(scene, group, scene.case.id, part.id)
    assert place.required
    with pytest.raises(Refused, match="in this group already"):
        join(scene, group, scene.case.id)
    join(scene, group, another_man(scene).id)
    third = another_man(scene, "Idris").id
    with pytest.raises(JustTaken, match="last place"):
        join(scene, group, third)
    assert_taken_is_what_is_booked()
    by = scene.by
    with writing():
        seat_service.leave_group(place_id=place.id, why=ASKED, by=by)
    join(scene, group, third)
    assert_taken_is_what_is_booked()


def test_a_group_moves_with_everybody_in_it(scene: Clinic, group: TreatmentSession) -> None:
    other = another_man(scene).id
    for case_id in (scene.case.id, other):
        join(scene, group, case_id)
    db.session.refresh(group)
    place = Place(
        scene.ada.id,
        SessionMode.IN_PERSON,
        when(TUESDAY, 14, minutes=90),
        scene.site.id,
        scene.other_room.id,
    )
    made = move(scene, to(group, place))[0]
    for case_id in (scene.case.id, other):
        assert [one.session.id for one in booked_of(case_id)] == [made.id]
    assert_taken_is_what_is_booked()
    with pytest.raises(Refused, match="No man cancels a group"):
        cancel(scene, made)
    cancel(scene, made, why=Why(Side.SERVICE, "Ada is ill"))
    assert db.session.scalar(select(func.count(TakenTime.id))) == 0


def test_a_group_is_joined_for_what_it_is(scene: Clinic, group: TreatmentSession) -> None:
    with pytest.raises(Refused, match="for him alone"):
        join(scene, group, scene.case.id, scene.parts[0].id)
    with pytest.raises(Refused, match="not part of his course"):
        join(scene, group, scene.case.id, 9999)
    alone = session_of(booked(scene))
    with pytest.raises(Refused, match="not a group"):
        join(scene, alone, scene.case.id)


def test_a_group_is_made_only_as_it_can_be(scene: Clinic) -> None:
    leads_groups(scene.ada)
    by = scene.by
    place = replace(at(scene, MONDAY, 14, minutes=90), room_id=scene.other_room.id)
    for changed, said in (
        ({"title": " "}, "Enter a name"),
        ({"capacity": 1}, "2 to 40"),
        ({"capacity": 9}, "too few for 10 people"),
    ):
        with pytest.raises(Refused, match=said), writing():
            group_service.make_group(
                group=replace(Group("Skills", Therapy.SKILLS, 4), **changed),
                places=[place],
                by=by,
            )
    with pytest.raises(Refused, match="does not lead groups"), writing():
        group_service.make_group(
            group=Group("Skills", Therapy.SKILLS, 4),
            places=[replace(place, clinician_id=scene.ben.id)],
            by=by,
        )


def test_an_order_that_ends_leaves_nothing_booked(
    scene: Clinic, group: TreatmentSession, set_clock: SetClock
) -> None:
    weekly(scene)
    other = another_man(scene).id
    for case_id in (scene.case.id, other):
        join(scene, group, case_id)
    set_clock.moment = when(MONDAY, 12).starts_at
    with writing():
        cases.add_fact(cases.lock(scene.case.id), FactKind.ORDER_REVOKED, by=scene.by)
    assert [one.session.starts_at for one in booked_of(scene.case.id)] == [
        when(MONDAY, 10).starts_at
    ]
    assert len(booked_of(other)) == 1
    assert_taken_is_what_is_booked()
    closed = db.session.scalars(
        select(SessionPlace).where(SessionPlace.state == BookingState.CANCELLED)
    ).all()
    assert {one.side for one in closed} == {Side.SERVICE}
    assert all("under an order" in (one.reason or "") for one in closed)


def test_a_unit_without_a_sign_in_is_written_to_once_of_what_is_called_off(scene: Clinic) -> None:
    weekly(scene)
    case_id, by = scene.case.id, scene.by
    said = Named(scene.people.officer.organisation_id, name="Dana Whitlock")
    with writing():
        contact_service.name_contact(case_id=case_id, said=said, seen=0, by=by)
    [order_id] = db.session.scalars(select(Order.id).where(Order.case_id == case_id))
    ended(scene.people, order_id, HowEnded.REVOKED)
    assert booked_of(case_id) == []
    [mail] = db.session.scalars(select(OutboxMessage).where(OutboxMessage.case_id == case_id))
    assert mail.state is OutboxState.WAITING
    assert mail.payload == {"news": News.CALLED_OFF.value}, "that his order ended is on its page"


def test_death_leaves_nothing_booked_and_tells_who_is_concerned(scene: Clinic) -> None:
    officer = scene.people.officer
    case_id, by, unit = scene.case.id, scene.by, officer.organisation_id
    with writing():
        contact_service.name_contact(case_id=case_id, said=Named(unit, officer.id), seen=0, by=by)
    places = weekly(scene)
    record_death(scene.case, scene.by, date(2026, 11, 17))
    assert booked_of(scene.case.id) == []
    assert [place.reason for place in places] == [follow.DIED] * 4
    for staff, text in ((scene.ada, "cancelled"), (officer, "are cancelled")):
        query = select(Notice.text).where(Notice.principal_id == staff.principal_id)
        assert any(text in said for said in db.session.scalars(query)), staff.name


def test_in_hospital_nothing_new_is_booked_and_what_is_is_looked_at(scene: Clinic) -> None:
    session = session_of(booked(scene))
    case_id, by = scene.case.id, scene.people.assessor.id
    with writing():
        away_service.record_away(
            case_id=case_id, where=Away.HOSPITAL, since=date(2026, 11, 18), seen=0, by=by
        )
    query = select(Notice.text).where(Notice.principal_id == scene.ada.principal_id)
    assert follow.LOOK in db.session.scalars(query).all()
    with pytest.raises(Refused, match="in hospital or custody"):
        booked(scene, MONDAY + WEEK, part=1)
    move(scene, to(session, at(scene, MONDAY + WEEK, 10)))
    assert_taken_is_what_is_booked()


def test_what_is_booked_follows_his_record_and_comes_back_with_it(scene: Clinic) -> None:
    weekly(scene, 2)
    other = another_man(scene)
    man, second = scene.case.person, other.person
    merge_id = merge(second, man, scene.people.lead.id)
    assert_taken_is_what_is_booked()
    place = replace(at(scene, MONDAY, 10), clinician_id=scene.ben.id, room_id=scene.other_room.id)
    by = scene.by
    with pytest.raises(JustTaken, match="He has another session"), writing():
        service.book(case_id=other.id, asked=[Asked(place)], by=by)
    undo(merge_id, scene.people.lead.id)
    assert_taken_is_what_is_booked()
    with writing():
        service.book(case_id=other.id, asked=[Asked(place)], by=by)
    assert_taken_is_what_is_booked()


def test_two_records_with_sessions_at_one_time_do_not_become_one(scene: Clinic) -> None:
    booked(scene)
    other = another_man(scene)
    place = replace(at(scene, MONDAY, 10), clinician_id=scene.ben.id, room_id=scene.other_room.id)
    by = scene.by
    with writing():
        made = service.book(case_id=other.id, asked=[Asked(place)], by=by)[0]
    man, second = scene.case.person, other.person
    with pytest.raises(Refused, match="same time, on 23 November 2026 at 10:00"):
        merge(second, man, scene.people.lead.id)
    assert_taken_is_what_is_booked()
    cancel(scene, session_of(made))
    question_id = db.session.scalars(select(IdentityQuestion.id)).one()
    lead_id, kept_id = scene.people.lead.id, second.id
    parts = {part.key: kept_id for part in merge_parts.differing(second, man)}
    with writing():
        identity.answer_same(
            question_id=question_id,
            kept_id=kept_id,
            right={},
            chosen=parts,
            reason="Passport",
            by=lead_id,
        )
    assert_taken_is_what_is_booked()
