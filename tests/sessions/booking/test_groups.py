"""Groups whole: places in a series, moving and cancelling meetings, and who is kept apart."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.queries import latest
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.people import flags
from mhtr.people.models import FlagKind
from mhtr.tasks.models import Notice
from sessions.availability.models import HowHeCanCome
from sessions.booking import (
    cancel_service,
    closing,
    group_service,
    move_service,
    news,
    seat_service,
    service,
)
from sessions.booking.changes import Which
from sessions.booking.closing import Why
from sessions.booking.group_finding import look_for_group, who_cannot
from sessions.booking.group_service import Group
from sessions.booking.holding import GONE, JustTaken
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.queries import booked_of, coming_in_series, place_of, places_in
from sessions.booking.seat_service import Seat, seats_for
from sessions.booking.service import Asked
from sessions.booking.shapes import Place
from sessions.booking.tokens import refs_of
from sessions.booking.wishes import plan_of
from sessions.calendar.feed_queries import of_clinician, of_man
from sessions.therapies import SessionMode, Side, Therapy
from tests.cases.test_death import record as record_death
from tests.pages import PageClient
from tests.sessions.booking.makers import (
    ASKED,
    MONDAY,
    Clinic,
    add_group_part,
    another_man,
    assert_taken_is_what_is_booked,
    at,
    clinic,
    leads_groups,
    when,
)
from tests.sessions.booking.test_pages import links, refused, send
from tests.suitability.browsing import as_

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
ILL = Why(Side.SERVICE, "Ada is ill")


@pytest.fixture
def scene(either_app: Flask) -> Clinic:
    return clinic()


@pytest.fixture
def group(scene: Clinic) -> list[TreatmentSession]:
    return make(scene)


def room_at(scene: Clinic, day: date, hour: int = 14) -> Place:
    span = when(day, hour, minutes=90)
    room, site = scene.other_room.id, scene.site.id
    return Place(scene.ada.id, SessionMode.IN_PERSON, span, site, room)


def make(scene: Clinic, meetings: int = 4, capacity: int = 2) -> list[TreatmentSession]:
    """Mondays at two, with Ada."""
    leads_groups(scene.ada, scene.ben)
    by = scene.by
    places = [room_at(scene, MONDAY + n * WEEK) for n in range(meetings)]
    with writing():
        said = Group("Skills on Mondays", Therapy.SKILLS, capacity)
        return group_service.make_group(group=said, places=places, by=by)


def join(scene: Clinic, case_id: int, meetings: Sequence[TreatmentSession]) -> list[SessionPlace]:
    by, seats = scene.by, seats_for(plan_of(case_id), meetings)
    with writing():
        return seat_service.join_group(case_id=case_id, seats=seats, by=by)


def heard_by(staff: Staff) -> list[str]:
    query = select(Notice.text).where(Notice.principal_id == staff.principal_id)
    return list(db.session.scalars(query.order_by(Notice.id)))


def test_who_leads_a_group_hears_once_who_joins_and_leaves(
    scene: Clinic, group: list[TreatmentSession]
) -> None:
    before = heard_by(scene.ada)
    assert before[-1].startswith("4 group sessions of yours were booked: 23 Nov 14:00")
    places = join(scene, scene.case.id, group[:3])
    times = "23 Nov 14:00, 30 Nov 14:00, 7 Dec 14:00"
    assert heard_by(scene.ada)[len(before) :] == [f"{news.JOINED}: {times}."]
    place_id, by = places[1].id, scene.by
    with writing():
        seat_service.leave_group(place_id=place_id, which=Which.FOLLOWING, why=ASKED, by=by)
    assert heard_by(scene.ada)[-1] == f"{news.LEFT}: 30 Nov 14:00, 7 Dec 14:00."
    record_death(scene.case, scene.by, date(2026, 11, 17))
    assert heard_by(scene.ada)[-1] == f"{news.LEFT}: 23 Nov 14:00."
    assert not heard_by(scene.ben)


def test_who_leads_a_group_and_gives_the_place_is_told_nothing(
    scene: Clinic, group: list[TreatmentSession]
) -> None:
    before, ada, case_id = heard_by(scene.ada), scene.ada.id, scene.case.id
    seats = [Seat(group[0].id)]
    with writing():
        seat_service.join_group(case_id=case_id, seats=seats, by=ada)
    assert heard_by(scene.ada) == before


def keep_apart(scene: Clinic, other: Case) -> None:
    by = scene.people.assessor.id
    with writing():
        flags.raise_flag(
            person_id=scene.case.person_id,
            kind=FlagKind.MUST_NOT_MEET,
            fact="",
            reason="Charged with him",
            owner_staff_id=by,
            review_on=date(2027, 6, 1),
            other_person_id=other.person_id,
            by=by,
        )


def days_of(case_id: int) -> list[int]:
    """Weeks after the first Monday of what is booked for him."""
    return [(one.session.starts_at.date() - MONDAY).days // 7 for one in booked_of(case_id)]


def test_a_place_in_the_whole_series_in_one_step(
    scene: Clinic, group: list[TreatmentSession]
) -> None:
    parts = [add_group_part(scene, position=90 + n) for n in range(2)]
    made = join(scene, scene.case.id, group)
    assert [one.course_session_id for one in made] == [parts[0].id, parts[1].id, None, None]
    assert [one.required for one in made] == [True, True, False, False]
    assert days_of(scene.case.id) == [0, 1, 2, 3]
    assert_taken_is_what_is_booked()


def test_one_full_meeting_refuses_the_whole_series(
    scene: Clinic, group: list[TreatmentSession]
) -> None:
    for name in ("Kwame", "Idris"):
        join(scene, another_man(scene, name).id, group[2:3])
    with pytest.raises(JustTaken, match="7 December 2026 at 14:00: The last place"):
        join(scene, scene.case.id, group)
    assert days_of(scene.case.id) == []
    join(scene, scene.case.id, group[:2])
    assert_taken_is_what_is_booked()


def test_must_not_meet_is_looked_at_for_every_meeting(
    scene: Clinic, group: list[TreatmentSession]
) -> None:
    other = another_man(scene)
    join(scene, other.id, group[3:])
    keep_apart(scene, other)
    said = "14 December 2026 at 14:00: Somebody is in the group whom he must not meet"
    with pytest.raises(Refused, match=said):
        join(scene, scene.case.id, group)
    join(scene, scene.case.id, group[:3])


def test_what_he_is_given_a_place_for_is_checked(
    scene: Clinic, group: list[TreatmentSession]
) -> None:
    part, by, case_id = add_group_part(scene), scene.by, scene.case.id
    first, second = group[0].id, group[1].id
    for seats, said in (
        ([], service.NOTHING),
        ([Seat(first, part.id), Seat(second, part.id)], service.BOOKED_ALREADY),
        ([Seat(first), Seat(99_999)], GONE),
    ):
        with pytest.raises(Refused, match=re.escape(said)), writing():
            seat_service.join_group(case_id=case_id, seats=seats, by=by)
    assert days_of(case_id) == []


@pytest.mark.parametrize(("which", "left"), [(Which.ONE, [0, 2, 3]), (Which.FOLLOWING, [0])])
def test_he_gives_up_this_place_or_those_that_follow(
    scene: Clinic, group: list[TreatmentSession], which: Which, left: list[int]
) -> None:
    other = another_man(scene).id
    places = join(scene, scene.case.id, group)
    join(scene, other, group)
    by, place_id = scene.by, places[1].id
    with writing():
        count = seat_service.leave_group(place_id=place_id, which=which, why=ASKED, by=by)
    assert count == 4 - len(left)
    assert days_of(scene.case.id) == left
    assert days_of(other) == [0, 1, 2, 3]
    assert_taken_is_what_is_booked()
    with pytest.raises(Refused, match=GONE), writing():
        seat_service.leave_group(place_id=place_id, which=which, why=ASKED, by=by)


def move(scene: Clinic, *moves: Move) -> list[TreatmentSession]:
    by = scene.by
    with writing():
        return move_service.move(moves=moves, why=ILL, by=by)


def refreshed(meeting: TreatmentSession) -> TreatmentSession:
    db.session.refresh(meeting)
    return meeting


def test_calendars_hear_of_a_move_and_of_a_cancellation(
    scene: Clinic, group: list[TreatmentSession]
) -> None:
    join(scene, scene.case.id, group[:1])
    before = [one.sequence for one in (*of_man(scene.case.id), of_clinician(scene.ada.id)[0])]
    meeting = refreshed(group[0])
    made = move(scene, Move(meeting.id, meeting.version, room_at(scene, MONDAY + DAY)))[0]
    moved = [of_man(scene.case.id)[0], of_clinician(scene.ada.id)[0]]
    assert [one.sequence for one in moved] == [number + 1 for number in before]
    session_id, version, by = made.id, made.version, scene.by
    with writing():
        cancel_service.cancel(
            session_id=session_id, which=Which.ONE, version=version, why=ILL, by=by
        )
    gone = [of_man(scene.case.id)[0], of_clinician(scene.ada.id)[0]]
    assert [one.sequence for one in gone] == [number + 2 for number in before]
    assert all(one.cancelled for one in gone)
    assert {one.uid for one in gone} == {one.uid for one in moved}


def test_a_cancelled_group_is_nobodys_absence(scene: Clinic, group: list[TreatmentSession]) -> None:
    places = [
        place
        for case_id in (scene.case.id, another_man(scene).id)
        for place in join(scene, case_id, group)
    ]
    session_id, version, by = group[0].id, refreshed(group[0]).version, scene.by
    with writing():
        cancel_service.cancel(
            session_id=session_id, which=Which.ALL, version=version, why=ILL, by=by
        )
    assert [latest(one.ref) for one in places] == [None] * 8
    assert (
        db.session.scalars(
            select(TreatmentSession.id).where(TreatmentSession.state == BookingState.BOOKED)
        ).all()
        == []
    )
    assert_taken_is_what_is_booked()


def test_a_time_for_a_group_suits_everybody_and_says_whom_it_does_not(
    scene: Clinic, group: list[TreatmentSession]
) -> None:
    other = another_man(scene)
    for case_id in (scene.case.id, other.id):
        join(scene, case_id, group[:1])
    by, key = scene.by, other.id
    with writing():
        service.book(case_id=key, asked=[Asked(at(scene, MONDAY + DAY, 10))], by=by)
    found = look_for_group(refreshed(group[0]), Which.ONE)
    ten = at(scene, MONDAY + DAY, 10, minutes=90)
    assert ten.span not in {slot.place.span for slot in found.slots}
    assert found.slots[0].place != place_of(group[0])
    place = replace(ten, clinician_id=scene.ben.id, room_id=scene.other_room.id)
    assert who_cannot(found, place) == {key: ("He has another session then.",)}
    with writing():
        db.session.add(HowHeCanCome(case_id=key, in_person=False, telephone=True, by_id=by))
    found = look_for_group(refreshed(group[0]), Which.ONE)
    assert found.slots == ()


def test_who_got_a_place_while_a_group_is_cancelled_is_not_overlooked(
    scene: Clinic, group: list[TreatmentSession], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading who comes and the lock of the meeting another request may give a place."""
    join(scene, another_man(scene).id, group[:1])
    late, by = scene.case.id, scene.by
    original = places_in
    asked: list[int] = []

    def before_him(session_ids: Any) -> list[SessionPlace]:
        asked.append(1)
        found = original(session_ids)
        return [one for one in found if one.case_id != late] if len(asked) == 1 else found

    join(scene, late, group[1:2])
    monkeypatch.setattr(closing, "places_in", before_him)
    session_id, version = group[0].id, refreshed(group[0]).version
    with pytest.raises(Stale), writing():
        cancel_service.cancel(
            session_id=session_id, which=Which.ALL, version=version, why=ILL, by=by
        )
    db.session.rollback()
    assert len(coming_in_series(group[0])) == 4


