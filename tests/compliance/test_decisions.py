"""Probation decides on an absence: who, on what, once, and where the order stands after it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from mhtr.accounts.models import Staff
from mhtr.compliance import decision_service, notice_service
from mhtr.compliance.attendance import Happened
from mhtr.compliance.contact_rules import Way
from mhtr.compliance.deciding import NO_ABSENCE, SAME, Decision
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.decision_queries import decisions_on, waiting_of
from mhtr.compliance.decision_service import PROBATION_ONLY, Seen
from mhtr.compliance.notice_service import Of, Telling
from mhtr.compliance.notices import Came
from mhtr.compliance.order_facts import facts_of
from mhtr.compliance.standing.facts import Opinion
from mhtr.compliance.standing.fold import Standing, State, standing
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused, Stale
from mhtr.core.transaction import writing
from sessions.booking.models import SessionPlace
from sessions.register.queries import placed_of
from tests.conftest import NOON
from tests.orders.makers import community, order_of, suspended
from tests.sessions.seen import Treated, booked, tell, treated
from tests.suitability.journey import taken_on

H = Happened
EARLY = "He said at once that he sends nothing"
AGAINST = Decision(Opinion.NO_EXCUSE, why=EARLY)
EXCUSED = Decision(Opinion.EXCUSED)


def under_order(*, told: bool = True, suspended_sentence: bool = False) -> Treated:
    """A man who was told of a session two hours ago, which he missed."""
    man = treated()
    order_of(man.world, suspended() if suspended_sentence else community())
    if told:
        was_told(man, man.place)
    tell(man.place, man.therapist, H.DID_NOT_COME)
    return man


def was_told(man: Treated, place: SessionPlace, *, usable: bool = True) -> None:
    starts = placed_of(place).session.starts_at
    case_id, by, of = man.case.id, man.therapist.id, [Of(place.ref, starts)]
    said = Telling(min(clock.now(), starts - timedelta(days=2)), Way.IN_PERSON, Came.TOLD, usable)
    with writing():
        notice_service.record_told(case_id=case_id, sessions=of, telling=said, by=by)


def decide(
    man: Treated,
    decision: Decision,
    *,
    by: Staff | None = None,
    seen: tuple[int, ...] = (1, 0),
    place: SessionPlace | None = None,
) -> AbsenceDecision:
    case_id, staff = man.case.id, (by or man.world.officer).id
    subject = (place or man.place).ref
    with writing():
        return decision_service.decide(
            case_id=case_id, subject=subject, decision=decision, seen=Seen(*seen), by=staff
        )


def stands(man: Treated) -> Standing:
    (one,) = facts_of(man.case.id)
    return standing(one.order, one.facts, clock.today())


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (EXCUSED, State.IN_FORCE),
        (AGAINST, State.TO_ACT),
        (Decision(Opinion.MORE_WANTED, NOON.date() + timedelta(days=9)), State.TO_DECIDE),
    ],
)
def test_where_the_order_stands_follows_from_what_is_decided(
    either_app: Flask, decision: Decision, expected: State
) -> None:
    man = under_order()
    assert stands(man).state is State.TO_DECIDE
    row = decide(man, decision)
    assert (row.number, row.for_id, row.by_id) == (1, None, man.world.officer.id)
    assert stands(man).state is expected


def test_a_suspended_sentence_stands_by_its_own_kind(app: Flask) -> None:
    man = under_order(suspended_sentence=True)
    decide(man, AGAINST)
    (one,) = facts_of(man.case.id)
    assert one.order.kind.value == "suspended" and stands(man).state is State.TO_ACT


def test_nobody_of_the_service_decides(either_app: Flask) -> None:
    man = under_order()
    for staff in (man.therapist, man.world.lead, man.world.office):
        with pytest.raises(Refused, match=PROBATION_ONLY):
            decide(man, EXCUSED, by=staff)
    assert not decisions_on(man.place.ref)


def test_who_covers_decides_for_the_named_officer(either_app: Flask) -> None:
    man = under_order()
    row = decide(man, EXCUSED, by=man.world.senior)
    assert (row.by_id, row.for_id) == (man.world.senior.id, man.world.officer.id)


def test_of_two_who_decide_at_once_the_second_reads_first(either_app: Flask) -> None:
    man = under_order()
    decide(man, EXCUSED)
    with pytest.raises(Stale):
        decide(man, AGAINST, by=man.world.senior)
    assert [row.opinion for row in decisions_on(man.place.ref)] == [Opinion.EXCUSED]


def test_what_was_put_right_meanwhile_is_read_first(either_app: Flask) -> None:
    man = under_order()
    tell(man.place, man.therapist, H.TOO_LATE, seen=1, why="He came at twenty past")
    with pytest.raises(Stale):
        decide(man, AGAINST)
    decide(man, AGAINST, seen=(2, 0))


def test_a_decision_is_changed_with_words_and_the_first_stays(either_app: Flask) -> None:
    man = under_order()
    decide(man, AGAINST)
    with pytest.raises(CannotBe):
        decide(man, EXCUSED, seen=(1, 1))
    with pytest.raises(Refused, match=SAME):
        decide(man, AGAINST, seen=(1, 1))
    decide(man, Decision(Opinion.EXCUSED, why="A letter of the hospital"), seen=(1, 1))
    assert [row.opinion for row in decisions_on(man.place.ref)] == [
        Opinion.NO_EXCUSE,
        Opinion.EXCUSED,
    ]
    assert stands(man).state is State.IN_FORCE


def test_taken_back_it_waits_again(either_app: Flask) -> None:
    man = under_order()
    decide(man, AGAINST)
    assert not waiting_of([man.case.id])
    decide(man, Decision(Opinion.TAKEN_BACK, why="It was another man"), seen=(1, 1))
    assert stands(man).state is State.TO_DECIDE
    assert [one.subject for one in waiting_of([man.case.id])[man.case.id]] == [man.place.ref]


def test_the_database_changes_and_deletes_no_decision(either_app: Flask) -> None:
    man = under_order()
    decide(man, AGAINST)
    for change in (
        update(AbsenceDecision).values(opinion=Opinion.EXCUSED),
        delete(AbsenceDecision),
    ):
        with pytest.raises(DBAPIError, match="append_only"), writing():
            db.session.execute(change)
    assert db.session.scalars(select(AbsenceDecision.opinion)).all() == [Opinion.NO_EXCUSE]


def test_a_miss_of_which_he_was_not_told_counts_only_once_probation_says_why(
    either_app: Flask,
) -> None:
    man = under_order(told=False)
    assert stands(man).state is State.IN_FORCE
    with pytest.raises(CannotBe, match="not proven that he was told"):
        decide(man, AGAINST)
    decide(man, Decision(Opinion.NO_EXCUSE, why=EARLY, notice_why="He told me that he knew of it"))
    assert stands(man).state is State.TO_ACT


def test_without_an_interpreter_he_was_not_told(app: Flask) -> None:
    man = treated()
    order_of(man.world)
    was_told(man, man.place, usable=False)
    tell(man.place, man.therapist, H.DID_NOT_COME)
    assert stands(man).state is State.IN_FORCE
    with pytest.raises(CannotBe):
        decide(man, AGAINST)


@pytest.mark.parametrize("happened", [H.WE_CANCELLED, H.NOT_SEEN_BY_US, H.OTHERS_CANCELLED, H.SEEN])
def test_there_is_nothing_to_decide_of_what_was_not_his_doing(
    either_app: Flask, happened: Happened
) -> None:
    man = treated()
    order_of(man.world)
    was_told(man, man.place)
    tell(man.place, man.therapist, happened)
    with pytest.raises(Refused, match=NO_ABSENCE):
        decide(man, AGAINST)
    assert stands(man).state is State.IN_FORCE and not waiting_of([man.case.id])


def test_a_voluntary_session_is_never_decided(either_app: Flask) -> None:
    man = treated()
    order_of(man.world)
    place = booked(man.case, man.therapist, NOON - timedelta(days=1), required=False)
    tell(place, man.therapist, H.DID_NOT_COME)
    with pytest.raises(Refused, match=NO_ABSENCE):
        decide(man, AGAINST, place=place)
    assert not waiting_of([man.case.id])


def test_a_session_of_another_man_is_not_found(app: Flask) -> None:
    man = under_order()
    case_id = taken_on(man.therapist, "Another", "Man", None).id
    subject, by = man.place.ref, man.world.officer.id
    with pytest.raises(NotFound), writing():
        decision_service.decide(
            case_id=case_id, subject=subject, decision=EXCUSED, seen=Seen(1, 0), by=by
        )


def test_put_right_to_attended_nothing_waits_whatever_was_decided(either_app: Flask) -> None:
    man = under_order()
    decide(man, AGAINST)
    tell(man.place, man.therapist, H.SEEN, seen=1, why="He sat in the other waiting room")
    assert stands(man).state is State.IN_FORCE
    assert not waiting_of([man.case.id])


def test_what_waits_has_its_days_and_lies_inside_the_requirement(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = under_order()
    before = booked(man.case, man.therapist, NOON - timedelta(days=40))
    tell(before, man.therapist, H.DID_NOT_COME)
    (one,) = waiting_of([man.case.id])[man.case.id]
    assert (one.subject, one.until) == (man.place.ref, NOON.date() + timedelta(days=7))
    put_off = NOON.date() + timedelta(days=20)
    decide(man, Decision(Opinion.MORE_WANTED, put_off))
    (one,) = waiting_of([man.case.id])[man.case.id]
    assert one.until == put_off
