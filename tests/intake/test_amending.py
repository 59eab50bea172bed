"""Putting right where he was seen, who referred him and who he is: with reason and history."""

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.intake import correction, triage
from mhtr.intake.correction import Found
from mhtr.intake.models import ReferralAmendment
from mhtr.intake.queries import referral_of
from mhtr.intake.steps import FormStep
from mhtr.people.models import IdentityQuestion, Person
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake import journey
from tests.intake.house import House, amend, live
from tests.makers import make_person, make_staff
from tests.pages import PageClient


def questions(case: Case) -> list[Task]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(Task).where(
                Task.case_id == case.id,
                Task.kind == TaskKind.IDENTITY_QUESTION,
                Task.state == TaskState.OPEN,
            )
        )
    )


def test_the_place_is_put_right_with_its_history(client: PageClient, house: House) -> None:
    case = house.refer()
    client.sign_in(house.practitioner)
    path = f"/cases/{case.ref}/referral/place"
    page = client.page(path)
    assert "Court of the next hearing" not in page
    typed: dict[str, Any] = {"source": "ld", "place": "B01IX", "version": "1"}
    key = {"submission_key": str(uuid.uuid4())}
    assert client.post(path, data=typed | key).status_code == 422
    assert client.post(path, data=typed | key | {"reason": "Seen at court"}).status_code == 303
    referral = referral_of(case.id)
    assert referral and referral.place_code == "B01IX"
    assert referral.answers["court"] == "B01EF"
    (before,) = db.session.scalars(select(ReferralAmendment.before))
    assert set(before) == {"place"}
    assert "Seen at court" in client.page(f"/cases/{case.ref}/referral")


def test_another_source_changes_what_the_referrer_may_see(house: House) -> None:
    case = house.refer(source="defence")
    who = house.practitioner
    assert live(case, who.principal_id) == set()
    amend(house, case, FormStep.PLACE, source="ld")
    assert live(case, who.principal_id) == {Purpose.REFERRAL}
    amend(house, case, FormStep.PLACE, source="self")
    assert live(case, who.principal_id) == set()


def test_only_sources_one_may_name_are_offered(client: PageClient, house: House) -> None:
    case = house.refer()
    client.sign_in(house.practitioner)
    assert 'value="defence"' not in client.page(f"/cases/{case.ref}/referral/place")
    with writing():
        triage.accept(
            case_id=case.id, version=case.version, assessor_id=house.assessor.id, by=house.lead.id
        )
    client.sign_in(house.assessor)
    page = client.page(f"/cases/{case.ref}/referral/place")
    assert 'value="probation"' not in page


def test_who_he_is_is_put_right_in_the_referral_and_asked_of_the_record(house: House) -> None:
    case = house.refer()
    person = db.session.get_one(Person, case.person_id)
    before = (person.given_name, person.family_name, person.born)
    amend(house, case, FormStep.PERSON, family_name="Okonkwo", born="1991-02-03")
    referral = referral_of(case.id)
    assert referral and referral.answers["family_name"] == "Okonkwo"
    person = db.session.get_one(Person, case.person_id)
    assert (person.given_name, person.family_name, person.born) == before
    (task,) = questions(case)
    assert task.owner_principal_id == house.trust.principal_id
    found = correction.differences(case, referral)
    assert [row.label for row in found] == ["Family name", "Date of birth"]
    with pytest.raises(Refused, match="still says otherwise"), writing():
        correction.answer(case_id=case.id, found=Found.RECORD_CHANGED, by=house.lead.id)
    with writing():
        person = db.session.get_one(Person, case.person_id)
        person.family_name, person.born = "Okonkwo", date(1991, 2, 3)
    with writing():
        correction.answer(case_id=case.id, found=Found.RECORD_CHANGED, by=house.lead.id)
    assert questions(case) == []
    with pytest.raises(NotFound), writing():
        correction.answer(case_id=case.id, found=Found.RECORD_RIGHT, by=house.lead.id)


def test_one_question_stands_and_none_where_the_record_agrees(house: House) -> None:
    case = house.refer()
    amend(house, case, FormStep.PERSON, family_name="Okonkwo")
    amend(house, case, FormStep.PERSON, family_name="Okonkwu")
    assert len(questions(case)) == 1
    amend(house, case, FormStep.PERSON, family_name="OKAFOR")
    assert questions(case) == []


def test_a_number_of_another_record_raises_the_question_whether_they_are_one(house: House) -> None:
    case = house.refer()
    other = make_person("Kofi", "Boateng")
    born = other.born.isoformat() if other.born else ""
    amend(house, case, FormStep.PERSON, given_name="Kofi", family_name="Boateng", born=born)
    (question,) = db.session.scalars(select(IdentityQuestion))
    assert {question.person_id, question.other_id} == {case.person_id, other.id}


def test_the_trust_compares_and_the_referrer_never_sees_the_record(
    client: PageClient, house: House
) -> None:
    case = house.refer()
    client.sign_in(house.practitioner)
    path = f"/cases/{case.ref}/referral"
    typed = {**journey.PERSON, "family_name": "Okonkwo", "version": "1", "reason": "His card"}
    answer = client.post(f"{path}/person", data=typed | {"submission_key": str(uuid.uuid4())})
    assert answer.status_code == 303
    assert "Compare the two" not in client.page(path)
    assert client.get(f"{path}/correction").status_code == 403
    client.sign_in(house.administrator)
    page = client.page(f"{path}/correction")
    assert "Okonkwo" in page and "Okafor" in page
    key = {"submission_key": str(uuid.uuid4())}
    for found in ("", "record_changed"):
        assert client.post(f"{path}/correction", data=key | {"found": found}).status_code == 422
    assert (
        client.post(f"{path}/correction", data=key | {"found": "record_right"}).status_code == 303
    )
    assert questions(case) == []
    assert "Nobody is asked" in client.page(f"{path}/correction")
    client.sign_in(make_staff(Role.ADMINISTRATOR))
    assert client.get(f"{path}/correction").status_code == 404