@pytest.fixture
def office(app: Flask) -> tuple[Clinic, PageClient]:
    scene = clinic()
    return scene, as_(app, scene.people.office)


def test_a_group_is_moved_on_its_pages(office: tuple[Clinic, PageClient]) -> None:
    scene, client = office
    group = make(scene)
    join(scene, scene.case.id, group)
    where = f"/sessions/groups/{group[1].ref}"
    page = client.page(where)
    assert "Move this meeting" in page
    found = client.page(f"{where}/find")
    assert "Only this meeting moves." in found
    assert links(found, "move")
    assert "The same clinician, the same day, " in found
    assert "Mon 23 Nov" not in found, "the meeting before it"
    assert "Mon 7 Dec 2026 at" not in found, "the meeting after it"
    both = client.page(f"{where}/find?reach=following")
    assert "The 2 meetings that follow move with it." in both
    token = refs_of([scene.ada.id], [scene.other_room.id]).token(
        room_at(scene, MONDAY + WEEK + 2 * DAY, 10)
    )
    chosen = f"{where}/move?slot={token}&reach=following"
    page = client.page(chosen)
    assert "One man has a place in it or in those that follow" in page
    assert "Marlon Ekwueme" in page
    assert "He asked" not in page
    assert "Wednesday 9 December 2026 at 10:00" in page
    answer = send(client, chosen, page, which="following", side="service", reason="Room")
    shown = client.page(answer.location)
    assert "3 meetings are moved." in shown
    assert "The service: Room" in shown
    starts = [one.session.starts_at for one in booked_of(scene.case.id)]
    wednesdays = [when(MONDAY + 2 * DAY + n * WEEK, 10).starts_at for n in (1, 2, 3)]
    assert starts == [when(MONDAY, 14).starts_at, *wednesdays]
    old = client.page(where)
    assert "This meeting was moved." in old
    assert answer.location in old
    assert client.get(f"{where}/find").status_code == 303
    assert_taken_is_what_is_booked()


