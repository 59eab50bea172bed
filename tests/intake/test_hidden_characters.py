"""A name nobody can see is refused wherever it is typed, imported or sent; inside one it goes."""

import uuid

import pytest
from flask import Flask

from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake.referral import ReferralSubmission, read_referral
from mhtr.people.models import Person
from mhtr.people.rules import accepts
from mhtr.people.sections import Section
from mhtr.people.service import create_person, update_person
from mhtr.people.values import mark, values_of
from tests.intake import journey
from tests.intake.api_system import REFERRAL, System, a_token
from tests.intake.house import House
from tests.intake.samples import ANSWERS, lists
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient

HIDDEN = "\u202e\u200f"


@pytest.fixture
def house(either_app: Flask) -> House:
    return House()


@pytest.fixture
def page(either_app: Flask) -> PageClient:
    made = either_app.test_client()
    assert isinstance(made, PageClient)
    return made


@pytest.mark.parametrize("field", ["given_name", "family_name", "also_known_as"])
def test_the_reader_refuses_a_name_nobody_can_see(field: str) -> None:
    read = read_referral({**ANSWERS, field: HIDDEN}, clock.today(), lists())
    assert isinstance(read, list)
    assert ("Enter a name with letters") in {p.message for p in read if p.field == field}


def test_the_reader_takes_them_out_of_a_name(app: Flask) -> None:
    changed = {"given_name": "Tun\u200bde\u202e", "family_name": "O’Brien-Núñez\u200f"}
    read = read_referral({**ANSWERS, **changed}, clock.today(), lists())
    assert isinstance(read, ReferralSubmission)
    assert (read.given_name, read.family_name) == ("Tunde", "O’Brien-Núñez")


def test_whom_he_told_is_somebody(app: Flask) -> None:
    told = {"safety": "healthcare_told", "told_at": "2026-11-18T03:20"}
    read = read_referral({**ANSWERS, **told, "told_whom": "\u200b"}, clock.today(), lists())
    assert isinstance(read, list) and [p.field for p in read][0] == "told_whom"
    again = read_referral({**ANSWERS, **told, "told_whom": "111"}, clock.today(), lists())
    assert isinstance(again, ReferralSubmission)


def test_the_form_of_a_referral_refuses_it(house: House, page: PageClient) -> None:
    page.sign_in(house.practitioner)
    draft = journey.begin(page)
    answer = journey.save(page, draft, "person", given_name=HIDDEN)
    assert answer.status_code == 422
    assert "First name must have letters" in answer.get_data(as_text=True)


def test_the_api_refuses_it_and_takes_it_out(either_app: Flask) -> None:
    make_organisation()
    system = System(either_app, a_token(make_staff(Role.LD_PRACTITIONER).organisation))
    refused = system.send({**REFERRAL, "given_name": HIDDEN})
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "given_name"
    assert system.send({**REFERRAL, "given_name": "Kw\u200bame"}).status_code == 201
    db.session.rollback()
    (person,) = db.session.query(Person).all()
    assert person.given_name == "Kwame"


def names_form(page: PageClient, case: Case, **typed: str) -> int:
    person = db.session.get_one(Person, case.person_id)
    data = {
        "submission_key": str(uuid.uuid4()),
        "seen": mark(values_of(person, Section.NAMES)),
        "given_name": "Tunde",
        "family_name": "Okafor",
        "reason": "His card",
    }
    answer = page.post(f"/cases/{case.ref}/person/names", data=data | typed)
    db.session.rollback()
    return answer.status_code


def test_the_form_of_his_names_refuses_it_in_every_field(house: House, page: PageClient) -> None:
    case = house.refer()
    page.sign_in(house.lead)
    for field in ("given_name", "family_name", "known_as", "aliases"):
        assert names_form(page, case, **{field: HIDDEN}) == 422, field
    assert names_form(page, case, known_as="T\u200bj", aliases="Tun\u202ede Lee") == 303
    person = db.session.get_one(Person, case.person_id)
    assert person.known_as == "Tj"
    assert [(a.given_name, a.family_name) for a in person.aliases] == [("Tunde", "Lee")]


def test_the_service_refuses_it_whoever_asks(house: House) -> None:
    settings = accepts({"TESTING": True})
    details = {"born": None, "settings": settings, "by": house.lead.id}
    with pytest.raises(Refused, match="letters"), writing():
        create_person(given_name=HIDDEN, family_name="Okafor", **details)  # type: ignore[arg-type]
    case = house.refer()
    for field, value in (("known_as", HIDDEN), ("aliases", (HIDDEN,))):
        with pytest.raises(Refused, match="letters"), writing():
            update_person(
                person_id=case.person_id,
                changes={field: value},
                settings=settings,
                by=house.lead.id,
            )


def test_a_name_of_staff_and_of_a_request_has_letters(either_app: Flask) -> None:
    from mhtr.accounts.staff_forms import StaffForm
    from mhtr.suitability.request_forms import AboutForm

    for form, name in ((StaffForm, "name"), (AboutForm, "given_name")):
        with either_app.test_request_context(method="POST", data={name: HIDDEN}):
            made = form()
            made.validate()
            assert "must have letters" in str(made[name].errors)
