"""How the law is read is changed by two people, from a day on, and every page follows at once."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from mhtr.accounts.models import Staff
from mhtr.compliance import reading_service as service
from mhtr.compliance.order_facts import facts_of
from mhtr.compliance.reading_models import ReadingAnswer, ReadingChange
from mhtr.compliance.reading_queries import in_force
from mhtr.compliance.reading_rules import (
    LEFT,
    NOT_BOTH,
    NOT_YOURS,
    ONE_OF_PROBATION,
    TWO,
    Answer,
    Proposed,
)
from mhtr.compliance.standing.fold import standing
from mhtr.compliance.standing.readings import CommunityAnniversary, Readings
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused
from mhtr.core.transaction import writing
from mhtr.tasks.models import Notice
from tests.compliance.test_enforcement import failed, warn
from tests.makers import make_staff
from tests.suitability.browsing import as_, send

POINT, OTHER = "community_anniversary", "still_inside"


def propose(by: Staff, value: str = OTHER, *, days: int = 0, point: str = POINT) -> UUID:
    staff_id = by.id
    said = Proposed(point, value, clock.today() + timedelta(days=days), "because", "counsel")
    with writing():
        return service.propose(said=said, by=staff_id).ref


def sign(ref: UUID, by: Staff) -> None:
    staff_id = by.id
    with writing():
        service.sign(ref=ref, by=staff_id)


def people() -> tuple[Staff, Staff]:
    return make_staff(Role.SERVICE_MANAGER), make_staff(Role.SENIOR_PROBATION)


def test_nothing_changes_until_a_second_person_signs(either_app: Flask) -> None:
    manager, senior = people()
    ref = propose(manager)
    assert in_force(clock.today()).readings == Readings()
    texts = {row.principal_id: row.text for row in db.session.scalars(select(Notice))}
    assert [*texts] == [senior.principal_id] and "is proposed" in texts[senior.principal_id]
    for by, words in ((manager, NOT_BOTH), (make_staff(Role.SYSTEM_ADMINISTRATOR), NOT_YOURS)):
        with pytest.raises(Refused) as refused:
            sign(ref, by)
        assert words in refused.value.reasons
    assert in_force(clock.today()).readings == Readings()
    with pytest.raises(CannotBe) as two:
        propose(senior)
    assert two.value.problems == (("value", TWO),)
    sign(ref, senior)
    held = in_force(clock.today())
    assert held.readings == Readings(community_anniversary=CommunityAnniversary.STILL_INSIDE)
    assert held.since == {POINT: clock.today()}
    with pytest.raises(Refused):
        sign(ref, senior)


def test_it_holds_from_its_day_on_and_is_undone_by_a_new_change(
    either_app: Flask, set_clock: SetClock
) -> None:
    manager, senior = people()
    today = clock.today()
    sign(propose(manager, days=3), senior)
    assert in_force(today + timedelta(days=2)).readings == Readings()
    assert in_force(today + timedelta(days=3)).value(POINT) == OTHER
    set_clock.advance(days=5)
    sign(propose(senior, "over"), manager)
    assert in_force(clock.today()).value(POINT) == "over"
    assert in_force(clock.today()).since == {POINT: clock.today()}
    assert in_force(today + timedelta(days=4)).value(POINT) == OTHER


def test_the_day_has_passed_it_is_turned_down_or_taken_back(
    app: Flask, set_clock: SetClock
) -> None:
    manager, senior = people()
    ref, by, officer = propose(manager), senior.id, make_staff(Role.PROBATION).id
    set_clock.advance(days=1)
    with pytest.raises(Refused):
        sign(ref, senior)
    for who, why in ((by, ""), (officer, "no")):
        with pytest.raises(Refused), writing():
            service.turn_down(ref=ref, why=why, by=who)
    with writing():
        service.turn_down(ref=ref, why="too late", by=by)
    again, mine = propose(manager), manager.id
    with writing():
        service.turn_down(ref=again, why="a slip", by=mine)
    answers = [row.answer for row in db.session.scalars(select(ReadingAnswer))]
    assert answers == [Answer.TURNED_DOWN, Answer.TAKEN_BACK]
    assert in_force(clock.today()).readings == Readings()
    with pytest.raises(CannotBe), writing():
        service.propose(said=Proposed(POINT, OTHER, date(2026, 1, 1), "", ""), by=by)


def test_the_database_refuses_one_signature_and_any_change(either_app: Flask) -> None:
    manager, _ = people()
    propose(manager)
    row = db.session.scalars(select(ReadingChange)).one()
    change_id, by = row.id, manager.id
    said = {"change_id": change_id, "proposed_by_id": by, "answer": Answer.SIGNED, "by_id": by}
    with pytest.raises(DatabaseError), writing():
        db.session.add(ReadingAnswer(**said))
    with pytest.raises(DatabaseError), writing():
        db.session.execute(update(ReadingChange).values(reading="over"))


def test_whoever_left_stands_for_no_proposal(app: Flask) -> None:
    manager, senior = people()
    other, senior_id = make_staff(Role.SERVICE_MANAGER), senior.id
    ref = propose(senior)
    with writing():
        db.session.get_one(Staff, senior_id).disabled_at = clock.now()
    with pytest.raises(Refused) as refused:
        sign(ref, other)
    assert {LEFT, ONE_OF_PROBATION} == {*refused.value.reasons}
    path = f"/readings-of-the-law/{POINT}"
    page = as_(app, manager).page(path)
    assert LEFT in page and "Sign it</button>" not in page


def test_a_change_that_is_to_come_is_undone_before_it_begins(app: Flask) -> None:
    manager, senior = people()
    path = f"/readings-of-the-law/{POINT}"
    assert 'value="over"' not in as_(app, manager).page(path)
    sign(propose(manager, days=10), senior)
    assert 'value="over"' in as_(app, manager).page(path)
    day = clock.today() + timedelta(days=10)
    form = {
        "value": "over",
        "first_day-day": str(day.day),
        "first_day-month": str(day.month),
        "first_day-year": str(day.year),
        "reason": "Counsel thought again",
        "legal_note": "Counsel, 16 November",
    }
    assert as_(app, manager).post(path, data={**form, **key()}).status_code == 303
    ref = db.session.scalars(select(ReadingChange.ref).order_by(ReadingChange.id.desc())).first()
    assert ref is not None
    sign(ref, senior)
    assert in_force(day).readings == Readings()


def test_every_page_follows_at_once_and_says_since_when(app: Flask) -> None:
    man = failed()
    warn(man)
    pages = (
        (man.world.officer, f"/cases/{man.case.ref}/standing"),
        (man.world.officer, "/my-people"),
        (man.world.officer, f"/cases/{man.case.ref}/compliance-report"),
        (man.world.officer, "/my-people/compliance-report"),
        (man.therapist, f"/cases/{man.case.ref}/standing-for-treatment"),
    )
    dated = (0, 1, 4)
    for number, (who, path) in enumerate(pages):
        page = as_(app, who).page(path)
        assert "The anniversary of a warning" in page and "no change was ever signed" in page
        assert number not in dated or "17 November 2027" in page or "Wed 17 Nov 2027" in page
    manager, senior = people()
    ref = propose(manager)
    for who, path in pages:
        assert "still lies inside" not in as_(app, who).page(path)
    sign(ref, senior)
    for number, (who, path) in enumerate(pages):
        page = as_(app, who).page(path)
        assert "The anniversary still lies inside the 12 months. In force since" in page, path
        assert number not in dated or "18 November 2027" in page or "Thu 18 Nov 2027" in page
    (one,) = facts_of(man.case.id)
    used = in_force(clock.today()).readings
    found = standing(one.order, one.facts, clock.today(), used)
    assert [live.last_day for live in found.live] == [date(2027, 11, 18)]


def test_it_is_proposed_and_signed_on_its_page(app: Flask) -> None:
    manager, senior = people()
    path, day = f"/readings-of-the-law/{POINT}", clock.today()
    form = {
        "value": OTHER,
        "first_day-day": str(day.day),
        "first_day-month": str(day.month),
        "first_day-year": str(day.year),
        "reason": "One way of counting",
        "legal_note": "Counsel, 3 November",
    }
    client = as_(app, manager)
    assert client.post(path, data={**form, "legal_note": "", **key()}).status_code == 422
    assert client.post(path, data={**form, **key()}).status_code == 303
    page = client.page(path)
    assert "Somebody else has to sign it" in page and "Sign it</button>" not in page
    client = as_(app, senior)
    assert "Waits for a signature" in client.page("/readings-of-the-law")
    ref = db.session.scalars(select(ReadingChange.ref)).one()
    assert client.post(f"{path}/{ref}/turn-down", data={"why": "", **key()}).status_code == 422
    send(client, f"{path}/{ref}/sign", client.page(path))
    page = client.page(path)
    assert "In force since" in page and "Counsel, 3 November" in page
    assert "Proposed by" in page and "Signed by" in page
    officer = as_(app, make_staff(Role.PROBATION))
    assert "Propose another reading" not in officer.page(path)
    assert officer.post(path, data={**form, "value": "over", **key()}).status_code == 422
    assert client.get("/readings-of-the-law/nothing").status_code == 404


def key() -> dict[str, str]:
    return {"submission_key": str(uuid4())}
