"""One man, two cases: what one says of whether he can attend holds for the other, and no more."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import away_service, linking
from mhtr.cases import service as cases
from mhtr.cases.away_elsewhere import facts_of_each, facts_of_him
from mhtr.cases.facts import Away, FactKind
from mhtr.cases.models import Case, PersonLink
from mhtr.core import clock
from mhtr.core.clock import LONDON
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import writing
from mhtr.orders import away_news, contact_service
from mhtr.orders.contact_service import Named
from sessions.booking import follow
from sessions.booking.holding import AWAY
from tests.cases.test_two_trusts import confirm, made, propose
from tests.orders.recording import TODAY
from tests.people.merged import merge, undo
from tests.people.test_service import FICTION
from tests.sessions.booking.makers import MONDAY, Clinic, another_man, booked, clinic
from tests.suitability.browsing import as_, send
from tests.suitability.request_forms import date_parts
from tests.suitability.requesting import told

SINCE = date(2026, 11, 17)
WEEK = timedelta(weeks=1)
Joins = Callable[[Clinic, Case], None]


def same_record(scene: Clinic, other: Case) -> None:
    other_id, person_id = other.id, scene.case.person_id
    with writing():
        db.session.get_one(Case, other_id).person_id = person_id


def linked(scene: Clinic, other: Case) -> None:
    ends = {"one_id": scene.case.person_id, "two_id": other.person_id}
    people = {"proposed_by": scene.by, "confirmed_by": scene.ada.id}
    with writing():
        db.session.add(PersonLink(taken={}, **ends, **people))


joins = pytest.mark.parametrize("join", [same_record, linked])


@pytest.fixture
def scene(either_app: Flask) -> Clinic:
    return clinic()


def last_of(case: Case) -> int:
    found = away_service.stays_of(case.id)
    return found[-1].fact_id if found else 0


def goes(case: Case, by: int, where: Away = Away.HOSPITAL, since: date = SINCE) -> None:
    case_id, seen = case.id, last_of(case)
    with writing():
        away_service.record_away(case_id=case_id, where=where, since=since, seen=seen, by=by)


def comes(case: Case, by: int) -> None:
    case_id, seen = case.id, last_of(case)
    with writing():
        away_service.record_back(case_id=case_id, on=TODAY, seen=seen, by=by)


def takes_back(case: Case, by: int) -> None:
    case_id, seen = case.id, last_of(case)
    with writing():
        away_service.take_back(case_id=case_id, seen=seen, by=by)


@joins
def test_away_in_one_case_he_is_not_booked_in_the_other(scene: Clinic, join: Joins) -> None:
    booked(scene)
    other = another_man(scene)
    join(scene, other)
    goes(other, scene.by)
    with pytest.raises(Refused, match=AWAY):
        booked(scene, MONDAY + WEEK, part=1)
    assert follow.LOOK in told(scene.ada), "whoever has a session with him in the other case looks"
    comes(scene.case, scene.by)
    booked(scene, MONDAY + WEEK, part=1)
    assert not away_service.is_away(other.id), "whichever case says it, he can attend"


def test_another_man_is_not_away(scene: Clinic) -> None:
    other = another_man(scene)
    goes(other, scene.by)
    assert away_service.is_away(other.id)
    assert not away_service.is_away(scene.case.id)
    booked(scene)


@joins
def test_who_treats_and_who_supervises_him_in_the_other_case_hear_of_it(
    scene: Clinic, join: Joins
) -> None:
    other, officer, by = another_man(scene), scene.people.officer, scene.by
    case_id, unit, officer_id = scene.case.id, officer.organisation_id, officer.id
    join(scene, other)
    with writing():
        contact_service.name_contact(case_id=case_id, said=Named(unit, officer_id), seen=0, by=by)
    for times, since in ((1, SINCE), (2, TODAY)):
        goes(other, by, since=since)
        assert told(officer).count(away_news.AWAY) == times
        comes(other, by)
        assert told(officer).count(away_news.BACK) == times


@joins
def test_many_men_are_read_as_one_is(scene: Clinic, join: Joins) -> None:
    other, third = another_man(scene), another_man(scene, "Idris")
    join(scene, other)
    goes(other, scene.by)
    cases = [scene.case, other, third]
    assert facts_of_each(cases) == {one.id: facts_of_him(one.id) for one in cases}
    assert [away_service.is_away(one.id) for one in cases] == [True, True, False]


@joins
def test_it_is_taken_back_where_it_was_recorded(scene: Clinic, join: Joins) -> None:
    other = another_man(scene)
    join(scene, other)
    goes(other, scene.by)
    with pytest.raises(Refused, match="is on another record of his"):
        takes_back(scene.case, scene.by)
    takes_back(other, scene.by)
    assert not away_service.stays_of(scene.case.id)


@joins
def test_the_other_page_says_that_he_cannot_attend_and_never_where_he_is(
    app: Flask, join: Joins
) -> None:
    scene = clinic()
    other = another_man(scene)
    join(scene, other)
    goes(other, scene.by)
    client = as_(app, scene.people.assessor)
    address = f"/cases/{scene.case.ref}/cannot-attend"
    for page in (f"/cases/{scene.case.ref}", f"/cases/{scene.case.ref}/orders", address):
        shown = client.page(page)
        assert "annot attend since 17 November 2026" in shown
        assert "In hospital since" not in shown and "is in hospital since" not in shown
    assert "is on another record of his" in shown and "Take back what was recorded" not in shown
    form = {"seen": str(last_of(scene.case)), **date_parts("on", TODAY)}
    assert send(client, address, shown, **form).status_code == 303
    assert "annot attend since" not in client.page(f"/cases/{other.ref}")
    assert "In hospital" in client.page(f"/cases/{other.ref}/cannot-attend"), "its own history"


def test_of_a_case_that_is_over_only_what_began_since_this_sentence_holds(scene: Clinic) -> None:
    other, by = another_man(scene), scene.by
    same_record(scene, other)
    other_id, detail = other.id, {"where": Away.CUSTODY.value}
    with writing():
        before = datetime(2026, 11, 2, 12, tzinfo=LONDON)
        case = cases.lock(other_id)
        cases.add_fact(case, FactKind.AWAY, by=by, at=before, detail=detail)
    assert away_service.is_away(scene.case.id)
    with writing():
        cases.add_fact(cases.lock(other_id), FactKind.ORDER_REVOKED, by=by)
    assert not away_service.is_away(scene.case.id), "nobody would end it there any more"
    assert away_service.is_away(other_id), "there it is on record"


def test_while_it_holds_of_a_case_that_is_over_it_can_be_ended_here(scene: Clinic) -> None:
    other, by = another_man(scene), scene.by
    same_record(scene, other)
    goes(other, by)
    other_id = other.id
    with writing():
        cases.add_fact(cases.lock(other_id), FactKind.ORDER_REVOKED, by=by)
    assert away_service.is_away(scene.case.id)
    comes(scene.case, by)
    booked(scene)


def test_records_that_become_one_and_two_again_follow(scene: Clinic) -> None:
    other, lead = another_man(scene), scene.people.lead.id
    goes(other, scene.by)
    merge_id = merge(other.person, scene.case.person, lead)
    assert told(scene.people.assessor).count(away_news.AWAY) == 2, "of each of the two cases"
    with pytest.raises(Refused, match=AWAY):
        booked(scene)
    undo(merge_id, lead)
    booked(scene)
    assert told(scene.people.assessor).count(away_news.BACK) == 1


def test_records_of_two_trusts_follow_once_both_say_that_they_are_one_mans(
    either_app: Flask,
) -> None:
    two = made()
    by, ids = two.southern.id, (two.case.id, two.known.id)
    for case_id in ids:
        with writing():
            cases.add_fact(cases.lock(case_id), FactKind.SENTENCED_WITH_MHTR, by=by)
    message_id = waiting_message(two.case.id)
    goes(two.known, by, since=clock.today())
    propose(two)
    assert not away_service.is_away(two.case.id)
    confirm(two)
    assert away_service.is_away(two.case.id)
    assert db.session.get_one(OutboxMessage, message_id).state is OutboxState.HELD
    link_id, first = db.session.scalars(select(PersonLink.id)).one(), two.lead.id
    with writing():
        linking.propose_undo(link_id=link_id, reason="Brothers", by=first)
    with writing():
        linking.undo(link_id=link_id, settings=FICTION, by=by)
    assert not away_service.is_away(two.case.id) and away_service.is_away(two.known.id)
    db.session.expire_all()
    assert db.session.get_one(OutboxMessage, message_id).state is OutboxState.WAITING


def waiting_message(case_id: int) -> int:
    """Something that is to be sent to him next week."""
    row = OutboxMessage(
        key="later",
        channel="text",
        template="x",
        payload={},
        case_id=case_id,
        due_at=clock.now() + timedelta(days=7),
    )
    with writing():
        db.session.add(row)
        db.session.flush()
        return row.id