def test_what_a_group_cannot_move_to_says_whom_it_does_not_suit(
    office: tuple[Clinic, PageClient],
) -> None:
    scene, client = office
    group = make(scene)
    join(scene, scene.case.id, group[:1])
    case_id, by = scene.case.id, scene.by
    where_else = replace(at(scene, MONDAY + DAY, 10), clinician_id=scene.ben.id)
    with writing():
        service.book(case_id=case_id, asked=[Asked(where_else)], by=by)
    where = f"/sessions/groups/{group[0].ref}"
    query = "ask=yes&day-day=24&day-month=11&day-year=2026&time=10:00"
    page = client.page(f"{where}/find?{query}&whom={scene.ada.ref}")
    assert "This time is not possible:" in page
    assert "Marlon Ekwueme: He has another session then." in page
    token = refs_of([scene.ada.id], [scene.other_room.id]).token(room_at(scene, MONDAY + DAY, 10))
    chosen = f"{where}/move?slot={token}"
    page = client.page(chosen)
    lost = refused(client, chosen, page, which="one", side="service", reason="A long reason")
    assert "has another session then" in lost
    assert "A long reason</textarea>" in lost
    assert "Other times" in lost


def test_a_place_given_meanwhile_is_noticed_before_a_group_moves(
    office: tuple[Clinic, PageClient],
) -> None:
    scene, client = office
    group = make(scene)
    token = refs_of([scene.ada.id], [scene.other_room.id]).token(room_at(scene, MONDAY + DAY))
    chosen = f"/sessions/groups/{group[0].ref}/move?slot={token}"
    page = client.page(chosen)
    assert "Nobody has a place" in page
    join(scene, scene.case.id, group[1:2])
    sent = {"which": "one", "side": "service", "reason": "A long reason"}
    lost = refused(client, chosen, page, **sent)
    assert "Somebody changed this session meanwhile" in lost
    assert "Marlon Ekwueme" in lost
    assert send(client, chosen, lost, **sent).status_code == 303


