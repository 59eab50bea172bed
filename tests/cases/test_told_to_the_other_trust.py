"""What one trust records of a linked man: a death holds contact in the other, a change is told."""

from datetime import date

import pytest
from flask import Flask

from mhtr.cases import death
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people import service as people
from mhtr.people.contact import channels
from mhtr.people.models import Person
from mhtr.people.sections import Section, Value
from mhtr.people.values import mark, values_of
from tests.cases.test_death import SETTINGS, record
from tests.cases.test_two_trusts import Two, confirm, made, notices_of, notices_of_trust, propose

DAY = date(2026, 11, 16)
PUT_RIGHT = "put his name, birth date or a number right"
TAKEN_BACK = "took back that he has died"
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
    known_id, southern = two.known.person_id, two.southern.id
    with writing():
        people.update_person(
            person_id=known_id, changes={"safe_to_text": "yes"}, settings=SETTINGS, by=southern
        )
    assert texts(known_id)
    record(two.case, two.lead.id, DAY)
    assert not texts(known_id)
    assert db.session.get_one(Person, two.known.person_id).died_on is None
    for heard in (notices_of_trust(two.south), notices_of(two.southern)):
        assert [TOLD in text and "West Trust" in text for text in heard].count(True) == 1
    assert not any(TOLD in text for text in notices_of_trust(two.west))
    person_id, by = two.case.person_id, two.lead.id
    with writing():
        death.follow(person_id, by=by)
    assert [TOLD in text for text in notices_of(two.southern)].count(True) == 1


def test_a_repeat_leaves_what_was_asked_there_since(either_app: Flask) -> None:
    two = linked()
    record(two.case, two.lead.id, DAY)
    person_id, known_id, by = two.case.person_id, two.known.person_id, two.southern.id
    with writing():
        people.update_person(
            person_id=known_id, changes={"safe_to_text": "yes"}, settings=SETTINGS, by=by
        )
    with writing():
        death.follow(person_id, by=by)
    assert texts(known_id)
    # Taken back the other trust hears of it; recorded anew, of the same day, contact is held again.
    record(two.case, two.lead.id, None, reason="It was another man")
    assert texts(known_id)
    heard = notices_of(two.southern)
    assert [TAKEN_BACK in text and "West Trust" in text for text in heard].count(True) == 1
    record(two.case, two.lead.id, DAY)
    assert not texts(known_id)
    assert [TOLD in text for text in notices_of_trust(two.south)].count(True) == 2


def save(two: Two, section: Section, **changes: Value) -> None:
    person, by = two.case.person, two.lead.id
    before = values_of(person, section)
    with writing():
        death.change_section(
            person_id=person.id,
            section=section,
            values={**before, **changes},
            seen=mark(before),
            settings=SETTINGS,
            by=by,
            reason="Read from his passport",
        )


@pytest.mark.parametrize(
    ("section", "changes", "times"),
    [
        (Section.BIRTH, {"born": date(1985, 5, 15)}, 1),
        (Section.NAMES, {"given_name": "Wallace"}, 1),
        (Section.IDENTIFIERS, {"crn": "X123456"}, 1),
        (Section.NAMES, {}, 0),
        (Section.NAMES, {"pronouns": "he/him"}, 0),
        (Section.NAMES, {"aliases": ("Wally Odukoya",)}, 0),
        (Section.BIRTH, {"died_on": DAY}, 0),
    ],
)
def test_what_both_records_share_is_told_to_the_other_trust_when_it_is_put_right(
    app: Flask, section: Section, changes: dict[str, Value], times: int
) -> None:
    two = linked()
    save(two, section, **changes)
    heard = notices_of_trust(two.south)
    assert [PUT_RIGHT in text and "West Trust" in text for text in heard].count(True) == times
    assert not any(PUT_RIGHT in text for text in notices_of_trust(two.west))
    assert not any(str(word) in " ".join(heard) for word in ("1985", "Wallace", "X123456"))


def test_a_record_that_is_of_another_man_is_left_alone(either_app: Flask) -> None:
    two = made()
    record(two.case, two.lead.id, DAY)
    assert texts(two.known.person_id)
    assert not any(TOLD in text for text in notices_of(two.southern))
