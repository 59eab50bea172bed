"""Whom emergency access finds: one man, all his cases, also where he is on record twice."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import BreakGlass, Staff
from mhtr.cases import identity
from mhtr.cases.break_glass_service import NobodyFound, Wanted
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Exclusion, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people import service as people
from mhtr.people.models import Identifier, IdentifierKind, IdentityQuestion, Person
from mhtr.tasks.models import Task
from tests.cases.emergencies import clinician as clinician
from tests.cases.emergencies import filled, open_it, sees
from tests.makers import make_case, make_person, make_staff
from tests.pages import PageClient

NHS = "9990000018"


def asked_whether_one(one: Case, two: Case) -> IdentityQuestion:
    with writing():
        question = people.raise_identity_question(
            person_id=one.person_id, other_id=two.person_id, verdict="possible", reasons=[], by=None
        )
        assert question is not None
    return question


def test_two_records_that_may_be_one_man_are_both_opened(either_app: Flask) -> None:
    clinician = make_staff(Role.DUTY_CLINICIAN)
    one, two = make_case(), make_case(make_person())
    asked_whether_one(one, two)
    open_it(clinician.id)
    assert sees(clinician.id, one.id) and sees(clinician.id, two.id)
    uses = db.session.scalars(select(BreakGlass.case_id)).all()
    assert sorted(uses) == sorted([one.id, two.id])
    assert len(db.session.scalars(select(Task).where(Task.case_id.in_(uses))).all()) == 2


def test_one_number_on_two_records_is_found(either_app: Flask) -> None:
    clinician = make_staff(Role.DUTY_CLINICIAN)
    one, two = make_case(), make_case(make_person("Somebody", "Else"))
    with writing():
        for case_id in (one.id, two.id):
            person = db.session.get_one(Case, case_id).person
            person.identifiers.append(Identifier(kind=IdentifierKind.NHS, value=NHS))
    with pytest.raises(NobodyFound):
        open_it(clinician.id, Wanted(NHS))
    asked_whether_one(one, two)
    open_it(clinician.id, Wanted(NHS))
    assert sees(clinician.id, one.id) and sees(clinician.id, two.id)


def test_answered_two_men_they_are_namesakes_again(either_app: Flask) -> None:
    clinician = make_staff(Role.DUTY_CLINICIAN)
    one, two, third = make_case(), make_case(make_person()), make_case(make_person())
    question_id = asked_whether_one(one, two).id
    with pytest.raises(NobodyFound):  # of the third nobody has asked
        open_it(clinician.id)
    with writing():
        db.session.get_one(Person, third.person_id).born = None
        identity.answer_different(question_id=question_id, reason="Two passports", by=clinician.id)
    with pytest.raises(NobodyFound):
        open_it(clinician.id)


def test_every_case_of_his_is_opened(client: PageClient, clinician: Staff) -> None:
    """The plan that keeps him safe stands in the older one, not in yesterday's referral."""
    treating = make_case()
    referred = make_case(db.session.get_one(Case, treating.id).person)
    client.sign_in(clinician)
    answer = client.post("/emergency-access", data=filled())
    assert answer.status_code == 303 and answer.location.endswith("/emergency-access/own")
    assert sees(clinician.id, treating.id) and sees(clinician.id, referred.id)
    page = client.page("/emergency-access/own")
    assert page.count("Tunde Okafor, born 3 February 1990") == 2
    for case in (treating, referred):
        assert f"/cases/{case.ref}" in page


def test_shut_out_of_one_of_his_records_he_finds_none(clinician: Staff) -> None:
    one, two = make_case(), make_case(make_person())
    asked_whether_one(one, two)
    with writing():
        db.session.add(
            Exclusion(
                case_id=one.id,
                principal_id=clinician.principal_id,
                because="family",
                starts_at=clock.now(),
            )
        )
    with pytest.raises(NobodyFound):
        open_it(clinician.id)