def test_places_in_a_series_are_given_and_given_up_on_pages(
    office: tuple[Clinic, PageClient],
) -> None:
    scene, client = office
    group, part = make(scene), add_group_part(scene)
    where = f"/sessions/groups/{group[1].ref}"
    page = client.page(where)
    assert "This and those that follow: 3 meetings" in page
    assert "All that are still to come: 4 meetings" in page
    assert "Select which meetings" in refused(client, where, page, case=str(scene.case.ref))
    answer = send(client, where, page, case=str(scene.case.ref), which="following")
    page = client.page(answer.location)
    assert "He has 3 places: 1 part of the requirement, the others voluntary." in page
    assert booked_of(scene.case.id)[0].place.course_session_id == part.id
    place = next(one for one in places_in([group[2].id]))
    leave = f"/sessions/groups/{group[2].ref}/{place.ref}/leave"
    page = client.page(leave)
    answer = send(client, leave, page, which="following", side="him", reason="He works then")
    shown = client.page(answer.location)
    assert "2 places are given up." in shown
    assert "Place given up" in shown
    assert "He asked: He works then" in shown
    assert days_of(scene.case.id) == [1]


def test_a_group_page_asks_as_much_of_many_men_as_of_one(
    office: tuple[Clinic, PageClient],
) -> None:
    scene, client = office
    group = make(scene, capacity=4)
    counts = []
    for name in ("Kwame", "Idris", "Pavel"):
        join(scene, another_man(scene, name).id, group)
        asked: list[str] = []

        def count(_c: Any, _cursor: Any, words: str, *_: Any, into: list[str] = asked) -> None:
            into.append(words)

        event.listen(db.engine, "before_cursor_execute", count)
        client.page(f"/sessions/groups/{group[0].ref}")
        event.remove(db.engine, "before_cursor_execute", count)
        counts.append(len(asked))
    assert counts[0] == counts[-1], counts
