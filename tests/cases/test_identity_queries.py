"""Who may judge whether two records are one man: asked of many records at once."""

import pytest
from flask import Flask

from mhtr.accounts.sessions import viewer_of
from mhtr.cases.identity_queries import comparable, may_judge, named
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Exclusion, Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import Person
from tests.makers import make_case, make_person, make_staff


@pytest.fixture(autouse=True)
def in_request(either_app: Flask) -> object:
    with either_app.test_request_context():
        yield


def test_together_as_one_by_one() -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    mine, other, closed, barred = (make_case(make_person(name)) for name in "ABCD")
    ids = [case.person_id for case in (mine, other, closed, barred)]
    case_ids = [case.id for case in (mine, barred)]
    with writing():
        db.session.get_one(Case, closed.id).restricted = True
        for case_id in case_ids:
            access.grant(case_id, Purpose.CLINICAL, lead.principal_id, because="test", by=None)
        db.session.add(
            Exclusion(
                case_id=case_ids[1],
                principal_id=lead.principal_id,
                starts_at=clock.now(),
                because="test",
            )
        )
    bare = make_person("E").id
    viewer, everybody = viewer_of(lead), [*ids, bare]
    for one in everybody:
        others = [i for i in everybody if i != one]
        assert comparable(viewer, one, others) == {i for i in others if may_judge(viewer, one, i)}
    his, theirs, restricted, shut = ids
    assert comparable(viewer, his, [theirs, restricted, shut, bare]) == {theirs, bare}
    assert comparable(viewer, theirs, [bare, restricted]) == set()
    assert comparable(viewer, his, []) == set()


def test_records_are_named_together() -> None:
    one, two = make_person("Tunde", "Okafor"), make_person("Kofi", "Mensah")
    found = named([one.id, two.id, one.id])
    assert {person.name for person in found.values()} == {"Tunde Okafor", "Kofi Mensah"}
    assert found[one.id].born == db.session.get_one(Person, one.id).born
    assert named([]) == {}
