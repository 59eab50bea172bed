"""One trust's record says that he has died: nobody of another trust rings or writes unasked."""

from datetime import date

from flask import Flask

from mhtr.cases import death
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.contact import channels
from mhtr.people.models import Person
from tests.cases.test_death import record
from tests.cases.test_two_trusts import Two, confirm, made, notices_of, notices_of_trust, propose

DAY = date(2026, 11, 16)
TOLD = "recorded on a record of his there that he has died"


def linked() -> Two:
    two = made()
    case_id, assessor_id = two.known.id, two.southern.id
    propose(two)
    confirm(two)
    with writing():
        db.session.get_one(type(two.known), case_id).assessor_id = assessor_id
    return two


def texts(person_id: int) -> bool:
    db.session.expire_all()
    ways = channels(db.session.get_one(Person, person_id))
    return any(way.allowed for way in ways)


def test_contact_is_held_and_who_works_there_is_told(either_app: Flask) -> None:
    two = linked()
    assert texts(two.known.person_id)
    record(two.case, two.lead.id, DAY)
    assert not texts(two.known.person_id)
    assert db.session.get_one(Person, two.known.person_id).died_on is None
    for heard in (notices_of_trust(two.south), notices_of(two.southern)):
        assert [TOLD in text and "West Trust" in text for text in heard].count(True) == 1
    assert not any(TOLD in text for text in notices_of_trust(two.west))
    person_id, by = two.case.person_id, two.lead.id
    with writing():
        death.follow(person_id, by=by)
    assert [TOLD in text for text in notices_of(two.southern)].count(True) == 1


def test_a_record_that_is_of_another_man_is_left_alone(either_app: Flask) -> None:
    two = made()
    record(two.case, two.lead.id, DAY)
    assert texts(two.known.person_id)
    assert not any(TOLD in text for text in notices_of(two.southern))
